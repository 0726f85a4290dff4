//! What a comparison found: data, not an error.

use crate::{Place, Rule};

/// One reason why a reader cannot read what a writer wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which rule was broken.
    pub rule: &'static Rule,
    /// Where, in the path syntax of the format, such as `/fields/1/type` or `#/properties/a`.
    pub path: String,
    /// The text for the wire, in the reference's words.
    pub message: Message,
    /// Where in the reader's text, if the reader has a place for it.
    pub reader_place: Option<Place>,
    /// Where in the writer's text, if the writer has a place for it.
    pub writer_place: Option<Place>,
}

impl Violation {
    /// A violation without places; the text comes from [`Message::template`].
    #[must_use]
    pub const fn new(rule: &'static Rule, path: String, message: Message) -> Self {
        Self {
            rule,
            path,
            message,
            reader_place: None,
            writer_place: None,
        }
    }
}

/// A text in which the words for the two schemas (`new` and `old`) are still open.
///
/// The reference fills them in with a printf-style formatter, which stumbles over a `%` in a name. Here the
/// open places are structure, so a name may hold anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Reader,
    Writer,
}

impl Message {
    /// Starts an empty text.
    #[must_use]
    pub const fn new() -> Self {
        Self { parts: Vec::new() }
    }

    /// Appends fixed text.
    #[must_use]
    pub fn text(mut self, text: impl AsRef<str>) -> Self {
        match self.parts.last_mut() {
            Some(Part::Text(last)) => last.push_str(text.as_ref()),
            _ => self.parts.push(Part::Text(text.as_ref().to_owned())),
        }
        self
    }

    /// Appends the word for the reader's schema.
    #[must_use]
    pub fn reader(mut self) -> Self {
        self.parts.push(Part::Reader);
        self
    }

    /// Appends the word for the writer's schema.
    #[must_use]
    pub fn writer(mut self) -> Self {
        self.parts.push(Part::Writer);
        self
    }

    /// Reads a fixed template: `{reader}` and `{writer}` are the open words, every other `{name}` is replaced by
    /// the value given for it. Braces without a known name stand for themselves; values are never looked into.
    #[must_use]
    pub fn template(template: &'static str, values: &[(&str, &str)]) -> Self {
        let mut message = Self::new();
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            message = message.text(&rest[..open]);
            rest = &rest[open..];
            let name = rest.find('}').map(|close| &rest[1..close]);
            let value = name.and_then(|name| values.iter().find(|(key, _)| *key == name));
            let taken = match (name, value) {
                (Some("reader"), _) => {
                    message = message.reader();
                    "{reader}".len()
                }
                (Some("writer"), _) => {
                    message = message.writer();
                    "{writer}".len()
                }
                (Some(name), Some((_, value))) => {
                    message = message.text(value);
                    name.len() + 2
                }
                _ => {
                    message = message.text("{");
                    1
                }
            };
            rest = &rest[taken..];
        }
        message.text(rest)
    }

    /// The finished text.
    #[must_use]
    pub fn render(&self, reader: &str, writer: &str) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.as_str(),
                Part::Reader => reader,
                Part::Writer => writer,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_fills_its_own_slots_and_leaves_values_and_other_braces_alone() {
        let message = Message::template(
            "{errorType:'{type}', at '{path}' in the {reader} and {writer}}",
            &[("type", "X"), ("path", "/{reader}/%s")],
        );
        assert_eq!(
            message.render("new", "old"),
            "{errorType:'X', at '/{reader}/%s' in the new and old}"
        );
    }
}
