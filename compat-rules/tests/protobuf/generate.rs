//! Random files that every parser should take, and random successors of them. The same seed gives the same file.

use std::fmt::Write as _;

/// A small generator of numbers, so that a failure can be repeated by its seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap_or(0) % limit.max(1)
    }

    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

#[derive(Debug, Clone)]
pub(crate) struct File {
    proto3: bool,
    package: Option<&'static str>,
    messages: Vec<Message>,
    enums: Vec<String>,
    has_service: bool,
    /// The number of names given out.
    names: usize,
}

#[derive(Debug, Clone)]
struct Message {
    name: String,
    fields: Vec<Field>,
    messages: Vec<Message>,
    enums: Vec<String>,
    extensions: bool,
}

#[derive(Debug, Clone)]
struct Field {
    label: &'static str,
    kind: Kind,
    name: String,
    number: usize,
    oneof: Option<String>,
    deprecated: bool,
}

#[derive(Debug, Clone)]
enum Kind {
    Scalar(&'static str),
    Map(&'static str, Box<Kind>),
    /// The full name of a message or enum, without the package.
    Message(String),
    Enum(String),
}

const SCALARS: [&str; 15] = [
    "double", "float", "int64", "uint64", "int32", "fixed64", "fixed32", "bool", "string", "bytes",
    "uint32", "sfixed32", "sfixed64", "sint32", "sint64",
];
const KEYS: [&str; 5] = ["string", "int32", "uint64", "sint64", "bool"];

impl File {
    pub(crate) fn random(dice: &mut Dice) -> Self {
        let mut file = Self {
            proto3: dice.percent(60),
            package: dice
                .percent(60)
                .then(|| dice.pick(&["a", "shop.v1", "x.y.z"])),
            messages: Vec::new(),
            enums: Vec::new(),
            has_service: dice.percent(20),
            names: 0,
        };
        for _ in 0..dice.below(2) {
            let name = file.name("Kind");
            file.enums.push(name);
        }
        for _ in 0..=dice.below(4) {
            let message = file.message(dice, 0);
            file.messages.push(message);
        }
        let types = file.types();
        let proto3 = file.proto3;
        file.for_each_message(&mut |message| message.fill(dice, &types, proto3));
        file
    }

    fn name(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}{}", self.names)
    }

    fn message(&mut self, dice: &mut Dice, depth: usize) -> Message {
        let mut message = Message {
            name: self.name("Part"),
            fields: Vec::new(),
            messages: Vec::new(),
            enums: Vec::new(),
            extensions: !self.proto3 && dice.percent(15),
        };
        if depth < 3 {
            for _ in 0..dice.below(3) {
                let nested = self.message(dice, depth + 1);
                message.messages.push(nested);
            }
        }
        if dice.percent(25) {
            let name = self.name("Kind");
            message.enums.push(name);
        }
        message
    }

    /// All types with their full names, without the package.
    fn types(&self) -> Vec<Kind> {
        fn walk(message: &Message, scope: &str, types: &mut Vec<Kind>) {
            let full = format!("{scope}{}", message.name);
            let inner = format!("{full}.");
            let enums = message.enums.iter();
            types.extend(enums.map(|name| Kind::Enum(format!("{inner}{name}"))));
            types.push(Kind::Message(full));
            for nested in &message.messages {
                walk(nested, &inner, types);
            }
        }
        let mut types: Vec<Kind> = self.enums.iter().cloned().map(Kind::Enum).collect();
        for message in &self.messages {
            walk(message, "", &mut types);
        }
        types
    }

    fn for_each_message(&mut self, visit: &mut impl FnMut(&mut Message)) {
        fn walk(message: &mut Message, visit: &mut impl FnMut(&mut Message)) {
            visit(message);
            for nested in &mut message.messages {
                walk(nested, visit);
            }
        }
        for message in &mut self.messages {
            walk(message, visit);
        }
    }

    /// A successor that differs in one to three places.
    pub(crate) fn successor(&self, dice: &mut Dice) -> Self {
        let mut next = self.clone();
        for _ in 0..=dice.below(3) {
            let types = next.types();
            let proto3 = next.proto3;
            let mut count = 0;
            next.for_each_message(&mut |_| count += 1);
            let mut chosen = dice.below(count);
            next.for_each_message(&mut |message| {
                if chosen == 0 {
                    message.change(dice, &types, proto3);
                }
                chosen = chosen.wrapping_sub(1);
            });
        }
        next
    }

    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        let syntax = if self.proto3 { "proto3" } else { "proto2" };
        let _ = writeln!(out, "syntax = \"{syntax}\";");
        if let Some(package) = self.package {
            let _ = writeln!(out, "package {package};");
        }
        for name in &self.enums {
            write_enum(&mut out, name);
        }
        for message in &self.messages {
            message.write(&mut out, self.package);
        }
        if self.has_service {
            let name = &self.messages[0].name;
            let _ = writeln!(
                out,
                "service Desk {{ rpc Ask (stream {name}) returns ({name}); }}"
            );
        }
        out
    }
}

impl Message {
    fn fill(&mut self, dice: &mut Dice, types: &[Kind], proto3: bool) {
        for _ in 0..dice.below(7) {
            self.add_field(dice, types, proto3);
        }
    }

    fn add_field(&mut self, dice: &mut Dice, types: &[Kind], proto3: bool) {
        let number = 1 + dice.below(30);
        if self.fields.iter().any(|field| field.number == number) {
            return;
        }
        let kind = match dice.below(10) {
            0..=5 => Kind::Scalar(dice.pick(&SCALARS)),
            6 => {
                let value = if dice.percent(60) {
                    Kind::Scalar(dice.pick(&SCALARS))
                } else {
                    dice.pick(types)
                };
                Kind::Map(dice.pick(&KEYS), Box::new(value))
            }
            _ => dice.pick(types),
        };
        let is_map = matches!(kind, Kind::Map(..));
        let oneof = (!is_map && dice.percent(25)).then(|| format!("choice{}", dice.below(2)));
        let label = match (is_map || oneof.is_some(), proto3) {
            (true, _) => "",
            (false, true) => dice.pick(&["", "", "optional ", "repeated "]),
            (false, false) => dice.pick(&["optional ", "optional ", "repeated ", "required "]),
        };
        self.fields.push(Field {
            label,
            kind,
            name: format!("field_{number}"),
            number,
            oneof,
            deprecated: dice.percent(10),
        });
    }

    fn change(&mut self, dice: &mut Dice, types: &[Kind], proto3: bool) {
        if self.fields.is_empty() || dice.percent(30) {
            return self.add_field(dice, types, proto3);
        }
        let at = dice.below(self.fields.len());
        let field = &mut self.fields[at];
        let plain = if proto3 { "" } else { "optional " };
        match dice.below(6) {
            0 => drop(self.fields.remove(at)),
            1 => field.name.push_str("_new"),
            2 => field.kind = Kind::Scalar(dice.pick(&SCALARS)),
            3 if matches!(field.kind, Kind::Map(..)) => field.deprecated = !field.deprecated,
            3 if field.oneof.is_some() => {
                field.oneof = None;
                field.label = plain;
            }
            3 => {
                field.oneof = Some(format!("choice{}", dice.below(2)));
                field.label = "";
            }
            4 if field.oneof.is_none() && !matches!(field.kind, Kind::Map(..)) => {
                field.label = if field.label == "repeated " {
                    plain
                } else {
                    "repeated "
                };
            }
            _ => field.deprecated = !field.deprecated,
        }
        // A map that became a scalar needs a label where the language demands one.
        let field = self.fields.get_mut(at);
        if let Some(field) = field.filter(|field| field.oneof.is_none())
            && field.label.is_empty()
            && !matches!(field.kind, Kind::Map(..))
        {
            field.label = plain;
        }
    }

    fn write(&self, out: &mut String, package: Option<&str>) {
        let _ = writeln!(out, "// about {0}\nmessage {0} {{", self.name);
        let mut oneofs: Vec<&String> = self
            .fields
            .iter()
            .filter_map(|f| f.oneof.as_ref())
            .collect();
        oneofs.sort();
        oneofs.dedup();
        for field in self.fields.iter().filter(|field| field.oneof.is_none()) {
            field.write(out, package);
        }
        for oneof in oneofs {
            let _ = writeln!(out, "oneof {oneof} {{");
            let members = self.fields.iter();
            for field in members.filter(|field| field.oneof.as_ref() == Some(oneof)) {
                field.write(out, package);
            }
            out.push_str("}\n");
        }
        out.push_str("reserved 40 to 45, 50; /* kept */\n");
        if self.extensions {
            out.push_str("extensions 100 to max;\n");
        }
        for nested in &self.messages {
            nested.write(out, package);
        }
        for name in &self.enums {
            write_enum(out, name);
        }
        out.push_str("}\n");
    }
}

impl Field {
    fn write(&self, out: &mut String, package: Option<&str>) {
        let kind = self.kind.text(package);
        let _ = write!(out, "{}{kind} {} = {}", self.label, self.name, self.number);
        if self.deprecated {
            out.push_str(" [deprecated = true]");
        }
        out.push_str("; // noted\n");
    }
}

impl Kind {
    fn text(&self, package: Option<&str>) -> String {
        match self {
            Self::Scalar(name) => (*name).to_owned(),
            Self::Map(key, value) => format!("map<{key},{}>", value.text(package)),
            Self::Message(name) | Self::Enum(name) => match package {
                Some(package) => format!(".{package}.{name}"),
                None => format!(".{name}"),
            },
        }
    }
}

fn write_enum(out: &mut String, name: &str) {
    let _ = writeln!(
        out,
        "enum {name} {{ {name}_NONE = 0; {name}_ONE = 0x1; {name}_TEN = 10; }}"
    );
}

/// A random file by its number.
pub(crate) fn text(seed: u64) -> String {
    File::random(&mut Dice::new(seed)).text()
}

/// A random file and a successor, by their number.
pub(crate) fn pair(seed: u64) -> (String, String) {
    let mut dice = Dice::new(seed);
    let old = File::random(&mut dice);
    let new = old.successor(&mut dice);
    (old.text(), new.text())
}
