//! Reads the OpenAPI document as a client would: which operation a request is, and which answers that may have.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use jsonschema::Validator;
use serde_json::{Value, json};
use tests::http::Request;
use tests::launch::Server;

/// The document that a server gives of itself.
pub(super) struct Description {
    document: Value,
    /// `GET /subjects/{subject}`, and its like.
    operations: Vec<String>,
}

impl Description {
    pub(super) fn of(server: &Server) -> Result<Self> {
        let answer = server
            .client()
            .send(&Request::new("GET", "/openapi.json", None))?;
        ensure!(answer.status == 200, "no document: {}", answer.text());
        let document = answer.json();
        let paths = document["paths"].as_object().context("no paths")?;
        let of_path = |(path, methods): (&String, &Value)| {
            let methods = methods.as_object().into_iter().flatten();
            let named = methods.map(|(method, _)| format!("{} {path}", method.to_uppercase()));
            named.collect::<Vec<_>>()
        };
        let operations = paths.iter().flat_map(of_path).collect();
        Ok(Self {
            document,
            operations,
        })
    }

    pub(super) fn operations(&self) -> impl Iterator<Item = &str> {
        self.operations.iter().map(String::as_str)
    }

    /// The operation that a request is; of several the one with the most words of its own.
    pub(super) fn operation(&self, method: &str, target: &str) -> Option<&str> {
        let path = outside_of_contexts(target.split('?').next().unwrap_or_default());
        let sent: Vec<&str> = segments(path);
        let fits = |operation: &&str| {
            let Some((its_method, its_path)) = operation.split_once(' ') else {
                return false;
            };
            let its: Vec<&str> = segments(its_path);
            its_method == method
                && its.len() == sent.len()
                && its
                    .iter()
                    .zip(&sent)
                    .all(|(its, sent)| its.starts_with('{') || its == sent)
        };
        self.operations()
            .filter(fits)
            .min_by_key(|operation| operation.matches('{').count())
    }

    /// Whether an answer is one that the operation may have.
    pub(super) fn check(&self, operation: &str, status: u16, body: &str) -> Result<()> {
        let (method, path) = operation.split_once(' ').context("no operation")?;
        let operation = &self.document["paths"][path][method.to_lowercase()];
        let answer = self.resolved(&operation["responses"][status.to_string()]);
        ensure!(!answer.is_null(), "status {status} is not described");
        let Some(content) = answer["content"].as_object() else {
            ensure!(body.is_empty(), "there is a body where none is described");
            return Ok(());
        };
        let (_, content) = content.iter().next().context("no media type")?;
        let schema = &content["schema"];
        if schema["$ref"] == "#/components/schemas/SchemaText" {
            return Ok(());
        }
        let body: Value = serde_json::from_str(body).with_context(|| body.to_owned())?;
        let validator = self.validator(schema)?;
        let faults: Vec<String> = validator
            .iter_errors(&body)
            .map(|fault| format!("{fault} at {}", fault.instance_path()))
            .collect();
        ensure!(faults.is_empty(), "{status} {body}: {}", faults.join("; "));
        Ok(())
    }

    /// Every number that a refusal can have.
    pub(super) fn error_codes(&self) -> BTreeSet<u64> {
        let responses = self.document["components"]["responses"].as_object();
        let names = responses.into_iter().flatten().map(|(name, _)| name);
        names
            .flat_map(|name| name.split('.').filter_map(|part| part.parse().ok()))
            .collect()
    }

    fn resolved<'v>(&'v self, value: &'v Value) -> &'v Value {
        let target = value["$ref"].as_str().and_then(|at| at.strip_prefix('#'));
        target
            .and_then(|at| self.document.pointer(at))
            .unwrap_or(value)
    }

    fn validator(&self, schema: &Value) -> Result<Validator> {
        let whole = json!({"allOf": [schema], "components": self.document["components"]});
        jsonschema::draft202012::new(&whole).map_err(|error| anyhow::anyhow!("{error}"))
    }
}

/// A path behind a context is the same operation as without, but that settings are then those of the context.
fn outside_of_contexts(path: &str) -> &str {
    let rest = path
        .strip_prefix("/contexts/")
        .and_then(|rest| Some(&rest[rest.find('/')?..]));
    match rest.map(|rest| rest.trim_end_matches('/')) {
        None | Some("") => path,
        Some("/config") => "/config/of-a-context",
        Some("/mode") => "/mode/of-a-context",
        Some(rest) => outside_of_contexts(rest),
    }
}

fn segments(path: &str) -> Vec<&str> {
    path.trim_matches('/').split('/').collect()
}
