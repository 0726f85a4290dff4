//! How keys are spelled. Every list that the protocol asks for is one range of them.
//!
//! A key is a byte for its kind and then its parts: names end with two zero bytes (a zero within a name is
//! written as zero and 255, so the order of names is kept), numbers are big-endian.

mod parts;

use crate::association::{Association, AssociationType};
use crate::evidence::ReportId;
use crate::subject::{Context, Scope, Subject};
use crate::{DekSeries, DekVersion, Guid, KekName, SchemaId, Version};

pub(crate) use parts::Parts;

/// The kinds of rows. A byte is never used again for another kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// → present while rows that an earlier format lacks are derived.
    TakeOver = 0x01,
    /// context → the highest id ever given out there.
    LastId = 0x02,
    /// context → present once something was registered there.
    Context = 0x03,
    /// context → how much it holds. Derived.
    Counts = 0x04,
    /// context, subject, version → which id it has, whether it is deleted, and since when.
    Version = 0x10,
    /// context, id → the content.
    Body = 0x11,
    /// context, id, subject → the versions that hold the id there, in the order in which they came. Derived.
    Holder = 0x12,
    /// guid, context → the id of that content there. Derived.
    Content = 0x13,
    /// context, subject, version, context and id of a schema that refers to it. Derived.
    Referrer = 0x14,
    /// context, subject → its highest version that is not deleted. Derived.
    Latest = 0x15,
    /// scope → configuration.
    Config = 0x20,
    /// scope → mode.
    Mode = 0x21,
    /// subject → the subject that its configuration names as its alias. Derived.
    Alias = 0x22,
    /// name and namespace of a topic, association type, subject → the association.
    Association = 0x30,
    /// subject, name and namespace of a topic bound to it, association type. Derived.
    AssociationOfSubject = 0x31,
    /// id of a topic, then what names its association. Derived.
    AssociationOfResource = 0x32,
    /// name → key-encryption key.
    Kek = 0x38,
    /// name of the KEK, context, subject, algorithm, version → data-encryption key.
    Dek = 0x39,
    /// number → record of the audit log.
    AuditRecord = 0x40,
    /// number of a record → whom it is about, in the clear.
    AuditNames = 0x41,
    /// number of a record → checkpoint of the audit log.
    AuditCheckpoint = 0x42,
    /// → how the audit log ends, and with it the store.
    AuditHead = 0x43,
    /// → the checkpoint after which the audit log starts, once records were removed.
    AuditStart = 0x44,
    /// number → a revision of the governance documents.
    PolicyRevision = 0x50,
    /// → the number of the revision in force.
    PolicyHead = 0x51,
    /// context, subject, version → under which rules it was let in. It outlives the version.
    Admission = 0x52,
    /// report → what was turned away.
    Refusal = 0x53,
}

/// A key under construction.
#[derive(Debug, Clone)]
pub(crate) struct Key(Vec<u8>);

impl Key {
    pub(crate) fn new(kind: Kind) -> Self {
        // Room for most keys as a whole.
        let mut key = Vec::with_capacity(64);
        key.push(kind as u8);
        Self(key)
    }

    pub(crate) fn name(mut self, name: &str) -> Self {
        self = self.name_start(name);
        self.0.extend([0, 0]);
        self
    }

    /// The start of a name: the keys that follow it are those of all names that start so.
    pub(crate) fn name_start(mut self, name: &str) -> Self {
        if !name.as_bytes().contains(&0) {
            self.0.extend_from_slice(name.as_bytes());
            return self;
        }
        for byte in name.bytes() {
            self.0.push(byte);
            if byte == 0 {
                self.0.push(255);
            }
        }
        self
    }

    pub(crate) fn context(self, context: &Context) -> Self {
        self.name(context.as_str())
    }

    pub(crate) fn subject(self, subject: &Subject) -> Self {
        self.context(&subject.context).name(&subject.name)
    }

    pub(crate) fn number(mut self, number: u32) -> Self {
        self.0.extend(number.to_be_bytes());
        self
    }

    fn long(mut self, number: u64) -> Self {
        self.0.extend(number.to_be_bytes());
        self
    }

    fn guid(mut self, guid: Guid) -> Self {
        self.0.extend(guid.as_bytes());
        self
    }

    pub(crate) fn bytes(self) -> Vec<u8> {
        self.0
    }
}

pub(crate) fn take_over() -> Vec<u8> {
    Key::new(Kind::TakeOver).bytes()
}

pub(crate) fn last_id(context: &Context) -> Vec<u8> {
    Key::new(Kind::LastId).context(context).bytes()
}

pub(crate) fn context(context: &Context) -> Vec<u8> {
    Key::new(Kind::Context).context(context).bytes()
}

pub(crate) fn counts(context: &Context) -> Vec<u8> {
    Key::new(Kind::Counts).context(context).bytes()
}

pub(crate) fn version(subject: &Subject, version: Version) -> Vec<u8> {
    Key::new(Kind::Version)
        .subject(subject)
        .number(version.get())
        .bytes()
}

pub(crate) fn latest(subject: &Subject) -> Vec<u8> {
    Key::new(Kind::Latest).subject(subject).bytes()
}

pub(crate) fn alias(subject: &Subject) -> Vec<u8> {
    Key::new(Kind::Alias).subject(subject).bytes()
}

pub(crate) fn body(context: &Context, id: SchemaId) -> Vec<u8> {
    Key::new(Kind::Body)
        .context(context)
        .number(id.get())
        .bytes()
}

/// All holders of an id.
pub(crate) fn holders(context: &Context, id: SchemaId) -> Vec<u8> {
    Key::new(Kind::Holder)
        .context(context)
        .number(id.get())
        .bytes()
}

pub(crate) fn holder(subject: &Subject, id: SchemaId) -> Vec<u8> {
    Key::new(Kind::Holder)
        .context(&subject.context)
        .number(id.get())
        .name(&subject.name)
        .bytes()
}

/// All contexts that know a content.
pub(crate) fn contents(guid: Guid) -> Vec<u8> {
    Key::new(Kind::Content).guid(guid).bytes()
}

pub(crate) fn content(guid: Guid, context: &Context) -> Vec<u8> {
    Key::new(Kind::Content).guid(guid).context(context).bytes()
}

/// All schemas that refer to a version of a subject.
pub(crate) fn referrers_of_subject(target: &Subject) -> Vec<u8> {
    Key::new(Kind::Referrer).subject(target).bytes()
}

/// All schemas that refer to a version.
pub(crate) fn referrers(target: &Subject, target_version: Version) -> Vec<u8> {
    Key::new(Kind::Referrer)
        .subject(target)
        .number(target_version.get())
        .bytes()
}

pub(crate) fn referrer(
    target: &Subject,
    target_version: Version,
    by: &Context,
    id: SchemaId,
) -> Vec<u8> {
    let key = Key::new(Kind::Referrer)
        .subject(target)
        .number(target_version.get());
    key.context(by).number(id.get()).bytes()
}

/// The key of a setting: scopes of one context stand together.
pub(crate) fn setting(kind: Kind, scope: &Scope) -> Vec<u8> {
    Key::new(kind).subject(&scope.subject()).bytes()
}

pub(crate) fn policy_revision(number: u64) -> Vec<u8> {
    let mut key = Key::new(Kind::PolicyRevision).bytes();
    key.extend(number.to_be_bytes());
    key
}

pub(crate) fn policy_head() -> Vec<u8> {
    Key::new(Kind::PolicyHead).bytes()
}

/// What names an association.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AssociationKey {
    pub(crate) name: String,
    pub(crate) namespace: String,
    pub(crate) association_type: AssociationType,
    pub(crate) subject: Subject,
}

impl AssociationKey {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.after(Key::new(Kind::Association)).bytes()
    }

    fn after(&self, start: Key) -> Key {
        start
            .name(&self.name)
            .name(&self.namespace)
            .name(self.association_type.as_str())
            .subject(&self.subject)
    }
}

impl From<&Association> for AssociationKey {
    fn from(association: &Association) -> Self {
        Self {
            name: association.resource.name.clone(),
            namespace: association.resource.namespace.clone(),
            association_type: association.association_type,
            subject: association.subject.clone(),
        }
    }
}

/// All associations of a subject.
pub(crate) fn associations_of_subject(subject: &Subject) -> Vec<u8> {
    Key::new(Kind::AssociationOfSubject)
        .subject(subject)
        .bytes()
}

pub(crate) fn association_of_subject(key: &AssociationKey) -> Vec<u8> {
    Key::new(Kind::AssociationOfSubject)
        .subject(&key.subject)
        .name(&key.name)
        .name(&key.namespace)
        .name(key.association_type.as_str())
        .bytes()
}

/// All associations of the topic with that id.
pub(crate) fn associations_of_resource(id: &str) -> Vec<u8> {
    Key::new(Kind::AssociationOfResource).name(id).bytes()
}

pub(crate) fn association_of_resource(key: &AssociationKey, id: &str) -> Vec<u8> {
    key.after(Key::new(Kind::AssociationOfResource).name(id))
        .bytes()
}

pub(crate) fn kek(name: &KekName) -> Vec<u8> {
    Key::new(Kind::Kek).name(name.as_str()).bytes()
}

/// All DEKs that a KEK wraps.
pub(crate) fn deks(kek: &KekName) -> Vec<u8> {
    Key::new(Kind::Dek).name(kek.as_str()).bytes()
}

/// All versions of a DEK.
pub(crate) fn dek_series(series: &DekSeries) -> Vec<u8> {
    let mut key = Key::new(Kind::Dek)
        .name(series.kek.as_str())
        .subject(&series.subject);
    key.0.push(series.algorithm as u8);
    key.bytes()
}

/// With the sign turned, so that negative numbers come first.
pub(crate) fn dek(series: &DekSeries, version: DekVersion) -> Vec<u8> {
    let mut key = dek_series(series);
    key.extend((version.get() ^ i32::MIN).to_be_bytes());
    key
}

/// A row of the audit log that belongs to a record.
pub(crate) fn audit(kind: Kind, sequence: u64) -> Vec<u8> {
    Key::new(kind).long(sequence).bytes()
}

pub(crate) fn audit_head() -> Vec<u8> {
    Key::new(Kind::AuditHead).bytes()
}

pub(crate) fn audit_start() -> Vec<u8> {
    Key::new(Kind::AuditStart).bytes()
}

pub(crate) fn admission(subject: &Subject, version: Version) -> Vec<u8> {
    let key = Key::new(Kind::Admission).subject(subject);
    key.number(version.get()).bytes()
}

pub(crate) fn refusal(report: ReportId) -> Vec<u8> {
    let mut key = Key::new(Kind::Refusal).bytes();
    key.extend(report.to_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DekAlgorithm;

    #[test]
    fn a_key_comes_apart_as_it_was_put_together() {
        let subject = Subject::new(Context::named("c"), "a\u{0}b");
        let key = version(&subject, Version::FIRST);
        let mut parts = Parts::of(&key);
        assert_eq!(parts.context().unwrap(), subject.context);
        assert_eq!(parts.name().unwrap(), subject.name);
        assert_eq!(parts.version().unwrap(), Version::FIRST);
    }

    #[test]
    fn the_key_of_a_dek_comes_apart_and_stands_in_the_order_of_its_numbers() {
        let series = DekSeries {
            kek: KekName::parse("k").unwrap(),
            subject: Subject::parse(":.c:s"),
            algorithm: DekAlgorithm::Aes256Siv,
        };
        let numbers = [i32::MIN, -1, 0, 1, 2, i32::MAX].map(DekVersion::new);
        let keys = numbers.map(|version| dek(&series, version));
        assert!(keys.is_sorted());
        for (key, version) in keys.iter().zip(numbers) {
            let mut parts = Parts::of(key);
            assert_eq!(parts.dek_series().unwrap(), series);
            assert_eq!(parts.dek_version().unwrap(), version);
        }
    }

    #[test]
    fn keys_stand_in_the_order_of_their_names_even_when_one_starts_another() {
        let keys = ["", "a", "a\u{0}", "a\u{0}b", "aa", "b"].map(|name| {
            version(
                &Subject::new(Context::default_context(), name),
                Version::FIRST,
            )
        });
        assert!(keys.is_sorted());
    }
}
