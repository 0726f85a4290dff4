//! The query of a request: names and values in their order.
//!
//! A bad escape is tolerated and stays as it is, a plus is a blank, and of a parameter that may occur once the
//! first value counts (`protocol.md` sections 1.5, 1.6).

/// The parameters of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pairs: Vec<(String, String)>,
}

/// A number that cannot be read: the reference answers as if the path were unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoNumber;

impl Query {
    /// Reads the text behind the question mark.
    #[must_use]
    pub fn parse(text: Option<&str>) -> Self {
        let pairs = text.map_or_else(Vec::new, |text| {
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect()
        });
        Self { pairs }
    }

    /// True when nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The first value of a parameter.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every value of a parameter.
    pub fn all<'q>(&'q self, name: &str) -> impl Iterator<Item = &'q str> {
        self.pairs
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// True when the parameter says so in any case; never an error.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        self.first(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A number of 32 bits; an empty value counts as none.
    pub fn int(&self, name: &str) -> Result<Option<i32>, NoNumber> {
        match self.first(name) {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| NoNumber),
        }
    }

    /// Replaces every value of a parameter by one.
    pub fn set(&mut self, name: &str, value: String) {
        self.pairs.retain(|(key, _)| key != name);
        self.pairs.push((name.to_owned(), value));
    }

    /// Changes every value of a parameter, or adds the one that stands for none.
    pub fn map(&mut self, name: &str, absent: &str, change: impl Fn(&str) -> String) {
        let mut found = false;
        for (_, value) in self.pairs.iter_mut().filter(|(key, _)| key == name) {
            *value = change(value);
            found = true;
        }
        if !found {
            self.pairs.push((name.to_owned(), absent.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> Query {
        Query::parse(Some(text))
    }

    #[test]
    fn the_first_value_counts_and_all_can_be_had() {
        let query = query("subject=b&subject=a&x=%D0%BA");
        assert_eq!(query.first("subject"), Some("b"));
        assert_eq!(query.all("subject").collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(query.first("x"), Some("к"));
        assert_eq!(query.first("y"), None);
    }

    #[test]
    fn empty_parts_and_bad_escapes_are_tolerated() {
        assert_eq!(query("&&"), Query::default());
        assert_eq!(query("foo").first("foo"), Some(""));
        assert_eq!(query("subject=%zz&x=%FF").first("subject"), Some("%zz"));
    }

    #[test]
    fn a_flag_is_true_only_when_it_says_so() {
        for (text, expected) in [
            ("deleted=true", true),
            ("deleted=TRUE", true),
            ("deleted=", false),
            ("deleted=1", false),
            ("", false),
        ] {
            assert_eq!(query(text).flag("deleted"), expected, "{text}");
        }
    }

    #[test]
    fn a_number_may_be_signed_and_must_fit_32_bits() {
        assert_eq!(query("offset=%2B1").int("offset"), Ok(Some(1)));
        assert_eq!(query("offset=-7").int("offset"), Ok(Some(-7)));
        assert_eq!(query("offset=").int("offset"), Ok(None));
        for text in ["+1", "99999999999", "2147483648", "1.5", "1e3", "x"] {
            assert_eq!(
                query(&format!("offset={text}")).int("offset"),
                Err(NoNumber),
                "{text}"
            );
        }
    }
}
