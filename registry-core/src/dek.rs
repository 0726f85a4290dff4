//! Data-encryption keys (DEK): keys for the fields of records, kept wrapped by a KEK (`dek-registry.md` section 1).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{KekName, KeyError, KeyMaterial, Subject, Timestamp, Version};

/// What a DEK encrypts with. The order is that of the keys.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum DekAlgorithm {
    /// AES-GCM with 128 bits.
    Aes128Gcm = 0,
    /// AES-GCM with 256 bits.
    #[default]
    Aes256Gcm = 1,
    /// Deterministic: AES-SIV with two keys of 256 bits.
    Aes256Siv = 2,
}

impl DekAlgorithm {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Aes128Gcm, Self::Aes256Gcm, Self::Aes256Siv];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aes128Gcm => "AES128_GCM",
            Self::Aes256Gcm => "AES256_GCM",
            Self::Aes256Siv => "AES256_SIV",
        }
    }
}

impl fmt::Display for DekAlgorithm {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for DekAlgorithm {
    type Err = ();

    /// Exact case, as the protocol has it.
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == text)
            .ok_or(())
    }
}

/// The number of a DEK within its series. Clients choose it, and no number is too low.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DekVersion(i32);

impl DekVersion {
    /// The one that is meant when none is named.
    pub const FIRST: Self = Self(1);

    /// The version of that number.
    #[must_use]
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0
    }
}

impl From<Version> for DekVersion {
    fn from(version: Version) -> Self {
        Self(i32::try_from(version.get()).expect("a version fits 31 bits"))
    }
}

/// The versions of a DEK: those of one subject, one algorithm and one KEK.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DekSeries {
    /// What wraps them.
    pub kek: KekName,
    /// Whose fields they encrypt.
    pub subject: Subject,
    /// What they encrypt with.
    pub algorithm: DekAlgorithm,
}

impl DekSeries {
    /// The series of these three.
    ///
    /// # Errors
    /// [`KeyError::Invalid`] for a subject without text, or with control characters.
    pub fn new(kek: KekName, subject: Subject, algorithm: DekAlgorithm) -> Result<Self, KeyError> {
        let text = subject.to_string();
        if text.is_empty() || text.chars().any(char::is_control) {
            return Err(KeyError::Invalid("subject"));
        }
        Ok(Self {
            kek,
            subject,
            algorithm,
        })
    }
}

/// What is kept of a DEK.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dek {
    /// The wrapped key, as it was sent or in base64.
    pub encrypted: String,
    /// Softly deleted.
    pub deleted: bool,
}

/// A DEK as a client asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedDek {
    /// Its number.
    pub version: DekVersion,
    /// What it encrypts with.
    pub algorithm: DekAlgorithm,
    /// The wrapped key; without it the server makes one.
    pub encrypted: Option<String>,
    /// It is to be softly deleted.
    pub deleted: bool,
}

impl Default for SubmittedDek {
    fn default() -> Self {
        Self {
            version: DekVersion::FIRST,
            algorithm: DekAlgorithm::default(),
            encrypted: None,
            deleted: false,
        }
    }
}

/// A DEK as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDek {
    /// Where it belongs.
    pub series: DekSeries,
    /// Its number there.
    pub version: DekVersion,
    /// What is kept of it.
    pub dek: Dek,
    /// When that was written.
    pub written: Timestamp,
}

/// A DEK as it is handed out: in the clear, too, when the server may use the key that wraps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServedDek {
    /// What is stored.
    pub stored: StoredDek,
    /// The key itself.
    pub clear: Option<KeyMaterial>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_belongs_to_a_subject_that_can_be_written() {
        let series = |subject: &str| {
            let kek = KekName::parse("k")?;
            DekSeries::new(kek, Subject::parse(subject), DekAlgorithm::default()).map(|_| ())
        };
        for subject in ["s", ":.c:s", ":.c:", "a/b c", "__GLOBAL"] {
            assert_eq!(series(subject), Ok(()), "{subject}");
        }
        for subject in ["", ":.:", "a\nb", ":.c\u{85}:s"] {
            assert_eq!(
                series(subject),
                Err(KeyError::Invalid("subject")),
                "{subject}"
            );
        }
    }

    #[test]
    fn the_names_of_algorithms_are_exact() {
        assert_eq!("AES256_SIV".parse(), Ok(DekAlgorithm::Aes256Siv));
        assert_eq!("aes256_siv".parse::<DekAlgorithm>(), Err(()));
        assert_eq!("".parse::<DekAlgorithm>(), Err(()));
    }
}
