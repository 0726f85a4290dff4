//! The access log: one JSON object a line on standard output for each answer, when it is asked for.
//!
//! Lines are written by a thread of their own, so that no answer waits for whoever reads them. When that reader is too
//! slow, lines are lost and counted.

use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use hyper::StatusCode;
use prometheus::IntCounter;
use serde::Serialize;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};

/// Lines that may wait to be written.
const LINES_MAX: usize = 16_384;

/// Where answers are noted.
pub struct AccessLog {
    lines: Option<SyncSender<String>>,
    writer: Option<JoinHandle<()>>,
    /// Of the good answers, one of so many is noted.
    every: u64,
    good: AtomicU64,
    lost: IntCounter,
}

/// One answer.
#[derive(Debug, Serialize)]
pub(crate) struct Line<'a> {
    /// Filled in when the line is written.
    pub(crate) time: String,
    pub(crate) request_id: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) trace_id: Option<&'a str>,
    pub(crate) peer: Option<String>,
    pub(crate) user: Option<&'a str>,
    pub(crate) method: &'a str,
    /// Path and query as they were sent.
    pub(crate) target: &'a str,
    /// The route; `None` where no route answers.
    pub(crate) route: Option<&'a str>,
    pub(crate) status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error_code: Option<u32>,
    pub(crate) bytes: u64,
    pub(crate) seconds: f64,
    pub(crate) user_agent: Option<Cow<'a, str>>,
}

impl AccessLog {
    /// A log on standard output. Of good answers one of `every` is noted, of refusals each.
    pub fn start(every: u64, lost: IntCounter) -> std::io::Result<Self> {
        let (lines, received) = sync_channel(LINES_MAX);
        let writer = std::thread::Builder::new()
            .name("access-log".to_owned())
            .spawn(move || write_all(&received, std::io::stdout()))?;
        Ok(Self {
            lines: Some(lines),
            writer: Some(writer),
            every: every.max(1),
            good: AtomicU64::new(0),
            lost,
        })
    }

    /// True when an answer of this status is to be noted.
    pub(crate) fn wants(&self, status: StatusCode) -> bool {
        status.as_u16() >= 400
            || self
                .good
                .fetch_add(1, Ordering::Relaxed)
                .is_multiple_of(self.every)
    }

    /// Notes an answer.
    pub(crate) fn note(&self, mut line: Line<'_>) {
        // Writing to a string cannot fail.
        let _ = SystemTime.format_time(&mut Writer::new(&mut line.time));
        let Ok(mut text) = serde_json::to_string(&line) else {
            return;
        };
        text.push('\n');
        if let Some(lines) = &self.lines
            && lines.try_send(text).is_err()
        {
            self.lost.inc();
        }
    }
}

impl Drop for AccessLog {
    /// What was noted is written before the process ends.
    fn drop(&mut self) {
        self.lines.take();
        if let Some(writer) = self.writer.take() {
            drop(writer.join());
        }
    }
}

fn write_all(lines: &Receiver<String>, out: impl Write) {
    let mut out = BufWriter::new(out);
    loop {
        let line = match lines.try_recv() {
            Ok(line) => Ok(line),
            // Nothing waits: whoever reads along sees everything so far.
            Err(TryRecvError::Empty) => {
                out.flush().map_or(Err(()), |()| lines.recv().map_err(drop))
            }
            Err(TryRecvError::Disconnected) => Err(()),
        };
        let written = line.map(|line| out.write_all(line.as_bytes()));
        if !matches!(written, Ok(Ok(()))) {
            break;
        }
    }
    let _ = out.flush();
}

/// Seconds with the precision of a microsecond.
pub(crate) fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_good_answers_one_of_so_many_is_noted_and_every_refusal() {
        let log = AccessLog {
            lines: None,
            writer: None,
            every: 3,
            good: AtomicU64::new(0),
            lost: IntCounter::new("lost", "Lost.").expect("a name"),
        };
        let noted = (0..9).filter(|_| log.wants(StatusCode::OK)).count();
        assert_eq!(noted, 3);
        assert!((0..9).all(|_| log.wants(StatusCode::CONFLICT)));
    }

    #[test]
    fn lines_are_written_in_order_until_nobody_sends() {
        let (lines, received) = sync_channel(4);
        for line in ["a\n", "b\n"] {
            lines.send(line.to_owned()).expect("room");
        }
        drop(lines);
        let mut out = Vec::new();
        write_all(&received, &mut out);
        assert_eq!(out, b"a\nb\n");
    }
}
