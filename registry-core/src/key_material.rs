//! Keys in the clear: made here, wiped from memory when they are dropped, and never shown in a log.
//!
//! The bytes are those of the message in which the clients' cryptographic library, Tink, keeps a key: the tag of the
//! key's field, its length, and the key (`dek-registry.md` section 4).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::DekAlgorithm;
use crate::kms::KmsFailure;

/// A data-encryption key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyMaterial(Zeroizing<Vec<u8>>);

impl KeyMaterial {
    pub(crate) const fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    /// A new key for an algorithm.
    pub(crate) fn generate(algorithm: DekAlgorithm) -> Result<Self, KmsFailure> {
        // Field number and wire type: key_value of AesGcmKey is field 3, that of AesSivKey field 2.
        let (tag, length): (u8, u8) = match algorithm {
            DekAlgorithm::Aes128Gcm => (0x1a, 16),
            DekAlgorithm::Aes256Gcm => (0x1a, 32),
            DekAlgorithm::Aes256Siv => (0x12, 64),
        };
        let mut bytes = Zeroizing::new(vec![0; 2 + usize::from(length)]);
        let (head, key) = bytes.split_at_mut(2);
        head.copy_from_slice(&[tag, length]);
        getrandom::fill(key).map_err(|_| KmsFailure::NoRandomness)?;
        Ok(Self(bytes))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Base64, as the protocol carries it. Wiped when it is dropped, too.
    #[must_use]
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(&*self.0))
    }
}

impl fmt::Debug for KeyMaterial {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("KeyMaterial(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_key_is_a_message_of_tink_with_random_bytes_of_the_algorithms_length() {
        for (algorithm, head, length) in [
            (DekAlgorithm::Aes128Gcm, [0x1a, 0x10], 18),
            (DekAlgorithm::Aes256Gcm, [0x1a, 0x20], 34),
            (DekAlgorithm::Aes256Siv, [0x12, 0x40], 66),
        ] {
            let one = KeyMaterial::generate(algorithm).expect("randomness");
            let other = KeyMaterial::generate(algorithm).expect("randomness");
            assert_eq!(one.as_bytes()[..2], head, "{algorithm}");
            assert_eq!(one.as_bytes().len(), length, "{algorithm}");
            assert_ne!(one, other, "{algorithm}");
        }
    }

    #[test]
    fn a_key_is_not_shown_where_it_could_be_logged() {
        let key = KeyMaterial::new(Zeroizing::new(b"secret".to_vec()));
        assert_eq!(format!("{key:?}"), "KeyMaterial(..)");
        assert_eq!(*key.to_base64(), "c2VjcmV0");
    }
}
