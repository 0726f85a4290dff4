//! A `.proto` file as it was written, after parsing: names are not resolved yet, comments are gone.
//!
//! Every element knows where it stands in its author's text; comparison and linting point there. Read `parse.rs`
//! for how a text becomes a document, `print.rs` for the way back.

use crate::Place;

/// The language version that a file states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    Proto2,
    Proto3,
}

impl Syntax {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Proto2 => "proto2",
            Self::Proto3 => "proto3",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Proto2, Self::Proto3]
            .into_iter()
            .find(|syntax| syntax.as_str() == name)
    }
}

/// A whole file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Document {
    pub(crate) syntax: Option<Syntax>,
    pub(crate) package: Option<String>,
    pub(crate) imports: Vec<String>,
    pub(crate) public_imports: Vec<String>,
    pub(crate) weak_imports: Vec<String>,
    pub(crate) options: Vec<ProtoOption>,
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
    pub(crate) extends: Vec<Extend>,
    pub(crate) services: Vec<Service>,
}

impl Document {
    pub(crate) fn is_proto3(&self) -> bool {
        self.syntax == Some(Syntax::Proto3)
    }

    /// Calls `visit` for each field, wherever it is declared.
    pub(crate) fn for_each_field(&mut self, visit: &mut impl FnMut(&mut Field)) {
        for message in &mut self.messages {
            message.for_each_field(visit);
        }
        for extend in &mut self.extends {
            extend.fields.iter_mut().for_each(&mut *visit);
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    pub(crate) place: Place,
    pub(crate) name: String,
    pub(crate) reserved: Vec<Ranges>,
    pub(crate) options: Vec<ProtoOption>,
    pub(crate) fields: Vec<Field>,
    pub(crate) oneofs: Vec<Oneof>,
    pub(crate) groups: Vec<Group>,
    pub(crate) extensions: Vec<Extensions>,
    pub(crate) extends: Vec<Extend>,
    pub(crate) messages: Vec<Message>,
    pub(crate) enums: Vec<Enum>,
}

impl Message {
    pub(crate) const fn named(place: Place, name: String) -> Self {
        Self {
            place,
            name,
            reserved: Vec::new(),
            options: Vec::new(),
            fields: Vec::new(),
            oneofs: Vec::new(),
            groups: Vec::new(),
            extensions: Vec::new(),
            extends: Vec::new(),
            messages: Vec::new(),
            enums: Vec::new(),
        }
    }

    /// True for the message that stands for the entries of a map field.
    pub(crate) fn is_map_entry(&self) -> bool {
        self.options
            .iter()
            .any(|option| option.is_plain("map_entry") && option.value.is_word("true"))
    }

    fn for_each_field(&mut self, visit: &mut impl FnMut(&mut Field)) {
        self.fields.iter_mut().for_each(&mut *visit);
        for oneof in &mut self.oneofs {
            oneof.fields.iter_mut().for_each(&mut *visit);
        }
        let in_oneofs = self.oneofs.iter_mut().flat_map(|oneof| &mut oneof.groups);
        for group in self.groups.iter_mut().chain(in_oneofs) {
            group.fields.iter_mut().for_each(&mut *visit);
        }
        for extend in &mut self.extends {
            extend.fields.iter_mut().for_each(&mut *visit);
        }
        for message in &mut self.messages {
            message.for_each_field(visit);
        }
    }

    /// Plain fields, then the members of each oneof; groups are not fields.
    pub(crate) fn all_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields
            .iter()
            .chain(self.oneofs.iter().flat_map(|oneof| &oneof.fields))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    Optional,
    Required,
    Repeated,
}

impl Label {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Optional => "optional",
            Self::Required => "required",
            Self::Repeated => "repeated",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) place: Place,
    pub(crate) label: Option<Label>,
    /// As written; a map is `map<K, V>`.
    pub(crate) type_name: String,
    pub(crate) name: String,
    pub(crate) number: i32,
    pub(crate) default: Option<String>,
    pub(crate) json_name: Option<String>,
    pub(crate) options: Vec<ProtoOption>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Oneof {
    pub(crate) place: Place,
    pub(crate) name: String,
    pub(crate) options: Vec<ProtoOption>,
    pub(crate) fields: Vec<Field>,
    pub(crate) groups: Vec<Group>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub(crate) place: Place,
    pub(crate) label: Option<Label>,
    pub(crate) name: String,
    pub(crate) number: i32,
    pub(crate) fields: Vec<Field>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Enum {
    pub(crate) place: Place,
    pub(crate) name: String,
    pub(crate) reserved: Vec<Ranges>,
    pub(crate) options: Vec<ProtoOption>,
    pub(crate) constants: Vec<Constant>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Constant {
    pub(crate) place: Place,
    pub(crate) name: String,
    pub(crate) number: i32,
    pub(crate) options: Vec<ProtoOption>,
}

/// An `extend` block.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Extend {
    pub(crate) place: Place,
    pub(crate) extendee: String,
    pub(crate) fields: Vec<Field>,
}

/// An `extensions` statement.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Extensions {
    pub(crate) ranges: Ranges,
    pub(crate) options: Vec<ProtoOption>,
}

/// The values of one `reserved` or `extensions` statement, grouped as the author grouped them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ranges {
    pub(crate) place: Place,
    pub(crate) values: Vec<RangeValue>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RangeValue {
    Number(i32),
    /// Both ends belong to it.
    Range(i32, i32),
    /// Only in `reserved`.
    Name(String),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Service {
    pub(crate) place: Place,
    pub(crate) name: String,
    pub(crate) options: Vec<ProtoOption>,
    pub(crate) rpcs: Vec<Rpc>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rpc {
    pub(crate) place: Place,
    pub(crate) name: String,
    pub(crate) request: RpcType,
    pub(crate) response: RpcType,
    pub(crate) options: Vec<ProtoOption>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RpcType {
    pub(crate) streaming: bool,
    pub(crate) type_name: String,
}

/// An option: a name, perhaps with a dotted path into its message, and a value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ProtoOption {
    /// Where its name stands.
    pub(crate) place: Place,
    pub(crate) name: NamePart,
    /// The parts after the name, such as `b` and `(c)` of `(a).b.(c)`.
    pub(crate) path: Vec<NamePart>,
    pub(crate) value: Value,
}

impl ProtoOption {
    pub(crate) fn plain(name: &str, value: Value) -> Self {
        Self {
            place: Place::START,
            name: NamePart::plain(name),
            path: Vec::new(),
            value,
        }
    }

    pub(crate) fn custom(name: &str, value: Value) -> Self {
        Self {
            place: Place::START,
            name: NamePart {
                text: name.to_owned(),
                custom: true,
            },
            path: Vec::new(),
            value,
        }
    }

    /// True for the built-in option of that name, without a path.
    pub(crate) fn is_plain(&self, name: &str) -> bool {
        self.name.text == name && !self.name.custom && self.path.is_empty()
    }
}

/// One part of the name of an option; a custom one was written in parentheses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamePart {
    pub(crate) text: String,
    pub(crate) custom: bool,
}

impl NamePart {
    pub(crate) fn plain(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            custom: false,
        }
    }
}

/// The value of an option, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// Unescaped.
    String(String),
    Boolean(bool),
    /// A number, as written.
    Number(String),
    /// A bare word: an enum constant, `inf`, `nan`.
    Word(String),
    /// Keys as they are printed, an extension in brackets; each once.
    Map(Vec<(String, Value)>),
    List(Vec<Value>),
}

impl Value {
    /// True for a value written as that word or quoted text.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        match self {
            Self::Boolean(value) => (if *value { "true" } else { "false" }) == word,
            Self::String(text) | Self::Number(text) | Self::Word(text) => text == word,
            Self::Map(_) | Self::List(_) => false,
        }
    }

    /// The text of a value that is no map and no list.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Boolean(true) => Some("true"),
            Self::Boolean(false) => Some("false"),
            Self::String(text) | Self::Number(text) | Self::Word(text) => Some(text),
            Self::Map(_) | Self::List(_) => None,
        }
    }
}
