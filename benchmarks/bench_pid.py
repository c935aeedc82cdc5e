"""Time one decomposition, and in the same run a loop from the definition and, if installed, dit.

    python benchmarks/bench_pid.py            (make bench installs dit first)

Every line is one distribution; times are the best of several runs on one thread, ratios are to ours in the same run.
"""

import argparse
import importlib.util
import multiprocessing
import sys
import time
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from infomorphic.pid import decompose, decompose_samples
from pid import definition

CASES = {
    "n = 2, alphabets of 4, binary target": (4, 4, 2),
    "n = 3, binary": (2, 2, 2, 2),
    "n = 3, alphabets of 4, binary target": (4, 4, 4, 2),
    "n = 4, binary": (2, 2, 2, 2, 2),
    "n = 5, binary": (2, 2, 2, 2, 2, 2),
}


def best_ms(function, runs):
    """The shortest of several runs in milliseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def random_pmf(shape, rng):
    """A pmf without zeros."""
    weights = rng.random(shape)
    return weights / weights.sum()


def _dit(pmf, pipe):
    import dit
    from dit.pid import PID_SX

    outcomes = ["".join(map(str, o)) for o in np.ndindex(pmf.shape)]
    distribution = dit.Distribution(outcomes, pmf.ravel())
    n = pmf.ndim - 1
    start = time.perf_counter()
    # dit identifies the target by position and is silently wrong for some positions, so it is last here, and named.
    value = PID_SX(distribution, [[i] for i in range(n)], [n]).get_pi(tuple((i,) for i in range(n)))
    pipe.send((1e3 * (time.perf_counter() - start), float(value)))


def dit_ms(pmf, limit):
    """Milliseconds of dit's decomposition by shared exclusions, once, and its redundancy; (None, None) past `limit` seconds."""
    if importlib.util.find_spec("dit") is None:
        return None, None
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_dit, args=(pmf, theirs))
    process.start()
    answer = ours.recv() if ours.poll(limit) else (None, None)
    process.kill()
    process.join()
    return answer


def main():
    """Print one line per case."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dit-seconds", type=float, default=60, help="give dit this long for a distribution (default 60)")
    parser.add_argument("--definition-sources", type=int, default=4, help="compare with the definition up to this number (default 4)")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    with threadpool_limits(1):
        print(f"{'one distribution':40} {'ours':>10} {'definition':>12} {'ratio':>8} {'dit':>12} {'ratio':>8}")
        for name, shape in CASES.items():
            pmf = random_pmf(shape, rng)
            n = len(shape) - 1
            decompose(pmf)  # builds the lattice once
            ours = best_ms(lambda pmf=pmf: decompose(pmf), 50 if n < 5 else 5)
            line = f"{name:40} {ours:8.2f}ms"
            if n <= options.definition_sources:
                definition.order(n)
                slow = best_ms(lambda pmf=pmf: definition.redundancy_and_atoms(pmf), 1)
                line += f" {slow:10.0f}ms {slow / ours:7.0f}x"
            else:
                line += f" {'-':>12} {'-':>8}"
            theirs, value = dit_ms(pmf, options.dit_seconds)
            if theirs is None:
                line += f" {f'over {options.dit_seconds:.0f} s':>12} {f'>{1e3 * options.dit_seconds / ours:.0f}x':>8}"
            if theirs is not None:
                ours_value = float(decompose(pmf).atoms.array[0])
                agree = "" if abs(value - ours_value) < 1e-9 else f"  (dit: {value:.6f}, ours: {ours_value:.6f})"
                line += f" {theirs:10.0f}ms {theirs / ours:7.0f}x{agree}"
            print(line, flush=True)
        batch = rng.random((1000, 4, 4, 4, 2))
        batch /= batch.sum(axis=(1, 2, 3, 4), keepdims=True)
        print(f"\nbatch of 1000, n = 3, alphabets of 4, binary target: {best_ms(lambda: decompose(batch, 3), 5):.0f} ms")
        x = rng.normal(size=(10**6, 3))
        t = (x.sum(axis=1) + rng.normal(size=10**6) > 0).astype(int)
        print(f"10^6 observations of 3 sources in 20 bins, binary target: {best_ms(lambda: decompose_samples(x, t, bins=20), 3):.0f} ms")


if __name__ == "__main__":
    main()
