"""Run the command line in a separate process that lives for many cases, so that a signal or an endless wait is detected and reported."""

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

_SECONDS = 20.0
"""Of computing that a case may take; a process that waits for others' computing is given longer."""
_LONGEST_WAIT = 15 * _SECONDS
_TICKS = os.sysconf("SC_CLK_TCK")


class Answer(NamedTuple):
    """What a command line did. The status is None where the process ended or was ended."""

    status: int | None
    out: str
    err: str


class CommandLine:
    """Runs command lines; starts again where a case has ended the process."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("worker.py"))],
            cwd=self.folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self("--version")

    def __call__(self, *arguments: str) -> Answer:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(arguments).encode() + b"\n")
        self.process.stdin.flush()
        computed, started = self._computed(), time.monotonic()
        while not select.select([self.process.stdout], [], [], 0.5)[0]:
            if self._computed() - computed > _SECONDS or time.monotonic() - started > _LONGEST_WAIT:
                return self._ended(f"no end after {self._computed() - computed:.0f} s of computing")
        line = self.process.stdout.readline()
        return Answer(**json.loads(line)) if line else self._ended(None)

    def close(self) -> None:
        """End the process."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process.kill()
        self.process.wait()

    def _ended(self, reason: str | None) -> Answer:
        code = self.process.wait() if reason is None else None
        self.close()
        self._start()
        return Answer(None, "", reason or f"the process ended with {code}")

    def _computed(self) -> float:
        """Seconds of the processor that the process has used; of the clock if the system does not report them."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return time.monotonic()
        return (int(fields[11]) + int(fields[12])) / _TICKS
