//! The audit log: how it is kept, by the settings, and what comes into it before the registry is asked.

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use registry_core::{Anchor, AuditOptions, ErrorCodes, RefusedAttempt, SigningKeys};
use zeroize::Zeroizing;

use super::{App, StartError};
use crate::api::call::Call;
use crate::api::error::Refusal;
use crate::api::error::code;
use crate::auth::failures;
use crate::options::Options;

/// What the settings say; `None` where no log is to be kept.
pub(super) fn options(options: &Options) -> Result<Option<AuditOptions>, StartError> {
    let Some(path) = &options.audit_key_file else {
        return match options.audit_retention {
            Some(_) => Err(StartError::RetentionWithoutKey),
            None => Ok(None),
        };
    };
    let files = options.audit_anchor_file.iter().cloned().map(Anchor::File);
    let log = options.audit_anchor_log.then_some(Anchor::Log);
    Ok(Some(AuditOptions {
        node: options.audit_node.clone(),
        keys: keys(path)?,
        anchors: files.chain(log).collect(),
        settings: serde_json::to_string(options).unwrap_or_default(),
        error_codes: ErrorCodes(code),
    }))
}

/// The keys in a file.
pub(crate) fn keys(path: &Path) -> Result<SigningKeys, StartError> {
    let unusable = |cause: String| StartError::AuditKey {
        path: path.to_owned(),
        cause,
    };
    let text = fs::read_to_string(path).map(Zeroizing::new);
    let text = text.map_err(|error| unusable(error.to_string()))?;
    SigningKeys::parse(&text).map_err(|error| unusable(error.to_string()))
}

impl App {
    /// True where an audit log is kept.
    #[must_use]
    pub fn keeps_audit_log(&self) -> bool {
        self.registry.options().audit.is_some()
    }

    /// Puts an attempt to change something on record that was refused before the registry looked at it. If that fails,
    /// the client is told so and not why it was refused.
    pub fn put_on_record(&self, call: &Call, action: &str, refusal: Refusal) -> Refusal {
        if !self.keeps_audit_log() || refusal.is_on_record() {
            return refusal;
        }
        let parameters = call.parameters.iter().map(|(_, value)| &**value);
        let attempt = RefusedAttempt {
            action,
            resource: &parameters.collect::<Vec<_>>().join("/"),
            code: refusal.code(),
            reason: refusal.message(),
        };
        match self.registry.record_refusal(&call.caller(), &attempt) {
            Ok(()) => refusal,
            Err(error) => error.into(),
        }
    }

    /// Notes that somebody at an address could not prove who they are.
    pub fn note_failure(&self, source: Option<IpAddr>) {
        if self.keeps_audit_log() {
            self.failures.note(source);
        }
    }

    /// Puts failures to prove a name on record that were noted since the last time.
    pub fn record_failures(&self) {
        if let Err(error) = self.failures.put_on_record(&self.registry) {
            tracing::error!(cause = %error, "failed authentications are missing in the audit log");
        }
    }

    /// Does so every minute, without end.
    pub async fn follow_failures(self: Arc<Self>) {
        while self.keeps_audit_log() {
            tokio::time::sleep(failures::PERIOD).await;
            let app = Arc::clone(&self);
            // A panic in it is its own failure.
            drop(tokio::task::spawn_blocking(move || app.record_failures()).await);
        }
    }
}
