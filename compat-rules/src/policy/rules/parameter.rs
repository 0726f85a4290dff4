//! Types of parameters that several rules share. Each reads itself, describes itself in JSON Schema, and is refused with
//! a reason when a bundle of documents is compiled, never when a schema is looked at.

use std::borrow::Cow;

use regex::{Regex, RegexBuilder};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::words::words;

/// A regular expression: matched in linear time, and of limited size.
#[derive(Debug, Clone)]
pub(super) struct Expression(Regex);

impl Expression {
    const LENGTH_MAX: usize = 1024;

    /// # Errors
    /// The reason, in one line.
    fn parse(text: &str) -> Result<Self, String> {
        if text.len() > Self::LENGTH_MAX {
            return Err(format!(
                "an expression is longer than {} bytes",
                Self::LENGTH_MAX
            ));
        }
        let built = RegexBuilder::new(text).size_limit(1 << 18).build();
        built.map(Self).map_err(|error| {
            let told = error.to_string();
            let last = told.lines().last().unwrap_or_default();
            format!(
                "{text:?} is no regular expression: {}",
                last.trim_start_matches("error: ")
            )
        })
    }

    /// An expression of the rule itself.
    pub(super) fn shipped(text: &str) -> Self {
        Self::parse(text).expect("the defaults of rules compile, as their pages show")
    }

    /// True when a part of the text matches; `^` and `$` ask for all of it.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// As it is written.
    pub(super) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}

impl JsonSchema for Expression {
    fn schema_name() -> Cow<'static, str> {
        "Expression".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "maxLength": Self::LENGTH_MAX,
            "description": "A regular expression without look-around and back-references.",
        })
    }
}

/// Names of fields, such as `*_at`, in snake case whatever the style of the schema: `*` stands for any characters, so
/// `*_at` means `created_at`, `createdAt` and `CreatedAt`.
#[derive(Debug, Clone)]
pub(super) struct FieldNames {
    written: Vec<String>,
    any: Regex,
}

impl FieldNames {
    const COUNT_MAX: usize = 500;

    fn parse(written: Vec<String>) -> Result<Self, String> {
        if written.len() > Self::COUNT_MAX {
            return Err(format!("there are more than {} names", Self::COUNT_MAX));
        }
        let expression = |name: &String| {
            let parts: Vec<_> = name.split('*').map(regex::escape).collect();
            parts.join(".*")
        };
        let all: Vec<_> = written.iter().map(expression).collect();
        let any = RegexBuilder::new(&format!("^(?:{})$", all.join("|")))
            .size_limit(1 << 22)
            .build()
            .map_err(|_| "the names are too long".to_owned())?;
        Ok(Self { written, any })
    }

    /// Names of the rule itself.
    pub(super) fn shipped(names: &[&str]) -> Self {
        let names = names.iter().map(|name| (*name).to_owned());
        Self::parse(names.collect()).expect("the defaults of rules compile, as their pages show")
    }

    /// True when the name is one of them.
    pub(super) fn include(&self, name: &str) -> bool {
        !self.written.is_empty() && self.any.is_match(&words(name).join("_"))
    }

    /// The first of them, as an example.
    pub(super) fn first(&self) -> &str {
        self.written.first().map_or("", String::as_str)
    }
}

impl<'de> Deserialize<'de> for FieldNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::deserialize(deserializer)?;
        Self::parse(names).map_err(D::Error::custom)
    }
}

impl JsonSchema for FieldNames {
    fn schema_name() -> Cow<'static, str> {
        "FieldNames".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": {"type": "string"},
            "maxItems": Self::COUNT_MAX,
            "description": "Names in snake case, whatever the style of the schema; * stands for any characters.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Expression, FieldNames};

    #[test]
    fn names_mean_every_style_of_writing() {
        let names = FieldNames::shipped(&["*_at", "uuid"]);
        for name in ["created_at", "createdAt", "CreatedAt", "created-at", "UUID"] {
            assert!(names.include(name), "{name}");
        }
        for name in ["at", "format", "flat", "created_at_all", "uuids"] {
            assert!(!names.include(name), "{name}");
        }
        assert!(!FieldNames::shipped(&[]).include(""));
    }

    #[test]
    fn an_expression_that_explodes_or_is_none_is_refused_with_a_reason_in_one_line() {
        for text in ["(", "a{1000}{1000}", r"(a)\1", "(?=a)", &"a".repeat(2000)] {
            let reason = Expression::parse(text).expect_err(text);
            assert!(!reason.contains('\n'), "{reason}");
        }
    }
}
