//! Configuration and mode of a scope (`semantics.md` section 9).

use std::str::FromStr;

use compat_rules::{CompatibilityPolicy, Level};
use serde::{Deserialize, Serialize};

use crate::named;
use crate::rule_set::RuleSet;
use crate::schema::Metadata;

/// What is configured for one scope; what is absent is inherited, or the server's default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// Another subject that requests for this one mean.
    pub alias: Option<String>,
    /// The same for data-encryption keys.
    pub alias_for_deks: Option<String>,
    /// Schemas are normalised before anything else.
    pub normalize: Option<bool>,
    /// Field names are checked.
    pub validate_fields: Option<bool>,
    /// New Avro schemas are held to the strict rules.
    pub validate_new_schemas: Option<bool>,
    /// Stored only.
    pub validate_rules: Option<bool>,
    /// The compatibility level.
    #[serde(with = "named::option")]
    pub level: Option<Level>,
    /// How strictly JSON schemas are compared.
    #[serde(with = "named::option")]
    pub policy: Option<CompatibilityPolicy>,
    /// The metadata property that groups versions.
    pub group: Option<String>,
    /// Metadata under what a request gives.
    pub default_metadata: Option<Metadata>,
    /// Metadata over what a request gives.
    pub override_metadata: Option<Metadata>,
    /// Rules under what a request gives.
    pub default_rule_set: Option<RuleSet>,
    /// Rules over what a request gives.
    pub override_rule_set: Option<RuleSet>,
}

/// A wish for one member of a configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Update<T> {
    /// Leave it.
    #[default]
    Keep,
    /// Take it away.
    Clear,
    /// Give it a value.
    Set(T),
}

impl<T> Update<T> {
    fn apply(self, to: &mut Option<T>) {
        match self {
            Self::Keep => {}
            Self::Clear => *to = None,
            Self::Set(value) => *to = Some(value),
        }
    }
}

/// A change to a configuration, member by member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigUpdate {
    /// See [`Config::alias`].
    pub alias: Update<String>,
    /// See [`Config::alias_for_deks`].
    pub alias_for_deks: Update<String>,
    /// See [`Config::normalize`].
    pub normalize: Update<bool>,
    /// See [`Config::validate_fields`].
    pub validate_fields: Update<bool>,
    /// See [`Config::validate_new_schemas`].
    pub validate_new_schemas: Update<bool>,
    /// See [`Config::validate_rules`].
    pub validate_rules: Update<bool>,
    /// See [`Config::level`].
    pub level: Update<Level>,
    /// See [`Config::policy`].
    pub policy: Update<CompatibilityPolicy>,
    /// See [`Config::group`].
    pub group: Update<String>,
    /// See [`Config::default_metadata`].
    pub default_metadata: Update<Metadata>,
    /// See [`Config::override_metadata`].
    pub override_metadata: Update<Metadata>,
    /// See [`Config::default_rule_set`].
    pub default_rule_set: Update<RuleSet>,
    /// See [`Config::override_rule_set`].
    pub override_rule_set: Update<RuleSet>,
}

impl ConfigUpdate {
    /// The rule sets that the change would set.
    pub(crate) fn rule_sets(&self) -> impl Iterator<Item = &RuleSet> {
        [&self.default_rule_set, &self.override_rule_set]
            .into_iter()
            .filter_map(|update| match update {
                Update::Set(rule_set) => Some(rule_set),
                Update::Keep | Update::Clear => None,
            })
    }
}

impl Config {
    /// This configuration after the change.
    #[must_use]
    pub fn updated(mut self, update: ConfigUpdate) -> Self {
        update.alias.apply(&mut self.alias);
        update.alias_for_deks.apply(&mut self.alias_for_deks);
        update.normalize.apply(&mut self.normalize);
        update.validate_fields.apply(&mut self.validate_fields);
        update
            .validate_new_schemas
            .apply(&mut self.validate_new_schemas);
        update.validate_rules.apply(&mut self.validate_rules);
        update.level.apply(&mut self.level);
        update.policy.apply(&mut self.policy);
        update.group.apply(&mut self.group);
        update.default_metadata.apply(&mut self.default_metadata);
        update.override_metadata.apply(&mut self.override_metadata);
        update.default_rule_set.apply(&mut self.default_rule_set);
        update.override_rule_set.apply(&mut self.override_rule_set);
        self
    }

    /// A subject's configuration, with what the top level says about the members that come down from there.
    #[must_use]
    pub(crate) fn under(mut self, top_level: &Self) -> Self {
        self.normalize = self.normalize.or(top_level.normalize);
        self.validate_fields = self.validate_fields.or(top_level.validate_fields);
        self.validate_new_schemas = self.validate_new_schemas.or(top_level.validate_new_schemas);
        self.validate_rules = self.validate_rules.or(top_level.validate_rules);
        self.policy = self.policy.or(top_level.policy);
        self.group = self.group.or_else(|| top_level.group.clone());
        self
    }

    /// The subject that this one stands for; an empty name is none.
    #[must_use]
    pub(crate) fn alias(&self) -> Option<&str> {
        self.alias.as_deref().filter(|alias| !alias.is_empty())
    }

    /// True when registrations are completed with metadata or rules from here.
    #[must_use]
    pub(crate) fn completes_schemas(&self) -> bool {
        self.default_metadata.is_some()
            || self.override_metadata.is_some()
            || self.default_rule_set.is_some()
            || self.override_rule_set.is_some()
    }
}

/// What may be changed in a scope (`semantics.md` section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everything.
    ReadWrite,
    /// Nothing but modes.
    ReadOnly,
    /// The same as [`Self::ReadOnly`], under another name.
    ReadOnlyOverride,
    /// Registrations that bring their id.
    Import,
    /// The same for a whole registry that follows another one.
    Forward,
}

impl Mode {
    const ALL: [Self; 5] = [
        Self::ReadWrite,
        Self::ReadOnly,
        Self::ReadOnlyOverride,
        Self::Import,
        Self::Forward,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadWrite => "READWRITE",
            Self::ReadOnly => "READONLY",
            Self::ReadOnlyOverride => "READONLY_OVERRIDE",
            Self::Import => "IMPORT",
            Self::Forward => "FORWARD",
        }
    }

    /// True when schemas and settings may not change.
    #[must_use]
    pub const fn is_read_only(self) -> bool {
        matches!(self, Self::ReadOnly | Self::ReadOnlyOverride)
    }

    /// True when registrations bring their id and are not judged.
    #[must_use]
    pub const fn is_import(self) -> bool {
        matches!(self, Self::Import | Self::Forward)
    }
}

impl std::fmt::Display for Mode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for Mode {
    type Err = ();

    /// Case does not matter.
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.as_str().eq_ignore_ascii_case(text))
            .ok_or(())
    }
}
