"""Policies as a developer meets them: in the text of an exception of Confluent's Python client."""

import json
import urllib.request

import sys

from confluent_kafka.schema_registry import Schema
from confluent_kafka.schema_registry.avro import AvroSerializer

from checking import check_refusal, client, equal, refused, value

POLICY = """
apiVersion: governance/v1
kind: Policy
metadata: {name: core}
spec:
  rules:
    - {use: doc-field-required, severity: error}
    - {use: field-name-style, severity: warn}
"""


def record(**documented):
    fields = [
        {"name": name, "type": "string", **({"doc": doc} if doc else {})}
        for name, doc in documented.items()
    ]
    return json.dumps({"type": "record", "name": "Order", "fields": fields})


def apply(text):
    body = json.dumps({"text": text}).encode()
    request = urllib.request.Request(
        sys.argv[1] + "/governance/v1/apply",
        body,
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["revision"]


registry = client()
before = registry.register_schema("orders-value", Schema(record(id=None), "AVRO"))
equal("a revision", apply(POLICY), 1)

parts = ["orders-value2-value", "DOC002", "amount", '"doc"']
refused(
    "a registration",
    42270,
    parts,
    lambda: registry.register_schema("orders-value2-value", Schema(record(amount=None), "AVRO")),
)

serializer = AvroSerializer(client(), record(amount=None))
try:
    serializer({"amount": "1"}, value("payments"))
    raise SystemExit("the serializer registered what the policy refuses")
except Exception as error:
    cause = error if hasattr(error, "error_code") else error.__cause__
    check_refusal("a serializer", 42270, ["payments-value", "DOC002", "amount"], cause)

equal("what was there before", client().register_schema("orders-value", Schema(record(id=None), "AVRO")), before)
equal("with text it passes", registry.register_schema("new-value", Schema(record(id="The id."), "AVRO")) > 0, True)
equal("what is warned of passes", registry.register_schema("warned-value", Schema(record(orderId="The id."), "AVRO")) > 0, True)
