//! Turns byte offsets, asked for in rising order, into lines and columns in one pass over the text.

use crate::Place;

/// Where the last offset that was asked for stands.
#[derive(Debug, Clone)]
pub(super) struct Walker {
    offset: usize,
    place: Place,
}

impl Walker {
    pub(super) const fn new() -> Self {
        Self {
            offset: 0,
            place: Place::START,
        }
    }

    /// The place of an offset that is not before the last one. A line ends with `\n`, `\r\n` or a lone `\r`.
    pub(super) fn place(&mut self, text: &[u8], offset: usize) -> Place {
        for (position, byte) in text[self.offset..offset].iter().enumerate() {
            match byte {
                b'\n' => self.next_line(),
                b'\r' if text.get(self.offset + position + 1) != Some(&b'\n') => self.next_line(),
                // Every byte but the continuation bytes of UTF-8 begins a character.
                0x80..0xC0 => {}
                _ => self.place.column += 1,
            }
        }
        self.offset = offset;
        self.place
    }

    const fn next_line(&mut self) {
        self.place.line += 1;
        self.place.column = 1;
    }
}
