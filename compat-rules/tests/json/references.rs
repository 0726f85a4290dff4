//! Which `$ref` finds which import, row by row as `json-schema.md` section 8 has it.

use std::sync::Arc;

use compat_rules::{Format, Import, InvalidSchema, References, Strictness, parse};

const MODERN: &str = r#""$schema":"https://json-schema.org/draft/2020-12/schema","#;

/// Whether a root, which may refer to these imports, loads: in the classical dialects, and in the modern ones.
fn loads(root: &str, imports: &[(&str, &str)]) -> [bool; 2] {
    load(root, imports).map(|loaded| loaded.is_ok())
}

/// Loads a root, first as a schema of the classical dialects, then as one of the modern ones.
fn load(root: &str, imports: &[(&str, &str)]) -> [Result<(), InvalidSchema>; 2] {
    let mut references = References::none();
    for (name, text) in imports {
        references.add(Import {
            name: (*name).to_owned(),
            text: Arc::from(*text),
            subject: format!("subject-of-{name}"),
            version: 1,
            direct: true,
        });
    }
    ["{", &format!("{{{MODERN}")].map(|start| {
        let text = root.replacen('{', start, 1);
        let schema = parse(Format::Json, &text, &references, Strictness::New).expect("it is JSON");
        schema.validate(false)
    })
}

/// Why a root does not load, in whatever dialect, and the import or built-in document that it is for.
fn refusal(root: &str, imports: &[(&str, &str)]) -> Vec<(Option<String>, Option<String>, bool)> {
    let refused = load(root, imports).into_iter().filter_map(Result::err);
    refused
        .map(|invalid| {
            let import = invalid.import().map(str::to_owned);
            let cause = invalid.cause().map(str::to_owned);
            (import, cause, invalid.place().is_some())
        })
        .collect()
}

const BOTH: [bool; 2] = [true, true];
const NEITHER: [bool; 2] = [false, false];
const CLASSICAL: [bool; 2] = [true, false];
const MODERN_ONLY: [bool; 2] = [false, true];

fn to(reference: &str) -> String {
    format!(r#"{{"properties":{{"p":{{"$ref":"{reference}"}}}}}}"#)
}

fn with_id(reference: &str) -> String {
    to(reference).replacen('{', r#"{"$id":"http://e/root.json","#, 1)
}

#[test]
fn a_reference_that_is_the_name_is_found() {
    for name in ["a", "a.json", "com.x.A", "urn:x:a", "http://e/a.json"] {
        assert_eq!(loads(&to(name), &[(name, "{}")]), BOTH, "{name}");
        let inside = r#"{"definitions":{"x":{}},"x":{"y":{}}}"#;
        for pointer in ["#", "#/x/y", "#/$defs/x", "#/definitions/x"] {
            let reference = format!("{name}{pointer}");
            assert_eq!(
                loads(&to(&reference), &[(name, inside)]),
                BOTH,
                "{reference}"
            );
        }
        assert_eq!(
            loads(&to(&format!("{name}#/none")), &[(name, inside)]),
            NEITHER
        );
    }
}

#[test]
fn a_dot_slash_is_found_without_it_in_the_modern_dialects_only() {
    assert_eq!(loads(&to("./a.json"), &[("a.json", "{}")]), MODERN_ONLY);
    assert_eq!(loads(&to("a.json"), &[("./a.json", "{}")]), NEITHER);
}

#[test]
fn names_and_references_meet_at_the_id_of_the_root() {
    assert_eq!(loads(&with_id("a.json"), &[("a.json", "{}")]), BOTH);
    assert_eq!(
        loads(&with_id("http://e/a.json"), &[("a.json", "{}")]),
        CLASSICAL
    );
    assert_eq!(
        loads(&with_id("a.json"), &[("http://e/a.json", "{}")]),
        BOTH
    );
}

#[test]
fn an_import_is_resolved_against_its_own_name() {
    let a = ("d/a.json", r#"{"items":{"$ref":"b.json"}}"#);
    assert_eq!(loads(&to("d/a.json"), &[("d/b.json", "{}"), a]), BOTH);
    assert_eq!(loads(&to("d/a.json"), &[("b.json", "{}"), a]), MODERN_ONLY);
}

#[test]
fn ids_inside_count_where_the_loader_looks_for_them() {
    let other = ("x.json", r#"{"$id":"http://e/a.json"}"#);
    assert_eq!(loads(&to("http://e/a.json"), &[other]), NEITHER);
    let inner = |id: &str, reference: &str| {
        let definitions = format!(r#"{{"definitions":{{"x":{{"$id":"{id}"}}}},"#);
        with_id(reference).replacen('{', &definitions, 1)
    };
    assert_eq!(loads(&inner("inner.json", "inner.json"), &[]), MODERN_ONLY);
    let absolute = "http://e/inner.json";
    assert_eq!(loads(&inner(absolute, absolute), &[]), BOTH);
    assert_eq!(loads(&inner("#anchor", "#anchor"), &[]), BOTH);
}

#[test]
fn a_name_must_be_a_uri_reference_and_an_import_json() {
    let root = r#"{"title":"t"}"#;
    assert_eq!(loads(root, &[("my address", "{}")]), NEITHER);
    assert_eq!(loads(root, &[("a.json", "syntax = \"proto3\";")]), NEITHER);
    assert_eq!(loads(root, &[("a.json", r#"{"type":"unknown"}"#)]), BOTH);
    assert_eq!(loads(root, &[("a.json", "true")]), MODERN_ONLY);
    assert_eq!(
        loads(&to("a.json"), &[("a.json", r#"{"type":"unknown"}"#)]),
        NEITHER
    );
}

#[test]
fn pointers_are_decoded() {
    let root = |pointer: &str| {
        let texts = r#"{"definitions":{"a/b":{},"a b":{},"a~b":{},"ü":{},"%":{}},"#;
        to(&format!("#/definitions/{pointer}")).replacen('{', texts, 1)
    };
    for pointer in ["a~1b", "a%20b", "a~0b", "a%7E1b", "%C3%BC", "%25"] {
        assert_eq!(loads(&root(pointer), &[]), BOTH, "{pointer}");
    }
    assert_eq!(loads(&root("%41"), &[]), NEITHER);
    // What a pointer may not hold as it is, though the name is there.
    for pointer in ["a b", "%"] {
        assert_eq!(loads(&root(pointer), &[]), NEITHER, "{pointer}");
    }
}

/// As everit 1.14.6 does it, the loader of the reference: it drops what stands before the first slash, and Java's `split` the slashes
/// at the end.
#[test]
fn a_classical_fragment_that_names_nothing_begins_at_its_first_slash() {
    let root = |fragment: &str| {
        let texts = r#"{"definitions":{"x":{"type":"string"}},"#;
        to(fragment).replacen('{', texts, 1)
    };
    for fragment in ["#anchor", "#anchor/definitions/x", "#/", "#/definitions/x/"] {
        assert_eq!(loads(&root(fragment), &[]), CLASSICAL, "{fragment}");
    }
    for fragment in ["#anchor/x", "#definitions/x", "#/definitions//x"] {
        assert_eq!(loads(&root(fragment), &[]), NEITHER, "{fragment}");
    }
    let import = ("a.json", r#"{"definitions":{"x":{}}}"#);
    for reference in ["a.json#anchor", "a.json#y/definitions/x", "a.json#/"] {
        assert_eq!(loads(&to(reference), &[import]), CLASSICAL, "{reference}");
    }
    assert_eq!(loads(&to("a.json#y/x"), &[import]), NEITHER);
}

#[test]
fn meta_schemas_are_built_in() {
    for draft in ["06", "07"] {
        let url = format!("http://json-schema.org/draft-{draft}/schema#");
        assert_eq!(loads(&to(&url), &[]), BOTH, "{url}");
    }
    // Its exclusive limits are booleans, which the modern rules refuse.
    let draft4 = to("http://json-schema.org/draft-04/schema#");
    assert_eq!(loads(&draft4, &[]), CLASSICAL);
    for draft in ["2019-09", "2020-12"] {
        let url = format!("https://json-schema.org/draft/{draft}/schema");
        assert_eq!(loads(&to(&url), &[]), MODERN_ONLY, "{url}");
    }
}

#[test]
fn an_import_is_read_by_the_rules_of_the_root() {
    let list = (
        "a.json",
        r#"{"$schema":"https://json-schema.org/draft/2020-12/schema","items":[{}]}"#,
    );
    assert_eq!(loads(&to("a.json"), &[list]), CLASSICAL);
    let prefix = (
        "a.json",
        r#"{"$schema":"http://json-schema.org/draft-07/schema#","prefixItems":5}"#,
    );
    assert_eq!(loads(&to("a.json"), &[prefix]), CLASSICAL);
}

#[test]
fn a_fault_in_another_text_names_that_text_and_has_no_place() {
    let somewhere =
        |name: &str, cause: &str| (Some(name.to_owned()), Some(cause.to_owned()), false);
    let words =
        "type must be array, boolean, integer, null, number, object or string, not \"record\"";
    let avro = ("a", r#"{"type":"record","name":"A","fields":[]}"#);
    assert_eq!(
        refusal(&to("a"), &[avro]),
        [somewhere("a", words), somewhere("a", words)]
    );
    let lost = ("a", r#"{"$ref":"b"}"#);
    let words = "there is nothing that b names";
    assert_eq!(
        refusal(&to("a"), &[lost]),
        [somewhere("a", words), somewhere("a", words)]
    );
    let protobuf = ("a", "message M {}");
    let words = "the text is not JSON";
    assert_eq!(
        refusal(&to("a"), &[protobuf]),
        [somewhere("a", words), somewhere("a", words)]
    );
    // In the modern dialects the exclusive limits of this one are no numbers.
    let draft4 = refusal(&to("http://json-schema.org/draft-04/schema#"), &[]);
    let [(Some(name), Some(_), false)] = draft4.as_slice() else {
        panic!("{draft4:?}");
    };
    assert_eq!(name, "json-schema.org/draft-04/schema");
    // A fault of the root has a place, and no other name.
    let own = |cause: &str| (None, Some(cause.to_owned()), true);
    let words = "there is nothing that b names";
    assert_eq!(refusal(&to("b"), &[("a", "{}")]), [own(words), own(words)]);
}
