//! Runs a level over a history of versions (`compatibility-levels.md` section 3).

use std::str::FromStr;

use crate::{Budget, Direction, Exhausted, Level, ParsedSchema, Scope, Violation};

/// How strictly JSON schemas are compared; the other formats know no difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CompatibilityPolicy {
    /// Every difference that can break a reader counts.
    #[default]
    Strict,
    /// What an open content model lets through is tolerated.
    Lenient,
    /// Accepted as a setting; compares as [`Self::Strict`].
    Logical,
}

impl CompatibilityPolicy {
    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "STRICT",
            Self::Lenient => "LENIENT",
            Self::Logical => "LOGICAL",
        }
    }
}

impl std::fmt::Display for CompatibilityPolicy {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for CompatibilityPolicy {
    type Err = ();

    /// Case does not matter.
    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Strict, Self::Lenient, Self::Logical]
            .into_iter()
            .find(|policy| policy.as_str().eq_ignore_ascii_case(text))
            .ok_or(())
    }
}

/// An earlier version that the candidate is held against.
#[derive(Debug, Clone, Copy)]
pub struct Earlier<'a> {
    /// Its number in the subject.
    pub version: u32,
    /// Its schema.
    pub schema: &'a ParsedSchema,
}

/// What a check found. Without an [`Incompatible`] the candidate may be registered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The first version that fails, and why.
    pub incompatible: Option<Incompatible>,
}

/// The first earlier version that does not go with the candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incompatible {
    /// The two are of different formats.
    Format {
        /// The earlier version.
        version: u32,
    },
    /// The comparison was given up.
    TooExpensive {
        /// The earlier version.
        version: u32,
    },
    /// At least one list is not empty.
    Violations {
        /// The level that was asked for.
        level: Level,
        /// The earlier version.
        version: u32,
        /// Its canonical text.
        text: String,
        /// What the earlier version, as the reader, cannot read of the candidate.
        forward: Vec<Violation>,
        /// What the candidate, as the reader, cannot read of the earlier version.
        backward: Vec<Violation>,
    },
}

/// Holds a candidate against earlier versions, given oldest first, and stops at the newest that fails.
#[must_use]
pub fn check(
    level: Level,
    policy: CompatibilityPolicy,
    candidate: &ParsedSchema,
    earlier: &[Earlier<'_>],
) -> Report {
    let compared = match level.scope() {
        _ if level == Level::None => 0,
        Scope::Latest => 1,
        Scope::All => earlier.len(),
    };
    let incompatible = earlier
        .iter()
        .rev()
        .take(compared)
        .find_map(|old| compare(level, policy, candidate, *old));
    Report { incompatible }
}

fn compare(
    level: Level,
    policy: CompatibilityPolicy,
    candidate: &ParsedSchema,
    old: Earlier<'_>,
) -> Option<Incompatible> {
    let version = old.version;
    let mut forward = Vec::new();
    let mut backward = Vec::new();
    for direction in level.directions() {
        let (reader, writer, found) = match direction {
            Direction::Forward => (old.schema, candidate, &mut forward),
            Direction::Backward => (candidate, old.schema, &mut backward),
        };
        match reader.read_violations(writer, policy, &mut Budget::default()) {
            Ok(Some(violations)) => *found = violations,
            Ok(None) => return Some(Incompatible::Format { version }),
            Err(Exhausted) => return Some(Incompatible::TooExpensive { version }),
        }
    }
    if forward.is_empty() && backward.is_empty() {
        return None;
    }
    Some(Incompatible::Violations {
        level,
        version,
        text: old.schema.canonical().to_owned(),
        forward,
        backward,
    })
}

impl Report {
    /// True when nothing speaks against the candidate.
    #[must_use]
    pub const fn is_compatible(&self) -> bool {
        self.incompatible.is_none()
    }

    /// The messages of the reference: differences, version, old schema; without the closing line that names the
    /// settings ([`Self::settings_line`]).
    #[must_use]
    pub fn messages(&self) -> Vec<String> {
        self.incompatible
            .as_ref()
            .map(Incompatible::messages)
            .unwrap_or_default()
    }

    /// The closing line of every list of messages that is not empty.
    #[must_use]
    pub fn settings_line(level: Level, validate_fields: bool) -> String {
        format!("{{validateFields: '{validate_fields}', compatibility: '{level}'}}")
    }
}

impl Incompatible {
    /// Longer old texts are cut in the messages; counted in UTF-16 units, as the reference does.
    const OLD_TEXT_UNITS_MAX: usize = 10_240;

    fn messages(&self) -> Vec<String> {
        let (level, version, text, forward, backward) = match self {
            Self::Format { .. } => {
                return vec!["Incompatible because of different schema type".to_owned()];
            }
            Self::TooExpensive { version } => {
                return vec![
                    format!("{Exhausted}"),
                    format!("{{oldSchemaVersion: {version}}}"),
                ];
            }
            Self::Violations {
                level,
                version,
                text,
                forward,
                backward,
            } => (level, version, text, forward, backward),
        };
        let mut messages: Vec<String> = forward
            .iter()
            .map(|violation| violation.message.render("old", "new"))
            .collect();
        messages.extend(
            backward
                .iter()
                .map(|violation| violation.message.render("new", "old")),
        );
        // Of the two halves of a FULL level only the backward one has this footer.
        if level.directions().len() == 1 || !backward.is_empty() {
            messages.push(format!("{{oldSchemaVersion: {version}}}"));
            messages.push(old_schema_line(text));
        }
        messages
    }
}

/// The earlier text as the messages quote it: whole, or cut.
fn old_schema_line(text: &str) -> String {
    let mut units = 0;
    let cut = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > Incompatible::OLD_TEXT_UNITS_MAX
    });
    match cut {
        None => format!("{{oldSchema: '{text}'}}"),
        Some((end, _)) => format!("{{oldSchema: <truncated> '{}...'}}", &text[..end]),
    }
}
