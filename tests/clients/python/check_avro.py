"""Avro through Confluent's Python client: what a team does in its first year."""

import json

from confluent_kafka.schema_registry import Schema, SchemaReference, header_schema_id_serializer
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer

from checking import client, equal, refused, same, schema_id, value


def record(name, *fields, namespace="com.acme"):
    return json.dumps({"type": "record", "name": name, "namespace": namespace, "fields": list(fields)})


ID = {"name": "id", "type": "long"}
CURRENCY = {"name": "currency", "type": "string", "default": "EUR"}
CUSTOMER = {"name": "customer", "type": "string"}
V1 = record("Order", ID)
V2 = record("Order", ID, CURRENCY)
BREAKING = record("Order", ID, CURRENCY, CUSTOMER)


def evolution():
    registry = client()
    old = AvroSerializer(registry, V1)({"id": 7}, value("orders"))
    equal("the first id", schema_id(old), 1)
    equal("the subject is named after the topic", registry.get_subjects(), ["orders-value"])
    new = AvroSerializer(registry, V2)({"id": 8, "currency": "CHF"}, value("orders"))
    equal("the second id", schema_id(new), 2)
    equal("both versions are there", registry.get_versions("orders-value"), [1, 2])

    reader = AvroDeserializer(client(), V2)
    equal("old bytes with the new reader", reader(old, value("orders")), {"id": 7, "currency": "EUR"})
    equal("new bytes with the new reader", reader(new, value("orders")), {"id": 8, "currency": "CHF"})
    equal("new bytes with the old reader", AvroDeserializer(client(), V1)(new, value("orders")), {"id": 8})
    equal("bytes with the writer's schema", AvroDeserializer(client())(old, value("orders")), {"id": 7})


def refusal():
    registry = client()
    parts = [
        'Schema being registered is incompatible with an earlier schema for subject "orders-value"',
        "READER_FIELD_MISSING_DEFAULT_VALUE",
        "The field 'customer' at path '/fields/2' in the new schema has no default value and is missing in the old schema",
        "compatibility: 'BACKWARD'",
    ]
    serialize = AvroSerializer(registry, BREAKING)
    breaking = {"id": 1, "currency": "EUR", "customer": "c"}
    refused("a field without a default", 40901, parts, lambda: serialize(breaking, value("orders")))
    equal("nothing was registered", registry.get_versions("orders-value"), [1, 2])
    equal("the check agrees", registry.test_compatibility("orders-value", Schema(BREAKING)), False)
    equal("the check of all versions agrees", registry.test_compatibility_all_versions("orders-value", Schema(BREAKING)), False)
    equal("an older version is compatible", registry.test_compatibility("orders-value", Schema(V1), 1), True)
    refused("no schema at all", 42201, ["Invalid schema"], lambda: registry.register_schema("x", Schema('{"type":"nope"}')))
    refused("no such level", 42203, ["Invalid compatibility level"], lambda: registry.set_compatibility("orders-value", "sideways"))


def reading():
    registry = client()
    equal("schema by id", json.loads(registry.get_schema(1).schema_str), json.loads(V1))
    equal("types", sorted(registry.get_schema_types()), ["AVRO", "JSON", "PROTOBUF"])
    equal("subjects of an id", registry.get_subjects_by_schema_id(2), ["orders-value"])
    equal("versions of an id", [(v.subject, v.version) for v in registry.get_schema_versions(2)], [("orders-value", 2)])
    latest = registry.get_latest_version("orders-value")
    equal("latest", (latest.subject, latest.version, latest.schema_id), ("orders-value", 2, 2))
    equal("a version by number", registry.get_version("orders-value", 1).schema_id, 1)
    by_guid = client().get_schema_by_guid(latest.guid)
    equal("schema by guid", by_guid.schema_str, latest.schema.schema_str)
    found = registry.lookup_schema("orders-value", Schema(V1))
    equal("lookup", (found.schema_id, found.version), (1, 1))
    refused("unknown schema", 40403, ["Schema not found"], lambda: registry.lookup_schema("orders-value", Schema(BREAKING)))
    refused("unknown subject", 40401, ["Subject 'nobody' not found."], lambda: registry.lookup_schema("nobody", Schema(V1)))
    refused("unknown version", 40402, ["Version 9 not found."], lambda: registry.get_version("orders-value", 9))
    refused("unknown id", 40403, ["Schema 999 not found"], lambda: registry.get_schema(999))


def registration_by_hand():
    registry = client()
    serialize = AvroSerializer(registry, BREAKING, conf={"auto.register.schemas": False})
    breaking = {"id": 1, "currency": "EUR", "customer": "c"}
    refused("not registered", 40403, ["Schema not found"], lambda: serialize(breaking, value("orders")))
    known = AvroSerializer(client(), V1, conf={"auto.register.schemas": False})
    equal("registered before", schema_id(known({"id": 1}, value("orders"))), 1)
    latest = AvroSerializer(client(), conf={"auto.register.schemas": False, "use.latest.version": True})
    equal("the latest version", schema_id(latest({"id": 1, "currency": "CHF"}, value("orders"))), 2)
    equal("registering again changes nothing", client().register_schema("orders-value", Schema(V1)), 1)
    equal("an equal schema elsewhere has the same id", client().register_schema("copies-value", Schema(V1)), 1)
    spaced = json.dumps(json.loads(V1), indent=4)
    equal("white space means nothing", client().register_schema("copies-value", Schema(spaced)), 1)
    full = client().register_schema_full_response("copies-value", Schema(V2), normalize_schemas=True)
    equal("the full response", (full.schema_id, full.version), (2, 2))


def references():
    registry = client()
    customer = record("Customer", {"name": "name", "type": "string"})
    reference = SchemaReference("com.acme.Customer", "customers-value", 1)
    invoice = Schema(record("Invoice", ID, {"name": "customer", "type": "Customer"}), "AVRO", [reference])
    registry.register_schema("customers-value", Schema(customer))
    written = AvroSerializer(registry, invoice)({"id": 3, "customer": {"name": "Ada"}}, value("invoices"))
    read = AvroDeserializer(client(), invoice)(written, value("invoices"))
    equal("a named type of another subject", read, {"id": 3, "customer": {"name": "Ada"}})
    equal("who refers to it", client().get_referenced_by("customers-value", 1), [schema_id(written)])
    stored = client().get_latest_version("invoices-value").schema
    equal("the reference is stored", stored.references, [reference])
    refused("it cannot be deleted", 42206, ["One or more references exist"], lambda: registry.delete_version("customers-value", 1))
    missing = Schema(invoice.schema_str, "AVRO", [SchemaReference("com.acme.Customer", "customers-value", 5)])
    refused("a reference to nothing", 42201, ["No schema reference found"], lambda: registry.register_schema("invoices-value", missing))


def settings():
    registry = client()
    equal("default level", registry.get_compatibility(), "BACKWARD")
    refused("no level of its own", 40408, ["does not have subject-level compatibility configured"], lambda: registry.get_compatibility("orders-value"))
    registry.set_compatibility("orders-value", "none")
    equal("a level of its own", registry.get_compatibility("orders-value"), "NONE")
    third = AvroSerializer(client(), BREAKING)({"id": 1, "currency": "EUR", "customer": "c"}, value("orders"))
    equal("with NONE all goes", registry.get_latest_version("orders-value").schema_id, schema_id(third))
    registry.set_compatibility("orders-value", "FULL_TRANSITIVE")
    registry.delete_config("orders-value")
    refused("gone again", 40408, ["orders-value"], lambda: registry.get_compatibility("orders-value"))
    equal("mode", registry.get_global_mode(), "READWRITE")
    registry.update_mode("orders-value", "READONLY")
    equal("a mode of its own", registry.get_mode("orders-value"), "READONLY")
    refused(
        "read-only", 42205, ["Subject orders-value in context  is in read-only mode"],
        lambda: client().register_schema("orders-value", Schema(record("Order", ID, namespace="other"))),
    )
    registry.delete_mode("orders-value")
    equal("contexts", registry.get_contexts(), ["."])
    elsewhere = registry.register_schema(":.eu:orders-value", Schema(V1))
    equal("another context counts from 1", elsewhere, 1)
    equal("two contexts", registry.get_contexts(), [".", ".eu"])
    same("subjects of all contexts", registry.get_subjects(), [":.eu:orders-value", "copies-value", "customers-value", "invoices-value", "orders-value"])
    equal("subjects of one", registry.get_subjects(":.eu:"), [":.eu:orders-value"])


def guids_in_headers():
    headers = []
    order = {"id": 7, "currency": "Swiss francs"}
    serialize = AvroSerializer(client(), V2, conf={"schema.id.serializer": header_schema_id_serializer})
    written = serialize(order, value("orders", headers))
    equal("the guid travels in a header", [name for name, _ in headers], ["__value_schema_id"])
    equal("and is understood", AvroDeserializer(client())(written, value("orders", headers)), order)


def deletion():
    registry = client()
    refused("soft before hard", 40407, ["was not deleted first"], lambda: registry.delete_version("copies-value", 1, permanent=True))
    equal("one version", registry.delete_version("copies-value", 1), 1)
    equal("the other is left", registry.get_versions("copies-value"), [2])
    equal("deleted ones can be listed", registry.get_versions("copies-value", deleted=True), [1, 2])
    equal("the subject", registry.delete_subject("copies-value"), [2])
    equal("for good", registry.delete_subject("copies-value", permanent=True), [1, 2])
    refused("gone", 40401, ["Subject 'copies-value' not found."], lambda: client().get_versions("copies-value"))
    equal("the id lives on elsewhere", client().get_subjects_by_schema_id(1), ["orders-value"])


if __name__ == "__main__":
    evolution()
    refusal()
    reading()
    registration_by_hand()
    references()
    settings()
    guids_in_headers()
    deletion()
