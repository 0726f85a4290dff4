//! Builds the [`Tree`] of a schema: checks every keyword that is read, and follows every `$ref`.
//!
//! Schemas wait in a queue instead of on the stack, so depth costs nothing. There is no validation against a
//! meta-schema, exactly as in the reference: a keyword that is not looked at may be anything.

mod classical;
mod combined;
mod finish;
mod join;
mod kinds;
mod modern;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::documents::{DocumentId, Documents};
use super::fault::Fault;
use super::keywords::{Keywords, must_be};
use super::resolve::{Resolver, Spot};
use super::shape::{Other, Shapes};
use super::tree::{Kind, Node, NodeId, Tree};
use crate::value::{self, Member, Value};

/// Builds the tree of the root document.
pub(super) fn load(documents: &Documents) -> Result<Tree, Fault> {
    let mut loader = Loader::new(documents, None);
    let root = loader.run()?;
    let bottom_up = loader.bottom_up();
    let Loader {
        mut nodes,
        joined,
        shapes,
        ..
    } = loader;
    finish::flatten(&mut nodes, &joined);
    shapes.fill_in(&mut nodes, &bottom_up);
    finish::shorten_references(&mut nodes);
    Ok(Tree { nodes, root })
}

/// Builds the tree of the root document for somebody who looks at its text: references lead nowhere, every
/// definition has its node, and the nodes know where they come from.
pub(super) fn outline(documents: &Documents) -> Result<(Tree, Outline<'_>), Fault> {
    let mut loader = Loader::new(documents, Some(Outline::default()));
    let root = loader.run()?;
    let bottom_up = loader.bottom_up();
    let Loader { nodes, outline, .. } = loader;
    let outline = Outline {
        bottom_up,
        ..outline.unwrap_or_default()
    };
    Ok((Tree { nodes, root }, outline))
}

/// Where the nodes of a tree come from.
#[derive(Default)]
pub(super) struct Outline<'v> {
    /// The value of every node that is not just a part of another.
    pub(super) values: BTreeMap<NodeId, &'v Value>,
    /// For the nodes that have them, the keyword, name and node of each definition.
    pub(super) definitions: BTreeMap<NodeId, Vec<(&'static str, &'v str, NodeId)>>,
    /// All nodes, each behind its children.
    pub(super) bottom_up: Vec<NodeId>,
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
    /// The nodes that were read, schema by schema, each behind its parts.
    read: Vec<NodeId>,
    /// Where in `read` each schema ends.
    ends: Vec<usize>,
    /// The nodes of what references name, by the place of the value in memory.
    referred: BTreeMap<usize, NodeId>,
    /// The modern schemas that have several parts.
    joined: BTreeSet<NodeId>,
    shapes: Shapes,
    outline: Option<Outline<'v>>,
}

/// The schema that is being read.
struct Scope<'v> {
    spot: Spot<'v>,
    keywords: Keywords<'v>,
    shaped: bool,
}

impl<'v> Loader<'v> {
    fn new(documents: &'v Documents, outline: Option<Outline<'v>>) -> Self {
        Self {
            resolver: Resolver::new(documents),
            nodes: Vec::new(),
            pending: VecDeque::new(),
            read: Vec::new(),
            ends: Vec::new(),
            referred: BTreeMap::new(),
            joined: BTreeSet::new(),
            shapes: Shapes::default(),
            outline,
        }
    }

    fn run(&mut self) -> Result<NodeId, Fault> {
        let spot = self.resolver.root(Documents::ROOT);
        let root = self.wait(spot, false);
        while let Some(work) = self.pending.pop_front() {
            let (slot, document) = (work.slot, work.spot.document);
            self.schema(work)
                .map_err(|fault| self.laid_in(document, fault))?;
            self.read.push(slot);
            self.ends.push(self.read.len());
        }
        Ok(root)
    }

    /// A fault in the document that it was found in.
    fn laid_in(&self, document: DocumentId, fault: Fault) -> Fault {
        match &self.resolver.documents().get(document).name {
            Some(name) => fault.in_import(name),
            None => fault,
        }
    }

    /// All nodes, each behind its children: a schema is read before those inside of it, but after its parts.
    fn bottom_up(&self) -> Vec<NodeId> {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        let schemas: Vec<_> = starts.zip(&self.ends).collect();
        let backwards = schemas.into_iter().rev();
        backwards
            .flat_map(|(start, end)| &self.read[start..*end])
            .copied()
            .collect()
    }

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
        if let Some(outline) = &mut self.outline {
            outline.values.insert(slot, spot.value);
        }
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
        let id = self.add(Node {
            kind,
            place,
            has_default: false,
            is_connect_bytes: false,
            shape: 0,
        });
        self.read.push(id);
        id
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
            self.definitions(slot, scope, "$defs")?;
            self.definitions(slot, scope, "definitions")?;
            self.modern(slot, scope)?
        } else {
            if self.outline.is_some() {
                self.definitions(slot, scope, "definitions")?;
            }
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

    /// Definitions are read whether or not somebody refers to them.
    fn definitions(
        &mut self,
        slot: NodeId,
        scope: &Scope<'v>,
        keyword: &'static str,
    ) -> Result<(), Fault> {
        for Member { key, value, .. } in scope.keywords.members(keyword)? {
            let id = self.child(scope, key, value)?;
            if let Some(outline) = &mut self.outline {
                let definitions = outline.definitions.entry(slot).or_default();
                definitions.push((keyword, key, id));
            }
        }
        Ok(())
    }

    /// What a `$ref` or `$dynamicRef` names.
    fn reference(&mut self, scope: &Scope<'v>, reference: &Value) -> Result<Kind, Fault> {
        if self.outline.is_some() {
            return Ok(Kind::Reference(0, "".into()));
        }
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
