//! The comments of a `.proto` text, and which element each speaks of.
//!
//! The parser forgets comments, as the reference does: no text that is stored has them. Rules about documentation ask
//! for them, so the text that was sent is looked through once more. Attached are, as `protoc` does it, the comment that
//! ends in the line before an element, and the one behind it on the line where its statement ends or its block begins.

use crate::Place;

/// The comments of a text.
#[derive(Debug, Default)]
pub(super) struct Comments {
    comments: Vec<Comment>,
    /// Where statements end and blocks begin, in order: `;` and `{` outside of lists of options.
    ends: Vec<Place>,
}

#[derive(Debug)]
struct Comment {
    first_line: u32,
    last_line: u32,
    /// Nothing else stands before it on its line.
    is_alone: bool,
    text: String,
}

impl Comments {
    /// Those of a text.
    pub(super) fn of(text: &str) -> Self {
        let mut scan = Scan {
            rest: text.chars().peekable(),
            place: Place::START,
            is_blank_so_far: true,
            brackets: 0,
            found: Self::default(),
        };
        while scan.step().is_some() {}
        scan.found
    }

    /// What is said of the element that begins there.
    pub(super) fn about(&self, begin: Place) -> Option<String> {
        let end = self.ends.partition_point(|end| *end < begin);
        let end_line = self.ends.get(end).map_or(begin.line, |end| end.line);
        self.before(begin.line)
            .or_else(|| self.behind(end_line))
            .filter(|text| !text.is_empty())
    }

    /// The comments that stand alone and end, without a gap, in the line before.
    fn before(&self, line: u32) -> Option<String> {
        let mut parts = Vec::new();
        let mut next = line;
        let end = self
            .comments
            .partition_point(|comment| comment.last_line < line);
        for comment in self.comments[..end].iter().rev() {
            if !comment.is_alone || comment.last_line + 1 != next {
                break;
            }
            parts.push(comment.text.as_str());
            next = comment.first_line;
        }
        parts.reverse();
        (!parts.is_empty()).then(|| parts.join("\n").trim().to_owned())
    }

    fn behind(&self, line: u32) -> Option<String> {
        let first = self
            .comments
            .partition_point(|comment| comment.first_line < line);
        let found = self.comments[first..].first()?;
        (found.first_line == line && !found.is_alone).then(|| found.text.trim().to_owned())
    }
}

struct Scan<'t> {
    rest: std::iter::Peekable<std::str::Chars<'t>>,
    place: Place,
    is_blank_so_far: bool,
    brackets: usize,
    found: Comments,
}

impl Scan<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.rest.next()?;
        if next == '\n' {
            self.place.line += 1;
            self.place.column = 1;
            self.is_blank_so_far = true;
        } else {
            self.place.column += 1;
        }
        Some(next)
    }

    fn step(&mut self) -> Option<()> {
        let here = self.place;
        let is_alone = self.is_blank_so_far;
        let next = self.next()?;
        match (next, self.rest.peek()) {
            ('/', Some('/')) => self.line_comment(here, is_alone),
            ('/', Some('*')) => self.block_comment(here, is_alone),
            ('"' | '\'', _) => self.quoted(next),
            ('[', _) => self.brackets += 1,
            (']', _) => self.brackets = self.brackets.saturating_sub(1),
            (';' | '{', _) if self.brackets == 0 => self.found.ends.push(here),
            _ => {}
        }
        if !next.is_whitespace() {
            self.is_blank_so_far = false;
        }
        Some(())
    }

    fn line_comment(&mut self, here: Place, is_alone: bool) {
        let mut text = String::new();
        while self.rest.peek().is_some_and(|next| *next != '\n') {
            text.extend(self.next());
        }
        let text = text.trim_start_matches('/').trim().to_owned();
        self.add(here, is_alone, text);
    }

    fn block_comment(&mut self, here: Place, is_alone: bool) {
        self.next();
        let mut text = String::new();
        while let Some(next) = self.next() {
            if next == '*' && self.rest.peek() == Some(&'/') {
                self.next();
                break;
            }
            text.push(next);
        }
        let lines = text
            .lines()
            .map(|line| line.trim().trim_start_matches('*').trim());
        let text = lines.collect::<Vec<_>>().join("\n").trim().to_owned();
        self.add(here, is_alone, text);
    }

    fn add(&mut self, here: Place, is_alone: bool, text: String) {
        self.found.comments.push(Comment {
            first_line: here.line,
            last_line: self.place.line,
            is_alone,
            text,
        });
    }

    fn quoted(&mut self, quote: char) {
        while let Some(next) = self.next() {
            match next {
                '\\' => drop(self.next()),
                '\n' => return,
                next if next == quote => return,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"// Detached.

// One order.
// Two lines.
message Order { // not this
  string id = 1; // Behind.
  /* Above. */
  string a = 2;
  string b = 3 [
    deprecated = true // inside
  ]; // At the end.
  string c = 4;
  string d = 5 [default = "; // no comment"];
}
"#;

    fn about(line: u32) -> Option<String> {
        let place = Place { line, column: 3 };
        Comments::of(TEXT).about(place)
    }

    #[test]
    fn comments_belong_to_the_element_below_or_before_them() {
        assert_eq!(about(5).as_deref(), Some("One order.\nTwo lines."));
        assert_eq!(about(6).as_deref(), Some("Behind."));
        assert_eq!(about(8).as_deref(), Some("Above."));
        assert_eq!(about(9).as_deref(), Some("At the end."));
        assert_eq!((about(12), about(13)), (None, None));
    }
}
