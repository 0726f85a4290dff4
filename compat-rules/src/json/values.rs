//! Values in schemas, compared as JSON: by their text with the keys of objects in order.

use crate::value::{KeyOrder, NumberStyle, Style, Value};

const STYLE: Style = Style {
    numbers: NumberStyle::Decimal,
    keys: KeyOrder::Sorted,
};

/// The text of a value; equal for equal values only. `1` and `1.0` are different values.
pub(super) fn text(value: &Value) -> Box<str> {
    value.to_text(STYLE).into()
}

/// The texts of several values, sorted, each once.
pub(super) fn texts(values: &[Value]) -> Vec<Box<str>> {
    let mut texts: Vec<Box<str>> = values.iter().map(text).collect();
    texts.sort();
    texts.dedup();
    texts
}
