//! Who may register what where: contexts, new subjects, formats.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::policy::candidate::Candidate;
use crate::policy::document::FormatName;
use crate::policy::finding::Found;
use crate::policy::profile::Profiles;
use crate::policy::rule::{self, ALL_FORMATS, BadParameters, CONTENT_POINTS, Category, PolicyRule};
use crate::policy::rules::look;
use crate::policy::rules::principals::Principals;
use crate::policy::setting::Point;

pub(super) const SUB008: PolicyRule = PolicyRule {
    code: "SUB008",
    slug: "context-allowed",
    title: "The context is one in which the principal may register.",
    formats: ALL_FORMATS,
    hint: "register in a context that is open to you",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: &[Point::Register, Point::Check],
    parameters: rule::schema::<Contexts>,
    prepare: |parameters| look::with_made(parameters, Rooms::make, context_allowed),
};

pub(super) const SUB011: PolicyRule = PolicyRule {
    code: "SUB011",
    slug: "subject-creation",
    title: "New subjects are created by those who may.",
    formats: ALL_FORMATS,
    hint: "have the pipeline create the subject",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', '·', 'w', 'e']),
    points: &[Point::Register],
    parameters: rule::schema::<Creators>,
    prepare: |parameters| {
        look::with_made(
            parameters,
            |creators: Creators| Principals::parse(&creators.principals),
            creation,
        )
    },
};

pub(super) const SUB012: PolicyRule = PolicyRule {
    code: "SUB012",
    slug: "format-allowed",
    title: "The schema is written in one of the allowed formats.",
    formats: ALL_FORMATS,
    hint: "write the schema in one of the allowed formats",
    category: Category::Technical,
    is_pattern: false,
    profiles: Profiles::new(['·', 'w', 'e', 'e']),
    points: CONTENT_POINTS,
    parameters: rule::schema::<Formats>,
    prepare: |parameters| look::with(parameters, format_allowed),
};

/// Parameters of SUB008.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Contexts {
    /// The contexts that are open to everyone: `.` for the default one, `.payments`, `*` for any.
    allow: Vec<String>,
    /// What is open to some; the first entry that means the principal counts, in place of `allow`.
    allow_for: Vec<AllowFor>,
}

impl Default for Contexts {
    fn default() -> Self {
        Self {
            allow: vec!["*".to_owned()],
            allow_for: Vec::new(),
        }
    }
}

/// Contexts for some principals.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AllowFor {
    /// Such as `group:payments-dev`, `role:publisher` or `user:ci`; `*` and `**` as in patterns of subjects.
    principals: Vec<String>,
    /// The contexts that are open to them.
    allow: Vec<String>,
}

struct Rooms {
    allow: Vec<String>,
    allow_for: Vec<(Principals, Vec<String>)>,
}

impl Rooms {
    fn make(contexts: Contexts) -> Result<Self, BadParameters> {
        let allow_for = contexts.allow_for.into_iter();
        let allow_for = allow_for.map(|one| Ok((Principals::parse(&one.principals)?, one.allow)));
        Ok(Self {
            allow: contexts.allow,
            allow_for: allow_for.collect::<Result<_, _>>()?,
        })
    }
}

fn context_allowed(rooms: &Rooms, candidate: &Candidate<'_>, found: &mut Found) {
    let context = &candidate.subject.context;
    let own = candidate.principal.and_then(|principal| {
        let mut entries = rooms.allow_for.iter();
        entries.find(|(principals, _)| principals.include(principal))
    });
    let allow = own.map_or(&rooms.allow, |(_, allow)| allow);
    if !allow.iter().any(|one| one == "*" || one == context) {
        found.report_whole(format!(
            "context \"{context}\" is not open to {}",
            candidate
                .principal
                .map_or("a client without a name", |principal| &principal.name)
        ));
    }
}

/// Parameters of SUB011.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Creators {
    /// Such as `role:publisher`, `group:platform` or `user:ci`; `*` and `**` as in patterns of subjects.
    principals: Vec<String>,
}

impl Default for Creators {
    fn default() -> Self {
        Self {
            principals: vec!["role:publisher".to_owned()],
        }
    }
}

fn creation(creators: &Principals, candidate: &Candidate<'_>, found: &mut Found) {
    let may = |principal| creators.include(principal);
    if candidate.subject.is_new && !candidate.principal.is_some_and(may) {
        found.report_whole(format!(
            "subject \"{}\" does not exist, and {} may not create it",
            candidate.subject.name,
            candidate
                .principal
                .map_or("a client without a name", |principal| &principal.name)
        ));
    }
}

/// Parameters of SUB012.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Formats {
    /// The formats that may be used.
    allow: Vec<FormatName>,
}

impl Default for Formats {
    fn default() -> Self {
        Self {
            allow: vec![FormatName::Avro, FormatName::Protobuf, FormatName::Json],
        }
    }
}

fn format_allowed(formats: &Formats, candidate: &Candidate<'_>, found: &mut Found) {
    let format = candidate.schema.format;
    if !formats.allow.iter().any(|name| name.is(format)) {
        found.report_whole(format!("schemas of type {format} are not allowed here"));
    }
}
