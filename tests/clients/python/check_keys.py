"""Encrypted fields through Confluent's Python client, with keys that the registry makes, shares and rotates.

The second argument names the file with the secret that the registry's local key service was started with.
"""

import base64
import json
import sys
import time

from confluent_kafka.schema_registry import Rule, RuleKind, RuleMode, RuleParams, RuleSet, Schema
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.rule_registry import RuleRegistry
from confluent_kafka.schema_registry.rules.encryption.dek_registry.dek_registry_client import (
    DekAlgorithm,
    DekRegistryClient,
)
from confluent_kafka.schema_registry.rules.encryption.encrypt_executor import (
    Clock,
    Cryptor,
    FieldEncryptionExecutor,
)
from confluent_kafka.schema_registry.rules.encryption.localkms.local_client import LocalKmsClient
from confluent_kafka.schema_registry.rules.encryption.localkms.local_driver import LocalKmsDriver

from checking import client, equal, refused, same, value

LATEST = {"auto.register.schemas": False, "use.latest.version": True}
ADA = {"name": "Ada Lovelace", "born": 1815}
KEKS = "/dek-registry/v1/keks"


def secret():
    with open(sys.argv[2], encoding="utf-8") as file:
        return file.read().rstrip("\n")


def keys():
    """A client of the key registry that has cached nothing."""
    return DekRegistryClient({"url": sys.argv[1]})


class Later(Clock):
    """Days ahead of everybody else."""

    def __init__(self, days):
        self.days = days

    def now(self):
        return int(time.time() * 1000) + self.days * 24 * 60 * 60 * 1000


def register(topic, kek, key_id, **further):
    """A schema with a field that is to be encrypted."""
    name = {"name": "name", "type": "string", "confluent:tags": ["PII"]}
    record = {"type": "record", "name": "User", "fields": [name, {"name": "born", "type": "int"}]}
    params = {"encrypt.kek.name": kek, "encrypt.kms.type": "local-kms", "encrypt.kms.key.id": key_id, **further}
    encrypt = Rule("encrypt", None, RuleKind.TRANSFORM, RuleMode.WRITEREAD, "ENCRYPT", ["PII"], RuleParams(params), None, None, None, False)
    rules = RuleSet(None, [encrypt])
    client().register_schema(f"{topic}-value", Schema(json.dumps(record), "AVRO", [], None, rules))


def executor(clock=None):
    """An application of its own: nothing that another one was told or has cached."""
    registry = RuleRegistry()
    registry.register_executor(FieldEncryptionExecutor(clock or Clock()))
    return registry


def write(topic, conf=None, clock=None):
    serialize = AvroSerializer(client(), conf=LATEST, rule_conf=conf or {}, rule_registry=executor(clock))
    # A copy: the client encrypts the fields where they are.
    written = serialize(dict(ADA), value(topic))
    equal(f"{topic}: the field is not readable in the record", b"Lovelace" in written, False)
    return written


def read(topic, written, conf=None):
    deserialize = AvroDeserializer(client(), rule_conf=conf or {}, rule_registry=executor())
    return deserialize(written, value(topic))


def shared():
    """The registry makes the key; neither the writer nor the reader has a secret."""
    keys().register_kek("shared", "local-kms", "shared-key", shared=True)
    register("shared", "shared", "shared-key")
    equal("a reader without a secret", read("shared", write("shared")), ADA)
    for algorithm in DekAlgorithm:
        made = keys().register_dek("shared", "all", None, algorithm=algorithm)
        clear = base64.b64decode(made.key_material)
        ours = LocalKmsClient(secret()).get_aead("local-kms://shared-key")
        wrapped = base64.b64decode(made.encrypted_key_material)
        equal(f"{algorithm}: the client unwraps what the registry wrapped", ours.decrypt(wrapped, b""), clear)
        cryptor = Cryptor(algorithm)
        equal(f"{algorithm}: the key serves", cryptor.decrypt(clear, cryptor.encrypt(clear, b"text", b""), b""), b"text")


def shared_later():
    """The writer makes the key with the secret; once it is shared, readers need none."""
    own = {"secret": secret()}
    register("later", "later", "later-key")
    written = write("later", own)
    equal("a reader with the secret", read("later", written, own), ADA)
    dek = keys().get_dek("later", "later-value")
    equal("the registry does not hand out what is not shared", dek.key_material, None)
    rest = keys()._rest_client
    equal("sharing", rest.put(f"{KEKS}/later", {"shared": True})["shared"], True)
    equal("a reader without the secret", read("later", written), ADA)


def secret_of_a_kek():
    """A secret among the settings of a KEK goes before the server's own."""
    keys().register_kek("own", "local-kms", "own-key", shared=True, kms_props={"secret": "of the KEK alone"})
    made = keys().register_dek("own", "s", None)
    theirs = LocalKmsClient("of the KEK alone").get_aead("local-kms://own-key")
    clear = theirs.decrypt(base64.b64decode(made.encrypted_key_material), b"")
    equal("wrapped by the secret of the KEK", clear, base64.b64decode(made.key_material))


def rotation():
    """A key that has expired gets a successor, and old records stay readable."""
    keys().register_kek("rotating", "local-kms", "rotating-key", shared=True)
    register("rotating", "rotating", "rotating-key", **{"encrypt.dek.expiry.days": "1"})
    old = write("rotating")
    new = write("rotating", clock=Later(2))
    rest = keys()._rest_client
    same("two versions", rest.get(f"{KEKS}/rotating/deks/rotating-value/versions"), [1, 2])
    equal("the old record", read("rotating", old), ADA)
    equal("the new record", read("rotating", new), ADA)


def refusals():
    message = ["Could not generate encrypted dek for s: No KMS driver supports: own-kms://x"]
    keys().register_kek("foreign", "own-kms", "x", shared=True)
    refused("a service that is not here", 50070, message, lambda: keys().register_dek("foreign", "s", None))
    refused("a KEK that is not there", 40470, ["Key 'none' not found"], lambda: keys().get_kek("none"))
    refused("another KEK of that name", 40971, ["Key 'foreign' already exists"], lambda: keys().register_kek("foreign", "own-kms", "y"))


if __name__ == "__main__":
    LocalKmsDriver.register()
    shared()
    shared_later()
    secret_of_a_kek()
    rotation()
    refusals()
