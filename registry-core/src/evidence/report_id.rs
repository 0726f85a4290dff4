//! The name of a refusal: a ULID, so that names sort by time.

use std::fmt;
use std::str::FromStr;

use crate::Timestamp;
use crate::store::Fault;

/// The digits, from 0 to 31.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How many digits there are.
const LENGTH: usize = 26;

/// The name of a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportId(u128);

impl ReportId {
    /// A new name, for something that happened then.
    pub(crate) fn new(at: Timestamp) -> Result<Self, Fault> {
        let mut random = [0; 16];
        getrandom::fill(&mut random[6..])
            .map_err(|_| Fault::damaged("naming a refusal", "the system gives no randomness"))?;
        let id = Self::first_of(at);
        Ok(Self(id.0 | u128::from_be_bytes(random)))
    }

    /// The lowest name of that moment.
    pub(crate) fn first_of(at: Timestamp) -> Self {
        let milliseconds = u128::try_from(at.0).unwrap_or_default() & ((1 << 48) - 1);
        Self(milliseconds << 80)
    }

    pub(crate) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    pub(crate) const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for ReportId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in (0..LENGTH).rev() {
            let digit = (self.0 >> (5 * place)) & 31;
            write!(out, "{}", char::from(DIGITS[digit as usize]))?;
        }
        Ok(())
    }
}

impl FromStr for ReportId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text.len() != LENGTH {
            return Err(());
        }
        let mut id: u128 = 0;
        for letter in text.bytes() {
            let digit = DIGITS.iter().position(|digit| *digit == letter).ok_or(())?;
            id = id.checked_mul(32).ok_or(())? | digit as u128;
        }
        Ok(Self(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_and_begins_with_its_moment() {
        // The example of the ULID specification: 01ARZ3NDEK at 1469922850259 ms.
        let at = Timestamp(1_469_922_850_259);
        let id = ReportId::new(at).unwrap();
        assert!(id.to_string().starts_with("01ARZ3NDEK"), "{id}");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id >= ReportId::first_of(at));
        assert!(id < ReportId::first_of(Timestamp(at.0 + 1)));
        assert_ne!(id, ReportId::new(at).unwrap());
    }

    #[test]
    fn other_texts_are_no_names() {
        for text in [
            "",
            "01ARZ3NDEK",
            "8ZZZZZZZZZZZZZZZZZZZZZZZZZ",
            "01arz3ndektsv4rrffq69g5fav",
        ] {
            assert_eq!(text.parse::<ReportId>(), Err(()), "{text}");
        }
    }
}
