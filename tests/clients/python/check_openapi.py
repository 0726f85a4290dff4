"""Schemathesis drives the server from the server's own description of the protocol.

No answer may have a status, a media type or a body that is not described, and none may be a failure of the server.
The seed is fixed, so that a run can be repeated; how long it takes is bounded by the number of examples.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
# What a request may send beside the description is tolerated on purpose (unknown members, scalars of another type),
# and what was softly deleted stays readable: the checks that forbid those are not ours.
CHECKS = [
    "no_failure_of_the_server",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
]


def main(url):
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [
                Path(sys.executable).parent / "schemathesis",
                *["run", f"{url}/openapi.json"],
                *["--checks", ",".join(CHECKS)],
                *["--phases", "examples,coverage,fuzzing,stateful"],
                *["--max-examples", "15"],
                *["--seed", "20", "--workers", "1", "--continue-on-failure"],
                *["--warnings", "off", "--no-color"],
            ],
            cwd=folder,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "openapi_hooks", "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
        )
    if run.returncode:
        sys.exit(run.stdout + run.stderr)
    operations = re.search(r"Tested: (\d+)", run.stdout)
    requests = re.search(r"(\d+) generated", run.stdout)
    print(f"counted {operations[1]} operations, {requests[1]} test cases")


if __name__ == "__main__":
    main(sys.argv[1])
