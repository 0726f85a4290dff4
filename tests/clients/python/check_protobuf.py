"""Protobuf through Confluent's Python client, which sends descriptors and registers what a file imports."""

from confluent_kafka.schema_registry import Schema, SchemaReference
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer

from checking import client, equal, refused, same, schema_id, value
from messages import Field, classes, file, message, nested_class

ID = ("id", 1, Field.TYPE_INT64)
CURRENCY = ("currency", 2, Field.TYPE_STRING)


def order(*fields):
    return classes(file("order.proto", message("Order", *fields)))["acme.Order"]


def evolution():
    registry = client()
    v1, v2 = order(ID), order(ID, CURRENCY)
    old = ProtobufSerializer(v1, registry)(v1(id=7), value("orders"))
    equal("the first id", schema_id(old), 1)
    equal("the index of the first message is a single zero", old[5], 0)
    new = ProtobufSerializer(v2, registry)(v2(id=8, currency="CHF"), value("orders"))
    equal("the second id", schema_id(new), 2)
    read = ProtobufDeserializer(v2, schema_registry_client=client())
    equal("old bytes with the new reader", read(old, value("orders")), v2(id=7))
    equal("new bytes with the new reader", read(new, value("orders")), v2(id=8, currency="CHF"))
    old_reader = ProtobufDeserializer(v1, schema_registry_client=client())
    equal("new bytes with the old reader", old_reader(new, value("orders")).id, 8)
    stored = client().get_schema(1)
    equal("the type", stored.schema_type, "PROTOBUF")
    expected = 'syntax = "proto3";\npackage acme;\n\nmessage Order {\n  int64 id = 1;\n}\n'
    equal("the descriptor is served as text", stored.schema_str, expected)
    equal("the text has the same identity", client().register_schema("orders-value", Schema(expected, "PROTOBUF")), 1)


def refusal():
    registry = client()
    changed = order(("id", 1, Field.TYPE_STRING), CURRENCY)
    parts = [
        'Schema being registered is incompatible with an earlier schema for subject "orders-value"',
        "FIELD_SCALAR_KIND_CHANGED",
        "#/Order/1",
    ]
    refused("another wire type", 40901, parts, lambda: ProtobufSerializer(changed, registry)(changed(id="x"), value("orders")))
    equal("nothing was registered", registry.get_versions("orders-value"), [1, 2])
    refused(
        "no file at all", 42201, ["Invalid schema of type PROTOBUF"],
        lambda: registry.register_schema("x", Schema("message {", "PROTOBUF")),
    )


def registration_by_hand():
    by_hand = {"auto.register.schemas": False}
    v1, unknown = order(ID), order(ID, ("other", 3, Field.TYPE_BOOL))
    serialize = ProtobufSerializer(unknown, client(), conf=by_hand)
    refused("not registered", 40403, ["Schema not found"], lambda: serialize(unknown(id=1), value("orders")))
    equal("registered before", schema_id(ProtobufSerializer(v1, client(), conf=by_hand)(v1(id=1), value("orders"))), 1)
    latest = ProtobufSerializer(v1, client(), conf={**by_hand, "use.latest.version": True})
    equal("the latest version", schema_id(latest(v1(id=1), value("orders"))), 2)


def imports():
    money = file("money.proto", message("Money", ("units", 1, Field.TYPE_INT64)))
    customer = file("people/customer.proto", message("Customer", ("name", 1, Field.TYPE_STRING), ("credit", 2, ".acme.Money")), imports=["money.proto"])
    invoice = file(
        "invoice.proto",
        message("Invoice", ID, ("customer", 2, ".acme.Customer"), ("at", 3, ".google.protobuf.Timestamp")),
        imports=["people/customer.proto", "google/protobuf/timestamp.proto"],
    )
    made = classes(money, customer, invoice)
    invoice_class = made["acme.Invoice"]
    sent = invoice_class(id=3, customer=made["acme.Customer"](name="Ada", credit=made["acme.Money"](units=5)))
    sent.at.FromSeconds(1700000000)
    written = ProtobufSerializer(invoice_class, client())(sent, value("invoices"))
    read = ProtobufDeserializer(invoice_class, schema_registry_client=client())(written, value("invoices"))
    equal("a record with imported parts", read, sent)
    same("each imported file is a subject", client().get_subjects(), ["invoices-value", "money.proto", "orders-value", "people/customer.proto"])
    stored = client().get_latest_version("invoices-value").schema
    equal("the import is a reference", stored.references, [SchemaReference("people/customer.proto", "people/customer.proto", 1)])
    equal("a well-known type is none", "google/protobuf/timestamp.proto" in stored.schema_str, True)
    inner = client().get_latest_version("people/customer.proto").schema
    equal("and so on, down", inner.references, [SchemaReference("money.proto", "money.proto", 1)])
    equal("who refers to it", client().get_referenced_by("people/customer.proto", 1), [schema_id(written)])
    refused("it cannot be deleted", 42206, ["One or more references exist"], lambda: client().delete_version("money.proto", 1))


def nested_messages():
    inner = message("Inner", ("text", 1, Field.TYPE_STRING))
    other = message("Other", ("number", 1, Field.TYPE_INT32))
    outer = message("Outer", ID, nested=[other, inner])
    made = classes(file("nested.proto", message("First", ID), outer))
    inner_class = nested_class(made["acme.Outer"], "Inner")
    written = ProtobufSerializer(inner_class, client())(inner_class(text="deep"), value("nested"))
    # Two indexes, zigzag: the second message of the file, and its second message.
    equal("the path to the message", written[5:8], bytes([4, 2, 2]))
    read = ProtobufDeserializer(inner_class, schema_registry_client=client())(written, value("nested"))
    equal("a nested message", read, inner_class(text="deep"))
    first = made["acme.First"]
    also = ProtobufSerializer(first, client())(first(id=1), value("nested"))
    equal("one schema for both", schema_id(also), schema_id(written))


if __name__ == "__main__":
    evolution()
    refusal()
    registration_by_hand()
    imports()
    nested_messages()
