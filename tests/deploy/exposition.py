"""Reads a page of figures with Prometheus' own client library, and prints name, kind and number of samples of each family."""

import pathlib
import sys

from prometheus_client.parser import text_string_to_metric_families


def main():
    for family in text_string_to_metric_families(pathlib.Path(sys.argv[1]).read_text()):
        print(family.name, family.type, len(family.samples))


main()
