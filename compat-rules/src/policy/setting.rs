//! The settings of a rule that a document may name, each from lax to strict where there is such an order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How grave a finding of a rule is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The rule is not evaluated.
    Off,
    /// Worth telling, never a reason to refuse.
    Warn,
    /// A reason to refuse, where the action is to enforce.
    Error,
}

/// What is done about findings at one point.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Nothing is evaluated.
    Off,
    /// Findings are recorded only.
    DryRun,
    /// Findings are told, nobody is refused.
    Warn,
    /// Errors refuse.
    #[default]
    Enforce,
}

/// Which findings of a subject that existed before the rule count.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Baseline {
    /// Only subjects created after the rule became effective, and of their findings only new ones.
    NewSubjects,
    /// Only findings that the previous version did not have.
    #[default]
    ChangedElements,
    /// All.
    All,
}

/// Where in the life of a schema rules are evaluated.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Point {
    /// A registration of content that is new to the subject.
    Register,
    /// A check before a registration.
    Check,
    /// A change of compatibility level or mode.
    Config,
    /// The deletion of a version or a subject.
    Delete,
    /// The examination of what is registered already.
    Audit,
}

impl Point {
    /// Every point.
    pub const ALL: [Self; 5] = [
        Self::Register,
        Self::Check,
        Self::Config,
        Self::Delete,
        Self::Audit,
    ];
}

macro_rules! words {
    ($type:ident, $($variant:ident => $word:literal),+) => {
        impl $type {
            /// The word for it in documents and answers.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }
    };
}

words!(Severity, Off => "off", Warn => "warn", Error => "error");
words!(Action, Off => "off", DryRun => "dryrun", Warn => "warn", Enforce => "enforce");
words!(Baseline, NewSubjects => "new-subjects", ChangedElements => "changed-elements", All => "all");
words!(Point, Register => "register", Check => "check", Config => "config", Delete => "delete", Audit => "audit");

#[cfg(test)]
mod tests {
    use super::{Action, Baseline, Point, Severity};

    #[test]
    fn the_word_of_a_setting_is_the_word_that_documents_write() {
        let written = |value: serde_json::Value| value.as_str().map(str::to_owned);
        let severities = [Severity::Off, Severity::Warn, Severity::Error];
        let actions = [Action::Off, Action::DryRun, Action::Warn, Action::Enforce];
        let baselines = [
            Baseline::NewSubjects,
            Baseline::ChangedElements,
            Baseline::All,
        ];
        for severity in severities {
            let value = serde_json::to_value(severity).expect("a word");
            assert_eq!(written(value).as_deref(), Some(severity.as_str()));
        }
        for action in actions {
            let value = serde_json::to_value(action).expect("a word");
            assert_eq!(written(value).as_deref(), Some(action.as_str()));
        }
        for baseline in baselines {
            let value = serde_json::to_value(baseline).expect("a word");
            assert_eq!(written(value).as_deref(), Some(baseline.as_str()));
        }
        for point in Point::ALL {
            let value = serde_json::to_value(point).expect("a word");
            assert_eq!(written(value).as_deref(), Some(point.as_str()));
        }
        assert!(severities.is_sorted() && actions.is_sorted() && baselines.is_sorted());
    }
}
