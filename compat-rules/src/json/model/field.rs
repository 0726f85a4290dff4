//! What a property holds: its type, seen through references within the text and through null.

mod default;
mod inner;

use crate::policy::model::{Constraints, Element, Field, FieldType, Held};
use crate::value::{Kind, Number, Value};

pub(super) use inner::Look;

use super::parts::{doc, is_deprecated, items, member, properties, tags, text_of};

/// References that are followed for one property; a longer chain is taken for a cycle.
const CHAIN_MAX: usize = 32;

/// The field that this schema under `properties` makes.
pub(super) fn field<'v>(
    look: &mut Look<'v>,
    element: Element,
    name: &str,
    schema: &'v Value,
    required: bool,
) -> Field {
    let seen = seen(look.root(), schema);
    let held = held(look.root(), schema);
    let default = member(schema, "default");
    Field {
        repeated: held.r#type == FieldType::Array,
        inner: match held.is_outer {
            true => look.inner(schema, &element),
            false => Vec::new(),
        },
        element,
        name: name.to_owned(),
        held,
        nullable: is_nullable(schema) || is_nullable(seen),
        null_first: false,
        required: required && default.is_none(),
        default: default.map(|value| value.to_text(crate::json::STYLE)),
        default_is_valid: default
            .is_none_or(|value| look.fits(value, schema) && look.fits(value, seen)),
        doc: doc(schema).or_else(|| doc(seen)),
        deprecated: is_deprecated(schema),
        tags: tags(schema),
        number: None,
        json_name: None,
        oneof: None,
        aliases: Vec::new(),
        constraints: constraints(seen),
        properties: properties(schema),
    }
}

/// What a value of the schema is.
fn held(root: &Value, schema: &Value) -> Held {
    let seen = seen(root, schema);
    let decimal = decimal(seen);
    let r#type = match decimal {
        Some(_) => FieldType::Decimal,
        None => field_type(seen),
    };
    let words = type_words(seen);
    let words = words.iter().filter(|word| **word != "null").count();
    let branches = match branches_besides_null(seen) {
        0 | 1 if r#type == FieldType::Union => words,
        branches => branches,
    };
    Held {
        r#type,
        type_name: type_name(schema, seen),
        logical: match decimal {
            Some(_) => Some("decimal".to_owned()),
            None => text_of(seen, "format"),
        },
        logical_is_effective: decimal.is_some() || is_text(seen),
        precision: decimal.and_then(|(precision, _)| precision),
        scale: decimal.and_then(|(_, scale)| scale),
        branches: branches.max(1),
        is_outer: match r#type {
            FieldType::Array => ITEMS.iter().any(|keyword| member(seen, keyword).is_some()),
            FieldType::Map | FieldType::Union => true,
            _ => false,
        },
    }
}

/// JSON Schema has no decimal. Kafka Connect writes one as a number with its own name for a title, and with
/// parameters: precision and scale.
fn decimal(schema: &Value) -> Option<(Option<i64>, Option<i64>)> {
    if member(schema, "title")?.as_str()? != "org.apache.kafka.connect.data.Decimal" {
        return None;
    }
    let parameter = |key| {
        let parameters = member(schema, "connect.parameters")?;
        let value = member(parameters, key)?;
        let number = value.as_number().and_then(Number::as_i64);
        number.or_else(|| value.as_str()?.parse().ok())
    };
    Some((parameter("connect.decimal.precision"), parameter("scale")))
}

/// The keywords that say what the items of a list are.
const ITEMS: [&str; 4] = [
    "items",
    "prefixItems",
    "additionalItems",
    "unevaluatedItems",
];

/// What the schema comes to: `$ref`s within the text, and the only branch besides null, are followed.
fn seen<'v>(root: &'v Value, schema: &'v Value) -> &'v Value {
    let mut seen = schema;
    for _ in 0..CHAIN_MAX {
        let target = text_of(seen, "$ref").and_then(|target| local_pointer(root, &target));
        let next = match target {
            Some(pointer) => at(root, &pointer),
            None if branches_besides_null(seen) == 1 => ["oneOf", "anyOf"]
                .iter()
                .flat_map(|keyword| items(seen, keyword))
                .find(|branch| !is_null(branch)),
            None => None,
        };
        match next {
            Some(next) => seen = next,
            None => return seen,
        }
    }
    seen
}

/// The JSON pointer of a `$ref` that stays within the text, which may call itself by its id.
pub(super) fn local_pointer(root: &Value, target: &str) -> Option<String> {
    let own = || text_of(root, "$id").or_else(|| text_of(root, "id"));
    let behind = match target.starts_with('#') {
        true => target,
        false => target.strip_prefix(own()?.trim_end_matches('#'))?,
    };
    let fragment = match behind {
        "" => "",
        behind => behind.strip_prefix('#')?,
    };
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return None;
    }
    let decoded: String =
        fluent_uri::pct_enc::EStr::<fluent_uri::pct_enc::encoder::Fragment>::new(fragment)?
            .decode()
            .to_string_lossy()
            .into_owned();
    Some(decoded)
}

fn at<'v>(root: &'v Value, pointer: &str) -> Option<&'v Value> {
    pointer.split('/').skip(1).try_fold(root, |value, part| {
        let key = part.replace("~1", "/").replace("~0", "~");
        match &value.kind {
            Kind::Object(object) => object.get(&key),
            Kind::Array(items) => items.get(key.parse::<usize>().ok()?),
            _ => None,
        }
    })
}

/// The types that `type` names.
fn type_words(schema: &Value) -> Vec<&str> {
    match member(schema, "type").map(|value| &value.kind) {
        Some(Kind::String(word)) => vec![word],
        Some(Kind::Array(words)) => words.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// `type` as written, several divided by `|`.
pub(super) fn written_type(schema: &Value) -> Option<String> {
    let words = type_words(schema);
    (!words.is_empty()).then(|| words.join("|"))
}

/// The names under `required` that are names.
pub(super) fn required(schema: &Value) -> Vec<String> {
    items(schema, "required")
        .filter_map(|name| Some(name.as_str()?.to_owned()))
        .collect()
}

/// True for a schema of objects with named properties, and for one of objects about which nothing more is said.
pub(super) fn is_record(schema: &Value) -> bool {
    if member(schema, "properties").is_some_and(|found| found.as_object().is_some()) {
        return true;
    }
    type_words(schema).contains(&"object") && !is_map(schema)
}

/// Objects of which only the values are described.
fn is_map(schema: &Value) -> bool {
    [
        "additionalProperties",
        "patternProperties",
        "unevaluatedProperties",
    ]
    .iter()
    .any(|keyword| member(schema, keyword).is_some_and(|found| found.as_object().is_some()))
}

fn is_null(schema: &Value) -> bool {
    type_words(schema) == ["null"]
}

fn is_nullable(schema: &Value) -> bool {
    let states_null = |keyword| items(schema, keyword).any(is_null);
    type_words(schema).contains(&"null")
        || states_null("oneOf")
        || states_null("anyOf")
        || items(schema, "enum").any(|value| matches!(value.kind, Kind::Null))
        || member(schema, "nullable").is_some_and(|value| value.as_bool() == Some(true))
}

/// How many branches of `oneOf` and `anyOf` are not null.
pub(super) fn branches_besides_null(schema: &Value) -> usize {
    let branches = ["oneOf", "anyOf"]
        .iter()
        .flat_map(|keyword| items(schema, keyword));
    branches.filter(|branch| !is_null(branch)).count()
}

fn is_text(schema: &Value) -> bool {
    let words = type_words(schema);
    words.is_empty() || words.contains(&"string")
}

fn field_type(schema: &Value) -> FieldType {
    if member(schema, "enum").is_some() {
        return FieldType::Enum;
    }
    if text_of(schema, "$ref").is_some() || member(schema, "properties").is_some() {
        return FieldType::Record;
    }
    if branches_besides_null(schema) > 1 {
        return FieldType::Union;
    }
    let words: Vec<_> = type_words(schema)
        .into_iter()
        .filter(|word| *word != "null")
        .collect();
    match words[..] {
        [] => untyped(schema),
        [word] => of_word(word, schema),
        _ => FieldType::Union,
    }
}

fn of_word(word: &str, schema: &Value) -> FieldType {
    match word {
        "string" => of_format(schema),
        "integer" => FieldType::Int64,
        "number" => FieldType::Float64,
        "boolean" => FieldType::Boolean,
        "array" => FieldType::Array,
        "object" if is_map(schema) => FieldType::Map,
        "object" => FieldType::Record,
        _ => FieldType::Any,
    }
}

fn of_format(schema: &Value) -> FieldType {
    if member(schema, "contentEncoding").is_some() {
        return FieldType::Bytes;
    }
    match text_of(schema, "format").as_deref() {
        Some("date-time") => FieldType::Instant,
        Some("date") => FieldType::Date,
        Some("time") => FieldType::Time,
        Some("duration") => FieldType::Duration,
        Some("uuid") => FieldType::Uuid,
        Some("local-date-time") => FieldType::LocalInstant,
        _ => FieldType::String,
    }
}

/// A schema without `type` may say what it means by other keywords.
fn untyped(schema: &Value) -> FieldType {
    if let Some(value) = member(schema, "const") {
        return match &value.kind {
            Kind::String(_) => FieldType::String,
            Kind::Number(_) => FieldType::Float64,
            Kind::Boolean(_) => FieldType::Boolean,
            Kind::Null => FieldType::Null,
            Kind::Array(_) => FieldType::Array,
            Kind::Object(_) => FieldType::Record,
        };
    }
    let has = |keyword: &&str| member(schema, keyword).is_some();
    if ["pattern", "minLength", "maxLength", "format"]
        .iter()
        .any(has)
    {
        return of_format(schema);
    }
    if ["minimum", "maximum", "multipleOf"].iter().any(has) {
        return FieldType::Float64;
    }
    if ["items", "prefixItems"].iter().any(has) {
        return FieldType::Array;
    }
    if is_map(schema) {
        return FieldType::Map;
    }
    // The first member that says something says it for all.
    let members = items(schema, "allOf").map(|member| match text_of(member, "$ref") {
        Some(_) => FieldType::Record,
        None if type_words(member).is_empty() => FieldType::Any,
        None => of_word(type_words(member)[0], member),
    });
    members
        .into_iter()
        .find(|found| *found != FieldType::Any)
        .unwrap_or(FieldType::Any)
}

fn type_name(schema: &Value, seen: &Value) -> String {
    text_of(schema, "$ref")
        .or_else(|| written_type(seen))
        .unwrap_or_else(|| "any".to_owned())
}

fn constraints(schema: &Value) -> Constraints {
    let number = |keyword: &str| member(schema, keyword).and_then(Value::as_number);
    let text = |keyword| number(keyword).map(|number: &Number| number.text().to_owned());
    let whole = |keyword| number(keyword).and_then(Number::as_i64);
    Constraints {
        minimum: text("minimum").or_else(|| text("exclusiveMinimum")),
        maximum: text("maximum").or_else(|| text("exclusiveMaximum")),
        min_length: whole("minLength"),
        max_length: whole("maxLength"),
        pattern: text_of(schema, "pattern"),
        min_items: whole("minItems"),
        max_items: whole("maxItems"),
    }
}
