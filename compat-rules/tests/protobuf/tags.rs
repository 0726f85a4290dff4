//! Inline tags.

use compat_rules::{EntityKind, TagEdit, TaggedEntity, TextForm};

use super::golden_texts::parse_alone;

const TEXT: &str = "syntax = \"proto3\";
message M {
  string a = 1 [(confluent.field_meta) = { doc: \"d\" tags: [\"PII\", \"X\"] }];
  oneof o { string b = 2 [(confluent.field_meta).tags = \"OLD\"]; }
  message N { option (confluent.message_meta) = { tags: \"T\" }; string c = 3; }
}
";

fn entity(path: &str, kind: EntityKind, tags: &[&str]) -> TaggedEntity {
    TaggedEntity {
        path: path.to_owned(),
        kind,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    }
}

fn add(entity: TaggedEntity) -> TagEdit {
    TagEdit {
        add: vec![entity],
        remove: Vec::new(),
    }
}

fn remove(entity: TaggedEntity) -> TagEdit {
    TagEdit {
        add: Vec::new(),
        remove: vec![entity],
    }
}

#[test]
fn tags_are_found_in_every_spelling_of_the_option() {
    use EntityKind::{Field, Record};
    assert_eq!(
        parse_alone(TEXT).expect("a text").tags(),
        [
            entity("M.a", Field, &["PII", "X"]),
            entity("M.b", Field, &["OLD"]),
            entity("M.N", Record, &["T"]),
        ]
    );
}

#[test]
fn a_tag_is_added_once_to_the_list_that_is_there_or_to_a_new_option() {
    let schema = parse_alone(TEXT).expect("a text");
    let more = schema
        .with_tags(&add(entity("M.a", EntityKind::Field, &["X", "Y"])))
        .and_then(|schema| schema.with_tags(&add(entity("M.N.c", EntityKind::Field, &["Z"]))))
        .and_then(|schema| schema.with_tags(&add(entity("M", EntityKind::Record, &["R"]))))
        .expect("the paths exist");
    let text = more.canonical();
    for part in [
        "  string a = 1 [(confluent.field_meta) = {\n    doc: \"d\",\n    tags: [\n      \"PII\",\n      \"X\",\n      \"Y\"\n    ]\n  }];\n",
        "    string c = 3 [(confluent.field_meta) = {\n      tags: [\n        \"Z\"\n      ]\n    }];\n",
        "  option (confluent.message_meta) = {\n    tags: [\n      \"R\"\n    ]\n  };\n",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert_eq!(parse_alone(text).expect("a text").canonical(), text);
}

#[test]
fn the_last_tag_takes_its_property_and_an_empty_option_with_it() {
    let schema = parse_alone(TEXT).expect("a text");
    let less = schema
        .with_tags(&remove(entity("M.a", EntityKind::Field, &["PII", "X"])))
        .and_then(|schema| schema.with_tags(&remove(entity("M.o.b", EntityKind::Field, &["OLD"]))))
        .and_then(|schema| schema.with_tags(&remove(entity("M.N", EntityKind::Record, &["T"]))))
        .expect("the paths exist");
    let text = less.canonical();
    assert!(
        text.contains("string a = 1 [(confluent.field_meta) = {\n    doc: \"d\"\n  }];"),
        "{text}"
    );
    assert!(text.contains("    string b = 2;\n"), "{text}");
    assert!(!text.contains("message_meta"), "{text}");
}

#[test]
fn a_path_that_leads_nowhere_is_refused_in_the_words_of_the_reference() {
    let schema = parse_alone(TEXT).expect("a text");
    let refusal = |path, kind| {
        let edited = schema.with_tags(&add(entity(path, kind, &["T"])));
        edited.expect_err("no such element").to_string()
    };
    assert_eq!(
        refusal("M.Nope", EntityKind::Record),
        "No matching Message with name 'Nope' found in the schema"
    );
    assert_eq!(
        refusal("M.nope", EntityKind::Field),
        "No matching Field with name 'nope' found in the schema"
    );
    // Of a field, what stands right before its name may be a oneof, so that it is no missing message.
    for path in ["Q.a", "M.Q.a", "a"] {
        assert_eq!(
            refusal(path, EntityKind::Field),
            "No matching Field with name 'a' found in the schema"
        );
    }
    assert_eq!(
        refusal("Q.N.c", EntityKind::Field),
        "No matching Message with name 'Q' found in the schema"
    );
}

#[test]
fn one_dot_before_a_path_says_nothing() {
    let schema = parse_alone(TEXT).expect("a text");
    for (path, kind) in [
        ("M.a", EntityKind::Field),
        ("M.o.b", EntityKind::Field),
        ("M.N", EntityKind::Record),
    ] {
        let tagged = |path: &str| schema.with_tags(&add(entity(path, kind, &["Y"])));
        let text = tagged(path).expect(path).canonical().to_owned();
        let dotted = tagged(&format!(".{path}")).expect(path);
        assert_eq!(dotted.canonical(), text);
        assert!(tagged(&format!("..{path}")).is_err(), "{path}");
    }
}

#[test]
fn the_full_name_of_an_option_of_confluent_may_begin_with_a_dot() {
    let text = "syntax = \"proto3\";
option (.confluent.file_meta).doc = \"d\";
option (confluent.file_meta).tags = [\"PII\", \"X\"];
message M { string a = 1 [(.confluent.field_meta) = { tags: \"PII\" }]; }
";
    let schema = parse_alone(text).expect("a text");
    let descriptor = schema
        .render(TextForm::Serialized)
        .expect("a file that links");
    assert_eq!(
        parse_alone(&descriptor).expect("a descriptor").canonical(),
        "syntax = \"proto3\";

option (confluent.file_meta) = {
  doc: \"d\",
  tags: [
    \"PII\",
    \"X\"
  ]
};

message M {
  string a = 1 [(confluent.field_meta) = {
    tags: [
      \"PII\"
    ]
  }];
}
"
    );
}

#[test]
fn what_confluent_adds_survives_the_way_into_a_descriptor_and_back() {
    let text = "syntax = \"proto3\";

message M {
  option (confluent.message_meta) = {
    doc: \"about M\",
    params: [
      {
        key: \"a\",
        value: \"b\"
      },
      {
        value: \"9\",
        key: \"precision\"
      }
    ]
  };

  string a = 1 [(confluent.field_meta) = {
    tags: [
      \"PII\"
    ],
    rules: [
      {
        name: \"r\",
        expr: \"true\"
      }
    ]
  }];
}
";
    let schema = parse_alone(text).expect("a text");
    assert_eq!(schema.canonical(), text);
    let descriptor = schema
        .render(TextForm::Serialized)
        .expect("a file that links");
    let back = parse_alone(&descriptor).expect("a descriptor");
    assert_eq!(back.canonical(), text);
    assert_eq!(
        schema.render(TextForm::IgnoreExtensions).as_deref(),
        Ok(text)
    );
}
