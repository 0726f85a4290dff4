"""Reads JUnit's XML with junitparser and prints what it understood as JSON: the argument is the file."""

import json
import sys

from junitparser import JUnitXml


def case(read):
    return {
        "name": read.name,
        "classname": read.classname,
        "results": [[type(result).__name__, result.message, result.text] for result in read.result],
        "out": read.system_out,
    }


report = JUnitXml.fromfile(sys.argv[1])
suites = [
    {
        "name": suite.name,
        "counts": [suite.tests, suite.failures, suite.errors, suite.skipped],
        "cases": [case(read) for read in suite],
    }
    for suite in report
]
print(json.dumps({"counts": [report.tests, report.failures, report.errors, report.skipped], "suites": suites}))
