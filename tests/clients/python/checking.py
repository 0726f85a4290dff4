"""What the programs in this folder share: how to say what is expected."""

import sys

from confluent_kafka.schema_registry import SchemaRegistryClient, SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext


def client():
    """The client for the registry that the command line names."""
    return SchemaRegistryClient({"url": sys.argv[1]})


def value(topic, headers=None):
    """The context of the value of a record of a topic."""
    return SerializationContext(topic, MessageField.VALUE, headers)


def equal(what, got, expected):
    """Ends the program if something is not as expected."""
    if got != expected:
        raise SystemExit(f"{what}: expected {expected!r}, got {got!r}")
    print(f"ok: {what}")


def same(what, got, expected):
    """Like `equal`, for lists whose order means nothing."""
    equal(what, sorted(got), sorted(expected))


def refused(what, code, parts, call):
    """Ends the program unless the registry refuses a call with this code and a message with these parts."""
    try:
        result = call()
    except SchemaRegistryError as error:
        check_refusal(what, code, parts, error)
        return
    raise SystemExit(f"{what}: expected a refusal with {code}, got {result!r}")


def check_refusal(what, code, parts, error):
    """The checks of a refusal that was caught elsewhere."""
    equal(f"{what}: code", error.error_code, code)
    equal(f"{what}: status", error.http_status_code, int(str(code)[:3]))
    for part in parts:
        if part not in str(error):
            raise SystemExit(f"{what}: {part!r} is missing in: {error}")
    print(f"ok: {what}: {parts}")


def schema_id(record):
    """The id in the five bytes before a record."""
    equal("magic byte", record[0], 0)
    return int.from_bytes(record[1:5], "big")
