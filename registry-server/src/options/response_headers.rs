//! Headers that an operator adds to every answer, in the reference's notation.
//!
//! A list of `set Name: value` and `add Name: value`; a rule that contains a comma stands in double quotes. The
//! reference's `setDate` and `addDate` are refused: their values change with time, ours are fixed at the start.

use std::fmt;
use std::str::FromStr;

use hyper::header::{HeaderMap, HeaderName, HeaderValue};

/// Rules in the order in which they apply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResponseHeaders {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    action: Action,
    name: HeaderName,
    value: HeaderValue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    /// Replaces what is there.
    Set,
    /// Joins what is there.
    Add,
}

/// A rule that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{rule}` is no header rule: {reason}")]
pub struct BadRule {
    rule: String,
    reason: &'static str,
}

impl ResponseHeaders {
    /// Writes the headers of every rule.
    pub fn apply(&self, headers: &mut HeaderMap) {
        for rule in &self.rules {
            match rule.action {
                Action::Set => headers
                    .insert(rule.name.clone(), rule.value.clone())
                    .is_some(),
                Action::Add => headers.append(rule.name.clone(), rule.value.clone()),
            };
        }
    }
}

impl FromStr for ResponseHeaders {
    type Err = BadRule;

    fn from_str(text: &str) -> Result<Self, BadRule> {
        let rules = split_at_commas(text)
            .into_iter()
            .filter(|rule| !rule.is_empty())
            .map(Rule::parse)
            .collect::<Result<_, _>>()?;
        Ok(Self { rules })
    }
}

impl fmt::Display for ResponseHeaders {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, rule) in self.rules.iter().enumerate() {
            if index > 0 {
                out.write_str(", ")?;
            }
            let action = match rule.action {
                Action::Set => "set",
                Action::Add => "add",
            };
            let value = String::from_utf8_lossy(rule.value.as_bytes());
            write!(out, "\"{action} {}: {value}\"", rule.name)?;
        }
        Ok(())
    }
}

impl Rule {
    fn parse(text: &str) -> Result<Self, BadRule> {
        let bad = |reason| BadRule {
            rule: text.to_owned(),
            reason,
        };
        let (action, header) = text
            .split_once(' ')
            .ok_or_else(|| bad("expected `set Name: value`"))?;
        let action = match action {
            "set" => Action::Set,
            "add" => Action::Add,
            "setDate" | "addDate" => return Err(bad("dates are not supported")),
            _ => return Err(bad("it starts with neither `set` nor `add`")),
        };
        let (name, value) = header
            .split_once(':')
            .ok_or_else(|| bad("no colon follows the name"))?;
        Ok(Self {
            action,
            name: name
                .trim()
                .parse()
                .map_err(|_| bad("the name is no header name"))?,
            value: value
                .trim()
                .parse()
                .map_err(|_| bad("the value holds a control character"))?,
        })
    }
}

/// The parts between commas that are outside double quotes, without the quotes.
fn split_at_commas(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut quoted = false;
    let mut start = 0;
    for (index, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
        .into_iter()
        .map(|part| part.trim().trim_matches('"').trim())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(rules: &str) -> Vec<(String, String)> {
        let mut headers = HeaderMap::new();
        headers.insert("cache-control", HeaderValue::from_static("private"));
        rules
            .parse::<ResponseHeaders>()
            .expect("valid rules")
            .apply(&mut headers);
        headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().expect("ASCII").to_owned()))
            .collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn set_replaces_a_header_and_add_joins_it() {
        let headers = applied("set X-Frame-Options: DENY, add Cache-Control: no-store");
        assert!(headers.contains(&pair("x-frame-options", "DENY")));
        assert!(headers.contains(&pair("cache-control", "private")));
        assert!(headers.contains(&pair("cache-control", "no-store")));
        assert_eq!(
            applied("set Cache-Control: no-store"),
            [pair("cache-control", "no-store")]
        );
    }

    #[test]
    fn a_quoted_rule_may_hold_commas_and_survives_being_written_and_read() {
        let rules: ResponseHeaders =
            "\"set Cache-Control: no-cache, no-store\", add X-A: 1; mode=block"
                .parse()
                .expect("valid rules");
        assert_eq!(rules.rules.len(), 2);
        assert_eq!(rules.to_string().parse(), Ok(rules));
    }

    #[test]
    fn what_is_no_rule_is_refused_with_its_text() {
        for text in [
            "X-Frame-Options: DENY",
            "set X-Frame-Options",
            "set X Y: 1",
            "setDate Expires: 1",
        ] {
            let refused = text.parse::<ResponseHeaders>().expect_err("no rule");
            assert!(refused.to_string().contains(text), "{refused}");
        }
    }
}
