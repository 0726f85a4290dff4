//! The members of a JSON object: in order, without repetitions, quickly found.

use crate::Place;

use super::Value;

/// A key, where it begins, and its value.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) key_place: Place,
    pub(crate) value: Value,
}

/// The members in the order of the text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Object {
    members: Vec<Member>,
    /// Positions in `members` by key; empty while the members are so few that looking at each is faster.
    by_key: Vec<u32>,
}

impl Object {
    /// Up to here a search looks at each member.
    const SCANNED_MAX: usize = 12;

    /// Of members with one key the last value wins, at the position of the first.
    pub(crate) fn new(mut members: Vec<Member>) -> Self {
        if members.len() <= Self::SCANNED_MAX {
            drop_repeated_few(&mut members);
            return Self {
                members,
                by_key: Vec::new(),
            };
        }
        let mut by_key = sorted_positions(&members);
        let repeats = by_key
            .windows(2)
            .any(|pair| members[pair[0] as usize].key == members[pair[1] as usize].key);
        if repeats {
            members = drop_repeated_many(members, &by_key);
            by_key = sorted_positions(&members);
        }
        Self { members, by_key }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.member(key).map(|member| &member.value)
    }

    pub(crate) fn member(&self, key: &str) -> Option<&Member> {
        if self.by_key.is_empty() {
            return self.members.iter().find(|member| member.key == key);
        }
        self.by_key
            .binary_search_by(|position| self.members[*position as usize].key.as_str().cmp(key))
            .ok()
            .map(|found| &self.members[self.by_key[found] as usize])
    }

    /// The same keys with other values.
    pub(crate) fn map_values(&self, map: impl Fn(&str, &Value) -> Value) -> Self {
        let members = self.members.iter().map(|member| Member {
            key: member.key.clone(),
            key_place: member.key_place,
            value: map(&member.key, &member.value),
        });
        Self {
            members: members.collect(),
            by_key: self.by_key.clone(),
        }
    }

    /// Gives a key another value where it stands, or appends it.
    pub(crate) fn set(&mut self, key: &str, value: Value) {
        if let Some(member) = self.members.iter_mut().find(|member| member.key == key) {
            member.value = value;
            return;
        }
        let mut members = std::mem::take(&mut self.members);
        members.push(Member {
            key: key.to_owned(),
            key_place: value.place,
            value,
        });
        *self = Self::new(members);
    }

    /// Takes a key away, if it is there.
    pub(crate) fn remove(&mut self, key: &str) {
        let mut members = std::mem::take(&mut self.members);
        members.retain(|member| member.key != key);
        *self = Self::new(members);
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let member = self.members.iter_mut().find(|member| member.key == key);
        member.map(|member| &mut member.value)
    }

    pub(super) fn value_at_mut(&mut self, position: usize) -> Option<&mut Value> {
        self.members
            .get_mut(position)
            .map(|member| &mut member.value)
    }

    pub(crate) fn members(&self) -> &[Member] {
        &self.members
    }
}

/// The positions ordered by key, then by position.
fn sorted_positions(members: &[Member]) -> Vec<u32> {
    let count = u32::try_from(members.len()).expect("a text is shorter than 4 GiB");
    let mut positions: Vec<u32> = (0..count).collect();
    positions.sort_by(|one, other| {
        let key = |position: u32| &members[position as usize].key;
        key(*one).cmp(key(*other))
    });
    positions
}

fn drop_repeated_few(members: &mut Vec<Member>) {
    let mut kept = 0;
    while kept < members.len() {
        let key = &members[kept].key;
        match members[..kept].iter().position(|member| member.key == *key) {
            Some(first) => {
                let later = members.remove(kept);
                members[first] = later;
            }
            None => kept += 1,
        }
    }
}

fn drop_repeated_many(members: Vec<Member>, by_key: &[u32]) -> Vec<Member> {
    // For each position, where its member goes: the first position of its key.
    let mut target: Vec<u32> = vec![0; members.len()];
    let mut first = 0;
    for (rank, position) in by_key.iter().enumerate() {
        let same =
            rank > 0 && members[*position as usize].key == members[by_key[rank - 1] as usize].key;
        if !same {
            first = *position;
        }
        target[*position as usize] = first;
    }
    let mut slots: Vec<Option<Member>> = Vec::new();
    slots.resize_with(members.len(), || None);
    for (member, target) in members.into_iter().zip(target) {
        slots[target as usize] = Some(member);
    }
    slots.into_iter().flatten().collect()
}
