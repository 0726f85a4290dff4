#!/usr/bin/env python3
"""Copies one schema registry into another, or compares two: docs/migrating.md shows how.

    copy-registry.py copy FROM TO      the other one has to be in IMPORT mode
    copy-registry.py compare FROM TO   ends with status 1 when they differ

Ids, versions, soft deletions, settings and keys stay what they are. It asks only what the protocol offers, so that
either side may be Concord or the reference. Passwords go into the URL: http://name:password@host.
"""

import base64
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

PAGE = 1000
EVERYTHING, DEFAULT = ":.__GLOBAL:", ":.:"
ALGORITHMS = ["AES128_GCM", "AES256_GCM", "AES256_SIV"]


class Registry:
    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.headers = {"Content-Type": "application/vnd.schemaregistry.v1+json"}
        if parts.username:
            name, password = urllib.parse.unquote(parts.username), urllib.parse.unquote(parts.password or "")
            self.headers["Authorization"] = "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
        self.url = urllib.parse.urlunsplit((parts.scheme, parts.netloc.split("@")[-1], parts.path.rstrip("/"), "", ""))

    def ask(self, method, path, body=None, absent=None):
        """The answer as JSON; None where it is refused with the number that means "there is none"."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, self.headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            text = error.read().decode()
            if absent is not None and f'"error_code":{absent}' in text.replace(" ", ""):
                return None
            raise SystemExit(f"{method} {path} was refused: {text}")

    def pages(self, path):
        """The elements of a list that has pages."""
        found = []
        while True:
            page = self.ask("GET", f"{path}&offset={len(found)}&limit={PAGE}")
            found += page
            if len(page) < PAGE:
                return found

    def schemas(self):
        """Every version of every context, those that are softly deleted included."""
        return self.pages("/schemas?subjectPrefix=:*:&deleted=true")

    def scopes(self, schemas):
        """Whatever may have settings: everything, contexts, subjects."""
        contexts = [f":{name}:" for name in self.ask("GET", "/contexts") if name != "."]
        return [EVERYTHING, DEFAULT] + contexts + sorted({schema["subject"] for schema in schemas})

    def config(self, scope):
        # The default context never says that nothing is set: so it is asked what is in force.
        query = "?defaultToGlobal=true" if scope == DEFAULT else ""
        return self.ask("GET", f"/config/{quoted(scope)}{query}", absent=40408)

    def mode(self, scope):
        """The mode of a context or subject; the outer ones differ as long as anything is copied."""
        if scope in (EVERYTHING, DEFAULT):
            return None
        return self.ask("GET", "/mode/" + quoted(scope), absent=40409)

    def keks(self):
        names = self.pages("/dek-registry/v1/keks?deleted=true")
        return [self.ask("GET", f"/dek-registry/v1/keks/{quoted(name)}?deleted=true") for name in names]

    def deks(self, kek):
        below = f"/dek-registry/v1/keks/{quoted(kek)}/deks"
        for subject in self.pages(f"{below}?deleted=true"):
            for algorithm in ALGORITHMS:
                query = f"?deleted=true&algorithm={algorithm}"
                versions = f"{below}/{quoted(subject)}/versions"
                for version in self.pages(versions + query):
                    yield self.ask("GET", f"{versions}/{version}{query}")


def quoted(text):
    return urllib.parse.quote(text, safe="")


def copy(source, target):
    schemas = source.schemas()
    # A schema is younger than what it refers to, and so has the higher id. Across contexts only trying tells.
    waiting = sorted(schemas, key=lambda schema: (schema["id"], schema["version"]))
    for schema in waiting:
        wanted = ["schema", "schemaType", "references", "metadata", "ruleSet", "id", "version"]
        body = {name: schema[name] for name in wanted if name in schema}
        target.ask("POST", f"/subjects/{quoted(schema['subject'])}/versions", body)
    # Backwards, since what is referred to cannot be deleted.
    for schema in reversed(waiting):
        if schema.get("deleted"):
            target.ask("DELETE", f"/subjects/{quoted(schema['subject'])}/versions/{schema['version']}", absent=40406)
    deks = 0
    for kek in source.keks():
        target.ask("POST", "/dek-registry/v1/keks", kek, absent=40971)
        for dek in source.deks(kek["name"]):
            # In the clear it is nobody's business.
            dek.pop("keyMaterial", None)
            path = f"/dek-registry/v1/keks/{quoted(kek['name'])}/deks/{quoted(dek['subject'])}"
            target.ask("POST", path, dek, absent=40971)
            deks += 1
    # Last, since a mode may forbid everything else.
    for scope in source.scopes(schemas):
        if config := source.config(scope):
            config["compatibility"] = config.pop("compatibilityLevel")
            target.ask("PUT", "/config/" + quoted(scope), config)
        if mode := source.mode(scope):
            target.ask("PUT", f"/mode/{quoted(scope)}?force=true", mode)
    print(f"copied {len(schemas)} versions of {len({s['subject'] for s in schemas})} subjects, {deks} keys")


def compare(source, target):
    one, other = everything(source), everything(target)
    differing = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
    for name in differing:
        print(f"differs: {name}")
    print(f"compared {len(one)} facts, {len(differing)} differ")
    return 1 if differing else 0


def everything(registry):
    """What clients can ask, but for times."""
    schemas = registry.schemas()
    facts = {}
    for schema in schemas:
        schema.pop("ts", None)
        facts[f"version {schema['subject']} {schema['version']}"] = schema
    for scope in registry.scopes(schemas):
        facts[f"config {scope}"] = registry.config(scope)
        facts[f"mode {scope}"] = registry.mode(scope)
    for kek in registry.keks():
        kek.pop("ts", None)
        facts[f"kek {kek['name']}"] = kek
        for dek in registry.deks(kek["name"]):
            dek.pop("ts", None)
            facts[f"dek {kek['name']} {dek['subject']} {dek['algorithm']} {dek['version']}"] = dek
    return facts


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("copy", "compare"):
        raise SystemExit(__doc__)
    registries = [Registry(url) for url in sys.argv[2:]]
    sys.exit({"copy": copy, "compare": compare}[sys.argv[1]](*registries))
