//! A key taken apart again.

use crate::association::AssociationType;
use crate::store::Fault;
use crate::subject::{Context, Subject};
use crate::{DekAlgorithm, DekSeries, DekVersion, Guid, KekName, SchemaId, Version};

use super::AssociationKey;

/// Takes a key apart again, in the order in which it was put together.
#[derive(Debug)]
pub(crate) struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    pub(crate) fn of(key: &'a [u8]) -> Self {
        Self(key.get(1..).unwrap_or_default())
    }

    /// What comes after a prefix that is known already.
    pub(crate) fn after(prefix: &[u8], key: &'a [u8]) -> Self {
        Self(key.get(prefix.len()..).unwrap_or_default())
    }

    pub(crate) fn name(&mut self) -> Result<String, Fault> {
        let mut name = Vec::new();
        let mut bytes = self.0.iter().enumerate();
        while let Some((_, &byte)) = bytes.next() {
            if byte != 0 {
                name.push(byte);
                continue;
            }
            match bytes.next() {
                Some((_, 255)) => name.push(0),
                Some((end, 0)) => {
                    self.0 = &self.0[end + 1..];
                    return String::from_utf8(name)
                        .map_err(|error| Fault::new("reading a key", error));
                }
                _ => break,
            }
        }
        Err(Fault::damaged("reading a key", "a name does not end"))
    }

    pub(crate) fn context(&mut self) -> Result<Context, Fault> {
        Ok(Context::named(&self.name()?))
    }

    pub(crate) fn association_type(&mut self) -> Result<AssociationType, Fault> {
        let name = self.name()?;
        AssociationType::named(&name)
            .ok_or_else(|| Fault::damaged("reading a key", "no association type"))
    }

    pub(crate) fn association_of_subject(&mut self) -> Result<AssociationKey, Fault> {
        let subject = Subject::new(self.context()?, self.name()?);
        Ok(AssociationKey {
            name: self.name()?,
            namespace: self.name()?,
            association_type: self.association_type()?,
            subject,
        })
    }

    pub(crate) fn association(&mut self) -> Result<AssociationKey, Fault> {
        Ok(AssociationKey {
            name: self.name()?,
            namespace: self.name()?,
            association_type: self.association_type()?,
            subject: Subject::new(self.context()?, self.name()?),
        })
    }

    pub(crate) fn number(&mut self) -> Result<u32, Fault> {
        let (number, rest) = self
            .0
            .split_first_chunk()
            .ok_or_else(|| Fault::damaged("reading a key", "a number is missing"))?;
        self.0 = rest;
        Ok(u32::from_be_bytes(*number))
    }

    pub(crate) fn guid(&mut self) -> Result<Guid, Fault> {
        let (bytes, rest) = self
            .0
            .split_first_chunk()
            .ok_or_else(|| Fault::damaged("reading a key", "a guid is missing"))?;
        self.0 = rest;
        Ok(Guid::from_bytes(*bytes))
    }

    pub(crate) fn long(&mut self) -> Result<u64, Fault> {
        let bytes = self.0.split_first_chunk();
        let (bytes, rest) =
            bytes.ok_or_else(|| Fault::damaged("reading a key", "a number is missing"))?;
        self.0 = rest;
        Ok(u64::from_be_bytes(*bytes))
    }

    pub(crate) fn kek_name(&mut self) -> Result<KekName, Fault> {
        KekName::parse(&self.name()?).map_err(|error| Fault::new("reading a key", error))
    }

    pub(crate) fn dek_series(&mut self) -> Result<DekSeries, Fault> {
        let kek = self.kek_name()?;
        let subject = Subject::new(self.context()?, self.name()?);
        let algorithm = self.0.split_off_first().and_then(|byte| {
            DekAlgorithm::ALL
                .into_iter()
                .find(|algorithm| *algorithm as u8 == *byte)
        });
        Ok(DekSeries {
            kek,
            subject,
            algorithm: algorithm.ok_or_else(|| Fault::damaged("reading a key", "no algorithm"))?,
        })
    }

    pub(crate) fn dek_version(&mut self) -> Result<DekVersion, Fault> {
        let number = self.number()?.cast_signed() ^ i32::MIN;
        Ok(DekVersion::new(number))
    }

    pub(crate) fn version(&mut self) -> Result<Version, Fault> {
        let number = self.number()?;
        Version::new(i64::from(number)).ok_or_else(|| Fault::damaged("reading a key", "no version"))
    }

    pub(crate) fn id(&mut self) -> Result<SchemaId, Fault> {
        let number = self.number()?;
        SchemaId::new(i64::from(number)).ok_or_else(|| Fault::damaged("reading a key", "no id"))
    }
}
