"""The asynchronous side of Confluent's Python client, all three formats."""

import asyncio
import json
import sys

from confluent_kafka.schema_registry import AsyncSchemaRegistryClient, Schema, SchemaRegistryError
from confluent_kafka.schema_registry._async.avro import AsyncAvroDeserializer, AsyncAvroSerializer
from confluent_kafka.schema_registry._async.json_schema import AsyncJSONDeserializer, AsyncJSONSerializer
from confluent_kafka.schema_registry._async.protobuf import AsyncProtobufDeserializer, AsyncProtobufSerializer

from checking import check_refusal, equal, schema_id, value
from messages import Field, classes, file, message


def registry():
    return AsyncSchemaRegistryClient({"url": sys.argv[1]})


async def refused(what, code, parts, call):
    try:
        result = await call
    except SchemaRegistryError as error:
        check_refusal(what, code, parts, error)
        return
    raise SystemExit(f"{what}: expected a refusal with {code}, got {result!r}")


def avro(*fields):
    return json.dumps({"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}, *fields]})


async def check_avro():
    v2 = avro({"name": "currency", "type": "string", "default": "EUR"})
    breaking = avro({"name": "customer", "type": "string"})
    serialize = await AsyncAvroSerializer(registry(), avro())
    old = await serialize({"id": 7}, value("avro"))
    evolved = await AsyncAvroSerializer(registry(), v2)
    new = await evolved({"id": 8, "currency": "CHF"}, value("avro"))
    read = await AsyncAvroDeserializer(registry(), v2)
    equal("Avro: old bytes with the new reader", await read(old, value("avro")), {"id": 7, "currency": "EUR"})
    equal("Avro: new bytes", await read(new, value("avro")), {"id": 8, "currency": "CHF"})
    refuse = await AsyncAvroSerializer(registry(), breaking)
    await refused("Avro", 40901, ["READER_FIELD_MISSING_DEFAULT_VALUE", "'customer'"], refuse({"id": 1, "customer": "c"}, value("avro")))
    found = await registry().lookup_schema("avro-value", Schema(v2))
    equal("Avro: lookup", (found.schema_id, found.version), (schema_id(new), 2))
    by_hand = await AsyncAvroSerializer(registry(), breaking, conf={"auto.register.schemas": False})
    await refused("Avro: not registered", 40403, ["Schema not found"], by_hand({"id": 1, "customer": "c"}, value("avro")))


async def check_json():
    def order(**properties):
        return json.dumps({"title": "Order", "type": "object", "properties": properties, "additionalProperties": False})

    v1, v2 = order(id={"type": "integer"}), order(id={"type": "integer"}, currency={"type": "string"})
    serialize = await AsyncJSONSerializer(v1, registry())
    old = await serialize({"id": 7}, value("json"))
    evolved = await AsyncJSONSerializer(v2, registry())
    await evolved({"id": 8, "currency": "CHF"}, value("json"))
    read = await AsyncJSONDeserializer(v2, schema_registry_client=registry())
    equal("JSON: old bytes with the new reader", await read(old, value("json")), {"id": 7})
    narrowed = await AsyncJSONSerializer(order(id={"type": "string"}, currency={"type": "string"}), registry())
    await refused("JSON", 40901, ["TYPE_CHANGED", "#/properties/id"], narrowed({"id": "x"}, value("json")))


async def check_protobuf():
    def order(*fields):
        return classes(file("order.proto", message("Order", *fields)))["acme.Order"]

    v1 = order(("id", 1, Field.TYPE_INT64))
    v2 = order(("id", 1, Field.TYPE_INT64), ("currency", 2, Field.TYPE_STRING))
    serialize = await AsyncProtobufSerializer(v1, registry())
    old = await serialize(v1(id=7), value("protobuf"))
    evolved = await AsyncProtobufSerializer(v2, registry())
    await evolved(v2(id=8, currency="CHF"), value("protobuf"))
    read = await AsyncProtobufDeserializer(v2, schema_registry_client=registry())
    equal("Protobuf: old bytes with the new reader", await read(old, value("protobuf")), v2(id=7))
    changed = order(("id", 1, Field.TYPE_STRING))
    breaking = await AsyncProtobufSerializer(changed, registry())
    await refused("Protobuf", 40901, ["FIELD_SCALAR_KIND_CHANGED"], breaking(changed(id="x"), value("protobuf")))


async def check_administration():
    client = registry()
    await client.set_compatibility(level="FULL")
    equal("the level", await client.get_compatibility(), "FULL")
    equal("a check", await client.test_compatibility("avro-value", Schema(avro())), True)
    await client.set_compatibility(level="BACKWARD")
    equal("subjects", await client.get_subjects(), ["avro-value", "json-value", "protobuf-value"])
    equal("versions", await client.get_versions("json-value"), [1, 2])
    equal("delete", await client.delete_subject("json-value"), [1, 2])
    equal("delete for good", await client.delete_subject("json-value", permanent=True), [1, 2])
    many = await asyncio.gather(*(client.register_schema(f"many-{n}", Schema(avro())) for n in range(20)))
    equal("twenty at a time, one content, one id", set(many), {1})


async def main():
    await check_avro()
    await check_json()
    await check_protobuf()
    await check_administration()


if __name__ == "__main__":
    asyncio.run(main())
