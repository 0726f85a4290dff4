//! Who is meant by a list such as `group:payments-dev`, `role:publisher`, `user:ci` or `san:spiffe://acme/ns/**`.

use crate::policy::candidate::PrincipalFacts;
use crate::policy::pattern::SubjectPattern;
use crate::policy::rule::BadParameters;

/// Principals, by what each entry names; `*` and `**` as in patterns of subjects.
pub(super) struct Principals {
    entries: Vec<(Kind, SubjectPattern)>,
}

#[derive(Clone, Copy)]
enum Kind {
    Name,
    Group,
    Role,
}

impl Principals {
    /// Reads a list; an entry without a kind is a name.
    pub(super) fn parse(list: &[String]) -> Result<Self, BadParameters> {
        let entries = list.iter().map(|entry| {
            let (kind, pattern) = split(entry);
            let pattern = SubjectPattern::parse(pattern)
                .map_err(|bad| BadParameters(format!("principal {entry:?}: {bad}")))?;
            Ok((kind, pattern))
        });
        Ok(Self {
            entries: entries.collect::<Result<_, _>>()?,
        })
    }

    /// True when the principal is one of those meant.
    pub(super) fn include(&self, principal: &PrincipalFacts) -> bool {
        self.entries.iter().any(|(kind, pattern)| match kind {
            Kind::Name => pattern.matches(&principal.name),
            Kind::Group => principal.groups.iter().any(|name| pattern.matches(name)),
            Kind::Role => principal.roles.iter().any(|name| pattern.matches(name)),
        })
    }
}

fn split(entry: &str) -> (Kind, &str) {
    match entry.split_once(':') {
        Some(("group", name)) => (Kind::Group, name),
        Some(("role", name)) => (Kind::Role, name),
        Some(("user" | "san", name)) => (Kind::Name, name),
        _ => (Kind::Name, entry),
    }
}

#[cfg(test)]
mod tests {
    use super::Principals;
    use crate::policy::candidate::PrincipalFacts;

    #[test]
    fn a_list_means_names_groups_and_roles_each_by_its_kind() {
        let principal = PrincipalFacts {
            name: "spiffe://acme/ns/payments/ci".to_owned(),
            groups: vec!["payments-dev".to_owned()],
            roles: vec!["publisher".to_owned()],
        };
        for (entry, expected) in [
            ("san:spiffe://acme/ns/payments/**", true),
            ("spiffe://acme/ns/payments/ci", true),
            ("user:spiffe://acme/ns/orders/**", false),
            ("group:payments-dev", true),
            ("group:payments-*", true),
            ("user:payments-dev", false),
            ("role:publisher", true),
            ("group:publisher", false),
        ] {
            let list = Principals::parse(&[entry.to_owned()]).expect("a list");
            assert_eq!(list.include(&principal), expected, "{entry}");
        }
    }

    #[test]
    fn an_entry_that_names_nobody_is_refused() {
        for entry in ["", "group:", "re:("] {
            assert!(Principals::parse(&[entry.to_owned()]).is_err(), "{entry:?}");
        }
    }
}
