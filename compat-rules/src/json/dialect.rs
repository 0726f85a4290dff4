//! Which rules a schema text is read by (`json-schema.md` section 1).

/// The drafts that are told apart. The two modern ones have the same rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dialect {
    /// Draft-04.
    Draft4,
    /// Draft-06.
    Draft6,
    /// Draft-07, and whatever does not say what it is.
    Draft7,
    /// 2019-09 and 2020-12.
    Modern,
}

impl Dialect {
    /// The dialect that a `$schema` names; none if the name is not known.
    pub(super) fn of(schema: &str) -> Option<Self> {
        let url = schema.strip_suffix('#').unwrap_or(schema);
        let name = url
            .strip_prefix("http://json-schema.org/")
            .or_else(|| url.strip_prefix("https://json-schema.org/"))?;
        match name {
            "draft-04/schema" | "schema" => Some(Self::Draft4),
            "draft-06/schema" => Some(Self::Draft6),
            "draft-07/schema" => Some(Self::Draft7),
            "draft/2019-09/schema" | "draft/2020-12/schema" => Some(Self::Modern),
            _ => None,
        }
    }

    /// The keyword that gives a schema its URI.
    pub(super) const fn id_keyword(self) -> &'static str {
        match self {
            Self::Draft4 => "id",
            Self::Draft6 | Self::Draft7 | Self::Modern => "$id",
        }
    }

    pub(super) const fn is_modern(self) -> bool {
        matches!(self, Self::Modern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_listed_urls_name_a_dialect_with_or_without_the_empty_fragment() {
        assert_eq!(
            Dialect::of("https://json-schema.org/schema#"),
            Some(Dialect::Draft4)
        );
        assert_eq!(
            Dialect::of("http://json-schema.org/draft/2019-09/schema"),
            Some(Dialect::Modern)
        );
        assert_eq!(Dialect::of("http://json-schema.org/draft-03/schema#"), None);
        assert_eq!(
            Dialect::of("http://json-schema.org/draft-07/schema##"),
            None
        );
    }
}
