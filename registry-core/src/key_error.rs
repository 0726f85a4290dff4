//! Every refusal of the key registry. The texts are the protocol's (`dek-registry.md` section 2).

use crate::kms::KmsFailure;

/// Why a request about keys is not carried out. Keys are named by the name of a KEK or the subject of a DEK.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is no such key, or it is softly deleted.
    #[error("Key '{0}' not found")]
    NotFound(String),
    /// Permanent deletion comes second.
    #[error("Key '{0}' was not deleted first before being permanently deleted")]
    NotSoftDeleted(String),
    /// A DEK cannot come back before its KEK.
    #[error("Key '{0}' must be undeleted first")]
    KekSoftDeleted(String),
    /// There is another one of that name.
    #[error("Key '{0}' already exists; use a different value")]
    Exists(String),
    /// No more keys are taken.
    #[error("A maximum of {0} keys already exist")]
    TooMany(usize),
    /// A member of the request is missing or wrong.
    #[error("Invalid or missing value for field '{0}' of key")]
    Invalid(&'static str),
    /// DEKs are wrapped by it.
    #[error("One or more references exist to the key '{0}'")]
    HasDeks(String),
    /// The key-management service did not wrap a key.
    #[error("Could not generate encrypted dek for {0}: {1}")]
    NotWrapped(String, KmsFailure),
    /// The key-management service did not unwrap a key.
    #[error("Could not generate raw dek for {0}: {1}")]
    NotUnwrapped(String, KmsFailure),
    /// A key was to be tried before something else, and could not be used.
    #[error("Error while {doing} key: {cause}")]
    Unusable {
        /// What the request asked for.
        doing: &'static str,
        /// Why the trial failed.
        cause: Box<KeyError>,
    },
}

impl KeyError {
    /// The same as the cause of something else that failed.
    pub(crate) fn while_doing(self, doing: &'static str) -> Self {
        Self::Unusable {
            doing,
            cause: Box::new(self),
        }
    }
}
