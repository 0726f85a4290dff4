//! The four shipped profiles, each a column of every rule's own row.

use super::rule::PolicyRule;
use super::rules::catalogue;
use super::setting::Severity;

/// A shipped set of severities, from lax to strict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// Cannot surprise anyone.
    Minimal,
    /// Recommended.
    Standard,
    /// More.
    Strict,
    /// Strict, and the protection of data.
    Regulated,
}

/// How grave a finding of one rule is in each profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profiles([Severity; 4]);

impl Profiles {
    /// Written as in the specification: `·` off, `w` warn, `e` error, from minimal to regulated.
    ///
    /// # Panics
    /// On any other text, while compiling: it is meant for constants.
    #[must_use]
    pub const fn new(row: [char; 4]) -> Self {
        let mut severities = [Severity::Off; 4];
        let mut column = 0;
        while column < 4 {
            severities[column] = match row[column] {
                '·' => Severity::Off,
                'w' => Severity::Warn,
                'e' => Severity::Error,
                _ => panic!("a severity is ·, w or e"),
            };
            column += 1;
        }
        Self(severities)
    }

    /// In that profile.
    #[must_use]
    pub const fn severity(&self, profile: Profile) -> Severity {
        self.0[profile as usize]
    }
}

impl Profile {
    /// Every profile, from lax to strict.
    pub const ALL: [Self; 4] = [Self::Minimal, Self::Standard, Self::Strict, Self::Regulated];

    /// The name under which documents extend it, after `profile/`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Standard => "standard",
            Self::Strict => "strict",
            Self::Regulated => "regulated",
        }
    }

    /// The profile of that name, without `profile/` in front.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|profile| profile.as_str() == name)
    }

    /// Its rules, each with its severity; rules that are off in it are left out.
    pub fn rules(self) -> impl Iterator<Item = (&'static PolicyRule, Severity)> {
        catalogue()
            .map(move |rule| (rule, rule.profiles.severity(self)))
            .filter(|(_, severity)| *severity > Severity::Off)
    }
}
