//! Rules that clients run on their data: stored, merged, validated and handed out, never run here
//! (`protocol.md` section 5.4).

mod key_defaults;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use crate::named;

/// The rules of a schema.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSet {
    /// Rules between versions.
    pub migration_rules: Vec<Rule>,
    /// Rules about the content of a record.
    pub domain_rules: Vec<Rule>,
    /// Rules about its encoding.
    pub encoding_rules: Vec<Rule>,
    /// Where they are to run.
    #[serde(with = "named::option")]
    pub enable_at: Option<EnableAt>,
}

/// One rule. Absent is kept apart from empty, since only what is present is hashed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Unique within the rule set.
    pub name: Option<String>,
    /// What it is for.
    pub doc: Option<String>,
    /// What it does with a record.
    #[serde(with = "named")]
    pub kind: RuleKind,
    /// When it runs.
    #[serde(with = "named")]
    pub mode: RuleMode,
    /// Which executor runs it.
    pub rule_type: Option<String>,
    /// Tags of the fields that it concerns.
    pub tags: BTreeSet<String>,
    /// Parameters of the executor.
    pub params: BTreeMap<String, String>,
    /// The expression.
    pub expr: Option<String>,
    /// What to do when it holds.
    pub on_success: Option<String>,
    /// What to do when it fails.
    pub on_failure: Option<String>,
    /// Switched off.
    pub disabled: bool,
}

macro_rules! wire_names {
    ($(#[$doc:meta])* $name:ident: $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// The name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = ();

            /// Exact case, as the protocol has it.
            fn from_str(text: &str) -> Result<Self, ()> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err(()),
                }
            }
        }
    };
}

wire_names! {
    /// What a rule does with a record.
    #[derive(Default)]
    RuleKind:
    /// Changes it.
    #[default]
    Transform = "TRANSFORM",
    /// Accepts or refuses it.
    Condition = "CONDITION",
}

wire_names! {
    /// When a rule runs.
    #[derive(Default)]
    RuleMode:
    /// From an older version to a newer one.
    Upgrade = "UPGRADE",
    /// From a newer version to an older one.
    Downgrade = "DOWNGRADE",
    /// Both of these.
    UpDown = "UPDOWN",
    /// When a record is written.
    Write = "WRITE",
    /// When a record is read.
    Read = "READ",
    /// Both of these.
    #[default]
    WriteRead = "WRITEREAD",
}

wire_names! {
    /// Where rules run.
    EnableAt:
    /// Everywhere.
    All = "ALL",
    /// In clients.
    Client = "CLIENT",
    /// In a gateway.
    Gateway = "GATEWAY",
    /// In the server.
    Server = "SERVER",
    /// Nowhere.
    None = "NONE",
}

impl RuleSet {
    const NAME_CHARACTERS_MAX: usize = 256;

    /// All rules, list after list.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.migration_rules
            .iter()
            .chain(&self.domain_rules)
            .chain(&self.encoding_rules)
    }

    /// True when a rule of that type is in one of the lists.
    #[must_use]
    pub fn has_type(&self, rule_type: &str) -> bool {
        self.rules()
            .any(|rule| rule.rule_type.as_deref() == Some(rule_type))
    }

    pub(crate) fn update_hash(&self, hash: &mut Md5) {
        hash.update([1]);
        for rule in self.rules() {
            rule.update_hash(hash);
        }
        if let Some(enable_at) = self.enable_at {
            hash.update(enable_at.as_str());
        }
    }

    /// Every rule of `self` whose name the other does not use, then all of the other, list by list
    /// (`semantics.md` section 6).
    #[must_use]
    pub fn overlaid(self, other: &Self) -> Self {
        Self {
            migration_rules: overlay(self.migration_rules, &other.migration_rules),
            domain_rules: overlay(self.domain_rules, &other.domain_rules),
            encoding_rules: overlay(self.encoding_rules, &other.encoding_rules),
            enable_at: other.enable_at.or(self.enable_at),
        }
    }

    /// The set without the rules of these names.
    #[must_use]
    pub fn without(mut self, names: &[String]) -> Self {
        for list in [
            &mut self.migration_rules,
            &mut self.domain_rules,
            &mut self.encoding_rules,
        ] {
            list.retain(|rule| rule.name.as_ref().is_none_or(|name| !names.contains(name)));
        }
        self
    }

    /// What is wrong with the set, in the words of `protocol.md` section 5.4.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), String> {
        let mut names = BTreeSet::new();
        let lists: [(&[Rule], &[RuleMode], &str); 3] = [
            (
                &self.migration_rules,
                &[RuleMode::Upgrade, RuleMode::Downgrade, RuleMode::UpDown],
                "Migration rules can only be UPGRADE, DOWNGRADE, UPDOWN",
            ),
            (
                &self.domain_rules,
                &[RuleMode::Write, RuleMode::Read, RuleMode::WriteRead],
                "Domain rules can only be WRITE, READ, WRITEREAD",
            ),
            (
                &self.encoding_rules,
                &[RuleMode::Write, RuleMode::Read, RuleMode::WriteRead],
                "Encoding rules can only be WRITE, READ, WRITEREAD",
            ),
        ];
        for (rules, modes, wrong_mode) in lists {
            for rule in rules {
                if let Some(name) = &rule.name
                    && !names.insert(name)
                {
                    return Err(format!("Found rule with duplicate name '{name}'"));
                }
                rule.validate()?;
                if !modes.contains(&rule.mode) {
                    return Err(wrong_mode.to_owned());
                }
            }
        }
        Ok(())
    }
}

fn overlay(mut under: Vec<Rule>, over: &[Rule]) -> Vec<Rule> {
    under.retain(|rule| over.iter().all(|other| other.name != rule.name));
    under.extend_from_slice(over);
    under
}

impl Rule {
    fn update_hash(&self, hash: &mut Md5) {
        let present = |text: &Option<String>| text.as_deref().unwrap_or_default().to_owned();
        hash.update(present(&self.name));
        hash.update(present(&self.doc));
        hash.update(self.kind.as_str());
        hash.update(self.mode.as_str());
        hash.update(present(&self.rule_type));
        for tag in &self.tags {
            hash.update(tag);
        }
        for (key, value) in &self.params {
            hash.update(key);
            hash.update(value);
        }
        hash.update(present(&self.expr));
        hash.update(present(&self.on_success));
        hash.update(present(&self.on_failure));
        if self.disabled {
            hash.update([1]);
        }
    }

    fn validate(&self) -> Result<(), String> {
        let name = self.name.as_deref().ok_or("Missing rule name")?;
        let first = name.chars().next().ok_or("Empty rule name")?;
        if name.chars().count() > RuleSet::NAME_CHARACTERS_MAX {
            return Err("Rule name too long".to_owned());
        }
        if !first.is_alphabetic() && first != '_' {
            return Err(format!("Illegal initial character in rule name: {name}"));
        }
        if !name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
        {
            return Err(format!("Illegal character in rule name: {name}"));
        }
        if self.rule_type.is_none() {
            return Err("Missing rule type".to_owned());
        }
        let several = [&self.on_success, &self.on_failure]
            .into_iter()
            .flatten()
            .any(|actions| actions.contains(','));
        if several && !matches!(self.mode, RuleMode::WriteRead | RuleMode::UpDown) {
            return Err("Multiple actions only valid with WRITEREAD and UPDOWN".to_owned());
        }
        Ok(())
    }
}
