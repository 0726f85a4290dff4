//! The numbers and hashes that name things.

use std::fmt;
use std::str::FromStr;

/// The number of a schema within its context; free again nowhere, even after a permanent deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(u32);

impl SchemaId {
    /// The highest number that the protocol, which counts in signed 32 bits, can carry.
    pub const MAX: Self = Self(i32::MAX as u32);

    /// The id of that number, unless it lies outside 0 to 2^31-1.
    #[must_use]
    pub const fn new(number: i64) -> Option<Self> {
        if number >= 0 && number <= i32::MAX as i64 {
            Some(Self(number as u32))
        } else {
            None
        }
    }

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for SchemaId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// The number of a version within its subject, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u32);

impl Version {
    /// The first version of a subject.
    pub const FIRST: Self = Self(1);

    /// The version of that number, unless it lies outside 1 to 2^31-1.
    #[must_use]
    pub const fn new(number: i64) -> Option<Self> {
        if number >= 1 && number <= i32::MAX as i64 {
            Some(Self(number as u32))
        } else {
            None
        }
    }

    /// The number itself.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }

    /// The number after this one, if there is one left.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        Self::new(self.0 as i64 + 1)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A version as a request names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionSpec {
    /// `latest` or `-1`.
    Latest,
    /// A number.
    Number(Version),
}

impl fmt::Display for VersionSpec {
    /// As the protocol prints it in messages: `latest` is `-1`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest => out.write_str("-1"),
            Self::Number(version) => version.fmt(out),
        }
    }
}

/// The MD5 of a schema's content, the same in every context (`semantics.md` section 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid([u8; 16]);

impl Guid {
    /// A guid of these bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The sixteen bytes, most significant first.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = uuid::Uuid::encode_buffer();
        out.write_str(
            uuid::Uuid::from_bytes_ref(&self.0)
                .as_hyphenated()
                .encode_lower(&mut buffer),
        )
    }
}

/// A text that is no guid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither a UUID nor 32 hexadecimal digits")]
pub struct MalformedGuid;

impl FromStr for Guid {
    type Err = MalformedGuid;

    /// UUID text, or 32 hexadecimal digits, in either case.
    fn from_str(text: &str) -> Result<Self, MalformedGuid> {
        let hyphens_fit = text.len() != 36
            || [8, 13, 18, 23]
                .iter()
                .all(|at| text.as_bytes()[*at] == b'-');
        let digits: Vec<u32> = match text.len() {
            36 if hyphens_fit => text
                .chars()
                .filter(|c| *c != '-')
                .filter_map(|c| c.to_digit(16))
                .collect(),
            32 => text.chars().filter_map(|c| c.to_digit(16)).collect(),
            _ => return Err(MalformedGuid),
        };
        if digits.len() != 32 {
            return Err(MalformedGuid);
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = u8::try_from(pair[0] * 16 + pair[1]).map_err(|_| MalformedGuid)?;
        }
        Ok(Self(bytes))
    }
}

/// Counts the rows that were ever written: two views of one revision see the same. Whatever is cached is cached
/// for one revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Revision(pub u64);

impl Revision {
    /// The lowest of the revisions that the next batch leads to.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// Milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(pub i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_read_in_both_spellings_and_nothing_else_is() {
        let guid: Guid = "1d20cbb9-e5e3-5e97-54e7-da170b6e5ddb".parse().unwrap();
        assert_eq!(guid.to_string(), "1d20cbb9-e5e3-5e97-54e7-da170b6e5ddb");
        assert_eq!("1D20CBB9E5E35E9754E7DA170B6E5DDB".parse(), Ok(guid));
        for wrong in [
            "",
            "1d20cbb9",
            "1d20cbb9-e5e3-5e97-54e7-da170b6e5ddg",
            "1d20cbb9e-5e3-5e97-54e7-da170b6e5ddb",
        ] {
            assert_eq!(wrong.parse::<Guid>(), Err(MalformedGuid), "{wrong}");
        }
    }

    #[test]
    fn numbers_stay_within_what_the_protocol_can_carry() {
        assert_eq!(Version::new(0), None);
        assert_eq!(Version::new(1 << 31), None);
        assert_eq!(SchemaId::new(0).map(SchemaId::get), Some(0));
        assert_eq!(SchemaId::new(-1), None);
    }
}
