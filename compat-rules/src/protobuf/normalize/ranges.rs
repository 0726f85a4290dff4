//! `reserved` and `extensions`: one value a statement, sorted.

use super::super::document::{Extensions, ProtoOption, RangeValue, Ranges};

/// By start, names last; equal starts by their text.
pub(super) fn reserved(statements: &[Ranges]) -> Vec<Ranges> {
    let mut single: Vec<Ranges> = statements.iter().flat_map(one_by_one).collect();
    single.sort_by_cached_key(|ranges| {
        let value = &ranges.values[0];
        let text: Vec<u16> = text(value).encode_utf16().collect();
        (first(value).unwrap_or(i32::MAX), text)
    });
    single
}

/// Each value with a copy of the options of its statement.
pub(super) fn extensions(
    statement: &Extensions,
    options: &[ProtoOption],
) -> impl Iterator<Item = Extensions> {
    one_by_one(&statement.ranges).map(|ranges| Extensions {
        ranges,
        options: options.to_vec(),
    })
}

pub(super) fn start(extensions: &Extensions) -> i32 {
    first(&extensions.ranges.values[0]).unwrap_or(i32::MAX)
}

fn one_by_one(statement: &Ranges) -> impl Iterator<Item = Ranges> {
    statement.values.iter().map(|value| {
        let value = match value {
            RangeValue::Range(from, to) if from == to => RangeValue::Number(*from),
            other => other.clone(),
        };
        Ranges {
            place: statement.place,
            values: vec![value],
        }
    })
}

const fn first(value: &RangeValue) -> Option<i32> {
    match value {
        RangeValue::Number(number) | RangeValue::Range(number, _) => Some(*number),
        RangeValue::Name(_) => None,
    }
}

/// The text that the reference sorts by.
fn text(value: &RangeValue) -> String {
    match value {
        RangeValue::Number(number) => number.to_string(),
        RangeValue::Range(from, to) => format!("{from}..{to}"),
        RangeValue::Name(name) => name.clone(),
    }
}
