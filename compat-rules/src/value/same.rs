//! When two trees are the same value.

use super::{Kind, NumberStyle, Object, Value};

impl Value {
    /// True when both print the same, the order of members aside. So 1 is not 1.0; how much the spelling of a fraction
    /// counts is up to the style.
    pub(crate) fn same(&self, other: &Self, numbers: NumberStyle) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Null, Kind::Null) => true,
            (Kind::Boolean(one), Kind::Boolean(other)) => one == other,
            (Kind::Number(one), Kind::Number(other)) => {
                one.to_text(numbers) == other.to_text(numbers)
            }
            (Kind::String(one), Kind::String(other)) => one == other,
            (Kind::Array(one), Kind::Array(other)) => {
                let same = |(one, other): (&Self, &Self)| one.same(other, numbers);
                one.len() == other.len() && one.iter().zip(other).all(same)
            }
            (Kind::Object(one), Kind::Object(other)) => same_members(one, other, numbers),
            _ => false,
        }
    }
}

fn same_members(one: &Object, other: &Object, numbers: NumberStyle) -> bool {
    one.members().len() == other.members().len()
        && one.members().iter().all(|member| {
            other
                .get(&member.key)
                .is_some_and(|value| member.value.same(value, numbers))
        })
}
