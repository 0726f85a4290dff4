//! The keywords of one schema, each of the kind that it has to be.

use super::dialect::Dialect;
use super::fault::Fault;
use crate::value::{Kind, Member, Number, Object, Value};

/// An object that is read as a schema.
#[derive(Clone, Copy)]
pub(super) struct Keywords<'v> {
    pub(super) object: &'v Object,
    pub(super) dialect: Dialect,
}

impl<'v> Keywords<'v> {
    pub(super) fn get(&self, keyword: &str) -> Option<&'v Value> {
        self.object.get(keyword)
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
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the cut is the rule; what does not fit becomes the nearest that does"
            )]
            return Ok(Some(number.as_f64() as i64));
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
