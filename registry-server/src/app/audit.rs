//! How the audit log is kept, by the settings.

use std::fs;
use std::path::Path;

use registry_core::{Anchor, AuditOptions, ErrorCodes, SigningKeys};
use zeroize::Zeroizing;

use super::StartError;
use crate::api::error::code;
use crate::options::Options;

/// What the settings say; `None` where no log is to be kept.
pub(super) fn options(options: &Options) -> Result<Option<AuditOptions>, StartError> {
    let Some(path) = &options.audit_key_file else {
        return Ok(None);
    };
    let anchors = options.audit_anchor_file.iter().cloned();
    Ok(Some(AuditOptions {
        node: options.audit_node.clone(),
        keys: keys(path)?,
        anchors: anchors.map(Anchor::File).collect(),
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
