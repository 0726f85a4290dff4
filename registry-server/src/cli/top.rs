//! `concord top`: what a running server does, from its `/metrics`, again and again or once.
//!
//! Rates and latencies are those between two looks. Looking is [`mod@fetch`], reading [`scrape`], showing [`screen`].

mod fetch;
mod scrape;
mod screen;

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use fetch::look;
use scrape::Scrape;

use super::remote::{Remote, ServerAddress};

/// The alternate screen of a terminal, without a cursor; and back.
const ENTER: &str = "\x1b[?1049h\x1b[?25l";
const LEAVE: &str = "\x1b[?25h\x1b[?1049l";
/// The upper left corner, and nothing below it.
const CLEAR: &str = "\x1b[H\x1b[J";

/// The arguments of `concord top`.
#[derive(clap::Args)]
pub(super) struct Top {
    /// The server, or its listener for metrics.
    #[command(flatten)]
    server: ServerAddress,

    /// Time between two looks; 0 shows the figures since the start of the server.
    #[arg(
        long,
        env = "CONCORD_TOP_INTERVAL_MS",
        value_name = "MS",
        default_value_t = 1000
    )]
    interval_ms: u64,

    /// Print one picture and end: with status 0 if the server is ready, with 1 if not.
    #[arg(long)]
    once: bool,
}

impl Top {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start")?;
        let target = self.server.remote()?;
        runtime.block_on(async {
            if self.once {
                self.show_once(&target).await
            } else {
                self.show_until_interrupted(&target).await
            }
        })
    }

    async fn show_once(&self, target: &Remote) -> anyhow::Result<()> {
        let started = Instant::now();
        let mut before = Scrape::default();
        if self.interval_ms > 0 {
            before = look(target).await?;
            tokio::time::sleep(Duration::from_millis(self.interval_ms)).await;
        }
        let now = look(target).await?;
        let elapsed = self.elapsed(started, &now);
        print!("{}", screen::draw(&self.server.url, &before, &now, elapsed));
        ensure!(now.is_ready(), "the server is not ready");
        Ok(())
    }

    async fn show_until_interrupted(&self, target: &Remote) -> anyhow::Result<()> {
        let pause = Duration::from_millis(self.interval_ms.max(100));
        let mut before = look(target).await?;
        let mut started = Instant::now();
        put(ENTER)?;
        let showing = async {
            loop {
                tokio::time::sleep(pause).await;
                let text = match look(target).await {
                    Ok(now) => {
                        let text = screen::draw(&self.server.url, &before, &now, started.elapsed());
                        (before, started) = (now, Instant::now());
                        text
                    }
                    Err(error) => format!("{}: {error:#}\n", self.server.url),
                };
                put(&format!("{CLEAR}{text}\nCtrl-C ends this.\n"))?;
            }
        };
        let ended: anyhow::Result<()> = tokio::select! {
            ended = showing => ended,
            interrupted = tokio::signal::ctrl_c() => interrupted.map_err(Into::into),
        };
        put(LEAVE)?;
        ended
    }

    /// Between two looks, or since the server started.
    fn elapsed(&self, started: Instant, now: &Scrape) -> Duration {
        if self.interval_ms > 0 {
            return started.elapsed();
        }
        let age = std::time::UNIX_EPOCH
            .elapsed()
            .unwrap_or_default()
            .as_secs_f64()
            - now.total("process_start_time_seconds");
        Duration::try_from_secs_f64(age).unwrap_or_default()
    }
}

fn put(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}
