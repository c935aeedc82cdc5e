"""The code of the compiled kernel on disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2])
def test_second_process_finds_the_code_on_disk(tmp_path: Path, threads: int) -> None:
    entry = "solve" if threads == 1 else "solve_in_parallel"
    code = (
        f"import torch; torch.set_num_threads({threads})\n"
        "from infomorphic.goals import Goal\n"
        "from infomorphic.objective import goal_with_gradient, needs_compilation\n"
        "before = needs_compilation()\n"
        "goal_with_gradient(torch.zeros(1, 9, 2, dtype=torch.uint8), torch.full((9, 2), 0.5), Goal.parse('{F}'))\n"
        f"from infomorphic.objective.kernel import {entry} as entry\n"
        "print(before, needs_compilation(), sum(entry.stats.cache_hits.values()))\n"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    runs = [subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True) for _ in range(2)]
    assert [run.stdout.split() for run in runs] == [["True", "False", "0"], ["False", "False", "1"]]


def test_neither_threads_nor_the_cache_on_disk_change_bits() -> None:
    code = """
import hashlib, sys, torch
from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.layers import RandomOthers
from infomorphic.layers.activations import Modulated
from infomorphic.layers.response import fire
from infomorphic.objective import LocalGoal

torch.set_num_threads(int(sys.argv[1]))
draw = torch.Generator().manual_seed(0)
currents = [(4 * torch.randn(128, 1024, generator=draw).T).requires_grad_() for _ in "FCL"]
goal, bins = Goal.published("trivariate/optimized-tpe-1"), FixedRange()
fired = fire(Modulated(), currents, "sample", draw)
by_theta = -LocalGoal(goal, bins).descent(fired)[1]
by_current = torch.autograd.grad(fired.firing_prob, currents, by_theta)
sparse = RandomOthers(at_most=20).build(128, draw)
heard = sparse(currents[0].detach())
(weight_gradient,) = torch.autograd.grad(heard, sparse.weight, by_theta)
for tensor in (fired.firing_prob.detach(), fired.output, by_theta, *by_current, heard.detach(), weight_gradient):
    print(hashlib.sha256(tensor.T.contiguous().numpy().tobytes()).hexdigest())
"""
    # The first process with a number of threads may compile, the second loads what is on disk.
    runs = [subprocess.run([sys.executable, "-c", code, n], capture_output=True, text=True, check=True).stdout for n in "1221"]
    assert len(runs[0].split()) == 8
    assert len(set(runs)) == 1
