//! `kind: Policy`: rules and their settings for a scope.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Day;
use crate::policy::{Action, Baseline, Point, Severity};

/// The content of a `Policy`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PolicySpec {
    /// The subjects that it is for; all where it is left out.
    #[serde(default, rename = "match", skip_serializing_if = "Option::is_none")]
    pub matches: Option<Match>,
    /// `profile/minimal`, `profile/standard`, `profile/strict`, `profile/regulated`, or the names of other policies,
    /// whose rules come before the own ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extends: Vec<String>,
    /// What is done about findings, per point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enforcement: Option<Enforcement>,
    /// Who else answers for the policies before a registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckSpec>,
    /// What is done at the point `register`, by date. Before the first date it is `enforcement.register` if that is
    /// written, else nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rollout: Vec<RolloutStep>,
    /// Which findings of older subjects count; `changed-elements` where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// With `changed-elements`: a version may also not have more findings of a rule than its predecessor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratchet: Option<bool>,
    /// With `new-subjects`: the day from which subjects count as new; the first date of the rollout where it is left
    /// out, and without either only the first version of a subject counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Day>,
    /// Contexts of the system, which policies leave alone unless their `match.exempt` says otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub system_contexts: Vec<String>,
    /// The rules, in order; a later setting of a rule replaces an earlier one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleUse>,
    /// Examples, which `concord policy test` runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<PolicyTest>,
}

/// The subjects that a policy is for. All conditions that are written must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Match {
    /// `.` is the default context, `.payments` another one, `*` any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contexts: Option<Vec<String>>,
    /// Patterns of subjects without their context. An empty list is for no subject: a policy only to be extended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subjects: Option<Vec<String>>,
    /// Patterns of subjects that it is not for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude_subjects: Vec<String>,
    /// Formats of schemas.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formats: Option<Vec<FormatName>>,
    /// What the subject is to its topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<RoleName>>,
    /// The teams that own the subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teams: Option<Vec<String>>,
    /// The state of the subject, by its property `lifecycle.state`; `active` where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<Vec<LifecycleName>>,
    /// Whether the subject exists already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_subject: Option<NewSubject>,
    /// Which subjects of the system it leaves alone; all kinds where it is left out, none for an empty list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exempt: Option<Vec<Exemption>>,
}

/// A format in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FormatName {
    /// Apache Avro.
    Avro,
    /// Protocol Buffers.
    Protobuf,
    /// JSON Schema.
    Json,
}

/// What a subject is to its topic, in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RoleName {
    /// It ends in `-key`.
    Key,
    /// It ends in `-value`.
    Value,
    /// Neither.
    None,
}

/// A state of life, in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LifecycleName {
    /// Being designed.
    Draft,
    /// In use.
    Active,
    /// Replaced.
    Deprecated,
    /// At the end of its use.
    Retired,
}

/// Whether a policy is for subjects that do not exist yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NewSubject {
    /// It makes no difference.
    Any,
    /// Only the first version of a subject.
    Only,
    /// Only further versions.
    Never,
}

/// Subjects that belong to tools and not to people, which policies leave alone by themselves.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Exemption {
    /// What Protobuf serializers register for imports: `google/protobuf/*.proto`, `google/type/*.proto`,
    /// `confluent/*.proto`.
    Imports,
    /// Subjects that begin with `_`.
    Internal,
    /// Subjects in a context that a policy lists in `systemContexts`.
    SystemContexts,
}

/// What is done about findings, per point; `enforce` where a point is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Enforcement {
    /// At a registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<Action>,
    /// At a check before a registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Action>,
    /// At a change of compatibility level or mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Action>,
    /// At a deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete: Option<Action>,
    /// When what is registered is examined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<Action>,
}

impl Enforcement {
    /// What is written for the point.
    #[must_use]
    pub const fn at(&self, point: Point) -> Option<Action> {
        match point {
            Point::Register => self.register,
            Point::Check => self.check,
            Point::Config => self.config,
            Point::Delete => self.delete,
            Point::Audit => self.audit,
        }
    }
}

/// Who else answers for the policies before a registration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CheckSpec {
    /// With `enforce` the protocol's compatibility endpoint answers that a schema is not compatible if the point
    /// `check` refuses it. It speaks of compatibility alone where no policy of the subject says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_compatibility_endpoint: Option<EndpointAction>,
}

/// Whether the protocol's compatibility endpoint answers for the policies, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EndpointAction {
    /// It speaks of compatibility alone.
    Off,
    /// What the policies refuse is not compatible.
    Enforce,
}

/// From a date on, this is done at the point `register`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RolloutStep {
    /// The first day.
    pub from: Day,
    /// What is done from then on.
    pub register: Action,
}

/// A rule and how it is set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleUse {
    /// The code or the slug of a rule.
    #[serde(rename = "use")]
    pub rule: String,
    /// How grave a finding is. Left out, it is what a more general policy says, else what the standard profile says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// More specific policies may only make it stricter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
    /// The parameters of the rule, as a whole. Left out, they are what a more general policy says.
    #[serde(default, rename = "with", skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Map<String, Value>>,
    /// What to write instead, in place of the rule's own hint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// An example: a schema, and what the policies in force for its subject find.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PolicyTest {
    /// What it shows.
    pub name: String,
    /// The subject, with its context if it has one.
    pub subject: String,
    /// The format of the schema.
    pub format: FormatName,
    /// The text of the schema.
    pub schema: String,
    /// The text of the version before; the subject is new where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// The properties of the version.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub properties: Map<String, Value>,
    /// These must be among the findings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Vec<Expectation>>,
    /// These must be the findings, and no others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect_exactly: Option<Vec<Expectation>>,
}

/// A finding that an example promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The code or the slug of the rule.
    pub rule: String,
    /// The path of the element; any where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}
