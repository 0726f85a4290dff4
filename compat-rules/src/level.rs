//! The seven compatibility levels, and what each asks for.

use std::str::FromStr;

/// How a new version has to relate to earlier ones (`compatibility-levels.md` section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Nothing is checked.
    None,
    /// The new schema reads what the latest version wrote.
    Backward,
    /// The new schema reads what every version wrote.
    BackwardTransitive,
    /// The latest version reads what the new schema writes.
    Forward,
    /// Every version reads what the new schema writes.
    ForwardTransitive,
    /// Both directions, with the latest version.
    Full,
    /// Both directions, with every version.
    FullTransitive,
}

/// Who reads whose data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The new schema reads, an earlier one wrote.
    Backward,
    /// An earlier schema reads, the new one wrote.
    Forward,
}

/// Which earlier versions are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Only the newest.
    Latest,
    /// Each, newest first.
    All,
}

/// A text that names none of the seven levels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, \
     forward_transitive, and full_transitive"
)]
pub struct UnknownLevel;

impl Level {
    /// All seven, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::Backward,
        Self::BackwardTransitive,
        Self::Forward,
        Self::ForwardTransitive,
        Self::Full,
        Self::FullTransitive,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Backward => "BACKWARD",
            Self::BackwardTransitive => "BACKWARD_TRANSITIVE",
            Self::Forward => "FORWARD",
            Self::ForwardTransitive => "FORWARD_TRANSITIVE",
            Self::Full => "FULL",
            Self::FullTransitive => "FULL_TRANSITIVE",
        }
    }

    /// The directions to check, in the order in which their findings are reported: forward comes first.
    #[must_use]
    pub const fn directions(self) -> &'static [Direction] {
        match self {
            Self::None => &[],
            Self::Backward | Self::BackwardTransitive => &[Direction::Backward],
            Self::Forward | Self::ForwardTransitive => &[Direction::Forward],
            Self::Full | Self::FullTransitive => &[Direction::Forward, Direction::Backward],
        }
    }

    /// The versions to compare with.
    #[must_use]
    pub const fn scope(self) -> Scope {
        match self {
            Self::BackwardTransitive | Self::ForwardTransitive | Self::FullTransitive => Scope::All,
            Self::None | Self::Backward | Self::Forward | Self::Full => Scope::Latest,
        }
    }
}

impl FromStr for Level {
    type Err = UnknownLevel;

    /// Case does not matter.
    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        Self::ALL
            .into_iter()
            .find(|level| level.as_str().eq_ignore_ascii_case(text))
            .ok_or(UnknownLevel)
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transitive_levels_look_at_every_version_in_the_direction_that_their_name_says() {
        assert_eq!(Level::BackwardTransitive.scope(), Scope::All);
        assert_eq!(Level::Full.scope(), Scope::Latest);
        assert_eq!(
            Level::FullTransitive.directions(),
            [Direction::Forward, Direction::Backward]
        );
        assert!(Level::None.directions().is_empty());
    }

    #[test]
    fn a_level_is_read_in_any_case_and_nothing_else_is() {
        assert_eq!("full_Transitive".parse(), Ok(Level::FullTransitive));
        assert_eq!("FULLTRANSITIVE".parse::<Level>(), Err(UnknownLevel));
    }
}
