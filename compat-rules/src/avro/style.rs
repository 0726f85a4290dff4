//! How Avro's texts are written, and what is taken for one.

use crate::value::{KeyOrder, NumberStyle, Rules, Style, Trailing};

/// How Avro prints JSON (`avro.md` section 4.1).
pub(super) const STYLE: Style = Style {
    numbers: NumberStyle::Double,
    keys: KeyOrder::AsGiven,
};

/// What of a text that is no JSON is taken all the same (`avro.md` section 2).
pub(super) const RULES: Rules = Rules {
    comments: true,
    non_finite: false,
    trailing: Trailing::Refuse,
};
