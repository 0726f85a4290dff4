//! Contexts and subjects, and the spellings in which requests name them (`protocol.md` section 3).

use std::borrow::Cow;
use std::fmt;

/// A name space of its own for subjects, ids and settings. Its name starts with a dot; `.` is the default one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Context(Cow<'static, str>);

impl Context {
    const GLOBAL: &'static str = ".__GLOBAL";

    /// The context of every subject that names none.
    #[must_use]
    pub fn default_context() -> Self {
        Self(Cow::Borrowed("."))
    }

    /// The context of that name, which is given its leading dot if it lacks one.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(Cow::Owned(if name.starts_with('.') {
            name.to_owned()
        } else {
            format!(".{name}")
        }))
    }

    /// The dotted name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True for `.`.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.0 == "."
    }

    /// True for the pseudo-context that holds the root of all settings.
    #[must_use]
    pub fn is_global(&self) -> bool {
        self.0 == Self::GLOBAL
    }

    /// `:.name:`, or nothing for the default context: how messages show a context.
    #[must_use]
    pub fn qualifier(&self) -> String {
        if self.is_default() {
            String::new()
        } else {
            format!(":{}:", self.0)
        }
    }
}

impl fmt::Display for Context {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The name under which the versions of one contract are kept, within its context.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// Where it lives.
    pub context: Context,
    /// Its name there; empty when only a context was named.
    pub name: String,
}

impl Subject {
    /// The subject of that name in a context.
    #[must_use]
    pub fn new(context: Context, name: impl Into<String>) -> Self {
        Self {
            context,
            name: name.into(),
        }
    }

    /// Reads `:.context:name`, `:.context` or a plain name. Every text is a subject; whether one may be registered
    /// is another question ([`Self::may_be_registered`]).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::parse_in(&Context::default_context(), text)
    }

    /// As [`Self::parse`]; a name without a context is taken in the given one. From a context other than the
    /// default one the default context cannot be named (`semantics.md` section 8.2).
    #[must_use]
    pub fn parse_in(context: &Context, text: &str) -> Self {
        match text.strip_prefix(':') {
            Some(rest) if rest.starts_with('.') => {
                let (named, name) = rest.split_once(':').unwrap_or((rest, ""));
                if named == "." && !context.is_default() {
                    return Self::new(context.clone(), text);
                }
                Self::new(Context::named(named), name)
            }
            _ => Self::new(context.clone(), text),
        }
    }

    /// True when the protocol lets a schema be registered under it: no control characters, and none of the names
    /// that settings use for themselves.
    #[must_use]
    pub fn may_be_registered(&self) -> bool {
        !self.context.is_global() && self.may_have_settings()
    }

    /// True when settings may be kept for it.
    #[must_use]
    pub fn may_have_settings(&self) -> bool {
        !self
            .context
            .as_str()
            .chars()
            .chain(self.name.chars())
            .any(char::is_control)
            && self.name != "__GLOBAL"
            && self.name != "__EMPTY"
    }
}

impl fmt::Display for Subject {
    /// The plain name in the default context, else `:.context:name`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}{}", self.context.qualifier(), self.name)
    }
}

/// Which subjects a listing asks for: a prefix of the name in one context, or in all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectFilter {
    /// `:*:prefix`.
    EveryContext {
        /// What the name starts with.
        prefix: String,
    },
    /// `:.context:prefix`, or a plain prefix for the default context.
    Within(Subject),
}

impl SubjectFilter {
    /// Reads the `subjectPrefix` parameter.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text.strip_prefix(":*:") {
            Some(prefix) => Self::EveryContext {
                prefix: prefix.to_owned(),
            },
            None => Self::Within(Subject::parse(text)),
        }
    }

    /// What the names start with.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self {
            Self::EveryContext { prefix } => prefix,
            Self::Within(subject) => &subject.name,
        }
    }
}

/// Whose settings: the root of all, a context's, or a subject's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// `:.__GLOBAL:`.
    Global,
    /// `:.context:`; the default context's is the top level, `/config` and `/mode` without more.
    Context(Context),
    /// One subject's own.
    Subject(Subject),
}

impl Scope {
    /// The scope that `/config` and `/mode` without a subject mean.
    #[must_use]
    pub fn top_level() -> Self {
        Self::Context(Context::default_context())
    }

    /// The scope that a path segment names.
    #[must_use]
    pub fn of(subject: Subject) -> Self {
        match (subject.name.is_empty(), subject.context.is_global()) {
            (true, true) => Self::Global,
            (true, false) => Self::Context(subject.context),
            (false, _) => Self::Subject(subject),
        }
    }

    /// True for the root and the top level, which always have an answer.
    #[must_use]
    pub fn always_answers(&self) -> bool {
        match self {
            Self::Global => true,
            Self::Context(context) => context.is_default(),
            Self::Subject(_) => false,
        }
    }

    /// The subject string of this scope, as messages show it.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::Global => Subject::new(Context(Cow::Borrowed(Context::GLOBAL)), ""),
            Self::Context(context) => Subject::new(context.clone(), ""),
            Self::Subject(subject) => subject.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (String, String) {
        let subject = Subject::parse(text);
        (subject.context.to_string(), subject.name)
    }

    #[test]
    fn the_spellings_of_the_protocol_name_what_it_says() {
        for (text, context, name) in [
            ("orders", ".", "orders"),
            (":.:orders", ".", "orders"),
            (":.:", ".", ""),
            (":.c:orders", ".c", "orders"),
            (":.a:b:c", ".a", "b:c"),
            (":.c", ".c", ""),
            ("a:b", ".", "a:b"),
            (":orders", ".", ":orders"),
        ] {
            assert_eq!(
                parsed(text),
                (context.to_owned(), name.to_owned()),
                "{text}"
            );
        }
        assert_eq!(Subject::parse(":.:orders").to_string(), "orders");
        assert_eq!(Subject::parse(":.c:orders").to_string(), ":.c:orders");
    }

    #[test]
    fn the_default_context_cannot_be_named_from_another_one() {
        let context = Context::named("c");
        assert_eq!(Subject::parse_in(&context, ":.:s").to_string(), ":.c::.:s");
        assert_eq!(Subject::parse_in(&context, ":.d:s").to_string(), ":.d:s");
    }
}
