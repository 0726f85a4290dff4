//! Where checkpoints are kept outside of the store, so that whoever rewrites the store does not rewrite them.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use crate::figures::Figures;
use crate::store::Fault;
use crate::view::View;

use super::checkpoint::{self, SignedCheckpoint};

/// More than the longest line of a checkpoint.
const LINE_BYTES_MAX: i64 = 16 << 10;

/// A place for checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Anchor {
    /// Lines at the end of a file, which should be on another machine's disk.
    File(PathBuf),
    /// Lines of the log.
    Log,
}

/// The thread that writes to the anchors; a slow disk must not delay the writer of the store.
#[derive(Debug)]
pub(crate) struct Anchors {
    lines: Option<Sender<SignedCheckpoint>>,
    thread: Option<JoinHandle<()>>,
}

impl Anchors {
    /// Begins with those checkpoints of the store that an anchor does not have yet.
    pub(super) fn start(
        anchors: &[Anchor],
        view: &View<'_>,
        figures: Arc<Figures>,
    ) -> Result<Self, Fault> {
        if anchors.is_empty() {
            return Ok(Self {
                lines: None,
                thread: None,
            });
        }
        let (lines, received) = channel();
        let mut held: Vec<Held> = anchors.iter().cloned().map(Held::new).collect();
        for held in &mut held {
            held.catch_up(view)?;
        }
        let thread = std::thread::Builder::new()
            .name("anchors".to_owned())
            .spawn(move || run(held, &received, &figures))
            .map_err(fault)?;
        Ok(Self {
            lines: Some(lines),
            thread: Some(thread),
        })
    }

    pub(super) fn send(&self, checkpoint: SignedCheckpoint) {
        if let Some(lines) = &self.lines {
            // A thread that panicked is seen in the log; the checkpoint is in the store and is caught up with.
            drop(lines.send(checkpoint));
        }
    }
}

impl Drop for Anchors {
    fn drop(&mut self) {
        self.lines.take();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn run(mut anchors: Vec<Held>, received: &Receiver<SignedCheckpoint>, figures: &Figures) {
    while let Ok(checkpoint) = received.recv() {
        for anchor in &mut anchors {
            anchor.waiting.push(checkpoint.line.clone());
            if let Err(error) = anchor.write() {
                tracing::error!(cause = %error, anchor = ?anchor.anchor, "a checkpoint of the audit log is not anchored yet");
            }
        }
        figures.set_unanchored(anchors.iter().map(|anchor| anchor.waiting.len()).sum());
    }
}

/// An anchor and what it has not taken yet.
struct Held {
    anchor: Anchor,
    waiting: Vec<String>,
}

impl Held {
    const fn new(anchor: Anchor) -> Self {
        Self {
            anchor,
            waiting: Vec::new(),
        }
    }

    fn catch_up(&mut self, view: &View<'_>) -> Result<(), Fault> {
        let Anchor::File(path) = &self.anchor else {
            return Ok(());
        };
        let last = last_sequence(path).map_err(fault)?;
        let missing = view.checkpoints_after(last, usize::MAX)?;
        self.waiting = missing.into_iter().map(|missing| missing.line).collect();
        self.write().map_err(fault)
    }

    /// What fails is tried again with the next checkpoint.
    fn write(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        match &self.anchor {
            Anchor::File(path) => {
                let mut file = File::options().create(true).append(true).open(path)?;
                file.write_all((self.waiting.join("\n") + "\n").as_bytes())?;
                file.sync_all()?;
            }
            Anchor::Log => {
                for checkpoint in &self.waiting {
                    tracing::info!(checkpoint, "a checkpoint of the audit log");
                }
            }
        }
        self.waiting.clear();
        Ok(())
    }
}

fn fault(error: io::Error) -> Fault {
    Fault::new("writing to an anchor of the audit log", error)
}

/// The record of the last checkpoint in a file, or 0.
fn last_sequence(path: &Path) -> io::Result<u64> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        opened => opened?,
    };
    let length = i64::try_from(file.metadata()?.len()).unwrap_or(i64::MAX);
    file.seek(SeekFrom::End(-length.min(LINE_BYTES_MAX)))?;
    let mut end = Vec::new();
    file.read_to_end(&mut end)?;
    let end = String::from_utf8_lossy(&end);
    let last = end.lines().rev().find_map(|line| {
        let line = serde_json::from_str(line).ok()?;
        checkpoint::read(&line)
    });
    Ok(last.map_or(0, |read| read.checkpoint.sequence))
}
