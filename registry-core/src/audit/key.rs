//! What signs checkpoints.
//!
//! A key file has one key per line, oldest first; the last one signs. The others stand there so that they can confirm
//! their successor.

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use super::{hex, unhex};

/// The keys of a registry, the one that signs and those before it.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKeys {
    current: SigningKey,
    earlier: Vec<SigningKey>,
}

/// What proves a signature.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

/// Not the text of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key is 64 hexadecimal digits, in lower case, on a line of its own")]
pub struct MalformedKey;

impl SigningKeys {
    /// A new key, as the line of a key file; `None` when the system gives no randomness.
    #[must_use]
    pub fn generate() -> Option<Zeroizing<String>> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(&mut *seed).ok()?;
        Some(Zeroizing::new(hex(&*seed) + "\n"))
    }

    /// Reads a key file. Lines that begin with `#` are for people.
    ///
    /// # Errors
    /// [`MalformedKey`] for any other line that is no key, and when there is none.
    pub fn parse(text: &str) -> Result<Self, MalformedKey> {
        let lines = text.lines().map(str::trim);
        let mut keys = Vec::new();
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let seed = Zeroizing::new(unhex(line).ok_or(MalformedKey)?);
            keys.push(SigningKey::from_bytes(&seed));
        }
        let current = keys.pop().ok_or(MalformedKey)?;
        Ok(Self {
            current,
            earlier: keys,
        })
    }

    /// The public half of the key that signs.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        PublicKey(self.current.verifying_key())
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.current.sign(message).to_bytes()
    }

    /// The signature of an earlier key, if it is here.
    pub(super) fn sign_as(&self, key: PublicKey, message: &[u8]) -> Option<[u8; 64]> {
        let mut earlier = self.earlier.iter();
        let key = earlier.find(|earlier| earlier.verifying_key() == key.0)?;
        Some(key.sign(message).to_bytes())
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SigningKeys({})", self.public())
    }
}

impl PublicKey {
    /// Reads the 64 hexadecimal digits of a public key.
    ///
    /// # Errors
    /// [`MalformedKey`].
    pub fn parse(text: &str) -> Result<Self, MalformedKey> {
        let bytes = unhex(text.trim()).ok_or(MalformedKey)?;
        VerifyingKey::from_bytes(&bytes)
            .map(Self)
            .map_err(|_| MalformedKey)
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).is_ok()
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex(self.0.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PublicKey({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8032, section 7.1, test 2.
    const SEED: &str = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    const PUBLIC: &str = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    const SIGNATURE: &str = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";

    #[test]
    fn keys_and_signatures_are_those_of_the_standard() {
        let keys = SigningKeys::parse(SEED).unwrap();
        assert_eq!(keys.public().to_string(), PUBLIC);
        assert_eq!(hex(&keys.sign(&[0x72])), SIGNATURE);
        let signature = unhex(SIGNATURE).unwrap();
        assert!(keys.public().verifies(&[0x72], &signature));
        assert!(!keys.public().verifies(&[0x73], &signature));
    }

    #[test]
    fn the_last_line_of_a_key_file_signs_and_nothing_shows_the_secret() {
        let new = SigningKeys::generate().unwrap();
        let keys = SigningKeys::parse(&format!("# old\n{SEED}\n\n{}", *new)).unwrap();
        assert_ne!(keys.public().to_string(), PUBLIC);
        let old = PublicKey::parse(PUBLIC).unwrap();
        let signature = keys.sign_as(old, b"m").unwrap();
        assert!(old.verifies(b"m", &signature));
        assert!(!format!("{keys:?}").contains(new.trim()));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "# none", &SEED[1..], &SEED.to_uppercase(), "zz"] {
            assert_eq!(SigningKeys::parse(text), Err(MalformedKey), "{text}");
        }
    }
}
