//! Stores of a known content, filled in process: many at a time, so that one sync serves hundreds.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use compat_rules::Level;
use registry_core::{Caller, RegisterOptions, Registry, RegistryOptions, Subject, Submission};
use tempfile::TempDir;

use crate::Scale;

/// Versions of a subject.
pub(crate) const VERSIONS: u64 = 10;

/// Registrations at a time.
const HANDS: u64 = 256;

/// A store that is closed again.
pub(crate) struct Filled {
    folder: TempDir,
    /// Versions in it; their ids are 1 to this.
    pub(crate) versions: u64,
}

impl Filled {
    /// The store of most measurements.
    pub(crate) fn of(scale: Scale) -> Result<Self> {
        Self::new(scale.pick(100_000, 500))
    }

    /// A store of so many versions.
    pub(crate) fn new(versions: u64) -> Result<Self> {
        let mut filled = Self {
            folder: TempDir::new()?,
            versions: 0,
        };
        filled.grow(versions)?;
        Ok(filled)
    }

    /// More versions, up to so many.
    pub(crate) fn grow(&mut self, versions: u64) -> Result<()> {
        let options = RegistryOptions {
            // Versions are not compared with those before: that would measure something else.
            level: Level::None,
            ..RegistryOptions::default()
        };
        let registry = Registry::open(self.data(), options)?;
        let subjects = AtomicU64::new(self.versions / VERSIONS);
        let until = versions / VERSIONS;
        let fill = || -> Result<()> {
            loop {
                let subject = subjects.fetch_add(1, Ordering::Relaxed);
                if subject >= until {
                    return Ok(());
                }
                for version in 1..=VERSIONS {
                    register(&registry, subject, version)?;
                }
            }
        };
        std::thread::scope(|scope| {
            let hands: Vec<_> = (0..HANDS).map(|_| scope.spawn(fill)).collect();
            hands
                .into_iter()
                .try_for_each(|hand| hand.join().expect("a hand does not panic"))
        })?;
        registry.close();
        self.versions = versions;
        Ok(())
    }

    /// The data directory.
    pub(crate) fn data(&self) -> &Path {
        self.folder.path()
    }
}

fn register(registry: &Registry, subject: u64, version: u64) -> Result<()> {
    let submission = Submission {
        text: Some(text(subject, version)),
        ..Submission::default()
    };
    registry.register(
        &Caller::local(),
        &Subject::parse(&name(subject)),
        &submission,
        RegisterOptions::default(),
    )?;
    Ok(())
}

/// The name of a subject.
pub(crate) fn name(subject: u64) -> String {
    format!("com.acme.orders.topic-{subject}-value")
}

/// The text of a version, about as long as most are.
pub(crate) fn text(subject: u64, version: u64) -> String {
    let fields: Vec<String> = (0..8)
        .map(|field| {
            format!(
                r#"{{"name":"field_{field}_of_{version}","type":["null","string"],"default":null}}"#
            )
        })
        .collect();
    format!(
        r#"{{"type":"record","name":"Order{subject}","namespace":"com.acme","fields":[{}]}}"#,
        fields.join(",")
    )
}

/// The same as the body of a request.
pub(crate) fn body(subject: u64, version: u64) -> String {
    serde_json::json!({ "schema": text(subject, version) }).to_string()
}
