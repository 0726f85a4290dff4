//! Subjects that stand for others (`protocol.md` section 2.2).
//!
//! The alias is looked up by the caller. One hop only: the target's own alias is not followed. The alias is
//! taken as the *name* of a subject; the reference puts its text into the path, where a slash breaks it.

/// The subject that is meant by `subject`, given the alias that its own configuration names, if any.
#[must_use]
pub fn follow(subject: &str, alias: Option<&str>) -> String {
    match alias {
        None | Some("") => subject.to_owned(),
        // The alias is of the subject's context unless it names another.
        Some(alias) if context_prefix(alias).is_empty() => {
            format!("{}{alias}", context_prefix(subject))
        }
        Some(alias) => alias.to_owned(),
    }
}

/// `:.ctx:` in front of a subject; nothing for the default context.
fn context_prefix(subject: &str) -> &str {
    let Some(inner) = subject.strip_prefix(":.") else {
        return "";
    };
    match inner.find(':') {
        None | Some(0) => "",
        Some(end) => &subject[..end + ":.:".len()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_without_context_belongs_to_the_context_of_its_subject() {
        assert_eq!(follow("a", Some("t")), "t");
        assert_eq!(follow(":.c:a", Some("t")), ":.c:t");
        assert_eq!(follow(":.d:e", Some(":.c:t")), ":.c:t");
        assert_eq!(follow("b", Some(":.c:t")), ":.c:t");
        assert_eq!(follow(":.d:g", Some(":.:t")), ":.d::.:t");
    }

    #[test]
    fn without_an_alias_the_subject_stands_for_itself() {
        assert_eq!(follow(":.c:a", None), ":.c:a");
        assert_eq!(follow("a", Some("")), "a");
    }

    #[test]
    fn an_alias_is_a_name_and_may_hold_a_slash() {
        assert_eq!(follow("a/b", Some("t/x")), "t/x");
    }
}
