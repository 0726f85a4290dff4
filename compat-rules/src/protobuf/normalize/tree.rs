//! The value of an option while it is merged: maps that are sorted and quick to look into.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::Value;
use super::super::print;

pub(super) enum Tree {
    Map(BTreeMap<String, Tree>),
    List {
        values: Vec<Tree>,
        /// True when it came from several places: then it holds each value once.
        joined: bool,
    },
    Leaf(Value),
}

impl From<Value> for Tree {
    fn from(value: Value) -> Self {
        match value {
            Value::Map(entries) => {
                let entries = entries.into_iter();
                Self::Map(entries.map(|(key, value)| (key, value.into())).collect())
            }
            Value::List(values) => Self::List {
                values: values.into_iter().map(Self::from).collect(),
                joined: false,
            },
            leaf => Self::Leaf(leaf),
        }
    }
}

impl Tree {
    pub(super) const fn is_map(&self) -> bool {
        matches!(self, Self::Map(_))
    }

    /// Puts the values of both into one list.
    pub(super) fn join(&mut self, later: Self) {
        let earlier = std::mem::replace(
            self,
            Self::List {
                values: Vec::new(),
                joined: true,
            },
        );
        let mut all = earlier.into_values();
        all.extend(later.into_values());
        *self = Self::List {
            values: all,
            joined: true,
        };
    }

    fn into_values(self) -> Vec<Self> {
        match self {
            Self::List { values, .. } => values,
            other => vec![other],
        }
    }

    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Leaf(value) => value,
            Self::List { values, joined } => {
                let mut values: Vec<Value> = values.into_iter().map(Self::into_value).collect();
                if joined {
                    let mut seen = BTreeSet::new();
                    values.retain(|value| seen.insert(print::value(value)));
                }
                Value::List(values)
            }
            Self::Map(entries) => {
                let entries = entries.into_iter();
                let kept = entries.filter_map(|(key, tree)| Some((key, entry(tree.into_value())?)));
                Value::Map(kept.collect())
            }
        }
    }
}

/// In a map an empty list is as good as nothing, and a list of one as good as its value.
fn entry(value: Value) -> Option<Value> {
    match value {
        Value::List(mut values) => match values.len() {
            0 => None,
            1 => entry(values.remove(0)),
            _ => Some(Value::List(values)),
        },
        other => Some(other),
    }
}
