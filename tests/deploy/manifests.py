"""Holds the Kubernetes manifests against the schemas of Kubernetes, unknown members included, and prints their arguments.

One argument of a container a line.
"""

import pathlib
import sys

import kubernetes_validate
import yaml


def main():
    newest = kubernetes_validate.latest_version()
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            kubernetes_validate.validate(document, newest, strict=True)
            template = document.get("spec", {}).get("template", {})
            for container in template.get("spec", {}).get("containers", []):
                print(*container["args"], sep="\n")


main()
