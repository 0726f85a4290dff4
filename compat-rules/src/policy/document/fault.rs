//! What is wrong with a document, and where.

use crate::Place;

/// A reason to refuse documents, or a warning about them. One line when displayed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DocumentFault {
    /// The file; empty where there was none.
    pub file: String,
    /// The line and column, where the reader knows them.
    pub place: Option<Place>,
    /// Kind and name, such as `Policy core-events`; empty where they are not known.
    pub document: String,
    /// The element within the document, such as `spec.rules[2].with`; empty for the whole.
    pub path: String,
    /// What is wrong with it, in one line.
    pub message: String,
}

impl DocumentFault {
    /// A fault of all documents together.
    #[must_use]
    pub fn of_all(message: impl Into<String>) -> Self {
        Self {
            file: String::new(),
            place: None,
            document: String::new(),
            path: String::new(),
            message: message.into(),
        }
    }
}

impl std::fmt::Display for DocumentFault {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.file.is_empty() {
            write!(out, "{}:", self.file)?;
        }
        if let Some(place) = self.place {
            write!(out, "{place}:")?;
        }
        if !self.file.is_empty() || self.place.is_some() {
            out.write_str(" ")?;
        }
        for part in [&self.document, &self.path] {
            if !part.is_empty() {
                write!(out, "{part}: ")?;
            }
        }
        out.write_str(&self.message)
    }
}
