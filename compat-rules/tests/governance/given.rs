//! What a case is played in: the subject, who asks, and everything else that a rule may look at, with defaults.

use std::collections::BTreeMap;
use std::sync::Arc;

use compat_rules::policy::candidate::{
    Candidate, EarlierVersion, MetadataFacts, PrincipalFacts, ReferenceFacts, RequestFacts, Role,
    SubjectFacts,
};
use compat_rules::policy::rule::{Parameters, PolicyRule};
use compat_rules::policy::{Found, Report, TeamSpec, VocabularySpec};
use compat_rules::{Format, Import, Level, ParsedSchema, References, Strictness, parse};
use serde::Deserialize;

use super::page::Case;

/// The block `given` of a case. What is left out is as unremarkable as can be.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Given {
    /// With its context, if it has one.
    subject: Option<String>,
    /// The parameters of the rule.
    with: Parameters,
    properties: BTreeMap<String, String>,
    tags: BTreeMap<String, Vec<String>>,
    sensitive: Vec<String>,
    rule_set: Option<String>,
    /// The same of the earlier versions, oldest first.
    previous: Vec<Earlier>,
    references: Vec<Reference>,
    principal: Option<Principal>,
    team: Option<Team>,
    vocabulary: VocabularySpec,
    captures: BTreeMap<String, String>,
    level: Option<String>,
    force: bool,
    normalize: bool,
    /// Milliseconds since 1970.
    now: Option<i64>,
    created: Option<i64>,
    near_duplicates: Vec<String>,
}

#[derive(Deserialize, Default, Clone)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Earlier {
    properties: BTreeMap<String, String>,
    tags: BTreeMap<String, Vec<String>>,
    rule_set: Option<String>,
    written: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Reference {
    name: String,
    subject: String,
    version: i64,
    #[serde(default = "one")]
    depth: usize,
    #[serde(default)]
    properties: BTreeMap<String, String>,
    #[serde(default)]
    is_deleted: bool,
    /// The text that it names.
    #[serde(default)]
    schema: Option<String>,
}

const fn one() -> usize {
    1
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Principal {
    name: String,
    groups: Vec<String>,
    roles: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Team {
    name: String,
    #[serde(default)]
    spec: TeamSpec,
}

/// The time of a decision where the case names none: 2026-01-01.
const NOW: i64 = 1_767_225_600_000;

/// What the rule reports about the case.
pub(crate) fn found(rule: &PolicyRule, format: Format, case: &Case) -> Result<Vec<Report>, String> {
    let given: Given = match case.given.as_str() {
        "" => Given::default(),
        text => serde_saphyr::from_str(text).map_err(|error| format!("given: {error}"))?,
    };
    let check = (rule.prepare)(&given.with).map_err(|error| format!("parameters: {error}"))?;
    let imports = given.imports();
    let parsed = read(format, &case.candidate, &imports)?;
    let history = given.history(case, &imports)?;
    let metadata = MetadataFacts {
        properties: given.properties.clone(),
        tags: given.tags.clone(),
        sensitive: given.sensitive.clone(),
        rule_set: given.rule_set.clone(),
    };
    let principal = given.principal.as_ref().map(|principal| PrincipalFacts {
        name: principal.name.clone(),
        groups: principal.groups.clone(),
        roles: principal.roles.clone(),
    });
    let candidate = Candidate {
        subject: &given.subject(&history)?,
        captures: &given.captures,
        schema: &parsed.model(&case.candidate),
        parsed: &parsed,
        metadata: &metadata,
        references: &given.references(),
        history: &history,
        principal: principal.as_ref(),
        request: RequestFacts {
            force: given.force,
            normalize: given.normalize,
        },
        team: given
            .team
            .as_ref()
            .map(|team| (team.name.as_str(), &team.spec)),
        vocabulary: &given.vocabulary,
        now: given.now.unwrap_or(NOW),
    };
    let mut found = Found::default();
    check.check(&candidate, &mut found);
    Ok(found.into_parts().0)
}

fn read(format: Format, text: &str, imports: &References) -> Result<ParsedSchema, String> {
    // As stored: a page may show what today's checks would not let in.
    parse(format, text, imports, Strictness::Stored)
        .map_err(|invalid| format!("refused: {invalid}"))
}

impl Given {
    fn subject(&self, history: &[EarlierVersion]) -> Result<SubjectFacts, String> {
        let whole = self.subject.as_deref().unwrap_or("orders.order-value");
        let (context, name) = match whole
            .strip_prefix(':')
            .and_then(|rest| rest.split_once(':'))
        {
            Some((context, name)) => (context, name),
            None => (".", whole),
        };
        let level = self.level.as_deref().unwrap_or("BACKWARD");
        Ok(SubjectFacts {
            name: name.to_owned(),
            context: context.to_owned(),
            role: Role::of(name),
            is_new: history.is_empty(),
            created: self.created,
            version_count: history.len(),
            level: level.parse::<Level>().map_err(|error| error.to_string())?,
            compatibility_group: None,
            near_duplicates: self.near_duplicates.clone(),
        })
    }

    fn imports(&self) -> References {
        let imports = self.references.iter().filter_map(|reference| {
            Some(Import {
                name: reference.name.clone(),
                subject: reference.subject.clone(),
                version: u32::try_from(reference.version).unwrap_or(1),
                text: reference.schema.clone()?.into(),
                direct: true,
            })
        });
        let mut all = References::none();
        imports.for_each(|import| all.add(import));
        all
    }

    fn references(&self) -> Vec<ReferenceFacts> {
        let facts = |reference: &Reference| ReferenceFacts {
            name: reference.name.clone(),
            subject: reference.subject.clone(),
            version: reference.version,
            depth: reference.depth,
            properties: reference.properties.clone(),
            is_deleted: reference.is_deleted,
        };
        self.references.iter().map(facts).collect()
    }

    /// Newest first.
    fn history(&self, case: &Case, imports: &References) -> Result<Vec<EarlierVersion>, String> {
        let mut history = Vec::new();
        for (position, (format, text)) in case.previous.iter().enumerate() {
            let earlier = self.previous.get(position).cloned().unwrap_or_default();
            let parsed = read(*format, text, imports)?;
            history.push(EarlierVersion {
                version: u32::try_from(position + 1).unwrap_or(u32::MAX),
                schema: parsed.model(text),
                parsed: Arc::new(parsed),
                metadata: MetadataFacts {
                    properties: earlier.properties,
                    tags: earlier.tags,
                    sensitive: Vec::new(),
                    rule_set: earlier.rule_set,
                },
                references: Vec::new(),
                written: earlier.written,
            });
        }
        history.reverse();
        Ok(history)
    }
}

/// A pointer of a JSON text names something in it.
pub(crate) fn points_into(text: &str, pointer: &str) -> Result<(), String> {
    let value: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    match value.pointer(pointer) {
        Some(_) => Ok(()),
        None => Err(format!("{pointer} points nowhere")),
    }
}
