//! The description of the protocol for machines and for people: an OpenAPI 3.1 document, and a page made from it.
//!
//! What is written by hand is in `openapi/`: one entry for each route, each parameter, each number of a refusal and
//! each body. This reads those files, [`document`] writes the document, and [`page`] the page. Whether they tell the
//! truth is for tests: here against the table of the router, in the `tests` package against recorded answers and the
//! running server.

pub mod document;
pub mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

/// What is written by hand, read.
pub(crate) static DESCRIPTION: LazyLock<Description> =
    LazyLock::new(|| Description::read().expect("a test reads the files that are built in"));

/// Everything that is known of the routes.
pub(crate) struct Description {
    /// Refusals of every route of the protocol.
    pub(crate) common: Vec<u32>,
    /// Refusals of every other route.
    common_outside: Vec<u32>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) parameters: Parameters,
    /// What the numbers mean.
    pub(crate) refusals: BTreeMap<String, String>,
    pub(crate) schemas: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Operations {
    common: Vec<u32>,
    common_outside: Vec<u32>,
    operation: Vec<Operation>,
}

/// One route.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    /// Method and path, as the table of the router has them.
    pub(crate) route: String,
    /// The heading that it stands under.
    pub(crate) part: String,
    pub(crate) summary: String,
    #[serde(default)]
    pub(crate) about: String,
    /// Its parameters of the query.
    #[serde(default)]
    pub(crate) query: Vec<String>,
    /// The schema of its body.
    pub(crate) body: Option<String>,
    /// The status of a good answer.
    #[serde(default = "ok")]
    pub(crate) status: u16,
    /// The schema of a good answer; none where there is no body.
    pub(crate) answer: Option<String>,
    /// Further answers that are no refusals, by status.
    #[serde(default)]
    pub(crate) also: BTreeMap<String, String>,
    /// The numbers of the refusals that not every route has.
    #[serde(default)]
    pub(crate) refusals: Vec<u32>,
    /// The media type of everything that is answered, where nothing is negotiated.
    pub(crate) media: Option<String>,
    /// The media type of a good answer, where that alone is not negotiated.
    pub(crate) answer_media: Option<String>,
}

/// The parameters by their names here; a query may call one differently.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    pub(crate) path: BTreeMap<String, Parameter>,
    pub(crate) query: BTreeMap<String, Parameter>,
}

/// One parameter.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameter {
    /// What it is called in requests, where that is not its name here.
    pub(crate) name: Option<String>,
    pub(crate) about: String,
    pub(crate) schema: Value,
    pub(crate) example: Option<String>,
}

const fn ok() -> u16 {
    200
}

impl Description {
    fn read() -> anyhow::Result<Self> {
        let read: Operations = toml::from_str(include_str!("openapi/operations.toml"))?;
        Ok(Self {
            common: read.common,
            common_outside: read.common_outside,
            operations: read.operation,
            parameters: toml::from_str(include_str!("openapi/parameters.toml"))?,
            refusals: toml::from_str(include_str!("openapi/refusals.toml"))?,
            schemas: serde_json::from_str(include_str!("openapi/schemas.json"))?,
        })
    }

    /// All refusals of an operation, by status: the first three digits of a number.
    pub(crate) fn refusals_of(&self, operation: &Operation) -> BTreeMap<u32, BTreeSet<u32>> {
        let common = match operation.media {
            None => &self.common,
            Some(_) => &self.common_outside,
        };
        let mut by_status = BTreeMap::<u32, BTreeSet<u32>>::new();
        for &code in common.iter().chain(&operation.refusals) {
            let status = if code < 1000 { code } else { code / 100 };
            by_status.entry(status).or_default().insert(code);
        }
        if operation.body.is_some() {
            by_status.entry(422).or_default().insert(422);
        }
        by_status
    }

    /// What a number means.
    pub(crate) fn meaning(&self, code: u32) -> &str {
        self.refusals
            .get(&code.to_string())
            .map_or("", String::as_str)
    }
}

impl Operation {
    pub(crate) fn method(&self) -> &str {
        self.route.split(' ').next().unwrap_or_default()
    }

    pub(crate) fn path(&self) -> &str {
        self.route.split(' ').nth(1).unwrap_or_default()
    }

    /// The names in the braces of its path.
    pub(crate) fn path_parameters(&self) -> impl Iterator<Item = &str> {
        let segments = self.path().split('/');
        segments.filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::ROUTES;

    #[test]
    fn every_route_is_described_and_nothing_else() {
        let routed: BTreeSet<String> = ROUTES
            .iter()
            .map(|route| format!("{} {}", route.method.as_str(), route.path))
            .collect();
        let described: Vec<String> = DESCRIPTION
            .operations
            .iter()
            .map(|operation| operation.route.clone())
            .collect();
        assert_eq!(described.len(), routed.len(), "a route is described twice");
        assert_eq!(described.into_iter().collect::<BTreeSet<_>>(), routed);
    }

    #[test]
    fn whatever_an_operation_names_is_described_and_used() {
        let description = &*DESCRIPTION;
        let mut used = BTreeSet::new();
        for operation in &description.operations {
            for name in operation.path_parameters() {
                assert!(description.parameters.path.contains_key(name), "{name}");
                used.insert(format!("path {name}"));
            }
            for name in &operation.query {
                assert!(description.parameters.query.contains_key(name), "{name}");
                used.insert(format!("query {name}"));
            }
            for code in &description
                .refusals_of(operation)
                .into_values()
                .flatten()
                .collect::<Vec<_>>()
            {
                assert_ne!(description.meaning(*code), "", "{code}");
                used.insert(format!("refusal {code}"));
            }
            let bodies = operation.body.iter().chain(&operation.answer);
            for name in bodies.chain(operation.also.values()) {
                assert!(description.schemas.contains_key(name), "{name}");
            }
        }
        let paths = description.parameters.path.keys();
        let queries = description.parameters.query.keys();
        let described = paths
            .map(|name| format!("path {name}"))
            .chain(queries.map(|name| format!("query {name}")))
            .chain(
                description
                    .refusals
                    .keys()
                    .map(|code| format!("refusal {code}")),
            );
        let unused: Vec<String> = described.filter(|name| !used.contains(name)).collect();
        assert_eq!(unused, [""; 0]);
    }
}
