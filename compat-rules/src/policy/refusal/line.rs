//! A line of limited length, and the texts that go into it.

/// A line that is put together and never longer than its limit, which falls between two characters.
pub(super) struct Line {
    text: String,
    limit: usize,
}

impl Line {
    pub(super) const fn new(limit: usize) -> Self {
        Self {
            text: String::new(),
            limit,
        }
    }

    pub(super) const fn has_room(&self, bytes: usize) -> bool {
        self.text.len() + bytes <= self.limit
    }

    /// Adds a text, whatever the limit.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Adds a text as far as there is room.
    pub(super) fn push_cut(&mut self, text: &str) {
        let room = self.limit.saturating_sub(self.text.len());
        if text.len() <= room {
            self.text.push_str(text);
        } else {
            let cut = floor(text, room.saturating_sub(3));
            self.text.push_str(&text[..cut]);
            self.text.push_str("...");
        }
    }

    /// The text, cut to so many bytes.
    pub(super) fn finish(mut self, bytes: usize) -> String {
        let end = floor(&self.text, bytes);
        self.text.truncate(end);
        self.text
    }
}

/// The text in one line: runs of white space and characters that are not printed become a blank.
pub(super) fn printable(text: &str) -> String {
    let is_blank = |letter: char| {
        letter.is_whitespace()
            || letter.is_control()
            // Marks that turn the direction of writing, and what hides in a line.
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut words = text.split(is_blank).filter(|word| !word.is_empty());
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    line
}

/// The text, or its beginning and its end in so many bytes.
pub(super) fn shortened(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    let half = bytes.saturating_sub(3) / 2;
    let end = (text.len() - half..text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len());
    format!("{}...{}", &text[..floor(text, half)], &text[end..])
}

/// The last end of a character within so many bytes.
fn floor(text: &str, bytes: usize) -> usize {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}
