//! Inline tags. The paths that find something, and the texts that come out, are those of the recorded conversation
//! `tags/paths-avro`.

use compat_rules::{EntityKind, ParsedSchema, TagEdit, TaggedEntity};

use super::ask::{importing, schema};

const ORDER: &str = r#"{"type":"record","name":"order","namespace":"com.acme","fields":[{"name":"id","type":"long"},{"name":"item","type":{"type":"record","name":"item","fields":[{"name":"sku","type":"string"}]}}]}"#;

fn entity(path: &str, kind: EntityKind, tags: &[&str]) -> TaggedEntity {
    TaggedEntity {
        path: path.to_owned(),
        kind,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    }
}

fn with(
    schema: &ParsedSchema,
    path: &str,
    kind: EntityKind,
    tags: &[&str],
) -> Result<ParsedSchema, String> {
    let edit = TagEdit {
        add: vec![entity(path, kind, tags)],
        remove: Vec::new(),
    };
    schema
        .with_tags(&edit)
        .map_err(|invalid| invalid.reason().to_owned())
}

#[test]
fn every_path_of_the_conversation_finds_its_element() {
    let mut tagged = schema(ORDER);
    for (path, kind) in [
        ("com.acme.order", EntityKind::Record),
        (".order", EntityKind::Record),
        ("com.acme.order.id", EntityKind::Field),
        ("com.acme.item.sku", EntityKind::Field),
        (".item.sku", EntityKind::Field),
        ("order.id", EntityKind::Field),
        ("item", EntityKind::Record),
        ("com.acme.order.item", EntityKind::Field),
    ] {
        tagged = with(&tagged, path, kind, &["T"]).expect(path);
    }
    assert_eq!(
        tagged.canonical(),
        r#"{"type":"record","name":"order","namespace":"com.acme","fields":[{"name":"id","type":"long","confluent:tags":["T"]},{"name":"item","type":{"type":"record","name":"item","fields":[{"name":"sku","type":"string","confluent:tags":["T"]}],"confluent:tags":["T"]},"confluent:tags":["T"]}],"confluent:tags":["T"]}"#
    );
    let found: Vec<(String, EntityKind)> = tagged
        .tags()
        .into_iter()
        .map(|entity| (entity.path, entity.kind))
        .collect();
    assert_eq!(
        found,
        [
            ("com.acme.order".to_owned(), EntityKind::Record),
            ("com.acme.order.id".to_owned(), EntityKind::Field),
            ("com.acme.order.item".to_owned(), EntityKind::Field),
            ("com.acme.item".to_owned(), EntityKind::Record),
            ("com.acme.item.sku".to_owned(), EntityKind::Field),
        ]
    );
}

#[test]
fn one_dot_before_a_path_says_nothing() {
    for (path, kind) in [
        ("com.acme.order", EntityKind::Record),
        ("com.acme.item.sku", EntityKind::Field),
        ("item", EntityKind::Record),
    ] {
        let tagged = |path: &str| with(&schema(ORDER), path, kind, &["T"]);
        let text = tagged(path).expect(path).canonical().to_owned();
        let dotted = tagged(&format!(".{path}")).expect(path);
        assert_eq!(dotted.canonical(), text);
    }
}

#[test]
fn a_path_that_names_nothing_is_refused() {
    for (path, kind) in [
        ("com.acme.order.item.sku", EntityKind::Field),
        ("com.acme.order.nope", EntityKind::Field),
        ("org.order", EntityKind::Record),
        ("id", EntityKind::Field),
        ("", EntityKind::Record),
    ] {
        assert_eq!(
            with(&schema(ORDER), path, kind, &["T"]).err(),
            Some(format!("No matching path '{path}' found in the schema"))
        );
    }
}

#[test]
fn tags_are_a_set_in_the_order_of_their_coming_and_an_empty_one_disappears() {
    let edited = |add: &[&str], remove: &[&str], text: &str| {
        let edit = TagEdit {
            add: vec![entity("E", EntityKind::Record, add)],
            remove: vec![entity("E", EntityKind::Record, remove)],
        };
        let edited = schema(text)
            .with_tags(&edit)
            .expect("there is such a record");
        edited.canonical().to_owned()
    };
    let tagged =
        |tags: &str| format!(r#"{{"type":"record","name":"E","fields":[]{tags},"aliases":["X"]}}"#);
    let plain = tagged("");
    assert_eq!(
        edited(&["b", "a", "b"], &[], &plain),
        tagged(r#","confluent:tags":["b","a"]"#)
    );
    let with_tags = tagged(r#","confluent:tags":["b"],"z":1"#);
    assert_eq!(
        edited(&["a", "b"], &["x"], &with_tags),
        tagged(r#","confluent:tags":["b","a"],"z":1"#)
    );
    assert_eq!(edited(&[], &["b"], &with_tags), tagged(r#","z":1"#));
}

#[test]
fn the_record_nearest_to_the_root_is_found_first() {
    let deep = r#"{"type":"record","name":"n.A","fields":[{"name":"x","type":{"type":"array","items":{"type":"record","name":"m.A","fields":[]}}}]}"#;
    let tagged = with(&schema(deep), "A", EntityKind::Record, &["T"]).expect("n.A");
    assert_eq!(tagged.tags(), [entity("n.A", EntityKind::Record, &["T"])]);
    let inner = with(&schema(deep), "m.A", EntityKind::Record, &["T"]).expect("m.A");
    assert_eq!(inner.tags(), [entity("m.A", EntityKind::Record, &["T"])]);
}

#[test]
fn an_imported_record_cannot_be_tagged_from_outside() {
    let import = r#"{"type":"record","name":"S","fields":[]}"#;
    let text = r#"{"type":"record","name":"R","fields":[{"name":"s","type":"S"}]}"#;
    let importing = importing(text, &[import]).expect("it imports what it needs");
    assert!(with(&importing, "S", EntityKind::Record, &["T"]).is_err());
    let tagged = with(&importing, "R.s", EntityKind::Field, &["T"]).expect("a field of its own");
    assert_eq!(tagged.tags(), [entity("R.s", EntityKind::Field, &["T"])]);
}
