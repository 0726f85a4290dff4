//! What a credential looks like. Only forms that are hardly ever anything else: a rule that cries wolf is switched off.

use std::sync::LazyLock;

use regex::{Regex, RegexSet};

/// What is looked for by its form alone, in words.
const KINDS: [&str; 6] = [
    "an access key of a cloud",
    "a token of a code host",
    "a token of a chat",
    "a signed token (JWT)",
    "a private key",
    "a password in a URL",
];

/// How many of the kinds are tokens or keys.
const TOKENS: usize = 5;

static FORMS: LazyLock<RegexSet> = LazyLock::new(|| {
    let forms = [
        r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b",
        r"\b(?:ghp|gho|ghu|ghs|ghr)_[0-9A-Za-z]{36}\b|\bgithub_pat_[0-9A-Za-z_]{40,}\b|\bglpat-[0-9A-Za-z_-]{20}\b",
        r"\bxox[abprs]-[0-9A-Za-z-]{10,}",
        r"\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{10,}",
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
        r"\b[a-z][a-z0-9+.-]*://[^\s/:@<>{}$]+:[^\s/:@<>{}$*]{3,}@[^\s/]",
    ];
    RegexSet::new(forms).expect("fixed expressions compile")
});

static ASSIGNED: LazyLock<Regex> = LazyLock::new(|| {
    let form = r#"(?i)\b(?:password|passwd|pwd|secret|api[_-]?key|access[_-]?token)\s*[=:]\s*["']?([^\s"'<>{}$*,;]{6,})"#;
    Regex::new(form).expect("a fixed expression compiles")
});

/// What the text contains, if it contains a credential.
pub(super) fn find(text: &str) -> Option<&'static str> {
    let form = FORMS.matches(text).iter().next();
    form.map(|form| KINDS[form])
        .or_else(|| is_assigned(text).then_some("a password"))
}

/// A word of letters alone is more often a word about the password than the password.
fn is_assigned(text: &str) -> bool {
    let is_telling = |one: char| one.is_ascii_digit() || matches!(one, '!' | '#' | '%' | '&');
    let mut values = ASSIGNED.captures_iter(text);
    values.any(|found| found[1].contains(is_telling))
}

/// The same of a property, whose key may say it alone.
pub(super) fn find_in_property(key: &str, value: &str) -> Option<&'static str> {
    find(value).or_else(|| find(&format!("{}={value}", last_word(key))))
}

fn last_word(key: &str) -> &str {
    key.rsplit(['.', '/']).next().unwrap_or(key)
}

/// True for texts that contain a token or a private key.
pub(in crate::policy::rules) fn is_token(text: &str) -> bool {
    FORMS.matches(text).iter().any(|form| form < TOKENS)
}

#[cfg(test)]
mod tests {
    use super::{find, find_in_property};

    #[test]
    fn credentials_are_told_from_words_about_credentials() {
        for (text, expected) in [
            ("key AKIAABCDEFGHIJKLMNOP", true),
            ("ghp_0123456789abcdefghij0123456789abcdef", true),
            ("-----BEGIN RSA PRIVATE KEY-----", true),
            ("https://user:hunter22@host.example/x", true),
            ("password=hunter22x", true),
            ("API-KEY: 0123456789abcdef", true),
            (
                "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXg",
                true,
            ),
            ("The password of the user, hashed.", false),
            ("password: required", false),
            ("password=<your password 1>", false),
            ("https://user:{password}@host.example/", false),
            ("https://host.example:8081/a@b", false),
            ("AKIA is how keys begin", false),
            ("git commit 0123456789abcdef0123456789abcdef01234567", false),
        ] {
            assert_eq!(find(text).is_some(), expected, "{text}");
        }
    }

    #[test]
    fn the_key_of_a_property_may_say_what_its_value_is() {
        assert!(find_in_property("db.password", "hunter22x").is_some());
        assert!(find_in_property("source.commit", "hunter22x").is_none());
    }
}
