"""Every expression of the dashboard and of the alert rules, and the figures that it names.

Prints one JSON object a line: where the expression is, and which figures it selects. An expression that does not parse
ends the program with status 1.
"""

import json
import pathlib
import sys

import promql_parser
import yaml

# What Grafana puts in before it asks.
VARIABLES = {"$__rate_interval": "5m", "$instance": ".*"}


def expressions(folder):
    dashboard = json.loads((folder / "grafana/concord.json").read_text())
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            text = target["expr"]
            for name, value in VARIABLES.items():
                text = text.replace(name, value)
            yield f"dashboard: {panel['title']}", text
    rules = yaml.safe_load((folder / "prometheus/alerts.yaml").read_text())
    for group in rules["groups"]:
        for rule in group["rules"]:
            yield f"alert: {rule['alert']}", rule["expr"]


def figures(node):
    """The names in an expression, wherever they stand."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node.name
        return
    if isinstance(node, promql_parser.MatrixSelector):
        yield node.vector_selector.name
        return
    if isinstance(node, promql_parser.Call):
        parts = node.args
    elif isinstance(node, promql_parser.BinaryExpr):
        parts = [node.lhs, node.rhs]
    elif isinstance(node, (promql_parser.NumberLiteral, promql_parser.StringLiteral)):
        parts = []
    elif isinstance(node, (promql_parser.AggregateExpr, promql_parser.ParenExpr, promql_parser.UnaryExpr)):
        parts = [node.expr]
    else:
        raise TypeError(f"no rule for {type(node)}")
    for part in parts:
        yield from figures(part)


def main():
    for place, text in expressions(pathlib.Path(sys.argv[1])):
        try:
            parsed = promql_parser.parse(text)
        except ValueError as error:
            sys.exit(f"{place}: {error}\n{text}")
        print(json.dumps({"place": place, "figures": sorted(set(figures(parsed)))}))


main()
