//! Servers as processes, pinned to a core: their processor time and their memory.

use std::collections::HashMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// The cores of server and generator.
const SERVER_CORE: &str = "0";
const GENERATOR_CORE: &str = "1";

/// The name and password with which everything is asked for, and how they are sent.
pub(crate) const AUTHORIZATION: &str = "Basic YmVuY2g6cGFzc3dvcmQ=";

/// Longest time for a server to come up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server; it ends with this.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Processor time by thread, in nanoseconds, kept for those that have ended.
    seen: HashMap<String, u64>,
    _folder: TempDir,
}

/// Keeps this process, and the threads that it starts, on the generator's core.
pub(crate) fn pin_generator() {
    let process = std::process::id().to_string();
    let pinned = Command::new("taskset")
        .args(["-cp", GENERATOR_CORE, &process])
        .stdout(Stdio::null())
        .status();
    if !pinned.is_ok_and(|status| status.success()) {
        eprintln!("http: server and generator share what cores there are");
    }
}

/// The `concord` that was built with this bench, or the one that `CONCORD_BINARY` names.
pub(crate) fn concord() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("CONCORD_BINARY") {
        return Ok(path.into());
    }
    let bench = std::env::current_exe()?;
    let folder = bench.parent().and_then(Path::parent);
    let path = folder.context("a target folder")?.join("concord");
    ensure!(path.is_file(), "there is no {}", path.display());
    Ok(path)
}

impl Server {
    /// The registry on this store, with everything on; `flags` add to that.
    pub(crate) fn concord(data: &Path, flags: &[&str]) -> Result<Self> {
        let folder = TempDir::new()?;
        let users = folder.path().join("users");
        // Argon2id of `password`, from the test vectors of its reference implementation.
        fs::write(
            &users,
            "bench:$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4\n",
        )?;
        let address = free_address()?;
        let mut command = pinned(&concord()?);
        command
            .args(["serve", "--listen", &address.to_string(), "--data-dir"])
            .arg(data)
            .arg("--users-file")
            .arg(users)
            .args(flags);
        Self::start(command, address, folder)
    }

    /// Hyper alone, with this answer.
    pub(crate) fn bare(answer: &[u8]) -> Result<Self> {
        let folder = TempDir::new()?;
        let file = folder.path().join("answer");
        fs::write(&file, answer)?;
        let address = free_address()?;
        let mut command = pinned(&std::env::current_exe()?);
        command.args(["--bare", &address.to_string()]).arg(file);
        Self::start(command, address, folder)
    }

    fn start(mut command: Command, address: SocketAddr, folder: TempDir) -> Result<Self> {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting a server; `taskset` is part of util-linux")?;
        let mut server = Self {
            child,
            address,
            seen: HashMap::new(),
            _folder: folder,
        };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            ensure!(server.child.try_wait()?.is_none(), "a server has ended");
            ensure!(started.elapsed() < PATIENCE, "a server does not come up");
            std::thread::yield_now();
        }
        Ok(server)
    }

    /// Waits until it rests: a store that was just filled has files to put in order first.
    pub(crate) fn settle(&mut self) -> Result<()> {
        const LOOK: Duration = Duration::from_millis(250);
        const REST: Duration = Duration::from_millis(2);
        let started = Instant::now();
        let mut before = self.processor_time()?;
        loop {
            std::thread::sleep(LOOK);
            let after = self.processor_time()?;
            if after - before < REST {
                return Ok(());
            }
            ensure!(started.elapsed() < PATIENCE, "a server does not rest");
            before = after;
        }
    }

    /// Processor time that it has taken so far.
    pub(crate) fn processor_time(&mut self) -> Result<Duration> {
        for task in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            let task = task?;
            // A thread may have ended just now.
            if let Ok(figures) = fs::read_to_string(task.path().join("schedstat")) {
                let nanoseconds = figures.split(' ').next().unwrap_or_default().parse()?;
                let name = task.file_name().to_string_lossy().into_owned();
                self.seen.insert(name, nanoseconds);
            }
        }
        Ok(Duration::from_nanos(self.seen.values().sum()))
    }

    /// Memory that it holds, in bytes.
    pub(crate) fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("a process has memory")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    }

    /// Ends it as an operator does.
    pub(crate) fn stop(mut self) -> Result<()> {
        Command::new("kill")
            .arg(self.child.id().to_string())
            .status()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn pinned(program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", SERVER_CORE]).arg(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CONCORD_") {
            command.env_remove(name);
        }
    }
    command
}

fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?)
}
