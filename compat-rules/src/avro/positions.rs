//! Finds an element of a long list by its name without keeping the names twice.

/// The positions of a list ordered by name.
#[derive(Debug, Clone, Default)]
pub(super) struct Positions {
    sorted: Box<[u32]>,
}

impl Positions {
    /// `name_of` gives the name at a position.
    pub(super) fn new<'n>(count: usize, name_of: impl Fn(usize) -> &'n str) -> Self {
        let count = u32::try_from(count).expect("a text is shorter than 4 GiB");
        let mut sorted: Box<[u32]> = (0..count).collect();
        sorted.sort_by(|one, other| name_of(*one as usize).cmp(name_of(*other as usize)));
        Self { sorted }
    }

    /// The position of a name.
    pub(super) fn find<'n>(
        &self,
        name: &str,
        name_of: impl Fn(usize) -> &'n String,
    ) -> Option<usize> {
        self.sorted
            .binary_search_by(|position| name_of(*position as usize).as_str().cmp(name))
            .ok()
            .map(|found| self.sorted[found] as usize)
    }

    /// The first position that repeats an earlier name, behind the one that it repeats.
    pub(super) fn first_repeat<'n>(
        &self,
        name_of: impl Fn(usize) -> &'n str,
    ) -> Option<(usize, usize)> {
        self.sorted
            .windows(2)
            .map(|pair| (pair[0] as usize, pair[1] as usize))
            .filter(|(first, repeat)| name_of(*first) == name_of(*repeat))
            .min_by_key(|(_, repeat)| *repeat)
    }
}
