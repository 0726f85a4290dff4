//! How a `$ref` finds what it names (`json-schema.md` section 8).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::documents::{DocumentId, Documents};
use super::fault::{Fault, FaultKind};
use super::uri;
use crate::value::{Kind, Object, Value};

/// A value together with what references inside of it depend on.
#[derive(Debug, Clone)]
pub(super) struct Spot<'v> {
    pub(super) document: DocumentId,
    pub(super) value: &'v Value,
    /// The URI that references are resolved against; none as long as nothing has given one.
    base: Option<Rc<str>>,
    /// The nearest value around that has a URI of its own: where modern pointers begin.
    resource: &'v Value,
}

/// Finds targets, and remembers the names that it saw on the way.
pub(super) struct Resolver<'v> {
    documents: &'v Documents,
    /// What ids and anchors name, for each document that was looked through.
    named: BTreeMap<DocumentId, BTreeMap<String, Spot<'v>>>,
}

impl<'v> Resolver<'v> {
    pub(super) const fn new(documents: &'v Documents) -> Self {
        Self {
            documents,
            named: BTreeMap::new(),
        }
    }

    pub(super) fn documents(&self) -> &'v Documents {
        self.documents
    }

    /// The beginning of a document.
    pub(super) fn root(&self, id: DocumentId) -> Spot<'v> {
        let document = self.documents.get(id);
        Spot {
            document: id,
            value: &document.value,
            base: document.base.as_deref().map(Rc::from),
            resource: &document.value,
        }
    }

    /// Steps from a value to one right inside of it, which may have an id.
    pub(super) fn enter(&self, from: &Spot<'v>, value: &'v Value) -> Spot<'v> {
        let dialect = self.documents.get(from.document).dialect;
        let id = value
            .as_object()
            .and_then(|object| object.get(dialect.id_keyword()))
            .and_then(Value::as_str);
        let mut spot = Spot {
            value,
            ..from.clone()
        };
        // An id that is a fragment names the value, and nothing is resolved against it.
        let id = id.filter(|id| !id.starts_with('#'));
        let base = id.map(|id| uri::resolve(from.base.as_deref(), id));
        if let Some(base) = base.filter(|base| uri::may_be_base(base)) {
            spot.base = Some(Rc::from(base));
            spot.resource = value;
        }
        spot
    }

    /// What a reference names, seen from where it stands.
    pub(super) fn resolve(
        &mut self,
        from: &Spot<'v>,
        reference: &Value,
    ) -> Result<Spot<'v>, Fault> {
        let Some(text) = reference.as_str() else {
            return Err(Fault::new(reference.place, "$ref must be a string"));
        };
        if !uri::may_be_asked_for(text) {
            let reason = format!("$ref {text:?} is no URI reference");
            return Err(Fault::new(reference.place, reason));
        }
        let dialect = self.documents.get(from.document).dialect;
        let found = if dialect.is_modern() {
            self.modern(from, text)
        } else {
            self.classical(from, text)
        };
        let target = found.map_err(|(reason, kind)| Fault {
            kind,
            ..Fault::new(reference.place, reason)
        })?;
        match target.value.kind {
            Kind::Object(_) | Kind::Boolean(_) => Ok(target),
            _ => Err(Fault::new(
                reference.place,
                format!("{text} names something that is no schema"),
            )),
        }
    }

    fn classical(&mut self, from: &Spot<'v>, text: &str) -> Result<Spot<'v>, Lost> {
        if let Some(fragment) = text.strip_prefix('#')
            && (fragment.is_empty() || fragment.starts_with('/'))
        {
            return self.loose(from.document, fragment, text);
        }
        let absolute = uri::resolve(from.base.as_deref(), text);
        // An id counts as it is written; only what is asked for is resolved.
        let wanted = if text.starts_with('#') {
            text
        } else {
            &absolute
        };
        if let Some(spot) = self.named(from.document).get(wanted) {
            return Ok(spot.clone());
        }
        if let Some(fragment) = text.strip_prefix('#') {
            return self.loose(from.document, fragment, text);
        }
        let (name, fragment) = uri::split(&absolute);
        let document = self.document(from, name, text)?;
        let root = self.root(document);
        match self.fragment(root, fragment) {
            Some(spot) => Ok(spot),
            None => self.loose(document, fragment, text),
        }
    }

    /// Follows a pointer as the reference's classical loader (everit) reads it: what stands before the first slash and
    /// the slashes at the end count for nothing, so that an anchor that nobody has is the whole document.
    fn loose(&self, id: DocumentId, fragment: &str, text: &str) -> Result<Spot<'v>, Lost> {
        let fragment = fragment.trim_end_matches('/');
        let start = fragment.find('/').unwrap_or(fragment.len());
        let pointer = &fragment[start..];
        self.pointer(self.root(id), pointer)
            .ok_or_else(|| lost(text))
    }

    fn modern(&mut self, from: &Spot<'v>, text: &str) -> Result<Spot<'v>, Lost> {
        let absolute = uri::resolve(from.base.as_deref(), text);
        let (name, fragment) = uri::split(&absolute);
        let whole = if fragment.is_empty() { name } else { &absolute };
        let named = self.named(from.document);
        if let Some(spot) = named.get(whole) {
            return Ok(spot.clone());
        }
        let resource = match named.get(name) {
            // Names of nothing yet are pointers into what they stand in.
            None if text.is_empty() || text.starts_with('#') => Some(Spot {
                value: from.resource,
                ..from.clone()
            }),
            resource => resource.cloned(),
        };
        if let Some(resource) = resource {
            return self.pointer(resource, fragment).ok_or_else(|| lost(text));
        }
        let document = match self.documents.find(name) {
            Some(document) => document,
            // A relative reference may also be the name of an import as it stands.
            None => self.document(from, uri::split(text).0, text)?,
        };
        let root = self.root(document);
        self.fragment(root, fragment).ok_or_else(|| lost(text))
    }

    fn document(&self, from: &Spot<'v>, name: &str, text: &str) -> Result<DocumentId, Lost> {
        if let Some(document) = self.documents.find(name) {
            return Ok(document);
        }
        if self.documents.get(from.document).base.as_deref() == Some(name) {
            return Ok(from.document);
        }
        let remote = name.starts_with("http://") || name.starts_with("https://");
        if remote {
            let reason =
                format!("Remote schema reference fetching over HTTP(S) is disabled: {name}");
            return Err((reason, FaultKind::Remote));
        }
        Err(lost(text))
    }

    /// Follows a pointer, or looks for an anchor.
    fn fragment(&mut self, root: Spot<'v>, fragment: &str) -> Option<Spot<'v>> {
        if fragment.is_empty() || fragment.starts_with('/') {
            return self.pointer(root, fragment);
        }
        let base = root
            .base
            .as_deref()
            .map(|base| uri::split(base).0.to_owned());
        let named = self.named(root.document);
        let short = format!("#{fragment}");
        let long = base.map(|base| format!("{base}{short}"));
        named.get(&short).or_else(|| named.get(&long?)).cloned()
    }

    fn pointer(&self, start: Spot<'v>, pointer: &str) -> Option<Spot<'v>> {
        let mut spot = start;
        let Some(segments) = pointer.strip_prefix('/') else {
            return pointer.is_empty().then_some(spot);
        };
        let mut more_definitions = None;
        for segment in segments.split('/') {
            let key = percent_decoded(segment)
                .replace("~1", "/")
                .replace("~0", "~");
            let next = match &spot.value.kind {
                Kind::Object(object) => {
                    let definitions = std::mem::take(&mut more_definitions);
                    if key == "$defs" && self.is_top(&spot) {
                        more_definitions = object.get("definitions").and_then(Value::as_object);
                    }
                    object
                        .get(&key)
                        .or_else(|| definitions.and_then(|object: &Object| object.get(&key)))
                        .or_else(|| more_definitions.and_then(|_| object.get("definitions")))?
                }
                Kind::Array(items) => items.get(key.parse::<usize>().ok()?)?,
                _ => return None,
            };
            spot = self.enter(&spot, next);
        }
        Some(spot)
    }

    /// True for the root of a document, where `$defs` also has what stands under `definitions`.
    fn is_top(&self, spot: &Spot<'_>) -> bool {
        std::ptr::eq(spot.value, &*self.documents.get(spot.document).value)
    }

    /// The values of a document that have a name.
    fn named(&mut self, id: DocumentId) -> &BTreeMap<String, Spot<'v>> {
        if !self.named.contains_key(&id) {
            let names = self.names(id);
            self.named.insert(id, names);
        }
        &self.named[&id]
    }

    fn names(&self, id: DocumentId) -> BTreeMap<String, Spot<'v>> {
        let dialect = self.documents.get(id).dialect;
        let mut names = BTreeMap::new();
        let mut pending = vec![self.root(id)];
        while let Some(spot) = pending.pop() {
            let before = pending.len();
            match &spot.value.kind {
                Kind::Object(object) => {
                    for name in own_names(object, dialect.is_modern(), dialect.id_keyword(), &spot)
                    {
                        names.entry(name).or_insert_with(|| spot.clone());
                    }
                    for member in object.members() {
                        let literal = matches!(&*member.key, "enum" | "const");
                        if !(dialect.is_modern() && literal) {
                            pending.push(self.enter(&spot, &member.value));
                        }
                    }
                }
                Kind::Array(items) => {
                    pending.extend(items.iter().map(|item| self.enter(&spot, item)));
                }
                _ => {}
            }
            // What stands first is looked at first.
            pending[before..].reverse();
        }
        names
    }
}

type Lost = (String, FaultKind);

fn lost(text: &str) -> Lost {
    (
        format!("there is nothing that {text} names"),
        FaultKind::Malformed,
    )
}

fn own_names(object: &Object, modern: bool, id_keyword: &str, spot: &Spot<'_>) -> Vec<String> {
    let text = |keyword: &str| object.get(keyword).and_then(Value::as_str);
    if !modern {
        return text(id_keyword).map(str::to_owned).into_iter().collect();
    }
    let base = spot.base.as_deref().unwrap_or_default();
    let base = uri::split(base).0;
    let id = text(id_keyword).map(|id| match id.starts_with('#') {
        true => format!("{base}{id}"),
        false => base.to_owned(),
    });
    let anchors = ["$anchor", "$dynamicAnchor"]
        .into_iter()
        .filter_map(|keyword| Some(format!("{base}#{}", text(keyword)?)));
    id.into_iter().chain(anchors).collect()
}

fn percent_decoded(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let digit = |at: usize| char::from(*others.get(at)?).to_digit(16);
        let code = match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => u8::try_from(high * 16 + low).ok(),
            _ => None,
        };
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &others[2..] } else { others };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
