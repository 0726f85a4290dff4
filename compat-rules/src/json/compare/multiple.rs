//! Whether one exact decimal is a multiple of another, however many digits they have.

use crate::value::{Decimal, Number};

/// Numbers with more digits, written out, are not divided: neither is a multiple of the other.
const DIGITS_MAX: usize = 1_000;

/// How an update relates to its original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// The same value, however it is written.
    Equal,
    /// The update is a multiple of the original.
    Multiple,
    /// The original is a multiple of the update.
    Divisor,
    /// Neither is a multiple of the other.
    Neither,
}

pub(super) fn relation(original: &Number, update: &Number) -> Relation {
    let (Some(original), Some(update)) = (original.decimal(), update.decimal()) else {
        return match original.text() == update.text() {
            true => Relation::Equal,
            false => Relation::Neither,
        };
    };
    let Some((one, other)) = aligned(&original, &update) else {
        return Relation::Neither;
    };
    if one == other && original.negative == update.negative {
        Relation::Equal
    } else if is_multiple(&other, &one) {
        Relation::Multiple
    } else if is_multiple(&one, &other) {
        Relation::Divisor
    } else {
        Relation::Neither
    }
}

/// The digits of both as integers of the same unit, without leading zeros.
fn aligned(one: &Decimal, other: &Decimal) -> Option<(Vec<u8>, Vec<u8>)> {
    let scale = i64::from(one.scale.max(other.scale));
    let digits = |decimal: &Decimal| {
        let zeros = usize::try_from(scale - i64::from(decimal.scale)).ok()?;
        let length = decimal.digits.len().checked_add(zeros)?;
        if length > DIGITS_MAX {
            return None;
        }
        let mut digits: Vec<u8> = decimal.digits.bytes().map(|digit| digit - b'0').collect();
        digits.resize(length, 0);
        let leading = digits.iter().take_while(|digit| **digit == 0).count();
        digits.drain(..leading);
        Some(digits)
    };
    Some((digits(one)?, digits(other)?))
}

/// Long division by subtraction, a digit at a time. Nothing is a multiple of zero.
fn is_multiple(dividend: &[u8], divisor: &[u8]) -> bool {
    if divisor.is_empty() {
        return false;
    }
    let mut rest: Vec<u8> = Vec::with_capacity(divisor.len() + 1);
    for digit in dividend {
        if !(rest.is_empty() && *digit == 0) {
            rest.push(*digit);
        }
        while is_less_or_equal(divisor, &rest) {
            subtract(&mut rest, divisor);
        }
    }
    rest.is_empty()
}

fn is_less_or_equal(one: &[u8], other: &[u8]) -> bool {
    (one.len(), one) <= (other.len(), other)
}

/// Takes a number from one that is at least as great.
fn subtract(from: &mut Vec<u8>, number: &[u8]) {
    let mut borrowed = 0;
    let mut others = number.iter().rev();
    for digit in from.iter_mut().rev() {
        let take = others.next().copied().unwrap_or_default() + borrowed;
        borrowed = u8::from(*digit < take);
        *digit = *digit + 10 * borrowed - take;
    }
    let leading = from.iter().take_while(|digit| **digit == 0).count();
    from.drain(..leading);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::documents::read;

    fn related(original: &str, update: &str) -> Relation {
        let [original, update] = [original, update].map(|text| read(text).unwrap());
        relation(original.as_number().unwrap(), update.as_number().unwrap())
    }

    #[test]
    fn multiples_are_found_among_integers_fractions_and_powers_of_any_spelling() {
        let cases = [
            ("2", "2.00", Relation::Equal),
            ("2", "4", Relation::Multiple),
            ("4", "2", Relation::Divisor),
            ("2", "3", Relation::Neither),
            ("0.1", "1", Relation::Multiple),
            ("0.01", "0.07", Relation::Multiple),
            ("1e3", "500", Relation::Divisor),
            ("-2", "4", Relation::Multiple),
            ("0", "4", Relation::Divisor),
            ("4", "0", Relation::Multiple),
            ("1e-300", "1e300", Relation::Multiple),
        ];
        for (original, update, expected) in cases {
            assert_eq!(related(original, update), expected, "{original} {update}");
        }
    }

    #[test]
    fn numbers_of_hundreds_of_digits_are_divided_and_absurd_exponents_are_not() {
        let long = "123456789".repeat(44);
        let times_three = "370370367".repeat(44);
        assert_eq!(related(&long, &times_three), Relation::Multiple);
        assert_eq!(related("1", "1e1000000000"), Relation::Neither);
    }
}
