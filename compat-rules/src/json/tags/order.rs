//! The order in which the members of a combined schema are numbered: by kind, then title, description and default, then
//! by what is inside.

use std::rc::Rc;

use crate::json::load::Outline;
use crate::json::tree::{Kind, NodeId, Tree};
use crate::json::values;
use crate::value::Value;

/// What each node of a tree is ordered by.
pub(super) struct Order {
    keys: Vec<Rc<Key>>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rank: u8,
    notes: [Option<String>; 3],
    inside: Inside,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Inside {
    Nothing,
    Constant(Box<str>),
    Values(usize, Vec<Box<str>>),
    Members(&'static str, usize, Vec<Rc<Key>>),
    Node(Rc<Key>),
    Nodes(Vec<Option<Rc<Key>>>),
    Names(usize, Vec<Box<str>>, usize, Vec<Box<str>>),
}

impl Order {
    pub(super) fn new(tree: &Tree, outline: &Outline<'_>) -> Self {
        let count = tree.nodes.len();
        let nothing = Rc::new(Key {
            rank: 0,
            notes: [None, None, None],
            inside: Inside::Nothing,
        });
        let mut order = Self {
            keys: vec![nothing; count],
        };
        for id in &outline.bottom_up {
            let kind = &tree.node(*id).kind;
            let value = outline.values.get(id);
            order.keys[*id as usize] = Rc::new(Key {
                rank: rank(kind),
                notes: value.map_or([None, None, None], |value| notes(value)),
                inside: order.inside(kind),
            });
        }
        order
    }

    /// The nodes in order; equal ones keep theirs.
    pub(super) fn sorted(&self, nodes: &[NodeId]) -> Vec<NodeId> {
        let mut sorted = nodes.to_vec();
        sorted.sort_by(|one, other| self.keys[*one as usize].cmp(&self.keys[*other as usize]));
        sorted
    }

    fn key(&self, id: NodeId) -> Rc<Key> {
        Rc::clone(&self.keys[id as usize])
    }

    fn inside(&self, kind: &Kind) -> Inside {
        match kind {
            Kind::Const(text) => Inside::Constant(text.clone()),
            Kind::Enum(texts) => Inside::Values(texts.len(), texts.clone()),
            Kind::Combined(criterion, members) => {
                let keys = self.sorted(members).into_iter().map(|id| self.key(id));
                Inside::Members(criterion.keyword(), members.len(), keys.collect())
            }
            Kind::Not(child) => Inside::Node(self.key(*child)),
            Kind::Conditional(children) => {
                let keys = children.iter().map(|child| child.map(|id| self.key(id)));
                Inside::Nodes(keys.collect())
            }
            Kind::Array(rules) => Inside::Nodes(vec![rules.items.map(|id| self.key(id))]),
            Kind::Object(rules) => {
                let names = rules.properties.iter().map(|(name, _)| name.clone());
                let required = rules.required.clone();
                Inside::Names(
                    rules.properties.len(),
                    names.collect(),
                    required.len(),
                    required,
                )
            }
            _ => Inside::Nothing,
        }
    }
}

/// Title, description and default.
fn notes(value: &Value) -> [Option<String>; 3] {
    ["title", "description", "default"].map(|keyword| {
        let note = value.as_object()?.get(keyword)?;
        match note.as_str() {
            Some(text) => Some(text.to_owned()),
            None if note.is_null() => None,
            None => Some(values::text(note).into()),
        }
    })
}

/// The kinds in the order of their names.
const fn rank(kind: &Kind) -> u8 {
    match kind {
        Kind::Array(_) => 0,
        Kind::Boolean => 1,
        Kind::Combined(..) => 2,
        Kind::Conditional(_) => 3,
        Kind::Const(_) => 4,
        Kind::Empty => 5,
        Kind::Enum(_) => 6,
        Kind::False => 7,
        Kind::Not(_) => 8,
        Kind::Null => 9,
        Kind::Number(_) => 10,
        Kind::Object(_) => 11,
        Kind::Reference(..) => 12,
        Kind::String(_) => 13,
        Kind::True => 14,
    }
}
