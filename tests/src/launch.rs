//! Starts, kills and restarts the server on a folder of its own.
//!
//! A [`Launch`] is a folder and the options to start with; a [`Server`] is one running process on it.
//! Killing the process leaves the folder, so that the next [`Launch::start`] finds what was stored.

use std::ffi::OsString;
use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::binary;
use crate::http::{Client, Request};
use crate::port::Port;

/// How long a server may take until it answers, and until it has ended.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long to wait between two looks at a process or a socket.
const POLL: Duration = Duration::from_millis(5);

/// A data folder and how to start a server on it.
#[derive(Debug)]
pub struct Launch {
    folder: TempDir,
    port: Port,
    arguments: Vec<OsString>,
    /// A program that runs the server, with its arguments.
    under: Vec<OsString>,
    environment: Vec<(OsString, OsString)>,
}

/// A process that has ended by itself: what it said and how it ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// Standard output and standard error, in the order in which they were written.
    pub output: String,
}

impl Launch {
    /// An empty folder and a free port on the loopback interface, which stays with it.
    pub fn new() -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("concord-test-").tempdir()?;
        fs::create_dir(folder.path().join("data"))?;
        Ok(Self {
            folder,
            port: Port::any()?,
            arguments: Vec::new(),
            under: Vec::new(),
            environment: Vec::new(),
        })
    }

    /// Settings under the reference's names, handed over as a properties file.
    pub fn properties<K: AsRef<str>, V: AsRef<str>>(self, settings: &[(K, V)]) -> Result<Self> {
        let lines = settings
            .iter()
            .map(|(key, value)| format!("{}={}\n", key.as_ref(), value.as_ref()));
        let path = self.folder.path().join("settings.properties");
        fs::write(&path, lines.collect::<String>())?;
        Ok(self.argument("--properties").argument(path))
    }

    /// A further argument of `concord serve`.
    #[must_use]
    pub fn argument(mut self, argument: impl Into<OsString>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Has the server run by another program, which is given its command line behind its own arguments.
    #[must_use]
    pub fn under(mut self, program: &[&str]) -> Self {
        self.under = program.iter().map(OsString::from).collect();
        self
    }

    /// An environment variable of the server.
    #[must_use]
    pub fn environment(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Where the server keeps its store.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The folder around the data, for whatever else a test needs; it goes when the launch goes.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts a server and waits until it answers.
    pub fn start(&self) -> Result<Server> {
        let child = self.command()?.spawn().context("starting the server")?;
        let mut server = Server {
            child,
            address: self.port.address(),
            log: self.log(),
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// Starts a server that is expected to give up by itself, and waits for its end.
    pub fn start_in_vain(&self) -> Result<Ended> {
        let mut child = self.command()?.spawn().context("starting the server")?;
        let status = match wait_for_end(&mut child) {
            Ok(status) => status,
            Err(error) => {
                child.kill()?;
                child.wait()?;
                return Err(error.context("the server was expected to refuse to start"));
            }
        };
        Ok(Ended {
            status,
            output: fs::read_to_string(self.log())?,
        })
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn command(&self) -> Result<Command> {
        let log = File::create(self.log())?;
        let concord = binary::concord()?;
        let mut command = match self.under.split_first() {
            None => Command::new(concord),
            Some((program, arguments)) => {
                let mut command = Command::new(program);
                command.args(arguments).arg(concord);
                command
            }
        };
        command
            .arg("serve")
            .arg("--listen")
            .arg(self.port.address().to_string());
        command
            .arg("--data-dir")
            .arg(self.data())
            .args(&self.arguments);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        // Whatever the machine is set up with must not reach the server under test.
        for (name, _) in std::env::vars_os() {
            let ours = self.environment.iter().any(|(known, _)| *known == name);
            if name.to_string_lossy().starts_with("CONCORD_") && !ours {
                command.env_remove(name);
            }
        }
        command.current_dir(self.folder.path());
        command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        Ok(command)
    }
}

/// One running server. Dropping it kills the process.
#[derive(Debug)]
pub struct Server {
    child: Child,
    address: SocketAddr,
    log: PathBuf,
}

impl Server {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL for clients that want one.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client of its own for the caller.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// The id of the process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// What it has written so far.
    #[must_use]
    pub fn output(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Ends it as a power cut would: SIGKILL, nothing is finished.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to end with SIGTERM and waits for that.
    pub fn terminate(mut self) -> Result<Ended> {
        self.signal("TERM")?;
        let status = wait_for_end(&mut self.child)?;
        Ok(Ended {
            status,
            output: self.output(),
        })
    }

    /// Waits for a server that ends by itself.
    pub fn wait(mut self) -> Result<Ended> {
        let status = wait_for_end(&mut self.child)?;
        Ok(Ended {
            status,
            output: self.output(),
        })
    }

    /// Sends a signal by its short name. Through the command, because this workspace forbids `unsafe`.
    pub fn signal(&self, name: &str) -> Result<()> {
        let sent = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status()?;
        ensure!(sent.success(), "sending SIG{name} failed");
        Ok(())
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let deadline = Instant::now() + PATIENCE;
        // Needs no password, whatever the options.
        let alive = Request::new("GET", "/health/live", None);
        loop {
            let answered = self
                .client()
                .send(&alive)
                .is_ok_and(|answer| answer.status == 200);
            // Asked after the answer: another process on that port would answer, too.
            if let Some(status) = self.child.try_wait()? {
                bail!(
                    "the server ended with {status} before it answered:\n{}",
                    self.output()
                );
            }
            if answered {
                return Ok(());
            }
            ensure!(
                Instant::now() < deadline,
                "the server does not answer:\n{}",
                self.output()
            );
            thread::sleep(POLL);
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already; there is nobody left to tell of any other failure.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wait_for_end(child: &mut Child) -> Result<ExitStatus> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        ensure!(
            Instant::now() < deadline,
            "the server is still running after {PATIENCE:?}"
        );
        thread::sleep(POLL);
    }
}
