//! The keywords of one schema, each of the kind that it has to be.

use super::dialect::Dialect;
use super::fault::Fault;
use crate::value::{Kind, Member, Number, Object, Value};

/// An object that is read as a schema, or one part of it.
#[derive(Clone, Copy)]
pub(super) struct Keywords<'v> {
    pub(super) object: &'v Object,
    pub(super) dialect: Dialect,
    part: Option<Part>,
}

impl<'v> Keywords<'v> {
    pub(super) const fn new(object: &'v Object, dialect: Dialect) -> Self {
        Self {
            object,
            dialect,
            part: None,
        }
    }

    /// The same schema with all keywords but these out of sight.
    pub(super) const fn only(self, part: Part) -> Self {
        Self {
            part: Some(part),
            ..self
        }
    }

    pub(super) fn get(&self, keyword: &str) -> Option<&'v Value> {
        match self.part {
            Some(part) if !part.has(keyword) => None,
            _ => self.object.get(keyword),
        }
    }

    pub(super) fn has_any(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.get(keyword).is_some())
    }

    pub(super) fn string(&self, keyword: &str) -> Result<Option<&'v str>, Fault> {
        self.of_kind(keyword, "a string", Value::as_str)
    }

    pub(super) fn boolean(&self, keyword: &str) -> Result<Option<bool>, Fault> {
        self.of_kind(keyword, "a boolean", Value::as_bool)
    }

    pub(super) fn number(&self, keyword: &str) -> Result<Option<&'v Number>, Fault> {
        self.of_kind(keyword, "a number", Value::as_number)
    }

    pub(super) fn members(&self, keyword: &str) -> Result<&'v [Member], Fault> {
        let object = self.of_kind(keyword, "an object", Value::as_object)?;
        Ok(object.map(Object::members).unwrap_or_default())
    }

    pub(super) fn array(&self, keyword: &str) -> Result<Option<&'v [Value]>, Fault> {
        self.of_kind(keyword, "an array", Value::as_array)
    }

    pub(super) fn strings(&self, keyword: &str) -> Result<Option<Vec<&'v str>>, Fault> {
        self.get(keyword)
            .map(|value| strings(keyword, value))
            .transpose()
    }

    /// A limit on a length or a number of things. The classical drafts want a 32-bit integer, written as one; the
    /// modern ones take any number and cut its fraction.
    pub(super) fn count(&self, keyword: &str) -> Result<Option<i64>, Fault> {
        let (Some(value), Some(number)) = (self.get(keyword), self.number(keyword)?) else {
            return Ok(None);
        };
        if self.dialect.is_modern() {
            return Ok(Some(cut(number)));
        }
        match number.as_i64().map(i32::try_from) {
            Some(Ok(count)) => Ok(Some(i64::from(count))),
            _ => Err(must_be(keyword, value, "an integer of 32 bit")),
        }
    }

    fn of_kind<T>(
        &self,
        keyword: &str,
        kind: &str,
        read: impl Fn(&'v Value) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        let Some(value) = self.get(keyword) else {
            return Ok(None);
        };
        match read(value) {
            Some(content) => Ok(Some(content)),
            None => Err(must_be(keyword, value, kind)),
        }
    }
}

/// A number without its fraction; what does not fit becomes the nearest that does.
pub(super) fn cut(number: &Number) -> i64 {
    number.as_f64() as i64
}

/// The kinds of values that keywords speak about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Array,
    Object,
    Number,
    String,
}

impl Class {
    /// The keywords of the modern drafts that speak about one kind of value only.
    const KEYWORDS: [(&str, Self); 25] = [
        ("prefixItems", Self::Array),
        ("items", Self::Array),
        ("minItems", Self::Array),
        ("maxItems", Self::Array),
        ("uniqueItems", Self::Array),
        ("contains", Self::Array),
        ("unevaluatedItems", Self::Array),
        ("properties", Self::Object),
        ("patternProperties", Self::Object),
        ("required", Self::Object),
        ("minProperties", Self::Object),
        ("maxProperties", Self::Object),
        ("dependentRequired", Self::Object),
        ("dependentSchemas", Self::Object),
        ("additionalProperties", Self::Object),
        ("unevaluatedProperties", Self::Object),
        ("propertyNames", Self::Object),
        ("minimum", Self::Number),
        ("maximum", Self::Number),
        ("exclusiveMinimum", Self::Number),
        ("exclusiveMaximum", Self::Number),
        ("multipleOf", Self::Number),
        ("minLength", Self::String),
        ("maxLength", Self::String),
        ("pattern", Self::String),
    ];

    /// What a keyword speaks about, if it is one kind only.
    pub(super) fn of(keyword: &str) -> Option<Self> {
        position(keyword).map(|position| Self::KEYWORDS[position].1)
    }
}

fn position(keyword: &str) -> Option<usize> {
    Class::KEYWORDS
        .iter()
        .position(|(name, _)| *name == keyword)
}

/// Some of the keywords that speak about one kind of value.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Part(u32);

impl Part {
    /// A single keyword.
    pub(super) fn of(keyword: &str) -> Self {
        Self(position(keyword).map_or(0, |position| 1 << position))
    }

    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    fn has(self, keyword: &str) -> bool {
        self.0 & Self::of(keyword).0 != 0
    }
}

/// The strings of an array that holds nothing else.
pub(super) fn strings<'v>(keyword: &str, value: &'v Value) -> Result<Vec<&'v str>, Fault> {
    let items = value
        .as_array()
        .ok_or_else(|| must_be(keyword, value, "an array of strings"))?;
    items
        .iter()
        .map(|item| {
            item.as_str()
                .ok_or_else(|| must_be(keyword, item, "an array of strings"))
        })
        .collect()
}

/// The fault of a keyword whose value is of another kind.
pub(super) fn must_be(keyword: &str, value: &Value, wanted: &str) -> Fault {
    let found = match &value.kind {
        Kind::Null => "null",
        Kind::Boolean(_) => "a boolean",
        Kind::Number(_) => "this number",
        Kind::String(_) => "a string",
        Kind::Array(_) => "an array",
        Kind::Object(_) => "an object",
    };
    Fault::new(
        value.place,
        format!("{keyword} must be {wanted}, not {found}"),
    )
}
