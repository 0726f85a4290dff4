//! The Rust client `schema_registry_converter`, as an application uses it: Avro, JSON Schema, Protobuf.

use anyhow::{Result, bail, ensure};
use apache_avro::types::Value as AvroValue;
use schema_registry_converter::async_impl;
use schema_registry_converter::blocking::avro::{AvroDecoder, AvroEncoder};
use schema_registry_converter::blocking::json::{JsonDecoder, JsonEncoder};
use schema_registry_converter::blocking::proto_decoder::ProtoDecoder;
use schema_registry_converter::blocking::proto_encoder::ProtoEncoder;
use schema_registry_converter::blocking::schema_registry::{
    SrSettings, get_all_subjects, get_all_versions, get_schema_by_guid, get_schema_by_id,
    get_schema_by_subject, is_compatible_schema, post_schema,
};
use schema_registry_converter::error::SRCError;
use schema_registry_converter::schema_registry_common::{
    SchemaType, SubjectNameStrategy, SuppliedReference, SuppliedSchema,
};
use serde_json::{Value, json};

const AVRO_1: &str =
    r#"{"type":"record","name":"Order","namespace":"acme","fields":[{"name":"id","type":"long"}]}"#;
const AVRO_2: &str = r#"{"type":"record","name":"Order","namespace":"acme","fields":[{"name":"id","type":"long"},{"name":"currency","type":"string","default":"EUR"}]}"#;
const AVRO_BREAKING: &str = r#"{"type":"record","name":"Order","namespace":"acme","fields":[{"name":"id","type":"long"},{"name":"customer","type":"string"}]}"#;

fn main() -> Result<()> {
    let url = std::env::args()
        .nth(1)
        .expect("the URL of the registry is given");
    let settings = SrSettings::new_builder(url.clone()).no_proxy().build()?;
    if std::env::args().nth(2).as_deref() == Some("policies") {
        return policies(&settings);
    }
    avro(&settings)?;
    administration(&settings)?;
    references(&settings)?;
    json_schema(&settings)?;
    protobuf(&settings)?;
    asynchronous(&url)
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, got: T, expected: T) -> Result<()> {
    ensure!(
        got == expected,
        "{what}: expected {expected:?}, got {got:?}"
    );
    println!("ok: {what}");
    Ok(())
}

/// The call must fail, and the error must name all the parts.
fn refused<T: std::fmt::Debug>(
    what: &str,
    result: Result<T, SRCError>,
    parts: &[&str],
) -> Result<()> {
    let error = match result {
        Ok(value) => bail!("{what}: expected a refusal, got {value:?}"),
        Err(error) => error.to_string(),
    };
    for part in parts {
        ensure!(
            error.contains(part),
            "{what}: {part:?} is missing in: {error}"
        );
    }
    println!("ok: {what}: {parts:?}");
    Ok(())
}

fn schema_id(record: &[u8]) -> u32 {
    u32::from_be_bytes([record[1], record[2], record[3], record[4]])
}

fn supplied(schema_type: SchemaType, schema: &str) -> SuppliedSchema {
    SuppliedSchema::new(None, schema_type, schema.to_owned())
}

/// Registers the schema on the way, as the default serializer of other languages does.
fn registering(topic: &str, schema: SuppliedSchema) -> SubjectNameStrategy {
    SubjectNameStrategy::TopicNameStrategyWithSchema(topic.to_owned(), false, schema)
}

fn latest(topic: &str) -> SubjectNameStrategy {
    SubjectNameStrategy::TopicNameStrategy(topic.to_owned(), false)
}

fn avro(settings: &SrSettings) -> Result<()> {
    let encode = |strategy: &SubjectNameStrategy, fields| {
        AvroEncoder::new(settings.clone()).encode(fields, strategy)
    };
    let id = |id| ("id", AvroValue::Long(id));
    let old = encode(
        &registering("orders", supplied(SchemaType::Avro, AVRO_1)),
        vec![id(7)],
    )?;
    equal("the first id", schema_id(&old), 1)?;
    let currency = ("currency", AvroValue::String("CHF".to_owned()));
    let new = encode(
        &registering("orders", supplied(SchemaType::Avro, AVRO_2)),
        vec![id(8), currency.clone()],
    )?;
    equal("the second id", schema_id(&new), 2)?;
    let decoded = AvroDecoder::new(settings.clone()).decode(Some(&old))?.value;
    equal(
        "old bytes",
        decoded,
        AvroValue::Record(vec![("id".to_owned(), AvroValue::Long(7))]),
    )?;
    let by_latest = encode(&latest("orders"), vec![id(9), currency])?;
    equal("the latest version", schema_id(&by_latest), 2)?;
    let breaking = registering("orders", supplied(SchemaType::Avro, AVRO_BREAKING));
    let customer = ("customer", AvroValue::String("c".to_owned()));
    let parts = [
        "409",
        "40901",
        "READER_FIELD_MISSING_DEFAULT_VALUE",
        "customer",
    ];
    refused(
        "a field without a default",
        encode(&breaking, vec![id(1), customer]),
        &parts,
    )
}

fn administration(settings: &SrSettings) -> Result<()> {
    equal(
        "subjects",
        get_all_subjects(settings)?,
        vec!["orders-value".to_owned()],
    )?;
    equal(
        "versions",
        get_all_versions(settings, "orders-value".to_owned())?,
        vec![1, 2],
    )?;
    equal(
        "by id",
        serde_json::from_str::<Value>(&get_schema_by_id(1, settings)?.schema)?,
        serde_json::from_str(AVRO_1)?,
    )?;
    let newest = get_schema_by_subject(settings, &latest("orders"))?;
    equal("latest", (newest.id, newest.version), (2, Some(2)))?;
    let guid = newest.guid.expect("there is a guid");
    equal(
        "by guid",
        get_schema_by_guid(&guid, settings)?.schema,
        newest.schema,
    )?;
    let check = |schema| {
        is_compatible_schema(
            settings,
            "orders-value".to_owned(),
            supplied(SchemaType::Avro, schema),
        )
    };
    equal("compatible", check(AVRO_1)?, true)?;
    equal("incompatible", check(AVRO_BREAKING)?, false)?;
    let again = post_schema(
        settings,
        "copies".to_owned(),
        supplied(SchemaType::Avro, AVRO_1),
    )?;
    equal("an equal schema has the same id", again.id, 1)?;
    refused(
        "unknown id",
        get_schema_by_id(999, settings),
        &["404", "40403", "Schema 999 not found"],
    )?;
    refused(
        "unknown subject",
        get_schema_by_subject(settings, &latest("nothing")),
        &["40401", "Subject 'nothing-value' not found."],
    )?;
    let invalid = post_schema(settings, "x".to_owned(), supplied(SchemaType::Avro, "{"));
    refused(
        "no schema at all",
        invalid,
        &["422", "42201", "Invalid schema"],
    )
}

fn references(settings: &SrSettings) -> Result<()> {
    let customer = r#"{"type":"record","name":"Customer","namespace":"acme","fields":[{"name":"name","type":"string"}]}"#;
    let reference = SuppliedReference::new(
        "acme.Customer".to_owned(),
        "customers".to_owned(),
        customer.to_owned(),
    );
    let invoice = r#"{"type":"record","name":"Invoice","namespace":"acme","fields":[{"name":"customer","type":"Customer"}]}"#;
    let schema = supplied(SchemaType::Avro, invoice).with_references(vec![reference]);
    let ada = || {
        AvroValue::Record(vec![(
            "name".to_owned(),
            AvroValue::String("Ada".to_owned()),
        )])
    };
    let record = AvroEncoder::new(settings.clone())
        .encode(vec![("customer", ada())], &registering("invoices", schema))?;
    let decoded = AvroDecoder::new(settings.clone())
        .decode(Some(&record))?
        .value;
    equal(
        "a named type of another subject",
        decoded,
        AvroValue::Record(vec![("customer".to_owned(), ada())]),
    )?;
    equal(
        "it is a subject",
        get_all_versions(settings, "customers".to_owned())?,
        vec![1],
    )
}

fn json_schema(settings: &SrSettings) -> Result<()> {
    let schema = |properties: Value, required: Value| {
        let text = json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
        supplied(SchemaType::Json, &text.to_string())
    };
    let encode = |value: Value, schema| {
        JsonEncoder::new(settings.clone()).encode(&value, &registering("json", schema))
    };
    let old = encode(
        json!({"id": 7}),
        schema(json!({"id": {"type": "integer"}}), json!([])),
    )?;
    let more = json!({"id": {"type": "integer"}, "name": {"type": "string"}});
    encode(json!({"id": 8, "name": "x"}), schema(more, json!([])))?;
    let decoded = JsonDecoder::new(settings.clone())
        .decode(Some(&old))?
        .expect("there is a value");
    equal("JSON", decoded.value, json!({"id": 7}))?;
    let breaking = schema(
        json!({"id": {"type": "string"}, "name": {"type": "string"}}),
        json!([]),
    );
    refused(
        "another type",
        encode(json!({"id": "x"}), breaking),
        &["40901", "TYPE_CHANGED"],
    )
}

fn protobuf(settings: &SrSettings) -> Result<()> {
    let schema = |fields: &str| {
        let text = format!(
            "syntax = \"proto3\";\npackage acme;\nmessage First {{}}\nmessage Order {{ {fields} }}\n"
        );
        supplied(SchemaType::Protobuf, &text)
    };
    let encode = |value: Value, schema| {
        ProtoEncoder::new(settings.clone()).encode_json(
            &value,
            "acme.Order",
            &registering("proto", schema),
        )
    };
    let old = encode(json!({"id": 7}), schema("int32 id = 1;"))?;
    encode(
        json!({"id": 8, "name": "x"}),
        schema("int32 id = 1; string name = 2;"),
    )?;
    let decoded = ProtoDecoder::new(settings.clone())
        .decode_with_context(Some(&old))?
        .expect("there is a value");
    let id = decoded
        .value
        .get_field_by_name("id")
        .and_then(|value| value.as_i32());
    equal("Protobuf, second message of the file", id, Some(7))?;
    refused(
        "another wire type",
        encode(json!({"id": "x"}), schema("string id = 1;")),
        &["40901", "FIELD_SCALAR_KIND_CHANGED"],
    )
}

fn asynchronous(url: &str) -> Result<()> {
    let settings = async_impl::schema_registry::SrSettings::new_builder(url.to_owned())
        .no_proxy()
        .build()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let strategy = registering("asynchronous", supplied(SchemaType::Avro, AVRO_1));
    let (record, decoded) = runtime.block_on(async {
        let encoder = async_impl::avro::AvroEncoder::new(settings.clone());
        let record = encoder
            .encode(vec![("id", AvroValue::Long(7))], strategy)
            .await?;
        let decoded = async_impl::avro::AvroDecoder::new(settings)
            .decode(Some(&record))
            .await?;
        Ok::<_, SRCError>((record, decoded.value))
    })?;
    equal("asynchronously", schema_id(&record), 1)?;
    equal(
        "and back",
        decoded,
        AvroValue::Record(vec![("id".to_owned(), AvroValue::Long(7))]),
    )
}

/// The registry demands text of every field, and warns of names in another style.
fn policies(settings: &SrSettings) -> Result<()> {
    let silent = r#"{"type":"record","name":"Order","fields":[{"name":"amount","type":"long"}]}"#;
    let demanded = [
        "42270",
        "DOC002",
        "doc-field-required",
        "\"amount\"",
        "say in \"doc\" what it means",
    ];
    refused(
        "a registration",
        post_schema(
            settings,
            "orders-value".to_owned(),
            supplied(SchemaType::Avro, silent),
        ),
        &demanded,
    )?;
    let encode = |schema, field, value| {
        let strategy = registering("payments", supplied(SchemaType::Avro, schema));
        let fields = vec![(field, AvroValue::Long(value))];
        AvroEncoder::new(settings.clone()).encode(fields, &strategy)
    };
    refused(
        "an encoder that registers",
        encode(silent, "amount", 1),
        &demanded,
    )?;
    let warned = r#"{"type":"record","name":"Order","fields":[{"name":"orderId","type":"long","doc":"Its number."}]}"#;
    for time in ["what is warned of is registered", "and registered again"] {
        equal(time, schema_id(&encode(warned, "orderId", 7)?), 1)?;
    }
    Ok(())
}
