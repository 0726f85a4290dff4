//! Key-encryption keys (KEK): names for keys that a key-management service keeps (`dek-registry.md` section 1).
//!
//! A KEK holds no key, only where to find one. Whoever may use the service, a client or with a shared KEK the server,
//! wraps and unwraps data-encryption keys with it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{KeyError, Timestamp, Update};

/// The name of a KEK. Valid by construction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KekName(String);

impl KekName {
    const CHARACTERS_MAX: usize = 256;

    /// The name, if it is one: a letter or `_` first, then letters, digits, `_` and `-`.
    ///
    /// # Errors
    /// [`KeyError::Invalid`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let starts = text
            .chars()
            .next()
            .is_some_and(|first| first.is_alphabetic() || first == '_');
        let goes_on = text
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        let fits = text.chars().count() <= Self::CHARACTERS_MAX;
        if starts && goes_on && fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(KeyError::Invalid("name"))
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KekName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What is kept of a KEK.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kek {
    /// The kind of service that keeps the key.
    pub kms_type: String,
    /// The key's id there.
    pub kms_key_id: String,
    /// Settings for whoever asks the service.
    pub kms_props: BTreeMap<String, String>,
    /// What it is for.
    pub doc: Option<String>,
    /// The server may use the key itself.
    pub shared: bool,
    /// Softly deleted.
    pub deleted: bool,
}

impl fmt::Debug for Kek {
    /// Without the values of the settings: there may be secrets among them.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Kek")
            .field("kms_type", &self.kms_type)
            .field("kms_key_id", &self.kms_key_id)
            .field("kms_props", &self.kms_props.keys())
            .field("doc", &self.doc)
            .field("shared", &self.shared)
            .field("deleted", &self.deleted)
            .finish()
    }
}

/// A KEK as a client sends it.
#[derive(Clone, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of a KEK")]
pub struct SubmittedKek {
    pub name: Option<String>,
    pub kms_type: Option<String>,
    pub kms_key_id: Option<String>,
    pub kms_props: BTreeMap<String, String>,
    pub doc: Option<String>,
    pub shared: bool,
    pub deleted: bool,
}

impl SubmittedKek {
    /// The KEK that is meant, checked in the order of `dek-registry.md` section 4.
    ///
    /// # Errors
    /// [`KeyError::Invalid`] with the member that is wrong.
    pub fn validated(self) -> Result<(KekName, Kek), KeyError> {
        let name = KekName::parse(self.name.as_deref().unwrap_or_default())?;
        let kms_key_id = self
            .kms_key_id
            .filter(|id| !id.is_empty())
            .ok_or(KeyError::Invalid("kmsKeyId"))?;
        let kms_type = self.kms_type.ok_or(KeyError::Invalid("kmsType"))?;
        if !is_key_of(&kms_type, &kms_key_id) {
            return Err(KeyError::Invalid("kmsKeyId"));
        }
        let kek = Kek {
            kms_type: family(&kms_type).map_or(kms_type, str::to_owned),
            kms_key_id,
            kms_props: self.kms_props,
            doc: self.doc,
            shared: self.shared,
            deleted: self.deleted,
        };
        Ok((name, kek))
    }
}

/// True unless the type, spelled exactly, is one whose ids look different.
fn is_key_of(kms_type: &str, id: &str) -> bool {
    let starts: &[&str] = match kms_type {
        "aws-kms" => &["arn:aws:kms:"],
        "azure-kms" => &["https://"],
        "gcp-kms" => &["projects/"],
        "hcvault" => &["http://", "https://"],
        _ => return true,
    };
    starts.iter().any(|start| id.starts_with(start))
}

/// The one name under which the types of a cloud are kept.
fn family(kms_type: &str) -> Option<&'static str> {
    [
        ("aws", "aws-kms"),
        ("azure", "azure-kms"),
        ("gcp", "gcp-kms"),
    ]
    .into_iter()
    .find(|(start, _)| {
        kms_type
            .get(..start.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(start))
    })
    .map(|(_, name)| name)
}

/// A change of a KEK. Only this may change.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct KekUpdate {
    /// Settings for whoever asks the service.
    pub kms_props: Update<BTreeMap<String, String>>,
    /// What it is for.
    pub doc: Update<String>,
    /// The server may use the key itself.
    pub shared: Option<bool>,
}

impl Kek {
    pub(crate) fn updated(mut self, update: &KekUpdate) -> Self {
        match &update.kms_props {
            Update::Keep => {}
            Update::Clear => self.kms_props.clear(),
            Update::Set(props) => self.kms_props.clone_from(props),
        }
        match &update.doc {
            Update::Keep => {}
            Update::Clear => self.doc = None,
            Update::Set(doc) => self.doc = Some(doc.clone()),
        }
        self.shared = update.shared.unwrap_or(self.shared);
        self
    }

    /// True when the other differs in being deleted and in nothing else.
    pub(crate) fn differs_only_in_deletion(&self, other: &Self) -> bool {
        let here_again = Self {
            deleted: !self.deleted,
            ..self.clone()
        };
        here_again == *other
    }
}

/// A KEK as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKek {
    /// Its name.
    pub name: KekName,
    /// What is kept of it.
    pub kek: Kek,
    /// When that was written.
    pub written: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn submitted(name: &str, kms_type: Option<&str>, id: Option<&str>) -> SubmittedKek {
        SubmittedKek {
            name: Some(name.to_owned()),
            kms_type: kms_type.map(str::to_owned),
            kms_key_id: id.map(str::to_owned),
            ..SubmittedKek::default()
        }
    }

    fn kept(kms_type: &str, id: &str) -> Result<String, KeyError> {
        let submitted = submitted("k", Some(kms_type), Some(id));
        submitted.validated().map(|(_, kek)| kek.kms_type)
    }

    #[test]
    fn a_name_starts_with_a_letter_and_holds_no_others_than_letters_digits_and_two_signs() {
        for name in ["k", "_1", "kek-1_a", "ключ", &"k".repeat(256)] {
            assert!(KekName::parse(name).is_ok(), "{name}");
        }
        for name in [
            "",
            "1k",
            "-k",
            "k.k",
            "k k",
            "k/k",
            ":.c:k",
            &"k".repeat(257),
        ] {
            assert_eq!(
                KekName::parse(name),
                Err(KeyError::Invalid("name")),
                "{name}"
            );
        }
    }

    #[test]
    fn the_types_of_a_cloud_are_kept_under_one_name_and_others_as_they_are() {
        for (sent, id, stored) in [
            ("aws-kms", "arn:aws:kms:eu:1:key/x", "aws-kms"),
            ("AWS-thing", "x", "aws-kms"),
            ("Azure", "x", "azure-kms"),
            ("gcpx", "x", "gcp-kms"),
            ("hcvault", "https://v", "hcvault"),
            ("Hcvault", "x", "Hcvault"),
            ("", "x", ""),
            ("awß", "x", "awß"),
        ] {
            assert_eq!(kept(sent, id).as_deref(), Ok(stored), "{sent}");
        }
    }

    #[test]
    fn the_id_must_look_like_one_of_its_type_and_is_looked_at_before_the_type() {
        for (kms_type, id) in [
            ("aws-kms", "x"),
            ("azure-kms", "http://v"),
            ("gcp-kms", "/projects"),
            ("hcvault", "v"),
            ("own", ""),
        ] {
            assert_eq!(
                kept(kms_type, id),
                Err(KeyError::Invalid("kmsKeyId")),
                "{kms_type}"
            );
        }
        let field = |sent: SubmittedKek| sent.validated().map(|_| ());
        assert_eq!(
            field(submitted("k", None, None)),
            Err(KeyError::Invalid("kmsKeyId"))
        );
        assert_eq!(
            field(submitted("k", None, Some("x"))),
            Err(KeyError::Invalid("kmsType"))
        );
        assert_eq!(
            field(submitted("1", None, None)),
            Err(KeyError::Invalid("name"))
        );
    }
}
