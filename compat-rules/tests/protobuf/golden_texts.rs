//! The texts of the golden tables, without what was recorded about them.

use std::path::PathBuf;
use std::sync::Arc;

use compat_rules::{Format, Import, InvalidSchema, ParsedSchema, References, Strictness, parse};
use serde_json::Value;

/// Reads a file of the repository, named from the folder of the package, in which cargo runs a test.
#[expect(
    clippy::disallowed_methods,
    reason = "tables are files; the ban is meant for the library"
)]
pub(crate) fn read(path: &[&str]) -> String {
    let path: PathBuf = path.iter().collect();
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The lines of a golden table.
pub(crate) fn table(name: &str) -> Vec<Value> {
    let name = format!("{name}.jsonl");
    read(&["..", "tests", "golden", "protobuf", &name])
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of a table is JSON"))
        .collect()
}

/// Every text that stands alone and that the reference accepts.
pub(crate) fn accepted() -> Vec<String> {
    let tables = ["text", "generated-text"].map(table);
    let alone = tables
        .into_iter()
        .flatten()
        .filter(|case| case["expect"]["stored"].is_string() && case.get("references").is_none());
    alone.map(|case| text(&case["schema"])).collect()
}

/// Every pair of an old and a new text that stand alone.
pub(crate) fn pairs() -> Vec<(String, String)> {
    let tables = ["compat", "generated-compat"].map(table);
    let alone = tables
        .into_iter()
        .flatten()
        .filter(|case| case.get("dependencies").is_none());
    let mut pairs: Vec<(String, String)> = alone
        .filter_map(|case| {
            let old = case["versions"].as_array()?.last()?.as_str()?.to_owned();
            Some((old, text(&case["candidate"])))
        })
        .collect();
    pairs.dedup();
    pairs
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

pub(crate) fn parse_alone(text: &str) -> Result<ParsedSchema, InvalidSchema> {
    parse(Format::Protobuf, text, &References::none(), Strictness::New)
}

/// References with these names, subjects, versions, directness and texts.
pub(crate) fn references(imports: &[(&str, &str, u32, bool, &str)]) -> References {
    let mut references = References::none();
    for (name, subject, version, direct, text) in imports {
        references.add(Import {
            name: (*name).to_owned(),
            text: Arc::from(*text),
            subject: (*subject).to_owned(),
            version: *version,
            direct: *direct,
        });
    }
    references
}
