"""Running the scripts of the playground in node: what the tests that compare them with the package share."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "src" / "infomorphic" / "playground" / "static"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed")


def answer(program, script, given):
    """What a program prints as JSON. It finds the exports of a script of the playground in `script` and what it is given in `given`."""
    start = 'const script = require(process.argv[1]), given = JSON.parse(require("fs").readFileSync(0, "utf8"));'
    arguments = [str(NODE), "-e", start + program, str(STATIC / script)]
    done = subprocess.run(arguments, input=json.dumps(given), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)
