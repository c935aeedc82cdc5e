"""Two real processes: what they exchange, and what one reports when the other ends."""

import os
import subprocess
import sys

import torch

from infomorphic.parallel import joined

SCRIPT = """
import sys
from pathlib import Path
import torch
from infomorphic.errors import InfomorphicError
from infomorphic.parallel import joined

rank, meeting = int(sys.argv[1]), Path(sys.argv[2])
try:
    with joined(rank, 2, meeting) as processes:
        own = torch.full((1 + rank, 2), float(rank))
        print(torch.cat(processes.collected(own, [1, 2])).tolist())
        print([part.tolist() for part in processes.collected_by_first(own, [1, 2])])
        print(processes.from_first(b"from zero" if rank == 0 else None))
        if rank == 1:
            raise InfomorphicError("weights became NaN.")
        processes.collected(own, [1, 2])
except InfomorphicError as error:
    print(type(error).__name__, error)
"""


def test_two_processes_exchange_rows_and_bytes_and_one_says_why_it_ends(tmp_path):
    command = [sys.executable, "-u", "-c", SCRIPT]
    environment = {**os.environ, "GLOO_SOCKET_IFNAME": "lo"} if sys.platform == "linux" else None
    both = [
        subprocess.Popen([*command, str(rank), str(tmp_path / "meeting")], stdout=subprocess.PIPE, text=True, env=environment)
        for rank in range(2)
    ]
    first, second = (process.communicate(timeout=300)[0].splitlines() for process in both)
    rows, why = "[[0.0, 0.0], [1.0, 1.0], [1.0, 1.0]]", "weights became NaN."
    assert first == [rows, "[[[0.0, 0.0]], [[1.0, 1.0], [1.0, 1.0]]]", "b'from zero'", f"RunError {why}"]
    assert second == [rows, "[]", "b'from zero'", f"InfomorphicError {why}"]


def test_one_process_can_be_a_whole_group(tmp_path):
    with joined(0, 1, tmp_path / "meeting") as processes:
        assert processes.from_first(b"") == b""
        assert torch.equal(processes.collected(torch.ones(2), [2])[0], torch.ones(2))
