//! The meta-schemas that a `$ref` may name although nobody imports them.
//!
//! The texts under `meta/` demand what the published meta-schemas demand; titles and comments, which no comparison
//! looks at, are left out.

use super::dialect::Dialect;

/// The address of each without its scheme, and its text.
const TEXTS: [(&str, &str); 18] = [
    (
        "json-schema.org/draft-04/schema",
        include_str!("meta/draft-04.json"),
    ),
    (
        "json-schema.org/draft-06/schema",
        include_str!("meta/draft-06.json"),
    ),
    (
        "json-schema.org/draft-07/schema",
        include_str!("meta/draft-07.json"),
    ),
    (
        "json-schema.org/draft/2019-09/schema",
        include_str!("meta/2019-09.json"),
    ),
    (
        "json-schema.org/draft/2019-09/meta/core",
        include_str!("meta/2019-09-core.json"),
    ),
    (
        "json-schema.org/draft/2019-09/meta/applicator",
        include_str!("meta/2019-09-applicator.json"),
    ),
    (
        "json-schema.org/draft/2019-09/meta/validation",
        include_str!("meta/2019-09-validation.json"),
    ),
    (
        "json-schema.org/draft/2019-09/meta/meta-data",
        include_str!("meta/2019-09-meta-data.json"),
    ),
    (
        "json-schema.org/draft/2019-09/meta/format",
        include_str!("meta/2019-09-format.json"),
    ),
    (
        "json-schema.org/draft/2019-09/meta/content",
        include_str!("meta/2019-09-content.json"),
    ),
    (
        "json-schema.org/draft/2020-12/schema",
        include_str!("meta/2020-12.json"),
    ),
    (
        "json-schema.org/draft/2020-12/meta/core",
        include_str!("meta/2020-12-core.json"),
    ),
    (
        "json-schema.org/draft/2020-12/meta/applicator",
        include_str!("meta/2020-12-applicator.json"),
    ),
    (
        "json-schema.org/draft/2020-12/meta/unevaluated",
        include_str!("meta/2020-12-unevaluated.json"),
    ),
    (
        "json-schema.org/draft/2020-12/meta/validation",
        include_str!("meta/2020-12-validation.json"),
    ),
    (
        "json-schema.org/draft/2020-12/meta/meta-data",
        include_str!("meta/2020-12-meta-data.json"),
    ),
    (
        "json-schema.org/draft/2020-12/meta/format-annotation",
        include_str!("meta/2020-12-format.json"),
    ),
    (
        "json-schema.org/draft/2020-12/meta/content",
        include_str!("meta/2020-12-content.json"),
    ),
];

/// A built-in text and the rules by which it is read.
pub(super) struct BuiltIn {
    /// The address without its scheme.
    pub(super) address: &'static str,
    pub(super) text: &'static str,
    pub(super) dialect: Dialect,
}

/// Every text as the two families of dialects know it. A classical root knows the classical ones only; a modern
/// root reads all of them by its own rules.
pub(super) fn built_in() -> impl Iterator<Item = BuiltIn> {
    TEXTS.iter().flat_map(|(address, text)| {
        let own = Dialect::of(&format!("http://{address}"));
        let classical = own.filter(|dialect| !dialect.is_modern());
        [classical, Some(Dialect::Modern)]
            .into_iter()
            .flatten()
            .map(|dialect| BuiltIn {
                address,
                text,
                dialect,
            })
    })
}
