//! What changed from one version to the next, as typed changes: what a changelog says, and what rules of evolution ask.
//!
//! Reordering, constraints and attributes are not told. Neither is documentation in Protobuf: stored texts have no
//! comments.

mod fields;
mod pairs;
mod types;

use std::collections::HashSet;

pub(in crate::policy) use pairs::{Pairs, pair};

use super::model::{Element, Model};

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind.
    pub kind: ChangeKind,
    /// Where: in the new version, or, of what is gone, its path in the old one.
    pub element: Element,
    /// What was there, in words.
    pub before: Option<String>,
    /// What is there now, in words.
    pub after: Option<String>,
    /// Who is affected.
    pub breaks: Breaks,
}

/// Who a change breaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Breaks {
    /// New readers of old data.
    pub backward: bool,
    /// Old readers of new data.
    pub forward: bool,
    /// Code that is generated from the schema.
    pub source: bool,
    /// Readers of the form in JSON.
    pub json: bool,
}

impl Breaks {
    pub(super) const NOBODY: Self = Self {
        backward: false,
        forward: false,
        source: false,
        json: false,
    };
    pub(super) const SOURCE: Self = Self {
        source: true,
        ..Self::NOBODY
    };
    pub(super) const BOTH: Self = Self {
        backward: true,
        forward: true,
        source: true,
        json: true,
    };

    /// True if anybody is affected.
    #[must_use]
    pub const fn any(self) -> bool {
        self.backward || self.forward || self.source || self.json
    }
}

/// What a change does to the version of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeClass {
    /// Words only.
    Text,
    /// Something more.
    Addition,
    /// Somebody has to change, too.
    Breaking,
}

impl ChangeClass {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "a change of text",
            Self::Addition => "an addition",
            Self::Breaking => "a breaking change",
        }
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $word:literal),+ $(,)?) => {
        /// The kinds of changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ChangeKind { $($(#[$doc])* $kind),+ }

        impl ChangeKind {
            /// Its name in changelogs and documents.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $word),+ }
            }
        }
    };
}

kinds! {
    /// A type is new.
    TypeAdded => "type.added",
    /// A type is gone.
    TypeRemoved => "type.removed",
    /// A type has another name.
    TypeRenamed => "type.renamed",
    /// A field is new.
    FieldAdded => "field.added",
    /// A field is gone.
    FieldRemoved => "field.removed",
    /// A field has another name.
    FieldRenamed => "field.renamed",
    /// A field holds more than before.
    FieldTypeWidened => "field.type.widened",
    /// A field holds less than before.
    FieldTypeNarrowed => "field.type.narrowed",
    /// A field holds something else.
    FieldTypeChanged => "field.type.changed",
    /// A field may be missing or null now.
    FieldNullabilityLoosened => "field.nullability.loosened",
    /// A field has to be there now.
    FieldNullabilityTightened => "field.nullability.tightened",
    /// A field has a default now.
    FieldDefaultAdded => "field.default.added",
    /// A field has no default any more.
    FieldDefaultRemoved => "field.default.removed",
    /// A field has another default.
    FieldDefaultChanged => "field.default.changed",
    /// A field has another number.
    FieldNumberChanged => "field.number.changed",
    /// A field is called differently in JSON.
    FieldJsonNameChanged => "field.json_name.changed",
    /// A field is in a oneof now.
    FieldOneofEntered => "field.oneof.entered",
    /// A field is in no oneof any more.
    FieldOneofLeft => "field.oneof.left",
    /// An enum has a further symbol.
    EnumSymbolAdded => "enum.symbol.added",
    /// A symbol is gone.
    EnumSymbolRemoved => "enum.symbol.removed",
    /// A symbol has another number.
    EnumSymbolRenumbered => "enum.symbol.renumbered",
    /// Objects may have further properties now.
    AdditionalPropertiesOpened => "additional_properties.opened",
    /// Objects may not have further properties any more.
    AdditionalPropertiesClosed => "additional_properties.closed",
    /// There is a further name to answer to.
    AliasAdded => "alias.added",
    /// A name is not answered to any more.
    AliasRemoved => "alias.removed",
    /// The text about an element is another.
    DocChanged => "doc.changed",
    /// An element has a further tag.
    TagAdded => "tag.added",
    /// A tag is gone.
    TagRemoved => "tag.removed",
}

impl Change {
    /// What it does to the version of a contract.
    #[must_use]
    pub const fn class(&self) -> ChangeClass {
        class(self.kind, self.breaks)
    }
}

const fn class(kind: ChangeKind, breaks: Breaks) -> ChangeClass {
    match kind {
        _ if breaks.any() => ChangeClass::Breaking,
        ChangeKind::DocChanged | ChangeKind::TagAdded | ChangeKind::TagRemoved => ChangeClass::Text,
        _ => ChangeClass::Addition,
    }
}

/// Changes that are kept; of two schemas that share nothing, more are of no use to anybody. Beyond it the first of each
/// kind and class is kept still, so that a crowd of harmless changes hides no other.
const CHANGES_MAX: usize = 10_000;

/// What changed from one schema to the next, in the order of the new one; what is gone comes behind. Two schemas of
/// different formats share nothing that could be compared.
#[must_use]
pub fn changes(before: &Model, after: &Model) -> Vec<Change> {
    let mut changes = Changes {
        format: after.format,
        list: Vec::new(),
        seen: HashSet::new(),
    };
    if before.format == after.format {
        types::compare(before, after, &mut changes);
    }
    changes.list
}

/// Changes as they are found.
struct Changes {
    format: crate::Format,
    list: Vec<Change>,
    seen: HashSet<(ChangeKind, ChangeClass)>,
}

impl Changes {
    fn add(
        &mut self,
        kind: ChangeKind,
        element: &Element,
        words: (Option<&str>, Option<&str>),
        breaks: Breaks,
    ) {
        let is_first = self.seen.insert((kind, class(kind, breaks)));
        if is_first || self.list.len() < CHANGES_MAX {
            self.list.push(Change {
                kind,
                element: element.clone(),
                before: words.0.map(str::to_owned),
                after: words.1.map(str::to_owned),
                breaks,
            });
        }
    }

    /// Of something that is gone: its place is in a text that nobody sent.
    fn add_gone(&mut self, kind: ChangeKind, element: &Element, name: &str, breaks: Breaks) {
        let element = Element {
            path: element.path.clone(),
            ..Element::default()
        };
        self.add(kind, &element, (Some(name), None), breaks);
    }

    /// What only adds or takes away words of a list: aliases, tags.
    fn add_words(
        &mut self,
        kinds: (ChangeKind, ChangeKind),
        element: &Element,
        before: &[String],
        after: &[String],
    ) {
        let (was, is): (HashSet<_>, HashSet<_>) = (before.iter().collect(), after.iter().collect());
        for word in after.iter().filter(|word| !was.contains(word)) {
            self.add(kinds.0, element, (None, Some(word)), Breaks::NOBODY);
        }
        for word in before.iter().filter(|word| !is.contains(word)) {
            self.add(kinds.1, element, (Some(word), None), Breaks::NOBODY);
        }
    }

    fn add_doc(&mut self, element: &Element, before: Option<&String>, after: Option<&String>) {
        if before != after && self.format != crate::Format::Protobuf {
            let words = (before.map(String::as_str), after.map(String::as_str));
            self.add(ChangeKind::DocChanged, element, words, Breaks::NOBODY);
        }
    }
}
