//! Short ways to ask.

use compat_rules::{
    Budget, CompatibilityPolicy, Exhausted, Format, Import, InvalidSchema, ParsedSchema,
    References, Strictness, Violation, parse,
};

/// A schema about to be registered.
pub(crate) fn new(text: &str) -> Result<ParsedSchema, InvalidSchema> {
    parse(Format::Avro, text, &References::none(), Strictness::New)
}

/// A schema that is stored.
pub(crate) fn stored(text: &str) -> Result<ParsedSchema, InvalidSchema> {
    parse(Format::Avro, text, &References::none(), Strictness::Stored)
}

/// A schema that must be understood.
pub(crate) fn schema(text: &str) -> ParsedSchema {
    new(text).unwrap_or_else(|invalid| panic!("{invalid}: {text}"))
}

/// Why a text cannot be registered.
pub(crate) fn refusal(text: &str) -> InvalidSchema {
    match new(text) {
        Ok(schema) => panic!("accepted: {}", schema.canonical()),
        Err(invalid) => invalid,
    }
}

/// A schema that imports texts, each named after its position.
pub(crate) fn importing(text: &str, imports: &[&str]) -> Result<ParsedSchema, InvalidSchema> {
    let mut references = References::none();
    for (position, import) in imports.iter().enumerate() {
        references.add(Import {
            name: position.to_string(),
            text: (*import).into(),
            subject: position.to_string(),
            version: 1,
            direct: true,
        });
    }
    parse(Format::Avro, text, &references, Strictness::New)
}

/// What the reader cannot read of the writer.
pub(crate) fn violations(
    reader: &ParsedSchema,
    writer: &ParsedSchema,
) -> Result<Vec<Violation>, Exhausted> {
    let mut budget = Budget::default();
    let found = reader.read_violations(writer, CompatibilityPolicy::Strict, &mut budget)?;
    Ok(found.expect("both are Avro"))
}
