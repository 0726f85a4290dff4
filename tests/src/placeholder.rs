//! Compares a recorded text with an answer: `<ts>` and its like stand for what differs between runs.

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// Milliseconds since 1970: thirteen digits.
    Timestamp,
    /// A random UUID in lower case.
    Uuid,
    /// A number.
    Number,
    /// Any text without a double quote.
    Text,
}

const KINDS: [(&str, Kind); 4] = [
    ("<ts>", Kind::Timestamp),
    ("<uuid>", Kind::Uuid),
    ("<n>", Kind::Number),
    ("<text>", Kind::Text),
];

/// Whether the answer is the recorded text, with something of its kind in place of each placeholder.
#[must_use]
pub fn same_text(recorded: &str, answer: &str) -> bool {
    let Some((at, marker, kind)) = first_placeholder(recorded) else {
        return recorded == answer;
    };
    let (before, rest) = (&recorded[..at], &recorded[at + marker.len()..]);
    let Some(answer) = answer.strip_prefix(before) else {
        return false;
    };
    // The longest reading first; a shorter one where the rest then does not fit.
    let (least, most) = kind.lengths(answer);
    (least..=most)
        .rev()
        .any(|length| answer.is_char_boundary(length) && same_text(rest, &answer[length..]))
}

fn first_placeholder(text: &str) -> Option<(usize, &'static str, Kind)> {
    KINDS
        .iter()
        .filter_map(|(marker, kind)| Some((text.find(marker)?, *marker, *kind)))
        .min_by_key(|(at, ..)| *at)
}

impl Kind {
    /// How many bytes at the start of the answer it may stand for; an empty range when none.
    fn lengths(self, answer: &str) -> (usize, usize) {
        let digits = answer.bytes().take_while(u8::is_ascii_digit).count();
        match self {
            Self::Timestamp if digits >= 13 => (13, 13),
            Self::Uuid if answer.get(..36).is_some_and(is_uuid) => (36, 36),
            Self::Number => (1, digits),
            Self::Text => (0, answer.find('"').unwrap_or(answer.len())),
            Self::Timestamp | Self::Uuid => (1, 0),
        }
    }
}

fn is_uuid(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
    })
}
