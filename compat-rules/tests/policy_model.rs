//! What rules of policy see of a schema: the same words for the same thing in three formats.

use compat_rules::policy::model::{Details, FieldType, Model};
use compat_rules::{Format, References, Strictness, parse};

fn model(format: Format, text: &str) -> Model {
    parse(format, text, &References::none(), Strictness::New)
        .expect("a valid schema")
        .model(text)
}

/// `path type[inner types] flags` of every field, in the order of the text.
fn fields(model: &Model) -> Vec<String> {
    model
        .fields()
        .map(|(_, field)| {
            let inner = field.inner.iter();
            let inner: Vec<_> = inner.map(|one| format!("{:?}", one.held.r#type)).collect();
            let item = match inner[..] {
                [] => String::new(),
                _ => format!("[{}]", inner.join(" ")),
            };
            let flags = [
                (field.nullable, " nullable"),
                (field.required, " required"),
                (field.default.is_some(), " default"),
                (field.doc.is_some(), " doc"),
                (field.deprecated, " deprecated"),
                (!field.tags.is_empty(), " tags"),
            ];
            let flags: String = flags
                .iter()
                .filter(|(holds, _)| *holds)
                .map(|(_, word)| *word)
                .collect();
            format!(
                "{} {:?}{item}{flags}",
                field.element.path, field.held.r#type
            )
        })
        .collect()
}

/// `path name` of every type, with `root` and `recursive`.
fn types(model: &Model) -> Vec<String> {
    let flags = |root: bool, recursive: bool| match (root, recursive) {
        (true, _) => " root",
        (_, true) => " recursive",
        _ => "",
    };
    model
        .types
        .iter()
        .map(|one| {
            format!(
                "{:?} {} {}{}",
                one.kind,
                one.element.path,
                one.full_name,
                flags(one.is_root, one.is_recursive)
            )
        })
        .collect()
}

const AVRO: &str = r#"{"type":"record","name":"Order","namespace":"acme.orders","doc":"An order.","fields":[
  {"name":"id","type":{"type":"string","logicalType":"uuid"},"doc":"Its id."},
  {"name":"note","type":["null","string"],"default":null,"confluent:tags":["PII"]},
  {"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[
    {"name":"amount","type":{"type":"bytes","logicalType":"decimal","precision":10,"scale":2}},
    {"name":"state","type":{"type":"enum","name":"State","symbols":["OPEN","DONE"],"default":"OPEN"}},
    {"name":"parent","type":["null","Line"],"default":null}]}}},
  {"name":"extra","type":{"type":"map","values":"double"}},
  {"name":"at","type":{"type":"int","logicalType":"timestamp-millis"}},
  {"name":"either","type":["int","string"],"deprecated":true}]}"#;

#[test]
fn an_avro_schema_is_seen_through_optional_unions_arrays_and_logical_types() {
    let model = model(Format::Avro, AVRO);
    assert_eq!(
        fields(&model),
        [
            "id Uuid required doc",
            "note String nullable default tags",
            "lines Array[Record] required",
            "extra Map[Float64] required",
            "at Int32 required",
            "either Union[Int32 String] required deprecated",
            "lines[].amount Decimal required",
            "lines[].state Enum required",
            "lines[].parent Record nullable default",
        ]
    );
    assert_eq!(
        types(&model),
        [
            "Record  acme.orders.Order root",
            "Record lines[] acme.orders.Line recursive",
            "Enum lines[].state acme.orders.State",
            "Union either ",
        ]
    );
    assert_eq!((model.depth, model.doc.as_deref()), (2, Some("An order.")));
    let (_, at) = model
        .fields()
        .find(|(_, field)| field.name == "at")
        .expect("the field");
    assert!(
        !at.held.logical_is_effective,
        "readers ignore a timestamp on an int"
    );
    let (_, amount) = model
        .fields()
        .find(|(_, field)| field.name == "amount")
        .expect("the field");
    assert_eq!(
        (amount.held.precision, amount.held.scale),
        (Some(10), Some(2))
    );
    assert_eq!(amount.element.pointer, "/fields/2/type/items/fields/0");
    assert_eq!(amount.element.place.map(|place| place.line), Some(5));
}

const JSON: &str = r##"{"$schema":"http://json-schema.org/draft-07/schema#","$id":"https://acme.example/order","type":"object",
  "description":"An order.","required":["id","nowhere"],"additionalProperties":false,
  "properties":{
    "id":{"type":"string","format":"uuid","description":"Its id."},
    "note":{"type":["null","string"],"confluent:tags":["PII"],"maxLength":10,"pattern":"^a"},
    "lines":{"type":"array","items":{"$ref":"#/definitions/Line"}},
    "extra":{"type":"object","additionalProperties":{"type":"number"}},
    "either":{"oneOf":[{"type":"string"},{"type":"integer"}],"deprecated":true},
    "maybe":{"oneOf":[{"type":"null"},{"type":"integer"}],"default":"x"},
    "any":{}},
  "definitions":{"Line":{"type":"object","properties":{
    "amount":{"type":"number"},
    "state":{"enum":["OPEN","DONE",null]},
    "parent":{"$ref":"#/definitions/Line"}}}}}"##;

#[test]
fn a_json_schema_is_seen_through_references_null_and_its_definitions() {
    let model = model(Format::Json, JSON);
    assert_eq!(
        fields(&model),
        [
            "id Uuid required doc",
            "note String nullable tags",
            "lines Array[Record]",
            "extra Map[Float64]",
            "either Union[String Int64] deprecated",
            "maybe Int64 nullable default",
            "any Any",
            "definitions.Line.amount Float64",
            "definitions.Line.state Enum nullable",
            "definitions.Line.parent Record",
        ]
    );
    assert_eq!(
        types(&model),
        [
            "Record   root",
            "Union either ",
            "Record definitions.Line Line recursive",
            "Enum definitions.Line.state ",
        ]
    );
    assert_eq!(model.depth, 2);
    let root = model.root().expect("a root");
    assert_eq!((root.is_open, root.required.len()), (Some(false), 2));
    let (_, maybe) = model
        .fields()
        .find(|(_, field)| field.name == "maybe")
        .expect("the field");
    assert!(!maybe.default_is_valid, "a text is no integer");
    let Details::Json(details) = &model.details else {
        panic!("not JSON")
    };
    assert_eq!(details.root_type.as_deref(), Some("object"));
    assert_eq!(details.patterns[0].1, "^a");
}

const PROTOBUF: &str = r#"syntax = "proto3";
package acme.orders;
import "google/protobuf/timestamp.proto";
import "google/type/date.proto";
// An order.
message Order {
  string id = 1; // Its id.
  optional string note = 2 [(confluent.field_meta) = {tags: ["PII"]}];
  repeated Line lines = 3;
  map<string, double> extra = 4;
  google.protobuf.Timestamp at = 5 [deprecated = true];
  oneof either { int32 a = 6; string b = 7; }
  reserved 8, 10 to 12;
  reserved "old";
  message Line {
    Line parent = 1;
    State state = 2;
  }
}
enum State {
  // Nobody knows.
  STATE_UNSPECIFIED = 0;
}
"#;

#[test]
fn a_protobuf_file_is_seen_with_its_comments_and_what_it_imports() {
    let model = model(Format::Protobuf, PROTOBUF);
    assert_eq!(
        fields(&model),
        [
            "Order.id String doc",
            "Order.note String nullable tags",
            "Order.lines Array[Record]",
            "Order.extra Map[Float64]",
            "Order.at Instant nullable deprecated",
            "Order.a Int32 nullable",
            "Order.b String nullable",
            "Order.Line.parent Record nullable",
            "Order.Line.state Enum",
        ]
    );
    assert_eq!(
        types(&model),
        [
            "Record Order acme.orders.Order root",
            "Record Order.Line acme.orders.Order.Line recursive",
            "Enum State acme.orders.State",
        ]
    );
    assert_eq!((model.depth, model.doc.as_deref()), (2, Some("An order.")));
    assert_eq!(model.types[0].reserved_numbers, [(8, 8), (10, 12)]);
    assert_eq!(
        model.types[2].symbols[0].doc.as_deref(),
        Some("Nobody knows.")
    );
    let Details::Protobuf(details) = &model.details else {
        panic!("not Protobuf")
    };
    let used: Vec<_> = details
        .imports
        .iter()
        .map(|import| import.is_used)
        .collect();
    assert_eq!(used, [true, false]);
}

#[test]
fn what_a_field_holds_is_seen_at_all_depths_with_its_place() {
    let model = model(
        Format::Avro,
        r#"{"type":"record","name":"R","fields":[
  {"name":"a","type":["null",{"type":"array","items":{"type":"map","values":["null","int",{"type":"array","items":"float"}]}}]}]}"#,
    );
    let (_, field) = model.fields().next().expect("the field");
    let inner = field.inner.iter();
    let inner: Vec<_> = inner
        .map(|one| (one.element.path.as_str(), one.held.r#type))
        .collect();
    assert_eq!(
        inner,
        [
            ("a[]", FieldType::Map),
            ("a[]{}", FieldType::Union),
            ("a[]{}", FieldType::Int32),
            ("a[]{}", FieldType::Array),
            ("a[]{}[]", FieldType::Float32),
        ]
    );
    let last = &field.inner[4].element;
    assert_eq!(last.pointer, "/fields/0/type/1/items/values/2/items");
    assert_eq!(last.place.map(|place| place.line), Some(2));
}

#[test]
fn what_fields_hold_is_limited_however_often_a_text_refers_to_itself() {
    let branches = vec![r##"{"$ref":"#/definitions/A"}"##; 16].join(",");
    let fields: Vec<_> = (0..2000)
        .map(|number| format!(r##""f{number}":{{"$ref":"#/definitions/A"}}"##))
        .collect();
    let text = format!(
        r#"{{"type":"object","properties":{{{}}},"definitions":{{"A":{{"oneOf":[{branches}]}}}}}}"#,
        fields.join(",")
    );
    let model = model(Format::Json, &text);
    let counts: Vec<_> = model.fields().map(|(_, field)| field.inner.len()).collect();
    assert_eq!(counts.iter().max(), Some(&256));
    assert!(model.values().count() <= 2000 + 20_000);
}

#[test]
fn a_schema_as_deep_as_texts_may_be_needs_no_more_stack_than_a_thread_has() {
    let deep =
        |open: &str, close: &str, count| format!("{}{}", open.repeat(count), close.repeat(count));
    let text = deep(r#"{"properties":{"a":"#, "}}", 498).replacen(":}", ":true}", 1);
    assert_eq!(model(Format::Json, &text).depth, 498);
    let text = format!(
        r#"{}"int"{}"#,
        r#"{"type":"array","items":"#.repeat(900),
        "}".repeat(900)
    );
    let model = model(Format::Avro, &text);
    assert_eq!((model.depth, model.loose.len()), (0, 1 + 32));
}
