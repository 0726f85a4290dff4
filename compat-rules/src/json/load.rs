//! Builds the [`Tree`] of a schema: checks every keyword that is read, and follows every `$ref`.
//!
//! Schemas wait in a queue instead of on the stack, so depth costs nothing. There is no validation against a
//! meta-schema, exactly as in the reference: a keyword that is not looked at may be anything.

mod classical;
mod combined;
mod join;
mod kinds;
mod modern;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::documents::Documents;
use super::fault::Fault;
use super::keywords::{Keywords, must_be};
use super::resolve::{Resolver, Spot};
use super::shape::{Other, Shapes};
use super::tree::{Kind, Node, NodeId, Tree};
use crate::value::{self, Value};

/// Builds the tree of the root document.
pub(super) fn load(documents: &Documents) -> Result<Tree, Fault> {
    let mut loader = Loader {
        resolver: Resolver::new(documents),
        nodes: Vec::new(),
        pending: VecDeque::new(),
        referred: BTreeMap::new(),
        joined: BTreeSet::new(),
        shapes: Shapes::default(),
    };
    let spot = loader.resolver.root(Documents::ROOT);
    let root = loader.wait(spot, false);
    while let Some(work) = loader.pending.pop_front() {
        loader.schema(work)?;
    }
    let Loader {
        mut nodes,
        joined,
        shapes,
        ..
    } = loader;
    flatten(&mut nodes, &joined);
    shapes.fill_in(&mut nodes);
    shorten_references(&mut nodes);
    Ok(Tree { nodes, root })
}

/// The reference takes a modern schema with several parts apart where it stands in `allOf`, `anyOf` or `oneOf`, so that
/// each part is a child of its own there.
fn flatten(nodes: &mut [Node], joined: &BTreeSet<NodeId>) {
    for id in 0..nodes.len() {
        let is_joined = NodeId::try_from(id).is_ok_and(|id| joined.contains(&id));
        let Kind::Combined(criterion, children) = &nodes[id].kind else {
            continue;
        };
        if is_joined || !children.iter().any(|child| joined.contains(child)) {
            continue;
        }
        let criterion = *criterion;
        let flat = children
            .iter()
            .flat_map(|child| match &nodes[*child as usize].kind {
                Kind::Combined(_, parts) if joined.contains(child) => parts.clone(),
                _ => vec![*child],
            })
            .collect();
        nodes[id].kind = Kind::Combined(criterion, flat);
    }
}

/// Lets every reference name what stands at the end of its chain. References that only name each other stay as
/// they are: there is no end.
fn shorten_references(nodes: &mut [Node]) {
    let target = |nodes: &[Node], id: NodeId| match nodes[id as usize].kind {
        Kind::Reference(target, _) => Some(target),
        _ => None,
    };
    let mut is_short = vec![false; nodes.len()];
    for start in 0..nodes.len() {
        let mut chain = Vec::new();
        let mut at = NodeId::try_from(start).unwrap_or_default();
        while !std::mem::replace(&mut is_short[at as usize], true) {
            let Some(next) = target(nodes, at) else {
                break;
            };
            chain.push(at);
            at = next;
        }
        // What is short already names its end.
        let end = target(nodes, at)
            .filter(|_| !chain.contains(&at))
            .unwrap_or(at);
        for id in chain {
            if let Kind::Reference(target, _) = &mut nodes[id as usize].kind {
                *target = end;
            }
        }
    }
}

/// A schema that has its node, but was not read yet.
struct Work<'v> {
    slot: NodeId,
    spot: Spot<'v>,
    /// True if somebody may ask whether the node equals another.
    shaped: bool,
}

struct Loader<'v> {
    resolver: Resolver<'v>,
    nodes: Vec<Node>,
    pending: VecDeque<Work<'v>>,
    /// The nodes of what references name, by the place of the value in memory.
    referred: BTreeMap<usize, NodeId>,
    /// The modern schemas that have several parts.
    joined: BTreeSet<NodeId>,
    shapes: Shapes,
}

/// The schema that is being read.
struct Scope<'v> {
    spot: Spot<'v>,
    keywords: Keywords<'v>,
    shaped: bool,
}

impl<'v> Loader<'v> {
    /// Gives a schema its node, to be read later.
    fn wait(&mut self, spot: Spot<'v>, shaped: bool) -> NodeId {
        let place = Documents::is_root(spot.document).then_some(spot.value.place);
        let slot = self.add(Node {
            kind: Kind::Empty,
            place,
            has_default: false,
            is_connect_bytes: false,
            shape: 0,
        });
        self.pending.push_back(Work { slot, spot, shaped });
        slot
    }

    fn add(&mut self, node: Node) -> NodeId {
        let id = NodeId::try_from(self.nodes.len()).expect("texts are far shorter than 4 GiB");
        self.nodes.push(node);
        id
    }

    /// A part of a schema that has several.
    fn part(&mut self, of: NodeId, kind: Kind) -> NodeId {
        let place = self.nodes[of as usize].place;
        self.add(Node {
            kind,
            place,
            has_default: false,
            is_connect_bytes: false,
            shape: 0,
        })
    }

    fn schema(&mut self, work: Work<'v>) -> Result<(), Fault> {
        let Work { slot, spot, shaped } = work;
        let kind = match &spot.value.kind {
            value::Kind::Boolean(true) => Kind::True,
            value::Kind::Boolean(false) => Kind::False,
            value::Kind::Object(object) => {
                let dialect = self.resolver.documents().get(spot.document).dialect;
                let scope = Scope {
                    spot,
                    keywords: Keywords::new(object, dialect),
                    shaped,
                };
                return self.object(slot, &scope);
            }
            _ => return Err(must_be("a schema", spot.value, "an object or a boolean")),
        };
        self.nodes[slot as usize].kind = kind;
        Ok(())
    }

    fn object(&mut self, slot: NodeId, scope: &Scope<'v>) -> Result<(), Fault> {
        let keywords = scope.keywords;
        let kind = if keywords.dialect.is_modern() {
            self.modern(slot, scope)?
        } else {
            self.classical(slot, scope)?
        };
        if scope.shaped {
            let is_reference = matches!(kind, Kind::Reference(..));
            let other = Other::new(keywords, is_reference);
            self.shapes.note(slot, other);
        }
        let default = keywords.get("default");
        let node = &mut self.nodes[slot as usize];
        // What stands beside a reference is lost, and so is a default of null in the modern drafts.
        node.has_default = !matches!(kind, Kind::Reference(..))
            && default.is_some_and(|value| !(keywords.dialect.is_modern() && value.is_null()));
        let connect_type = keywords.get("connect.type").and_then(Value::as_str);
        node.is_connect_bytes = connect_type == Some("bytes");
        node.kind = kind;
        Ok(())
    }

    /// A subschema: an object or a boolean.
    fn child(
        &mut self,
        scope: &Scope<'v>,
        keyword: &str,
        value: &'v Value,
    ) -> Result<NodeId, Fault> {
        self.child_of_shape(scope, keyword, value, scope.shaped)
    }

    fn child_of_shape(
        &mut self,
        scope: &Scope<'v>,
        keyword: &str,
        value: &'v Value,
        shaped: bool,
    ) -> Result<NodeId, Fault> {
        if !matches!(value.kind, value::Kind::Object(_) | value::Kind::Boolean(_)) {
            return Err(must_be(keyword, value, "a schema"));
        }
        let spot = self.resolver.enter(&scope.spot, value);
        Ok(self.wait(spot, shaped))
    }

    /// The subschema under a keyword, if the keyword is there.
    fn child_at(&mut self, scope: &Scope<'v>, keyword: &str) -> Result<Option<NodeId>, Fault> {
        match scope.keywords.get(keyword) {
            Some(value) => Ok(Some(self.child(scope, keyword, value)?)),
            None => Ok(None),
        }
    }

    /// What a `$ref` or `$dynamicRef` names.
    fn reference(&mut self, scope: &Scope<'v>, reference: &Value) -> Result<Kind, Fault> {
        let target = self.resolver.resolve(&scope.spot, reference)?;
        let address = std::ptr::from_ref(target.value).addr();
        let id = match self.referred.get(&address) {
            Some(id) => *id,
            None => {
                let id = self.wait(target, scope.shaped);
                self.referred.insert(address, id);
                id
            }
        };
        let text = reference.as_str().unwrap_or_default();
        Ok(Kind::Reference(id, text.into()))
    }

    /// One node for all parts of a schema: nothing demands nothing, and one part needs no wrapping.
    fn all_of(&mut self, slot: NodeId, mut parts: Vec<Kind>) -> Kind {
        match parts.len() {
            0 => Kind::Empty,
            1 => parts.remove(0),
            _ => {
                let ids = parts
                    .into_iter()
                    .map(|part| self.part(slot, part))
                    .collect();
                Kind::Combined(super::tree::Criterion::All, ids)
            }
        }
    }
}
