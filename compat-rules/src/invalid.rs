//! Why a text is not a schema.

use crate::Place;

/// A text that does not parse, or breaks a rule that its format makes for a single schema.
///
/// The reason is the part that clients see after `details: `; wherever the specification of the format gives the
/// reference's wording, it is that wording. Where that says little, the cause says more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidSchema {
    reason: String,
    place: Option<Place>,
    cause: Option<String>,
    import: Option<Box<str>>,
}

impl InvalidSchema {
    /// A reason without a place.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            place: None,
            cause: None,
            import: None,
        }
    }

    /// A reason, and where in the text it was found.
    pub fn at(place: Place, reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            place: Some(place),
            cause: None,
            import: None,
        }
    }

    /// Adds what the reference keeps to itself: which keyword is wrong, and how.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Lays the fault in the text of an import, where no place means anything to whoever sent the schema.
    pub(crate) fn in_import(mut self, name: &str) -> Self {
        self.place = None;
        self.import = Some(name.into());
        self
    }

    /// What is wrong, in the reference's words where it has some.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// What exactly is wrong, where the reason does not say.
    #[must_use]
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// Where it is wrong, if that is known and in the schema itself.
    #[must_use]
    pub const fn place(&self) -> Option<Place> {
        self.place
    }

    /// The name of the import in whose text it is wrong, if it is wrong there.
    #[must_use]
    pub fn import(&self) -> Option<&str> {
        self.import.as_deref()
    }
}
