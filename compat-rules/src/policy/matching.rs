//! Which subjects a policy is for, and how specifically it means them.

use super::candidate::{Role, SubjectFacts};
use super::document::{Exemption, FormatName, LifecycleName, Match, NewSubject, RoleName};
use super::pattern::SubjectPattern;
use crate::Format;

/// What is known about a subject when its policies are sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Scope<'a> {
    /// The context with its dot; `.` is the default one.
    pub context: &'a str,
    /// The name without the context.
    pub name: &'a str,
    /// What it is to its topic.
    pub role: Role,
    /// The format of the schema; `None` where a decision is about no schema.
    pub format: Option<Format>,
    /// Its state.
    pub lifecycle: LifecycleName,
    /// The team that owns it.
    pub team: Option<&'a str>,
    /// True when it has no version yet.
    pub is_new: bool,
}

impl<'a> Scope<'a> {
    /// The scope of a subject; its state is that of its property `lifecycle.state`.
    #[must_use]
    pub fn of(
        subject: &'a SubjectFacts,
        format: Option<Format>,
        state: Option<&str>,
        team: Option<&'a str>,
    ) -> Self {
        Self {
            context: &subject.context,
            name: &subject.name,
            role: subject.role,
            format,
            lifecycle: LifecycleName::named(state),
            team,
            is_new: subject.is_new,
        }
    }
}

/// How specifically a policy means a subject; the greater one is later and so prevails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank {
    /// By what it was found.
    pub level: RankLevel,
    /// The length of the literal prefix, in bytes.
    pub prefix: usize,
}

/// From general to specific.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RankLevel {
    /// It is for every context.
    AnyContext,
    /// It names the context.
    OneContext,
    /// A pattern matches the subject.
    SubjectPattern,
    /// It names the subject.
    ExactSubject,
}

impl std::fmt::Display for RankLevel {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::AnyContext => "any context",
            Self::OneContext => "one context",
            Self::SubjectPattern => "subject pattern",
            Self::ExactSubject => "exact subject",
        })
    }
}

/// The `match` of a policy, ready to be asked.
#[derive(Debug, Clone)]
pub(super) struct Matcher {
    /// `None` for any.
    contexts: Option<Vec<String>>,
    subjects: Option<Vec<SubjectPattern>>,
    excluded: Vec<SubjectPattern>,
    formats: Option<Vec<FormatName>>,
    roles: Option<Vec<RoleName>>,
    teams: Option<Vec<String>>,
    lifecycle: Option<Vec<LifecycleName>>,
    new_subject: NewSubject,
    exempt: Vec<Exemption>,
}

/// A fault of a `match`: the key beneath it, and what is wrong.
pub(super) type MatchFault = (String, String);

impl Matcher {
    /// Reads the patterns. Everything that is wrong is put into `faults`.
    pub(super) fn prepare(matches: Option<&Match>, faults: &mut Vec<MatchFault>) -> Self {
        let everything = Match::default();
        let matches = matches.unwrap_or(&everything);
        let default_exempt = [
            Exemption::Imports,
            Exemption::Internal,
            Exemption::SystemContexts,
        ];
        Self {
            contexts: contexts(matches.contexts.as_deref(), faults),
            subjects: matches
                .subjects
                .as_deref()
                .map(|texts| patterns("subjects", texts, faults)),
            excluded: patterns("excludeSubjects", &matches.exclude_subjects, faults),
            formats: matches.formats.clone(),
            roles: matches.roles.clone(),
            teams: matches.teams.clone(),
            lifecycle: matches.lifecycle.clone(),
            new_subject: matches.new_subject.unwrap_or(NewSubject::Any),
            exempt: matches
                .exempt
                .clone()
                .unwrap_or_else(|| default_exempt.to_vec()),
        }
    }

    /// How specifically it means the subject; `None` when it does not.
    pub(super) fn rank(&self, scope: &Scope<'_>) -> Option<Rank> {
        let in_context = listed(self.contexts.as_ref(), |context| context == scope.context);
        let of_format = scope
            .format
            .is_none_or(|format| listed(self.formats.as_ref(), |name| name.is(format)));
        let of_team = listed(self.teams.as_ref(), |team| {
            Some(team.as_str()) == scope.team
        });
        let of_age = match self.new_subject {
            NewSubject::Any => true,
            NewSubject::Only => scope.is_new,
            NewSubject::Never => !scope.is_new,
        };
        let excluded = || {
            let mut patterns = self.excluded.iter();
            patterns.any(|pattern| pattern.matches(scope.name))
        };
        let holds = in_context
            && of_format
            && listed(self.roles.as_ref(), |role| role.is(scope.role))
            && of_team
            && listed(self.lifecycle.as_ref(), |state| *state == scope.lifecycle)
            && of_age
            && !excluded();
        if !holds {
            return None;
        }
        let Some(subjects) = &self.subjects else {
            return Some(self.rank_of(None));
        };
        let meant = subjects
            .iter()
            .filter(|pattern| pattern.matches(scope.name));
        meant.map(|pattern| self.rank_of(Some(pattern))).max()
    }

    /// True when it leaves subjects of that kind alone.
    pub(super) fn exempts(&self, exemption: Exemption) -> bool {
        self.exempt.contains(&exemption)
    }

    /// The number of patterns, which bounds what comparing matches costs.
    pub(super) fn patterns(&self) -> usize {
        self.subjects.as_ref().map_or(0, Vec::len) + self.excluded.len()
    }

    /// The names of teams that it asks for.
    pub(super) fn teams(&self) -> &[String] {
        self.teams.as_deref().unwrap_or_default()
    }

    fn rank_of(&self, pattern: Option<&SubjectPattern>) -> Rank {
        let level = match pattern {
            Some(pattern) if pattern.is_exact() => RankLevel::ExactSubject,
            Some(_) => RankLevel::SubjectPattern,
            None if self.contexts.is_some() => RankLevel::OneContext,
            None => RankLevel::AnyContext,
        };
        Rank {
            level,
            prefix: pattern.map_or(0, |pattern| pattern.literal_prefix().len()),
        }
    }

    /// The pairs of ranks that this matcher and another one may give the same subject. Empty only when they share none.
    pub(super) fn shared_ranks(&self, other: &Self) -> Vec<(Rank, Rank)> {
        let ages = [self.new_subject, other.new_subject];
        let apart = disjoint(self.contexts.as_ref(), other.contexts.as_ref())
            || disjoint(self.formats.as_ref(), other.formats.as_ref())
            || disjoint(self.roles.as_ref(), other.roles.as_ref())
            || disjoint(self.teams.as_ref(), other.teams.as_ref())
            || disjoint(self.lifecycle.as_ref(), other.lifecycle.as_ref())
            || (ages.contains(&NewSubject::Only) && ages.contains(&NewSubject::Never));
        if apart {
            return Vec::new();
        }
        let mut ranks = Vec::new();
        for mine in self.meant() {
            for theirs in other.meant() {
                let meet = match (mine, theirs) {
                    (Some(mine), Some(theirs)) => mine.may_overlap(theirs),
                    _ => true,
                };
                if meet && !other.leaves_out(mine) && !self.leaves_out(theirs) {
                    ranks.push((self.rank_of(mine), other.rank_of(theirs)));
                }
            }
        }
        ranks
    }

    /// The patterns; one `None` where there is none and so every subject is meant.
    fn meant(&self) -> Vec<Option<&SubjectPattern>> {
        match &self.subjects {
            Some(patterns) => patterns.iter().map(Some).collect(),
            None => vec![None],
        }
    }

    /// True when everything that the pattern matches is excluded here.
    fn leaves_out(&self, pattern: Option<&SubjectPattern>) -> bool {
        pattern.is_some_and(|pattern| {
            let mut excluded = self.excluded.iter();
            excluded.any(|exclusion| exclusion.surely_covers(pattern))
        })
    }
}

impl FormatName {
    /// True when it names the format.
    #[must_use]
    pub const fn is(self, format: Format) -> bool {
        matches!(
            (self, format),
            (Self::Avro, Format::Avro)
                | (Self::Json, Format::Json)
                | (Self::Protobuf, Format::Protobuf)
        )
    }

    /// The format that it names.
    #[must_use]
    pub const fn format(self) -> Format {
        match self {
            Self::Avro => Format::Avro,
            Self::Json => Format::Json,
            Self::Protobuf => Format::Protobuf,
        }
    }
}

impl RoleName {
    /// True when it names the role.
    #[must_use]
    pub const fn is(self, role: Role) -> bool {
        matches!(
            (self, role),
            (Self::Key, Role::Key) | (Self::Value, Role::Value) | (Self::None, Role::None)
        )
    }
}

impl LifecycleName {
    /// The state by its word; what has none, or one that is unknown, is active.
    #[must_use]
    pub fn named(state: Option<&str>) -> Self {
        match state {
            Some("draft" | "proposed") => Self::Draft,
            Some("deprecated") => Self::Deprecated,
            Some("retired") => Self::Retired,
            _ => Self::Active,
        }
    }
}

/// True when nothing was listed, or one of what was listed is wanted.
fn listed<T>(list: Option<&Vec<T>>, wanted: impl Fn(&T) -> bool) -> bool {
    list.is_none_or(|list| list.iter().any(wanted))
}

fn disjoint<T: PartialEq>(one: Option<&Vec<T>>, other: Option<&Vec<T>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => !one.iter().any(|item| other.contains(item)),
        _ => false,
    }
}

fn patterns(key: &str, texts: &[String], faults: &mut Vec<MatchFault>) -> Vec<SubjectPattern> {
    let mut patterns = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        match SubjectPattern::parse(text) {
            Ok(pattern) => patterns.push(pattern),
            Err(bad) => faults.push((format!("{key}[{index}]"), bad.to_string())),
        }
    }
    patterns
}

/// `None` for any context.
pub(super) fn contexts(
    texts: Option<&[String]>,
    faults: &mut Vec<MatchFault>,
) -> Option<Vec<String>> {
    let texts = texts?;
    for (index, text) in texts.iter().enumerate() {
        if text != "*" && !text.starts_with('.') {
            faults.push((
                format!("contexts[{index}]"),
                format!("{text:?} is no context: `.`, a name such as `.payments`, or `*`"),
            ));
        }
    }
    let any = texts.iter().any(|text| text == "*");
    (!any).then(|| texts.to_vec())
}
