"""Data contracts through Confluent's Python client: metadata, rules, migrations, encrypted fields."""

import json

from confluent_kafka.schema_registry import (
    ConfigCompatibilityLevel,
    Metadata,
    MetadataProperties,
    Rule,
    RuleKind,
    RuleMode,
    RuleParams,
    RuleSet,
    Schema,
    ServerConfig,
)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.rules.cel.cel_executor import CelExecutor
from confluent_kafka.schema_registry.rules.encryption.encrypt_executor import FieldEncryptionExecutor
from confluent_kafka.schema_registry.rules.encryption.localkms.local_driver import LocalKmsDriver
from confluent_kafka.schema_registry.rules.jsonata.jsonata_executor import JsonataExecutor
from confluent_kafka.schema_registry.serde import RuleConditionError
from confluent_kafka.serialization import SerializationError

from checking import client, equal, refused, schema_id, value

LATEST = {"auto.register.schemas": False, "use.latest.version": True}


def record(*fields):
    return json.dumps({"type": "record", "name": "User", "fields": list(fields)})


NAME = {"name": "name", "type": "string"}
PLAIN = record(NAME)


def properties(**pairs):
    return Metadata(None, MetadataProperties(pairs), None)


def rule(name, kind, mode, rule_type, expr=None, tags=None, params=None):
    return Rule(name, None, kind, mode, rule_type, tags, params, expr, None, None, False)


def metadata():
    registry = client()
    # No tags: this client cannot hash a schema whose metadata has some.
    full = Metadata(None, MetadataProperties({"owner": "ada", "secret": "s"}), ["secret"])
    first = registry.register_schema("users-value", Schema(PLAIN, "AVRO", [], full, None))
    equal("metadata comes back", registry.get_version("users-value", 1).schema.metadata, full)
    second = registry.register_schema("users-value", Schema(PLAIN, "AVRO", [], properties(owner="bob"), None))
    equal("other metadata, other schema", second != first, True)
    found = client().get_latest_with_metadata("users-value", {"owner": "ada"})
    equal("the version that ada owns", (found.version, found.schema_id), (1, first))
    refused("nobody's version", 40403, ["Schema not found"], lambda: client().get_latest_with_metadata("users-value", {"owner": "eve"}))
    serialize = AvroSerializer(client(), conf={"auto.register.schemas": False, "use.latest.with.metadata": {"owner": "ada"}})
    equal("a serializer that asks for it", schema_id(serialize({"name": "x"}, value("users"))), first)


def config():
    registry = client()
    wanted = ServerConfig(
        compatibility=ConfigCompatibilityLevel.FULL,
        compatibility_group="app.version",
        default_metadata=properties(team="red"),
        override_metadata=properties(stage="test"),
    )
    registry.set_config("teams-value", wanted)
    stored = registry.get_config("teams-value")
    equal("level", stored.compatibility_level, ConfigCompatibilityLevel.FULL)
    equal("group", stored.compatibility_group, "app.version")
    registry.register_schema("teams-value", Schema(PLAIN, "AVRO", [], properties(team="blue"), None))
    merged = registry.get_latest_version("teams-value").schema.metadata.properties.properties
    equal("defaults yield and overrides win", merged, {"stage": "test", "team": "blue"})


def conditions():
    registry = client()
    short = rule("short-name", RuleKind.CONDITION, RuleMode.WRITE, "CEL", "size(message.name) < 6")
    rules = RuleSet(None, [short])
    registry.register_schema("checked-value", Schema(PLAIN, "AVRO", [], None, rules))
    stored = registry.get_latest_version("checked-value").schema.rule_set.domain_rules
    equal("the rule comes back", [(r.name, r.kind, r.mode, r.type, r.expr) for r in stored], [(short.name, short.kind, short.mode, short.type, short.expr)])
    serialize = AvroSerializer(registry, conf=LATEST)
    serialize({"name": "Ada"}, value("checked"))
    try:
        serialize({"name": "Augusta Ada"}, value("checked"))
    except SerializationError as error:
        equal("the rule is applied", type(error.__cause__), RuleConditionError)
    else:
        raise SystemExit("the rule was not applied")
    twice = RuleSet(None, [short, short])
    refused("one name, two rules", 42210, ["Found rule with duplicate name 'short-name'"], lambda: registry.register_schema("checked-value", Schema(PLAIN, "AVRO", [], None, twice)))


def migrations():
    registry = client()
    registry.set_config("moved-value", ServerConfig(compatibility_group="major"))
    registry.register_schema("moved-value", Schema(PLAIN, "AVRO", [], properties(major="1"), None))
    old = AvroSerializer(client(), conf={"auto.register.schemas": False, "use.latest.with.metadata": {"major": "1"}})({"name": "Ada"}, value("moved"))
    up = rule("up", RuleKind.TRANSFORM, RuleMode.UPGRADE, "JSONATA", "$merge([$sift($, function($v, $k) {$k != 'name'}), {'title': $.'name'}])")
    down = rule("down", RuleKind.TRANSFORM, RuleMode.DOWNGRADE, "JSONATA", "$merge([$sift($, function($v, $k) {$k != 'title'}), {'name': $.'title'}])")
    renamed = record({"name": "title", "type": "string"})
    registry.register_schema("moved-value", Schema(renamed, "AVRO", [], properties(major="2"), RuleSet([up, down], None)))
    new = AvroSerializer(client(), conf=LATEST)({"title": "Bob"}, value("moved"))
    read_new = AvroDeserializer(client(), conf={"use.latest.with.metadata": {"major": "2"}})
    equal("an old record read by the new application", read_new(old, value("moved")), {"title": "Ada"})
    read_old = AvroDeserializer(client(), conf={"use.latest.with.metadata": {"major": "1"}})
    equal("a new record read by the old application", read_old(new, value("moved")), {"name": "Bob"})


def encryption():
    registry = client()
    params = RuleParams({"encrypt.kek.name": "kek", "encrypt.kms.type": "local-kms", "encrypt.kms.key.id": "key"})
    encrypt = rule("encrypt", RuleKind.TRANSFORM, RuleMode.WRITEREAD, "ENCRYPT", None, ["PII"], params)
    secret = record({**NAME, "confluent:tags": ["PII"]})
    registry.register_schema("secret-value", Schema(secret, "AVRO", [], None, RuleSet(None, [encrypt])))
    rule_conf = {"secret": "a secret of the test"}
    written = AvroSerializer(registry, conf=LATEST, rule_conf=rule_conf)({"name": "Ada Lovelace"}, value("secret"))
    equal("the field is not readable in the record", b"Ada Lovelace" in written, False)
    read = AvroDeserializer(client(), rule_conf=rule_conf)(written, value("secret"))
    equal("and comes back with the key", read, {"name": "Ada Lovelace"})


if __name__ == "__main__":
    CelExecutor.register()
    JsonataExecutor.register()
    FieldEncryptionExecutor.register()
    LocalKmsDriver.register()
    metadata()
    config()
    conditions()
    migrations()
    encryption()
