//! Reads the bodies of the key registry (`dek-registry.md` section 1).

use registry_core::{DekAlgorithm, DekVersion, KekUpdate, SubmittedDek, SubmittedKek, Update};

use crate::api::body::{BadBody, FromBody, Reader};

const ALGORITHMS: [(&str, DekAlgorithm); 3] = [
    ("AES128_GCM", DekAlgorithm::Aes128Gcm),
    ("AES256_GCM", DekAlgorithm::Aes256Gcm),
    ("AES256_SIV", DekAlgorithm::Aes256Siv),
];

/// A DEK as it was sent, with the subject that only the older path reads.
#[derive(Default)]
pub(super) struct SentDek {
    pub(super) subject: Option<String>,
    pub(super) dek: SubmittedDek,
}

/// A change of a KEK as it was sent: whether it is shared cannot be cleared.
#[derive(Default)]
pub(super) struct SentKekUpdate {
    pub(super) update: KekUpdate,
    pub(super) clears_shared: bool,
}

impl FromBody for SubmittedKek {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "name" => read.name = reader.text()?,
                "kmsType" => read.kms_type = reader.text()?,
                "kmsKeyId" => read.kms_key_id = reader.text()?,
                "kmsProps" => read.kms_props = reader.map(Reader::text)?.unwrap_or_default(),
                "doc" => read.doc = reader.text()?,
                "shared" => read.shared = reader.boolean()?.unwrap_or(false),
                "deleted" => read.deleted = reader.boolean()?.unwrap_or(false),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(read))
    }
}

impl FromBody for SentKekUpdate {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| {
            match name {
                "kmsProps" => read.update.kms_props = change(reader.map(Reader::text)?),
                "doc" => read.update.doc = change(reader.text()?),
                "shared" => {
                    read.update.shared = reader.boolean()?;
                    read.clears_shared = read.update.shared.is_none();
                }
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(read))
    }
}

impl FromBody for SentDek {
    fn read(reader: &mut Reader<'_>) -> Result<Option<Self>, BadBody> {
        let mut read = Self::default();
        let is_there = reader.object(|reader, name| {
            let dek = &mut read.dek;
            match name {
                "subject" => read.subject = reader.text()?,
                "version" => {
                    dek.version = reader.int()?.map_or(DekVersion::FIRST, DekVersion::new);
                }
                "algorithm" => dek.algorithm = reader.choice(&ALGORITHMS)?.unwrap_or_default(),
                "encryptedKeyMaterial" => dek.encrypted = reader.text()?,
                "deleted" => dek.deleted = reader.boolean()?.unwrap_or(false),
                _ => reader.skip()?,
            }
            Ok(())
        })?;
        Ok(is_there.then_some(read))
    }
}

fn change<T>(value: Option<T>) -> Update<T> {
    value.map_or(Update::Clear, Update::Set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::body::required;

    #[test]
    fn the_names_of_algorithms_are_those_of_the_registry() {
        let names = DekAlgorithm::ALL.map(|algorithm| (algorithm.as_str(), algorithm));
        assert_eq!(ALGORITHMS, names);
    }

    #[test]
    fn a_dek_has_version_1_and_the_usual_algorithm_unless_it_says_otherwise() {
        let sent: SentDek = required(br#"{"version":null,"algorithm":null}"#, "x").expect("fine");
        assert_eq!(sent.dek, SubmittedDek::default());
        let sent: SentDek = required(br#"{"version":"-2","algorithm":"AES128_GCM"}"#, "x")
            .expect("a number in quotes is a number");
        assert_eq!(sent.dek.version, DekVersion::new(-2));
        assert_eq!(sent.dek.algorithm, DekAlgorithm::Aes128Gcm);
        assert!(required::<SentDek>(br#"{"algorithm":"BAD"}"#, "x").is_err());
    }

    #[test]
    fn a_change_tells_absent_from_null() {
        let sent: SentKekUpdate = required(br#"{"doc":null,"shared":true}"#, "x").expect("fine");
        assert_eq!(sent.update.doc, Update::Clear);
        assert_eq!(sent.update.kms_props, Update::Keep);
        assert_eq!(sent.update.shared, Some(true));
        assert!(!sent.clears_shared);
        let sent: SentKekUpdate = required(br#"{"shared":null}"#, "x").expect("fine");
        assert!(sent.clears_shared);
    }
}
