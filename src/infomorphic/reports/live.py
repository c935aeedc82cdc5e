"""A page that shows a training while it runs: what it shows, and the server on this machine that it asks."""

import base64
import json
import math
import sys
import threading
import zlib
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infomorphic.errors import ConfigurationError, RunError
from infomorphic.reports.content import run_content
from infomorphic.reports.pictures import guessed_shape
from infomorphic.reports.record import RunRecord, read_progress
from infomorphic.reports.rendering import asset, plotly, render
from infomorphic.training.listing import state_of
from infomorphic.training.lock import is_locked
from infomorphic.training.run import Run
from infomorphic.training.trainer import seconds_per_epoch

_HERE = "127.0.0.1"
_MOST_FIELDS = 100


class LiveServer(ThreadingHTTPServer):
    """Serves the page of one run to browsers on this machine, until it is closed.

    The page is at `address`. It asks once per second whether the files of the run changed, and draws what changed. Nothing is written.

    Args:
        run: the directory of a run. It may not exist yet: the page then waits for the training to begin.
        port: the port; 0 for any that is free.

    Raises:
        ConfigurationError: if the port is not free.
        RunError: if `run` is a file.

    Example:
        >>> with LiveServer(Path("runs/mine")) as server:
        ...     print(server.address)
        ...     server.serve_forever()
    """

    daemon_threads = True

    def __init__(self, run: Path, port: int = 0):
        if run.is_file():
            raise RunError(f"{run} is a file; a run is a directory.")
        try:
            super().__init__((_HERE, port), _Handler)
        except (OSError, OverflowError) as error:
            raise ConfigurationError(f"`port` must be a free port of this machine; got {port} ({error}).") from error
        self.run = run
        self.reading = threading.Lock()
        self.address = f"http://{_HERE}:{self.server_port}/"
        scripts = ("common.js", "figures.js", "development.js", "live.js")
        page = render(
            ("infomorphic.reports", "templates", "live.html.j2"),
            {"name": run.resolve().name},
            style=asset("style.css"),
            scripts=[asset(s) for s in scripts],
            plotly=plotly(),
        )
        self.page = page.encode()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing if the browser left, which it may at any time."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    @property
    def live(self) -> LiveServer:
        assert isinstance(self.server, LiveServer)
        return self.server

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        # Pages of other sites must not read the run under a name of theirs that leads to this machine.
        if self.headers.get("Host", "").rpartition(":")[0] not in (_HERE, "localhost"):
            self._answer(HTTPStatus.FORBIDDEN)
        elif address.path == "/":
            self._answer(HTTPStatus.OK, self.live.page, "text/html; charset=utf-8")
        elif address.path == "/record":
            self._answer_record(parse_qs(address.query).get("version", [""])[0])
        else:
            self._answer(HTTPStatus.NOT_FOUND)

    def _answer_record(self, known: str) -> None:
        # Before reading: what is written meanwhile is read the next time.
        version = _version(self.live.run)
        if version == known:
            self._answer(HTTPStatus.NO_CONTENT)
            return
        with self.live.reading:
            content = live_content(self.live.run) | {"version": version}
        self._answer(HTTPStatus.OK, json.dumps(content, allow_nan=False).encode(), "application/json")

    def _answer(self, status: HTTPStatus, content: bytes = b"", kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


def live_content(run: Path) -> dict[str, Any]:
    """What the page shows of a run that may still be training: plain data.

    Returns:
        `state`, "waiting" if the run has not begun, else that of `infomorphic runs`; `epoch` of `epochs`; `seconds_left` at the present
        pace, or None; what `run_content` gives of the files so far; and `fields` by layer, the last recorded receptive fields.
    """
    if not (run / "config.yaml").is_file():
        return {"name": run.resolve().name, "state": "waiting", "path": str(run)}
    record = read_progress(run)
    epoch = int(record.metrics[-1]["epoch"]) if record.metrics else 0
    epochs = None if record.config is None else record.config.training.epochs
    left = math.nan if epochs is None else seconds_per_epoch(record.metrics) * (epochs - epoch)
    return {
        **run_content(record),
        "state": state_of(run, record.summary),
        "epoch": epoch,
        "epochs": epochs,
        "seconds_left": None if math.isnan(left) else round(left, 1),
        "resume": Run(run).resume_command,
        "fields": _fields(record),
    }


def _fields(record: RunRecord) -> dict[str, Any]:
    """The last recorded receptive fields of the first neurons of each layer, if they are pictures."""
    found = {}
    for name, recorded in record.development.values.items():
        shape = guessed_shape(recorded.shape[2]) if name.endswith(".fields") else None
        if shape is not None:
            some = recorded[-1, :_MOST_FIELDS].contiguous().numpy()
            found[name.removesuffix(".fields")] = {
                "epoch": record.development.epochs[-1],
                "shape": list(shape),
                "neurons": recorded.shape[1],
                "shown": len(some),
                "bytes": base64.b64encode(some.tobytes()).decode(),
            }
    return found


def _version(run: Path) -> str:
    """A short text that changes when a file of the run, or its state, changes."""
    files = []
    for path in sorted(run.glob("*.*")):
        try:
            found = path.stat()
        except FileNotFoundError:
            continue
        files.append((path.name, found.st_mtime_ns, found.st_size))
    return f"{zlib.crc32(repr((files, is_locked(run))).encode()):08x}"
