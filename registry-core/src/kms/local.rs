//! The local service: keys are wrapped by a key that is derived from a secret, in this process.
//!
//! It is the clients' local service, byte for byte, so that client and server can share a secret: HKDF with SHA-256,
//! neither salt nor info, gives 16 bytes; AES-128-GCM with these wraps, and a random nonce of 12 bytes comes first.

use std::fmt;

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::KmsFailure;

const NONCE_BYTES: usize = 12;
const KEY_BYTES: usize = 16;

/// The secret that the wrapping key follows from. Wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct LocalSecret(Zeroizing<String>);

impl LocalSecret {
    /// The secret of that text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    pub(super) fn wrap(&self, clear: &[u8]) -> Result<Vec<u8>, KmsFailure> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(|_| KmsFailure::NoRandomness)?;
        let sealed = self
            .cipher()
            .encrypt(&Nonce::from(nonce), clear)
            .expect("a key is shorter than what the cipher can take");
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub(super) fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, KmsFailure> {
        let (nonce, sealed) = wrapped
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(KmsFailure::NotOurs)?;
        self.cipher()
            .decrypt(&Nonce::from(*nonce), sealed)
            .map(Zeroizing::new)
            .map_err(|_| KmsFailure::NotOurs)
    }

    fn cipher(&self) -> Aes128Gcm {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        Hkdf::<Sha256>::new(None, self.0.as_bytes())
            .expand(&[], &mut *key)
            .expect("HKDF can give 16 bytes");
        Aes128Gcm::new((&*key).into())
    }
}

impl fmt::Debug for LocalSecret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("LocalSecret(..)")
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn secret(text: &str) -> LocalSecret {
        LocalSecret::new(text.to_owned())
    }

    #[test]
    fn what_was_wrapped_comes_back_with_the_same_secret_only() {
        let wrapped = secret("s").wrap(b"a key").expect("randomness");
        assert_eq!(wrapped.len(), 12 + 5 + 16);
        assert_eq!(*secret("s").unwrap(&wrapped).expect("ours"), b"a key");
        assert_eq!(secret("t").unwrap(&wrapped), Err(KmsFailure::NotOurs));
    }

    #[test]
    fn a_changed_or_shortened_wrap_is_refused() {
        let wrapped = secret("s").wrap(b"a key").expect("randomness");
        for at in 0..wrapped.len() {
            let mut changed = wrapped.clone();
            changed[at] ^= 1;
            assert_eq!(
                secret("s").unwrap(&changed),
                Err(KmsFailure::NotOurs),
                "{at}"
            );
            assert_eq!(
                secret("s").unwrap(&wrapped[..at]),
                Err(KmsFailure::NotOurs),
                "{at}"
            );
        }
    }

    #[test]
    fn one_key_wrapped_twice_looks_different() {
        let wrap = || secret("s").wrap(b"a key").expect("randomness");
        assert_ne!(wrap(), wrap());
    }

    /// Written by the local service of Confluent's Python client 2.16.0 with the secret `mysecret`.
    #[test]
    fn what_confluents_client_wrapped_is_unwrapped() {
        let wrapped = STANDARD.decode("cdQtRI4suXaoebaoQH129pnBHss+zfkGw9sD5Xcoq14N3DXe4gH6LRWS1FQmlDJiODjn9RvR2jk2x9xFMMQ=").expect("base64");
        let clear = secret("mysecret")
            .unwrap(&wrapped)
            .expect("the same secret");
        assert_eq!(
            STANDARD.encode(&*clear),
            "GiD9Xh0FTIspaKKppszfSZr/JRmLFXRUYtsqVFmZqo6tOg=="
        );
    }

    #[test]
    fn a_secret_is_not_shown_where_it_could_be_logged() {
        assert_eq!(format!("{:?}", secret("s")), "LocalSecret(..)");
    }
}
