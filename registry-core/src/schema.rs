//! What a client registers: text, references, metadata and rules, and the hash that identifies all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use compat_rules::Format;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use crate::Guid;
use crate::named;
use crate::rule_set::RuleSet;

/// The content of a schema. Equal content has one id within a context.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// The format of the text.
    #[serde(with = "named")]
    pub format: Format,
    /// The canonical text.
    pub text: Arc<str>,
    /// What it imports, as the client spelled it, with concrete versions.
    pub references: Vec<SchemaReference>,
    /// Metadata; absent is not the same as empty.
    pub metadata: Option<Metadata>,
    /// Rules for clients; absent is not the same as empty.
    pub rule_set: Option<RuleSet>,
}

/// An entry of a reference list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SchemaReference {
    /// How the text names it.
    pub name: String,
    /// The subject, in the spelling of the request; without a context it is taken in the referrer's.
    pub subject: String,
    /// The version.
    pub version: i32,
}

/// Properties and tags beside the text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Tags by the path of the element that carries them.
    pub tags: BTreeMap<String, BTreeSet<String>>,
    /// Free properties.
    pub properties: BTreeMap<String, String>,
    /// Names of the properties that are secret.
    pub sensitive: BTreeSet<String>,
}

impl Schema {
    /// The content hash (`semantics.md` section 4.1). The format does not go into it.
    #[must_use]
    pub fn guid(&self) -> Guid {
        let mut hash = Md5::new();
        hash.update(self.text.as_bytes());
        for reference in &self.references {
            hash.update(&reference.name);
            hash.update(&reference.subject);
            hash.update(reference.version.to_be_bytes());
        }
        if let Some(metadata) = &self.metadata {
            metadata.update_hash(&mut hash);
        }
        if let Some(rule_set) = &self.rule_set {
            rule_set.update_hash(&mut hash);
        }
        Guid::from_bytes(hash.finalize().into())
    }

    /// True when two contents of equal hash are one content. The hash joins its parts without anything between
    /// them, so it can agree by accident where only metadata differ, and the protocol takes that for equal; but two
    /// texts that were made to collide are two texts.
    #[must_use]
    pub(crate) fn is_named_by_same_hash(&self, other: &Self) -> bool {
        self.format == other.format
            && self.text == other.text
            && self.references == other.references
    }

    /// The metadata property of that name.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        self.metadata
            .as_ref()?
            .properties
            .get(name)
            .map(String::as_str)
    }
}

impl Metadata {
    fn update_hash(&self, hash: &mut Md5) {
        hash.update([1]);
        for (path, tags) in &self.tags {
            hash.update(path);
            for tag in tags {
                hash.update(tag);
            }
        }
        for (key, value) in &self.properties {
            hash.update(key);
            hash.update(value);
        }
        for key in &self.sensitive {
            hash.update(key);
        }
    }

    /// `self` with everything of `other` over it: the other's keys win, sensitive names are united
    /// (`semantics.md` section 6).
    #[must_use]
    pub fn overlaid(mut self, other: &Self) -> Self {
        self.tags.extend(other.tags.clone());
        self.properties.extend(other.properties.clone());
        self.sensitive.extend(other.sensitive.iter().cloned());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule_set::{Rule, RuleSet};

    fn schema(text: &str) -> Schema {
        Schema {
            format: Format::Avro,
            text: text.into(),
            references: Vec::new(),
            metadata: None,
            rule_set: None,
        }
    }

    /// The vectors are those of `semantics.md` section 4.1.
    #[test]
    fn the_guid_is_the_hash_that_the_reference_computes() {
        let record = r#"{"type":"record","name":"myrecord","fields":[{"type":"string","default":null,"name":"f"}]}"#;
        assert_eq!(
            schema(record).guid().to_string(),
            "1d20cbb9-e5e3-5e97-54e7-da170b6e5ddb"
        );

        let rule_set = RuleSet {
            migration_rules: vec![Rule::default()],
            ..RuleSet::default()
        };
        let ruled = Schema {
            metadata: Some(Metadata::default()),
            rule_set: Some(rule_set),
            ..schema(record)
        };
        assert_eq!(
            ruled.guid().to_string(),
            "16f1eca5-ebf9-22b3-da80-212f8fa7342e"
        );

        let string = schema("\"string\"");
        assert_eq!(
            string.guid().to_string(),
            "095d71cf-1255-6b9d-5e33-0ad575b3df5d"
        );

        let reference = SchemaReference {
            name: "n".into(),
            subject: "s".into(),
            version: 1,
        };
        let referring = Schema {
            references: vec![reference],
            ..string.clone()
        };
        assert_eq!(
            referring.guid().to_string(),
            "a7e3fe32-9bf9-b5f9-9d90-f62f838b5c93"
        );

        let mut metadata = Metadata::default();
        let empty = Schema {
            metadata: Some(metadata.clone()),
            ..string.clone()
        };
        assert_eq!(
            empty.guid().to_string(),
            "cecc02e2-232b-87f1-1b0c-aa0e70dbb74d"
        );

        metadata
            .properties
            .insert("confluent:version".into(), "1".into());
        let versioned = Schema {
            metadata: Some(metadata),
            ..string
        };
        assert_eq!(
            versioned.guid().to_string(),
            "b7940658-b54f-ca8f-697b-0a306f2af8c4"
        );
    }
}
