//! The key-management services that this server can ask to wrap and unwrap keys.
//!
//! There is one so far, the local one; which one serves a KEK follows from the KEK's type alone.

mod local;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::{Kek, KeyMaterial};

pub use local::LocalSecret;

/// The type of KEKs that the local service serves.
const LOCAL_TYPE: &str = "local-kms";

/// The setting of a KEK with a secret of its own, as the clients' local service reads it.
const LOCAL_SECRET_PROPERTY: &str = "secret";

/// What this server can ask.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyServices {
    /// The secret of the local service, for KEKs that bring none.
    pub local: Option<LocalSecret>,
}

/// Why a key was not wrapped or unwrapped.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KmsFailure {
    /// No service for KEKs of that type.
    #[error("No KMS driver supports: {0}")]
    NoService(String),
    /// The local service has no secret.
    #[error("cannot load secret: the server was started without a local key file")]
    NoSecret,
    /// The wrapped key is no base64.
    #[error("the encrypted key material is not base64")]
    NotBase64,
    /// The wrapped key was not wrapped by this key, or was changed.
    #[error("decryption failed")]
    NotOurs,
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    NoRandomness,
}

impl KeyServices {
    /// Wraps a key with that of a KEK; the result is base64.
    pub(crate) fn wrap(&self, kek: &Kek, clear: &KeyMaterial) -> Result<String, KmsFailure> {
        let wrapped = self.secret(kek)?.wrap(clear.as_bytes())?;
        Ok(STANDARD.encode(wrapped))
    }

    /// Unwraps a key with that of a KEK.
    pub(crate) fn unwrap(&self, kek: &Kek, encrypted: &str) -> Result<KeyMaterial, KmsFailure> {
        let secret = self.secret(kek)?;
        let wrapped = STANDARD
            .decode(encrypted)
            .map_err(|_| KmsFailure::NotBase64)?;
        secret.unwrap(&wrapped).map(KeyMaterial::new)
    }

    /// The local service, the only one, has one key whatever the id in the KEK. Further ids that a KEK lists to be tried
    /// in turn (`encrypt.alternate.kms.key.ids`) would all be that key, and are not looked at.
    fn secret(&self, kek: &Kek) -> Result<LocalSecret, KmsFailure> {
        let Kek {
            kms_type,
            kms_key_id,
            kms_props,
            ..
        } = kek;
        if kms_type != LOCAL_TYPE {
            return Err(KmsFailure::NoService(format!("{kms_type}://{kms_key_id}")));
        }
        let own = kms_props
            .get(LOCAL_SECRET_PROPERTY)
            .map(|secret| LocalSecret::new(secret.clone()));
        own.or_else(|| self.local.clone())
            .ok_or(KmsFailure::NoSecret)
    }
}
