"""A process that runs command lines of `infomorphic` one after the other: one JSON list a line in, one JSON record a line out."""

import contextlib
import io
import json
import os
import sys

from infomorphic.cli import main


def serve() -> None:
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = main(json.loads(line))
        print(json.dumps({"status": status, "out": out.getvalue(), "err": err.getvalue()}), file=answers, flush=True)


if __name__ == "__main__":
    serve()
