//! From a document to a file descriptor, for `format=serialized`.
//!
//! It is the reference's descriptor, byte for byte: type names stand as they were written, groups and most custom
//! options are gone, and the messages for map entries have names of their own (`protobuf.md` section 8).

mod message;
mod option;

use super::super::document::{Document, Service};
use super::super::names::{Names, Scope};
use super::option as known;
use super::wire::Writer;

/// The bytes of a `FileDescriptorProto`. `supplies` tells for which imports a file can be had: the others are left
/// out.
pub(crate) fn file(
    document: &Document,
    names: &Names<'_>,
    supplies: impl Fn(&str) -> bool,
) -> Vec<u8> {
    let package = document.package.as_deref();
    let mut writer = FileWriter {
        names,
        scope: names.scope(package.unwrap_or_default()),
        proto3: document.is_proto3(),
    };
    let mut out = Writer::default();
    out.text(1, "default");
    if let Some(package) = package {
        out.text(2, package);
    }
    let public = dependencies(document, supplies, &mut out);
    for message in &document.messages {
        writer.message(4, message, &mut out);
    }
    for enumeration in &document.enums {
        message::enumeration(5, enumeration, &mut out);
    }
    for service in &document.services {
        self::service(service, &mut out);
    }
    writer.extends(7, &document.extends, &mut out);
    option::write(8, &known::FILE, &document.options, &mut out);
    for index in public {
        out.varint(10, index);
    }
    if let Some(syntax) = document.syntax {
        out.text(12, syntax.as_str());
    }
    out.bytes
}

/// Writes the paths, each once, and returns the positions of the public ones.
fn dependencies(
    document: &Document,
    supplies: impl Fn(&str) -> bool,
    out: &mut Writer,
) -> Vec<u64> {
    let plain = document.imports.iter().map(|path| (path, false));
    let public = document.public_imports.iter().map(|path| (path, true));
    let mut seen = std::collections::HashMap::new();
    let mut public_at = Vec::new();
    for (path, is_public) in plain.chain(public).filter(|(path, _)| supplies(path)) {
        let next = seen.len() as u64;
        let at = *seen.entry(path).or_insert(next);
        if at == next {
            out.text(3, path);
        }
        if is_public && !public_at.contains(&at) {
            public_at.push(at);
        }
    }
    public_at
}

fn service(service: &Service, out: &mut Writer) {
    out.message(6, |out| {
        out.text(1, &service.name);
        for rpc in &service.rpcs {
            out.message(2, |out| {
                out.text(1, &rpc.name);
                out.text(2, &rpc.request.type_name);
                out.text(3, &rpc.response.type_name);
                option::write(4, &known::METHOD, &rpc.options, out);
                out.flag(5, rpc.request.streaming);
                out.flag(6, rpc.response.streaming);
            });
        }
        option::write(3, &known::SERVICE, &service.options, out);
    });
}

struct FileWriter<'n, 'a> {
    names: &'n Names<'a>,
    scope: Scope,
    proto3: bool,
}
