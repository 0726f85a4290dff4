//! JSON Schema seen from outside: laws that hold for random schemas, hostile inputs, and what the verdict
//! "backward compatible" is worth to documents.

mod json {
    mod cases;
    pub(crate) mod generator;
    mod hostile;
    mod laws;
    mod proof;
    mod references;
}

use compat_rules::{
    Budget, CompatibilityPolicy, Exhausted, Format, ParsedSchema, References, Strictness, parse,
};

/// Reads a schema without imports.
pub(crate) fn schema(text: &str) -> ParsedSchema {
    parse(Format::Json, text, &References::none(), Strictness::New)
        .unwrap_or_else(|invalid| panic!("{text}: {invalid}"))
}

/// The rules that the reader breaks, with their paths.
pub(crate) fn found(
    reader: &ParsedSchema,
    writer: &ParsedSchema,
) -> Result<Vec<String>, Exhausted> {
    let strict = CompatibilityPolicy::Strict;
    let violations = reader.read_violations(writer, strict, &mut Budget::default())?;
    Ok(violations
        .expect("both are JSON schemas")
        .iter()
        .map(|violation| format!("{} at {}", violation.rule.id, violation.path))
        .collect())
}
