//! Choices read from bytes, so that a failing case shrinks with its bytes.

/// A source of choices. When the bytes are used up every choice is the first.
#[derive(Debug, Clone)]
pub(crate) struct Dice<'b> {
    bytes: &'b [u8],
}

impl<'b> Dice<'b> {
    pub(crate) const fn new(bytes: &'b [u8]) -> Self {
        Self { bytes }
    }

    /// A number below `count`, which is not zero and at most 256.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else {
            return 0;
        };
        self.bytes = rest;
        usize::from(*first) % count
    }

    /// True in `share` of 16 cases; false when the bytes are used up.
    pub(crate) fn sometimes(&mut self, share: usize) -> bool {
        self.below(16) >= 16 - share
    }

    pub(crate) fn pick<Choice: Clone>(&mut self, choices: &[Choice]) -> Choice {
        choices[self.below(choices.len())].clone()
    }
}
