//! How JSON values become the types of members: scalars are coerced, arrays and objects never.

use std::collections::{BTreeMap, BTreeSet};

use super::reader::{BadBody, Reader, Start};

impl Reader<'_> {
    /// A string; a number or boolean becomes its text.
    pub fn text(&mut self) -> Result<Option<String>, BadBody> {
        let place = self.place();
        Ok(match self.start()? {
            Start::Null => None,
            Start::Text(text) => Some(text.into_owned()),
            Start::Number(text) => Some(text.to_owned()),
            Start::Boolean(value) => Some(value.to_string()),
            other => return Err(self.mismatch(place, "a string", &other)),
        })
    }

    /// A boolean; `"true"` and `"false"` are read, too, and an integer is true unless it is 0.
    pub fn boolean(&mut self) -> Result<Option<bool>, BadBody> {
        let place = self.place();
        let start = self.start()?;
        match &start {
            Start::Null => return Ok(None),
            Start::Boolean(value) => return Ok(Some(*value)),
            Start::Number(text) if is_integer(text) => return Ok(Some(!is_zero(text))),
            Start::Text(text) => match text.trim() {
                "true" | "True" | "TRUE" => return Ok(Some(true)),
                "false" | "False" | "FALSE" => return Ok(Some(false)),
                "" | "null" => return Ok(None),
                _ => {}
            },
            _ => {}
        }
        Err(self.mismatch(place, "true or false", &start))
    }

    /// An integer of 32 bits; a numeric string is read, too, and a fraction is dropped.
    pub fn int(&mut self) -> Result<Option<i32>, BadBody> {
        let place = self.place();
        let start = self.start()?;
        let number = match &start {
            Start::Null => return Ok(None),
            Start::Number(text) => truncated(text),
            Start::Text(text) => match text.trim() {
                "" | "null" => return Ok(None),
                text => match text.parse() {
                    Ok(number) => Some(number),
                    Err(_) => {
                        return Err(
                            self.bad_at(place, format!("expected an integer, found \"{text}\""))
                        );
                    }
                },
            },
            other => return Err(self.mismatch(place, "an integer", other)),
        };
        number
            .map(Some)
            .ok_or_else(|| self.bad_at(place, "an integer beyond 32 bits"))
    }

    /// One of a set of names, whose case matters.
    pub fn choice<T: Copy>(&mut self, names: &[(&str, T)]) -> Result<Option<T>, BadBody> {
        let place = self.place();
        match self.start()? {
            Start::Null => Ok(None),
            Start::Text(text) => match names.iter().find(|(name, _)| *name == text) {
                Some((_, value)) => Ok(Some(*value)),
                None => {
                    let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
                    Err(self.bad_at(
                        place,
                        format!("expected one of {}, found \"{text}\"", known.join(", ")),
                    ))
                }
            },
            other => Err(self.mismatch(place, "a name", &other)),
        }
    }

    /// An array of values of one kind; none of them may be null.
    pub fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<Option<T>, BadBody>,
    ) -> Result<Option<Vec<T>>, BadBody> {
        let mut items = Vec::new();
        let is_there = self.array(|reader| {
            items.push(reader.present(&mut item)?);
            Ok(())
        })?;
        Ok(is_there.then_some(items))
    }

    /// An array of strings, sorted, each once.
    pub fn text_set(&mut self) -> Result<Option<BTreeSet<String>>, BadBody> {
        Ok(self.list(Reader::text)?.map(BTreeSet::from_iter))
    }

    /// An object with values of one kind, sorted; of a member given twice the last counts, and none may be null.
    pub fn map<T>(
        &mut self,
        mut value: impl FnMut(&mut Self) -> Result<Option<T>, BadBody>,
    ) -> Result<Option<BTreeMap<String, T>>, BadBody> {
        let mut members = BTreeMap::new();
        let is_there = self.object(|reader, name| {
            members.insert(name.to_owned(), reader.present(&mut value)?);
            Ok(())
        })?;
        Ok(is_there.then_some(members))
    }

    /// A value that must not be null.
    fn present<T>(
        &mut self,
        read: &mut impl FnMut(&mut Self) -> Result<Option<T>, BadBody>,
    ) -> Result<T, BadBody> {
        let place = self.place();
        read(self)?.ok_or_else(|| self.bad_at(place, "null is no value here"))
    }
}

fn is_integer(number: &str) -> bool {
    number
        .strip_prefix('-')
        .unwrap_or(number)
        .bytes()
        .all(|byte| byte.is_ascii_digit())
}

fn is_zero(number: &str) -> bool {
    number
        .trim_start_matches('-')
        .bytes()
        .all(|byte| byte == b'0')
}

/// The number without its fraction, if it then fits 32 bits; what is not a number is 0, as in Java.
fn truncated(number: &str) -> Option<i32> {
    if is_integer(number) {
        return number.parse().ok();
    }
    let value: f64 = match number {
        "Infinity" | "-Infinity" => return None,
        _ => number.parse().ok()?,
    };
    let whole = value.trunc();
    if whole.is_nan() {
        return Some(0);
    }
    let fits = whole >= f64::from(i32::MIN) && whole <= f64::from(i32::MAX);
    fits.then(|| format!("{whole:.0}").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> Option<Option<String>> {
        Reader::new(json).text().ok()
    }

    fn boolean(json: &str) -> Option<Option<bool>> {
        Reader::new(json).boolean().ok()
    }

    fn int(json: &str) -> Option<Option<i32>> {
        Reader::new(json).int().ok()
    }

    #[test]
    fn a_scalar_becomes_its_text_where_a_string_is_wanted() {
        for (json, expected) in [
            ("\"x\"", "x"),
            ("5", "5"),
            ("1.50", "1.50"),
            ("1E5", "1E5"),
            ("true", "true"),
            ("NaN", "NaN"),
        ] {
            assert_eq!(text(json), Some(Some(expected.to_owned())), "{json}");
        }
        assert_eq!(text("null"), Some(None));
        assert_eq!(text("{}"), None);
        assert_eq!(text("[]"), None);
    }

    #[test]
    fn a_boolean_may_be_a_word_or_an_integer() {
        for (json, expected) in [
            ("true", true),
            ("\"true\"", true),
            ("\"false\"", false),
            ("1", true),
            ("0", false),
            ("-0", false),
            ("7", true),
        ] {
            assert_eq!(boolean(json), Some(Some(expected)), "{json}");
        }
        assert_eq!(boolean("null"), Some(None));
        for json in ["\"yes\"", "[]", "{}", "0.5", "\"tRue\""] {
            assert_eq!(boolean(json), None, "{json}");
        }
    }

    #[test]
    fn an_integer_may_be_a_numeric_string_and_loses_its_fraction() {
        for (json, expected) in [
            ("1", 1),
            ("\"1\"", 1),
            ("1.5", 1),
            ("-1.9", -1),
            ("1e2", 100),
            ("2147483647", i32::MAX),
            ("-2147483648", i32::MIN),
        ] {
            assert_eq!(int(json), Some(Some(expected)), "{json}");
        }
        assert_eq!(int("null"), Some(None));
        assert_eq!(int("\"\""), Some(None));
        for json in [
            "99999999999",
            "2147483648",
            "1e300",
            "\"x\"",
            "\"1.5\"",
            "true",
            "[]",
            "Infinity",
        ] {
            assert_eq!(int(json), None, "{json}");
        }
    }

    #[test]
    fn the_names_of_a_choice_are_case_sensitive() {
        let names = [("AVRO", 1), ("JSON", 2)];
        assert_eq!(Reader::new("\"JSON\"").choice(&names), Ok(Some(2)));
        assert_eq!(Reader::new("null").choice(&names), Ok(None));
        let error = Reader::new("\"json\"")
            .choice(&names)
            .expect_err("not a name");
        assert_eq!(
            error.to_string(),
            "expected one of AVRO, JSON, found \"json\" at line 1, column 1"
        );
        assert!(Reader::new("1").choice(&names).is_err());
    }

    #[test]
    fn lists_and_maps_hold_no_null_and_the_last_of_two_members_counts() {
        let texts = |json| Reader::new(json).map(Reader::text);
        assert_eq!(
            texts(r#"{"b":1,"a":"x","a":"y"}"#),
            Ok(Some(BTreeMap::from([
                ("a".into(), "y".into()),
                ("b".into(), "1".into())
            ])))
        );
        assert!(texts(r#"{"a":null}"#).is_err());
        assert!(texts("[]").is_err());
        assert_eq!(
            Reader::new(r#"["b","a","b"]"#).text_set(),
            Ok(Some(BTreeSet::from(["a".into(), "b".into()])))
        );
        assert!(Reader::new("[null]").text_set().is_err());
        assert!(Reader::new("\"b\"").text_set().is_err());
        assert_eq!(Reader::new("null").text_set(), Ok(None));
    }
}
