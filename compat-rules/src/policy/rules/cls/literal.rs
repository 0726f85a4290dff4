//! CLS004: values of real persons and accounts that stand in a schema.

use std::sync::LazyLock;

use regex::Regex;

use crate::policy::candidate::Candidate;
use crate::policy::finding::{Found, Report};
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, CONTENT_POINTS, Category, NoParameters, PolicyRule};
use crate::policy::rules::texts::{self, What};
use crate::policy::rules::{look, sec};

pub(super) const CLS004: PolicyRule = PolicyRule {
    code: "CLS004",
    slug: "sensitive-literal",
    title: "No default, example or text holds what looks like a real person's data.",
    formats: ALL_FORMATS,
    hint: "write jane@example.com, or another example",
    category: Category::Security,
    is_pattern: false,
    profiles: Profiles::new(['w', 'e', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<NoParameters>,
    prepare: |parameters| look::with(parameters, literal),
};

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    expression(r"[A-Za-z0-9][A-Za-z0-9._%+-]*@((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,})\b")
});
static IBAN: LazyLock<Regex> =
    LazyLock::new(|| expression(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"));
static CARD: LazyLock<Regex> =
    LazyLock::new(|| expression(r"\b[3-6][0-9]{3}[ -]?(?:[0-9][ -]?){8,14}[0-9]\b"));

fn expression(text: &str) -> Regex {
    Regex::new(text).expect("a fixed expression compiles")
}

/// Names of domains that nobody owns (RFC 2606 and 6761).
const RESERVED_DOMAINS: [&str; 7] = [
    "example.com",
    "example.org",
    "example.net",
    "example",
    "test",
    "invalid",
    "localhost",
];

/// What the standards and the schemes of cards print as examples.
const PRINTED_EXAMPLES: [&str; 7] = [
    "GB82WEST12345698765432",
    "GB29NWBK60161331926819",
    "DE89370400440532013000",
    "4111111111111111",
    "4242424242424242",
    "5555555555554444",
    "378282246310005",
];

/// The value itself is not repeated: messages end in logs.
fn literal(_: &NoParameters, candidate: &Candidate<'_>, found: &mut Found) {
    texts::each(candidate.schema, |what, element, text| {
        if what != What::Property
            && let Some(kind) = find(text)
        {
            found.add(Report {
                element: element.clone(),
                detail: format!("{} {kind}", what.as_str()),
                message: format!("{} holds what looks like {kind}", what.of(element)),
                hint: None,
            });
        }
    });
}

fn find(text: &str) -> Option<&'static str> {
    // Most texts have neither, and are not read twice.
    let has_digits = text.bytes().filter(u8::is_ascii_digit).count() >= 12;
    if text.contains('@')
        && EMAIL
            .captures_iter(text)
            .any(|found| is_real_domain(&found[1]))
    {
        Some("a person's e-mail address")
    } else if has_digits && IBAN.find_iter(text).any(|found| is_iban(found.as_str())) {
        Some("an account number (IBAN)")
    } else if has_digits && CARD.find_iter(text).any(|found| is_card(found.as_str())) {
        Some("a card number")
    } else if sec::is_token(text) {
        Some("a token")
    } else {
        None
    }
}

fn is_real_domain(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    !RESERVED_DOMAINS.iter().any(|reserved| {
        let rest = domain.strip_suffix(reserved);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// By the check digits of ISO 13616: the whole as a number leaves 1 when divided by 97.
fn is_iban(text: &str) -> bool {
    let plain: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    if plain.len() < 15 || is_printed_example(&plain) {
        return false;
    }
    let rotated = plain[4..].iter().chain(&plain[..4]);
    let remainder = rotated.fold(0_u32, |remainder, byte| match byte {
        b'0'..=b'9' => (remainder * 10 + u32::from(byte - b'0')) % 97,
        letter => (remainder * 100 + u32::from(letter - b'A') + 10) % 97,
    });
    remainder == 1
}

/// By the check digit of ISO 7812 (Luhn).
fn is_card(text: &str) -> bool {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
    let is_monotone = digits.windows(2).all(|pair| pair[0] == pair[1]);
    if !(13..=19).contains(&digits.len()) || is_monotone || is_printed_example(&digits) {
        return false;
    }
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let digit = u32::from(digit - b'0');
            match (place % 2, digit) {
                (0, digit) => digit,
                (_, 0..=4) => digit * 2,
                _ => digit * 2 - 9,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_printed_example(plain: &[u8]) -> bool {
    PRINTED_EXAMPLES
        .iter()
        .any(|known| known.as_bytes() == plain)
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn what_has_a_check_digit_is_held_to_it() {
        for (text, expected) in [
            ("FR1420041010050500013M02606", true),
            ("FR14 2004 1010 0505 0001 3M02 606", true),
            ("FR1520041010050500013M02606", false),
            ("DE89370400440532013000", false),
            ("4012888888881881", true),
            ("4012-8888-8888-1881", true),
            ("4012888888881882", false),
            ("4111 1111 1111 1111", false),
            ("1700000000000000000", false),
            ("00000000-0000-4000-8000-000000000000", false),
        ] {
            assert_eq!(find(text).is_some(), expected, "{text}");
        }
    }

    #[test]
    fn an_address_is_real_unless_its_domain_is_reserved() {
        for (text, expected) in [
            ("mail jane.doe@gmail.com", true),
            ("jane@example.com", false),
            ("jane@mail.acme.example", false),
            ("jane@notexample.com", true),
            ("a@b", false),
            ("@doc.com", false),
        ] {
            assert_eq!(find(text).is_some(), expected, "{text}");
        }
    }
}
