//! Two linkers beside ours: prost-reflect takes every descriptor that we hand out, and protox links what we link,
//! but for the listed places where the reference knows fewer rules than `protoc`.

use compat_rules::TextForm;
use prost_reflect::DescriptorPool;
use prost_reflect::prost::Message as _;
use prost_reflect::prost_types::{FileDescriptorProto, FileDescriptorSet};
use protox::Compiler;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

use super::generate;
use super::golden_texts::{accepted, parse_alone, read};

/// Resolves one text as `t.proto`, and the built-in files that protox does not bring.
struct OneFile(String);

impl FileResolver for OneFile {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        if name == "t.proto" {
            return File::from_source(name, &self.0);
        }
        if name.starts_with("google/type/") {
            let text = read(&["src", "protobuf", "builtin", name]);
            return File::from_source(name, &text);
        }
        Err(protox::Error::file_not_found(name))
    }
}

/// Compiles a text with all that it imports.
pub(crate) fn protox(text: &str) -> Result<FileDescriptorSet, String> {
    let mut resolver = ChainFileResolver::new();
    resolver.add(OneFile(text.to_owned()));
    resolver.add(GoogleFileResolver::new());
    let mut compiler = Compiler::with_file_resolver(resolver);
    compiler.include_imports(true);
    compiler
        .open_file("t.proto")
        .map_err(|error| error.to_string())?;
    Ok(FileDescriptorSet::decode(&*compiler.encode_file_descriptor_set()).expect("a set"))
}

#[test]
fn prost_reflect_takes_every_descriptor_that_we_hand_out() {
    let mut count = 0;
    for text in accepted().into_iter().chain((0..500).map(generate::text)) {
        let Some(file) = descriptor(&text) else {
            continue;
        };
        let Ok(mut pool) = pool_of(&file.dependency) else {
            continue;
        };
        if let Err(error) = pool.add_file_descriptor_proto(file) {
            assert!(is_known(&error.to_string()), "{error}\n{text}");
            continue;
        }
        count += 1;
    }
    assert!(count > 1_200, "{count} descriptors only");
}

fn descriptor(text: &str) -> Option<FileDescriptorProto> {
    let base64 = parse_alone(text).ok()?.render(TextForm::Serialized).ok()?;
    let engine = &base64::engine::general_purpose::STANDARD;
    let bytes = base64::Engine::decode(engine, base64).expect("base64");
    Some(FileDescriptorProto::decode(&*bytes).expect("a descriptor"))
}

/// The imported files, as far as protox brings them along.
fn pool_of(paths: &[String]) -> Result<DescriptorPool, String> {
    let imports: String = paths
        .iter()
        .map(|path| format!("import \"{path}\";\n"))
        .collect();
    let mut set = protox(&format!("syntax = \"proto3\";\n{imports}"))?;
    set.file.retain(|file| file.name() != "t.proto");
    DescriptorPool::from_file_descriptor_set(set).map_err(|error| error.to_string())
}

#[test]
fn protox_links_what_we_link_but_for_rules_that_the_reference_does_not_have() {
    let mut agreed = 0;
    let texts = accepted().into_iter().filter(|text| text.contains(' '));
    for text in texts.chain((0..500).map(generate::text)) {
        let ours = parse_alone(&text).expect("a text").validate(true);
        match (ours, protox(&text)) {
            (Ok(()), Ok(_)) | (Err(_), Err(_)) => agreed += 1,
            (Ok(()), Err(theirs)) => assert!(is_known(&theirs), "{theirs}\n{text}"),
            (Err(ours), Ok(_)) => panic!("we alone refuse: {ours}\n{text}"),
        }
    }
    assert!(agreed > 1_300, "{agreed} agreements only");
}

/// What protox and prost-reflect refuse and the reference does not, by what they say of it.
const KNOWN: [(&str, &str); 15] = [
    (
        "not found",
        "an import that nobody supplies, which the reference leaves out",
    ),
    ("a oneof must have at least one field", "an empty oneof"),
    (
        "option field '",
        "an option set twice, or one that no file declares",
    ),
    (
        "name 'M.AEntry' is defined twice",
        "an entry message named like another message",
    ),
    (
        "expected a value of type",
        "an option with a value of another type",
    ),
    (
        "multiple package names specified",
        "a second package, which counts",
    ),
    (
        "message numbers must be between",
        "zero and negative numbers in extension ranges",
    ),
    (
        "invalid string escape",
        "an unknown escape, which stands for its letter",
    ),
    ("invalid group name", "a group with a small initial letter"),
    (
        "invalid field number",
        "numbers that Protobuf keeps for itself",
    ),
    (
        "conflicts with reserved range",
        "a reserved number in use, and ranges that overlap",
    ),
    (
        "integer is too large",
        "an integer beyond 64 bit in an option",
    ),
    ("groups are not allowed in proto3", "a group in proto3"),
    (
        "expected ",
        "what the reference's grammar takes and `protoc`'s does not",
    ),
    (
        "is not defined",
        "a name in an option, which the reference does not look up",
    ),
];

fn is_known(theirs: &str) -> bool {
    KNOWN.iter().any(|(says, _)| theirs.contains(says))
}
