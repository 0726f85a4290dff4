//! When a lookup takes a stored version for the schema that was sent (`semantics.md` section 4.4).

use std::borrow::Cow;

use crate::Error;
use crate::schema::{Metadata, Schema};
use crate::view::Stored;

use super::Judge;
use super::candidate::Candidate;

/// The metadata property that carries the number of the version.
pub(crate) const VERSION_PROPERTY: &str = "confluent:version";

impl Judge<'_> {
    /// True when the candidate may stand for the stored version.
    pub(crate) fn is_equivalent(
        &self,
        candidate: &Candidate,
        stored: &Stored,
    ) -> Result<bool, Error> {
        let (new, old) = (&candidate.schema, &stored.schema);
        if new.format != old.format
            || new.rule_set != old.rule_set
            || !has_equal_metadata(new, stored)
        {
            return Ok(false);
        }
        let written_out = new.references.is_empty() && !old.references.is_empty();
        if !written_out && new.references != old.references {
            return Ok(false);
        }
        let has_same_text = new.text == old.text;
        if !new.format.is_compared_by_structure() {
            return Ok(has_same_text);
        }
        if has_same_text && !written_out {
            return Ok(true);
        }
        // A stored version that no longer parses is equivalent to nothing.
        let Ok(parsed) = self.parsed(stored) else {
            return Ok(false);
        };
        Ok(if written_out {
            candidate.parsed.is_resolved_form_of(&parsed)
        } else {
            candidate.parsed.is_equivalent(&parsed)
        })
    }
}

/// Metadata are equal but for the version property, when only one side has it; if only the new side has it, it
/// must name the stored version.
fn has_equal_metadata(new: &Schema, stored: &Stored) -> bool {
    let old = &stored.schema;
    match (version_property(new), version_property(old)) {
        (None, Some(_)) => *or_empty(new) == without_version(old),
        (Some(version), None) => {
            version == i64::from(stored.version.version.get())
                && without_version(new) == *or_empty(old)
        }
        _ => new.metadata == old.metadata,
    }
}

/// The number in the version property, if it is one.
pub(crate) fn version_property(schema: &Schema) -> Option<i64> {
    schema.property(VERSION_PROPERTY)?.parse().ok()
}

fn or_empty(schema: &Schema) -> Cow<'_, Metadata> {
    schema
        .metadata
        .as_ref()
        .map_or_else(|| Cow::Owned(Metadata::default()), Cow::Borrowed)
}

fn without_version(schema: &Schema) -> Metadata {
    let mut metadata = or_empty(schema).into_owned();
    metadata.properties.remove(VERSION_PROPERTY);
    metadata
}
