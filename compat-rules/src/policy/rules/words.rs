//! The words of a name, and the styles in which words are written as a name.

use schemars::JsonSchema;
use serde::Deserialize;

/// The words of a name, in lower case: `HTTPServer_name2` has the words `http`, `server`, `name2`.
pub(super) fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for (at, letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            is_open = false;
            continue;
        }
        let before = at.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(at + 1);
        // A capital begins a word behind a small letter or digit, and as the last of several before a small letter.
        let begins = letter.is_uppercase()
            && before.is_some_and(|before| {
                !before.is_uppercase() || after.is_some_and(|after| after.is_lowercase())
            });
        match words.last_mut() {
            Some(word) if is_open && !begins => word.extend(letter.to_lowercase()),
            _ => words.push(letter.to_lowercase().collect()),
        }
        is_open = true;
    }
    words
}

/// A name in which neither case nor separators count.
pub(super) fn folded(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// How a name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[expect(
    clippy::enum_variant_names,
    reason = "they are called so, with the word `case`"
)]
pub(super) enum Style {
    /// `order_line`
    #[serde(rename = "snake_case")]
    SnakeCase,
    /// `orderLine`
    #[serde(rename = "camelCase")]
    CamelCase,
    /// `OrderLine`
    PascalCase,
    /// `ORDER_LINE`
    #[serde(rename = "UPPER_SNAKE_CASE")]
    UpperSnakeCase,
    /// `order-line`
    #[serde(rename = "kebab-case")]
    KebabCase,
}

impl Style {
    /// The word for it, which is written in it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::SnakeCase => "snake_case",
            Self::CamelCase => "camelCase",
            Self::PascalCase => "PascalCase",
            Self::UpperSnakeCase => "UPPER_SNAKE_CASE",
            Self::KebabCase => "kebab-case",
        }
    }

    /// True for a name that is written in it.
    pub(super) fn is_kept_by(self, name: &str) -> bool {
        let mut letters = name.chars();
        let Some(first) = letters.next() else {
            return false;
        };
        let is_first = match self {
            Self::SnakeCase | Self::CamelCase | Self::KebabCase => first.is_ascii_lowercase(),
            Self::PascalCase | Self::UpperSnakeCase => first.is_ascii_uppercase(),
        };
        let small = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        let large = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
        is_first
            && match self {
                Self::CamelCase | Self::PascalCase => {
                    letters.all(|letter| letter.is_ascii_alphanumeric())
                }
                Self::SnakeCase => parted(name, '_', small),
                Self::KebabCase => parted(name, '-', small),
                Self::UpperSnakeCase => parted(name, '_', large),
            }
    }

    /// The name written in it, if that can be done.
    pub(super) fn of(self, name: &str) -> Option<String> {
        let words = words(name);
        let capital = |word: &String| {
            let mut letters = word.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect::<String>()
        };
        let written = match self {
            Self::SnakeCase => words.join("_"),
            Self::KebabCase => words.join("-"),
            Self::UpperSnakeCase => words.join("_").to_uppercase(),
            Self::PascalCase => words.iter().map(capital).collect(),
            Self::CamelCase => {
                let (first, rest) = words.split_first()?;
                rest.iter()
                    .fold(first.clone(), |name, word| name + &capital(word))
            }
        };
        self.is_kept_by(&written).then_some(written)
    }
}

/// True when the separator parts the name into parts of such letters, none of them empty.
fn parted(name: &str, separator: char, is_letter: impl Fn(char) -> bool) -> bool {
    name.split(separator)
        .all(|part| !part.is_empty() && part.chars().all(&is_letter))
}

#[cfg(test)]
mod tests {
    use super::{Style, folded, words};

    #[test]
    fn words_end_at_separators_and_where_the_case_changes() {
        for (name, expected) in [
            ("orderLine", "order line"),
            ("HTTPServer_name2", "http server name2"),
            ("ORDER_LINE", "order line"),
            ("order-line.no", "order line no"),
            ("line2Total", "line2 total"),
            ("__x__", "x"),
            ("", ""),
            ("_", ""),
            ("ÜberGröße", "über größe"),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
        assert_eq!(folded("order_LINE-2"), folded("orderLine2"));
    }

    #[test]
    fn a_style_knows_its_own_names_and_writes_others_in_it() {
        let all = [
            (Style::SnakeCase, "order_line2"),
            (Style::CamelCase, "orderLine2"),
            (Style::PascalCase, "OrderLine2"),
            (Style::UpperSnakeCase, "ORDER_LINE2"),
            (Style::KebabCase, "order-line2"),
        ];
        for (style, name) in all {
            assert!(style.is_kept_by(style.as_str().trim_end_matches('2')));
            for (other, written) in all {
                assert_eq!(
                    style.is_kept_by(written),
                    style == other,
                    "{style:?} {written}"
                );
                assert_eq!(style.of(written).as_deref(), Some(name));
            }
        }
        for name in ["", "_a", "a__b", "a_", "2a", "größe"] {
            assert!(!Style::SnakeCase.is_kept_by(name), "{name}");
        }
        assert_eq!(Style::SnakeCase.of("2fast"), None);
    }
}
