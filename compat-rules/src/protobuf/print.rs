//! The canonical text of a document: what is stored, served, compared and hashed (`protobuf.md` section 6).
//!
//! Nothing is decided here but layout. The normalised text is this text of a document that `normalize.rs` has
//! rearranged before.

mod message;
mod option;

pub(crate) use message::is_whole;

use super::document::{Document, Extend, Field, Label, RangeValue, Ranges, Rpc, RpcType, Service};
use super::parse::NUMBER_MAX;

/// The text of a whole file. It ends with a line break, unless the file is empty.
pub(crate) fn document(document: &Document) -> String {
    print(document, Form::Canonical)
}

/// The text of a document in normal form.
pub(crate) fn normal_document(document: &Document) -> String {
    print(document, Form::Normal)
}

fn print(document: &Document, form: Form) -> String {
    let mut printer = Printer {
        out: String::new(),
        form,
    };
    printer.document(document);
    printer.out
}

/// A value on its own, as it would stand in an option list.
pub(crate) fn value(value: &super::document::Value) -> String {
    let mut printer = Printer {
        out: String::new(),
        form: Form::Canonical,
    };
    printer.value(0, value);
    printer.out
}

struct Printer {
    out: String,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Canonical,
    /// Oneofs without fields are not printed, though the part of the message that holds them is.
    Normal,
}

/// A pair of braces whose content falls into parts with an empty line between them.
struct Block {
    /// The indentation of the lines that open and close it.
    depth: usize,
    is_empty: bool,
}

impl Printer {
    fn document(&mut self, document: &Document) {
        if let Some(syntax) = document.syntax {
            self.texts(&["syntax = \"", syntax.as_str(), "\";\n"]);
        }
        if let Some(package) = &document.package {
            self.texts(&["package ", package, ";\n"]);
        }
        // Weak imports are not printed: the reference forgets them.
        self.gap(document.imports.is_empty() && document.public_imports.is_empty());
        for path in &document.imports {
            self.texts(&["import \"", path, "\";\n"]);
        }
        for path in &document.public_imports {
            self.texts(&["import public \"", path, "\";\n"]);
        }
        self.gap(document.options.is_empty());
        self.option_statements(0, &document.options);
        self.gap(document.messages.is_empty() && document.enums.is_empty());
        for message in &document.messages {
            self.message(0, message);
        }
        for enumeration in &document.enums {
            self.enumeration(0, enumeration);
        }
        self.gap(document.extends.is_empty());
        for extend in &document.extends {
            self.extend(0, extend);
        }
        self.gap(document.services.is_empty());
        for service in &document.services {
            self.service(service);
        }
    }

    /// The empty line before a section.
    fn gap(&mut self, section_is_empty: bool) {
        if !section_is_empty {
            self.out.push('\n');
        }
    }

    fn service(&mut self, service: &Service) {
        let mut block = self.open(0, &["service ", &service.name]);
        if !service.options.is_empty() {
            self.part(&mut block);
            self.option_statements(1, &service.options);
        }
        if !service.rpcs.is_empty() {
            self.part(&mut block);
            for rpc in &service.rpcs {
                self.rpc(rpc);
            }
        }
        self.close(&block);
    }

    fn rpc(&mut self, rpc: &Rpc) {
        self.indent(1);
        self.texts(&["rpc ", &rpc.name, " ("]);
        self.rpc_type(&rpc.request);
        self.out.push_str(") returns (");
        self.rpc_type(&rpc.response);
        self.out.push(')');
        if !rpc.options.is_empty() {
            self.out.push_str(" {\n");
            self.option_statements(2, &rpc.options);
            self.indent(1);
            self.out.push('}');
        }
        self.out.push_str(";\n");
    }

    fn rpc_type(&mut self, rpc_type: &RpcType) {
        if rpc_type.streaming {
            self.out.push_str("stream ");
        }
        self.out.push_str(&rpc_type.type_name);
    }

    fn extend(&mut self, depth: usize, extend: &Extend) {
        let mut block = self.open(depth, &["extend ", &extend.extendee]);
        self.fields_part(&mut block, &extend.fields);
        self.close(&block);
    }

    fn fields_part(&mut self, block: &mut Block, fields: &[Field]) {
        if !fields.is_empty() {
            self.part(block);
            for field in fields {
                self.field(block.depth + 1, field);
            }
        }
    }

    fn label(&mut self, label: Option<Label>) {
        if let Some(label) = label {
            self.texts(&[label.as_str(), " "]);
        }
    }

    fn ranges(&mut self, ranges: &Ranges, depth: usize) {
        for (index, value) in ranges.values.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            match value {
                RangeValue::Number(number) => self.out.push_str(&number.to_string()),
                RangeValue::Range(from, to) if *to >= NUMBER_MAX => {
                    self.out.push_str(&format!("{from} to max"));
                }
                RangeValue::Range(from, to) => self.out.push_str(&format!("{from} to {to}")),
                // Raw, as the reference prints it; a line break is followed by the indentation of the block.
                RangeValue::Name(name) => {
                    let name = name.replace('\n', &format!("\n{}", "  ".repeat(depth)));
                    self.texts(&["\"", &name, "\""]);
                }
            }
        }
    }

    fn open(&mut self, depth: usize, head: &[&str]) -> Block {
        self.indent(depth);
        self.texts(head);
        self.out.push_str(" {");
        Block {
            depth,
            is_empty: true,
        }
    }

    fn part(&mut self, block: &mut Block) {
        if !block.is_empty {
            // The empty line is indented like any other line of the block that holds it.
            self.indent(block.depth);
        }
        self.out.push('\n');
        block.is_empty = false;
    }

    fn close(&mut self, block: &Block) {
        if !block.is_empty {
            self.indent(block.depth);
        }
        self.out.push_str("}\n");
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.out.push_str("  ");
        }
    }

    fn texts(&mut self, texts: &[&str]) {
        for text in texts {
            self.out.push_str(text);
        }
    }
}
