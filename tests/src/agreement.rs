//! What must agree between a recorded answer and ours, and what is only counted.
//!
//! Required are the status, the recorded headers, the content type, the exact body of a success and the
//! error code of a refusal. The message of a refusal is counted, and so is everything of a step that
//! the recording marks as a slip of the reference.

use serde_json::Value;

use crate::conversation::Recorded;
use crate::http::Response;
use crate::placeholder::same_text;

/// What differs in one step.
#[derive(Debug, Default)]
pub struct Differences {
    /// Differences that are faults.
    pub required: Vec<String>,
    /// Differences that are counted, but allowed.
    pub counted: Vec<String>,
}

/// Compares one answer with the recorded one.
#[must_use]
pub fn differences(recorded: &Recorded, answer: &Response) -> Differences {
    let mut found = Differences::default();
    if answer.status != recorded.status {
        found.required.push("status".to_owned());
    }
    compare_headers(recorded, answer, &mut found);
    if recorded.status < 300 {
        compare_success(recorded, answer, &mut found);
    } else {
        compare_refusal(recorded, answer, &mut found);
    }
    if recorded.quirk {
        found.counted.append(&mut found.required);
    }
    found
}

fn compare_headers(recorded: &Recorded, answer: &Response, found: &mut Differences) {
    for (name, expected) in &recorded.headers {
        let agrees = match (expected.as_deref(), answer.header(name)) {
            (Some(expected), Some(got)) if name.eq_ignore_ascii_case("allow") => {
                tokens(expected) == tokens(got)
            }
            (Some(expected), Some(got)) => same_text(expected, got),
            (expected, got) => expected == got,
        };
        if !agrees {
            found.required.push(format!("header {name}"));
        }
    }
}

fn compare_success(recorded: &Recorded, answer: &Response, found: &mut Differences) {
    if media_type(answer.header("Content-Type")) != media_type(recorded.content_type.as_deref()) {
        found.required.push("content type".to_owned());
    }
    let got = answer.text();
    let agrees = match recorded.unordered {
        true => same_set(&recorded.body, &got),
        false => same_text(&recorded.body, &got),
    };
    if !agrees {
        found.required.push("body".to_owned());
    }
}

fn compare_refusal(recorded: &Recorded, answer: &Response, found: &mut Differences) {
    let envelope = serde_json::from_str::<Value>(&recorded.body)
        .ok()
        .filter(Value::is_object);
    if media_type(answer.header("Content-Type")) != media_type(recorded.content_type.as_deref()) {
        // The reference leaves the type out of some refusals, and has pages of its web server for
        // others: a JSON answer with its type is better there.
        let exact = envelope.is_some() && recorded.content_type.is_some();
        let list = if exact {
            &mut found.required
        } else {
            &mut found.counted
        };
        list.push("content type".to_owned());
    }
    let Some(expected) = envelope else {
        if !same_text(&recorded.body, &answer.text()) {
            found.counted.push("message".to_owned());
        }
        return;
    };
    let got = answer.json();
    if expected.get("error_code") != got.get("error_code") {
        found.required.push("error code".to_owned());
    }
    let message = |body: &Value| {
        body.get("message")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    if !same_text(&message(&expected), &message(&got)) {
        found.counted.push("message".to_owned());
    }
}

/// Equality of two JSON arrays whose order means nothing.
fn same_set(recorded: &str, got: &str) -> bool {
    let elements = |text: &str| {
        let mut elements: Vec<String> = serde_json::from_str::<Vec<Value>>(text)
            .ok()?
            .iter()
            .map(Value::to_string)
            .collect();
        elements.sort();
        Some(elements)
    };
    match (elements(recorded), elements(got)) {
        (Some(recorded), Some(got)) => recorded == got,
        _ => recorded == got,
    }
}

fn media_type(value: Option<&str>) -> Option<String> {
    value.map(|value| value.to_ascii_lowercase().split_whitespace().collect())
}

fn tokens(value: &str) -> Vec<&str> {
    let mut tokens: Vec<&str> = value.split(',').map(str::trim).collect();
    tokens.sort_unstable();
    tokens
}
