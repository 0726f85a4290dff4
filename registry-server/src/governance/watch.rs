//! The folder of governance documents that is watched: read all or nothing, and applied as a revision when it changed.
//!
//! Looked at every two seconds, by name, size and time of each file, so that exchanged links and mounted volumes are
//! seen as well. Documents that cannot be taken change nothing: the last good ones stay in force, and log and metrics
//! say so.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use compat_rules::policy::DocumentFault;
use registry_core::{Caller, Error, PolicyBase, PolicyClaim, PolicyOrigin};

use super::folder::{document_files, fault, read_folder};
use super::{digest_text, fault_lines};
use crate::app::App;

/// How often the folder is looked at.
const INTERVAL: Duration = Duration::from_secs(2);

/// Name, size and time of every file: what differs when something was changed.
type Stamp = Vec<(String, u64, Option<SystemTime>)>;

/// Watches a folder.
pub struct FolderWatch {
    app: Arc<App>,
    folder: PathBuf,
    seen: Option<Stamp>,
}

impl FolderWatch {
    /// Of this folder.
    #[must_use]
    pub const fn new(app: Arc<App>, folder: PathBuf) -> Self {
        Self {
            app,
            folder,
            seen: None,
        }
    }

    /// Applies what the folder holds now, if it has changed since it was looked at last.
    ///
    /// # Errors
    /// What is wrong with the documents, or with the store.
    pub fn look(&mut self) -> Result<(), Error> {
        let stamp = stamp(&self.folder);
        if stamp.is_ok() && self.seen.as_ref() == stamp.as_ref().ok() {
            return Ok(());
        }
        let applied = match &stamp {
            Ok(_) => self.apply(),
            Err(fault) => Err(Error::InvalidPolicies(vec![fault.clone()])),
        };
        // Seen, whatever comes of it: the same fault is told once.
        self.seen = stamp.ok();
        self.app
            .metrics
            .policies
            .load_failed
            .set(i64::from(applied.is_err()));
        applied
    }

    fn apply(&self) -> Result<(), Error> {
        let documents = read_folder(&self.folder).map_err(Error::InvalidPolicies)?;
        if documents.is_empty() {
            self.check_nothing_is_lost()?;
        }
        let origin = PolicyOrigin {
            source: format!("folder {}", self.folder.display()),
            comment: String::new(),
        };
        // Where there is a folder, nobody else manages anything, whoever did before.
        let claim = PolicyClaim {
            takes_over: true,
            ..PolicyClaim::default()
        };
        let revision = self.app.registry.apply_policies(
            &Caller::local(),
            &documents,
            &claim,
            &PolicyBase::Any,
            &origin,
        )?;
        self.app.show_policy_revision(revision.number);
        self.warn()?;
        tracing::info!(
            revision = revision.number,
            digest = digest_text(&revision.digest),
            "governance documents are in force"
        );
        Ok(())
    }

    /// Says what is probably not meant, such as policies that tie.
    fn warn(&self) -> Result<(), Error> {
        if let Some(policies) = self.app.registry.policies_in_force()?
            && !policies.bundle.warnings().is_empty()
        {
            let warnings = fault_lines(policies.bundle.warnings());
            tracing::warn!(
                warnings,
                "the governance documents may not mean what they say"
            );
        }
        Ok(())
    }

    /// An empty folder is what a volume looks like that is not mounted: it takes nothing away.
    fn check_nothing_is_lost(&self) -> Result<(), Error> {
        let in_force = self.app.registry.policies_in_force()?;
        match in_force {
            Some(policies) if !policies.bundle.documents().is_empty() => {
                let message = "no document is in it, which takes none away; for no rules at all, leave a policy \
                               without rules in it";
                let folder = self.folder.display().to_string();
                Err(Error::InvalidPolicies(vec![fault(
                    &folder,
                    message.to_owned(),
                )]))
            }
            _ => Ok(()),
        }
    }

    /// Looks again and again.
    pub async fn run(mut self) {
        let mut told = String::new();
        loop {
            tokio::time::sleep(INTERVAL).await;
            let looked = tokio::task::spawn_blocking(move || {
                let done = self.look();
                (self, done)
            });
            let Ok((watch, done)) = looked.await else {
                tracing::error!("the folder of governance documents is not watched any more");
                return;
            };
            self = watch;
            match done {
                Ok(()) => told.clear(),
                Err(Error::InvalidPolicies(faults)) => {
                    let faults = fault_lines(&faults);
                    if faults != told {
                        tracing::error!(
                            faults,
                            "the governance documents were not taken; the last good ones stay in force"
                        );
                        told = faults;
                    }
                }
                Err(error) => {
                    tracing::error!(cause = %error, "the governance documents were not taken")
                }
            }
        }
    }
}

fn stamp(folder: &std::path::Path) -> Result<Stamp, DocumentFault> {
    let files = document_files(folder)?;
    Ok(files
        .into_iter()
        .map(|(name, path)| {
            let known = std::fs::metadata(path).ok();
            let size = known.as_ref().map_or(0, std::fs::Metadata::len);
            (name, size, known.and_then(|known| known.modified().ok()))
        })
        .collect())
}
