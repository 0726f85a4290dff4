//! The catalogue of rules, with their pages.

use compat_rules::policy::rule::PolicyRule;
use compat_rules::policy::{Profile, catalogue, rule_named, rule_page};
use serde_json::{Value, json};

use super::reply;
use crate::api::call::{Answer, Call};
use crate::api::error::Refusal;
use crate::app::App;

/// `GET /governance/v1/rules`.
pub fn list(_app: &App, _call: &Call) -> Answer {
    reply(&catalogue().map(line).collect::<Vec<_>>())
}

/// `GET /governance/v1/rules/{rule}`: by code or slug, with its page and the JSON Schema of its parameters.
pub fn show(_app: &App, call: &Call) -> Answer {
    let name = call.parameter("rule");
    let missing = || Refusal::missing(format!("Rule '{name}' not found"));
    let rule = rule_named(name).ok_or_else(missing)?;
    let mut shown = line(rule);
    shown["parameters"] = (rule.parameters)().to_value();
    shown["page"] = Value::String(rule_page(rule).into_owned());
    reply(&shown)
}

fn line(rule: &'static PolicyRule) -> Value {
    let profiles = Profile::ALL.map(|profile| (profile.as_str(), rule.profiles.severity(profile)));
    let profiles: serde_json::Map<String, Value> = profiles
        .into_iter()
        .map(|(profile, severity)| (profile.to_owned(), Value::from(severity.as_str())))
        .collect();
    let formats: Vec<&str> = rule.formats.iter().map(|format| format.as_str()).collect();
    let points: Vec<&str> = rule.points.iter().map(|point| point.as_str()).collect();
    json!({
        "code": rule.code,
        "slug": rule.slug,
        "title": rule.title,
        "family": rule.family(),
        "formats": formats,
        "points": points,
        "hint": rule.hint,
        "profiles": profiles,
    })
}
