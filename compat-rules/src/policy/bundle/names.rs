//! The names of documents: well formed, and one document each.

use super::Findings;
use crate::policy::document::{Document, Kind};

/// The longest name of a document.
const NAME_MAX: usize = 128;

pub(super) fn check(documents: &[Document], findings: &mut Findings) {
    for (index, document) in documents.iter().enumerate() {
        let name = document.name();
        if !is_name(name) {
            findings.faults.push(document.fault(
                "metadata.name",
                "a name is of lower-case letters, digits and `. _ / -`, begins with a letter or digit, and has at \
                 most 128 characters",
            ));
        }
        if document.kind() == Kind::Policy && name.starts_with("profile/") {
            findings.faults.push(document.fault(
                "metadata.name",
                "names that begin with `profile/` are those of the built-in profiles",
            ));
        }
        let before = index.checked_sub(1).map(|before| &documents[before]);
        if let Some(before) =
            before.filter(|before| before.kind() == document.kind() && before.name() == name)
        {
            let other = &before.source;
            findings.faults.push(document.fault(
                "metadata.name",
                format!(
                    "another {} has the same name{}",
                    document.kind().as_str(),
                    if other.file.is_empty() {
                        String::new()
                    } else {
                        format!(": {}:{}", other.file, other.line)
                    }
                ),
            ));
        }
    }
}

fn is_name(name: &str) -> bool {
    let starts_well =
        name.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit());
    starts_well
        && name.len() <= NAME_MAX
        && name.bytes().all(|byte| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._/-".contains(&byte)
        })
}
