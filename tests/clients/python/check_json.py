"""JSON Schema through Confluent's Python client."""

import json

from confluent_kafka.schema_registry import Schema, SchemaReference
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.serialization import SerializationError

from checking import client, equal, refused, schema_id, value


def order(required=("id",), **properties):
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Order",
        "type": "object",
        "properties": {"id": {"type": "integer"}, **properties},
        "required": list(required),
        "additionalProperties": False,
    }


V1 = json.dumps(order())
V2 = json.dumps(order(currency={"type": "string"}))
BREAKING = json.dumps(order(("id", "customer"), currency={"type": "string"}, customer={"type": "string"}))


def evolution():
    registry = client()
    old = JSONSerializer(V1, registry)({"id": 7}, value("orders"))
    equal("the first id", schema_id(old), 1)
    new = JSONSerializer(V2, registry)({"id": 8, "currency": "CHF"}, value("orders"))
    equal("the second id", schema_id(new), 2)
    equal("the type", client().get_schema(1).schema_type, "JSON")
    equal("the text", json.loads(client().get_schema(2).schema_str), json.loads(V2))
    reader = JSONDeserializer(V2, schema_registry_client=client())
    equal("old bytes with the new reader", reader(old, value("orders")), {"id": 7})
    equal("new bytes with the new reader", reader(new, value("orders")), {"id": 8, "currency": "CHF"})
    equal("bytes with the writer's schema", JSONDeserializer(None, schema_registry_client=client())(new, value("orders")), {"id": 8, "currency": "CHF"})
    equal("lookup", client().lookup_schema("orders-value", Schema(V1, "JSON")).version, 1)


def refusal():
    registry = client()
    serialize = JSONSerializer(BREAKING, registry)
    breaking = {"id": 1, "customer": "c"}
    parts = [
        'Schema being registered is incompatible with an earlier schema for subject "orders-value"',
        "REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL",
        "#/properties/customer",
    ]
    refused("a new required property", 40901, parts, lambda: serialize(breaking, value("orders")))
    equal("the check agrees", registry.test_compatibility("orders-value", Schema(BREAKING, "JSON")), False)
    opened = Schema(json.dumps({**order(), "additionalProperties": True}), "JSON")
    equal("opening the model is fine", registry.test_compatibility("orders-value", opened), True)
    refused("no JSON at all", 42201, ["Invalid schema of type JSON"], lambda: registry.register_schema("x", Schema("{", "JSON")))
    refused("another type", 40901, ["incompatible"], lambda: registry.register_schema("orders-value", Schema('"string"')))
    try:
        JSONSerializer(V1, client())({"id": "seven"}, value("orders"))
    except SerializationError:
        equal("the client validates by the stored schema", True, True)
    else:
        raise SystemExit("a string was taken for an integer")


def registration_by_hand():
    by_hand = {"auto.register.schemas": False}
    serialize = JSONSerializer(BREAKING, client(), conf=by_hand)
    refused("not registered", 40403, ["Schema not found"], lambda: serialize({"id": 1, "customer": "c"}, value("orders")))
    equal("registered before", schema_id(JSONSerializer(V1, client(), conf=by_hand)({"id": 1}, value("orders"))), 1)
    latest = JSONSerializer(V1, client(), conf={**by_hand, "use.latest.version": True})
    equal("the latest version", schema_id(latest({"id": 1, "currency": "CHF"}, value("orders"))), 2)


def references():
    registry = client()
    customer = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Customer", "type": "object",
                "properties": {"name": {"type": "string"}}, "required": ["name"]}
    registry.register_schema("customer.json", Schema(json.dumps(customer), "JSON"))
    reference = SchemaReference("customer.json", "customer.json", 1)
    invoice = Schema(json.dumps(order(customer={"$ref": "customer.json"})), "JSON", [reference])
    written = JSONSerializer(invoice, registry)({"id": 3, "customer": {"name": "Ada"}}, value("invoices"))
    read = JSONDeserializer(invoice, schema_registry_client=client())(written, value("invoices"))
    equal("a schema of another subject", read, {"id": 3, "customer": {"name": "Ada"}})
    equal("who refers to it", client().get_referenced_by("customer.json", 1), [schema_id(written)])
    refused("it cannot be deleted", 42206, ["One or more references exist"], lambda: registry.delete_version("customer.json", 1))
    try:
        JSONSerializer(invoice, client())({"id": 3, "customer": {}}, value("invoices"))
    except SerializationError:
        equal("the referenced schema is applied", True, True)
    else:
        raise SystemExit("a customer without a name was accepted")


if __name__ == "__main__":
    evolution()
    refusal()
    registration_by_hand()
    references()
