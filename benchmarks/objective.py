"""Time goal and gradient on currents like those of a trained layer: `python benchmarks/objective.py [--neurons N ...]`.

Reports best and median of many repetitions, because other load on the machine can only add time.
"""

import argparse
import time
from collections.abc import Callable

import torch

from infomorphic.estimation.binning import FixedRange
from infomorphic.goals import Goal
from infomorphic.layers import Response
from infomorphic.objective import LocalGoal, Method, goal_with_gradient, needs_compilation
from infomorphic.objective.currents import bins_of_currents

BINNING = FixedRange(20, -20.0, 20.0)


def currents(neurons: int, batch: int, spread: bool, seed: int = 0) -> torch.Tensor:
    """F, C and L, shape (3, neurons, batch), at the scale of a trained hidden layer.

    F (standard deviation 6) and L (5) depend on the class of the sample, C takes one of ten values: some 270 occupied cells
    of 8000 at 1024 samples. `spread` makes all three independent and wide instead: some 770 cells.
    """
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator)

    if spread:
        return torch.stack([7 * normal(neurons, batch), 7 * normal(neurons, batch), 7 * normal(neurons, batch)])
    label = torch.randint(10, (batch,), generator=generator)
    feedforward = 5 * normal(neurons, 10)[:, label] + 3.3 * normal(neurons, batch)
    lateral = 4.5 * normal(neurons, 10)[:, label] + 2.2 * normal(neurons, batch)
    return torch.stack([feedforward, 3 * normal(neurons, 10)[:, label], lateral])


def firing_probability(x: torch.Tensor) -> torch.Tensor:
    """θ of currents (3, neurons, batch), by the activation of the trivariate hidden layer."""
    f, c, lateral = x
    return torch.sigmoid(f * (0.8 + 0.1 * torch.sigmoid(2 * f * c) + 0.1 * torch.sigmoid(2 * f * lateral))).clamp(1e-6, 1 - 1e-6)


def milliseconds(work: Callable[[], object], seconds: float) -> tuple[float, float]:
    """Best and median time of one call, over `seconds`."""
    work()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    times.sort()
    return 1e3 * times[0], 1e3 * times[len(times) // 2]


def main() -> None:
    """Print one line per case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--neurons", type=int, nargs="+", default=[100, 1000, 2000])
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--goal", default="trivariate/optimized-tpe-1")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--method", choices=["kernel", "torch", "dense"], default="kernel")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    goal = Goal.resolve(options.goal)
    method: Method = options.method
    local_goal = LocalGoal(goal, BINNING, method=method)
    if method == "kernel" and needs_compilation():
        print("compiling, once for this machine ...")
    print(f"goal {options.goal}, batch {options.batch}, {options.threads} threads, method {method}; milliseconds, best (median)")
    for spread in (False, True):
        for neurons in options.neurons:
            x = currents(neurons, options.batch, spread)
            by_source, theta = [current.T for current in x], firing_probability(x).T
            bins = bins_of_currents(by_source, (BINNING,) * 3).to(torch.int16)
            cells = bins[:, :, 0].T.unique(dim=0).shape[0]
            cases: dict[str, Callable[[], object]] = {
                "goal and gradient": lambda b=bins, t=theta: goal_with_gradient(b, t, goal, method=method),
                "gradient from currents": lambda x=by_source, t=theta: local_goal.descent(Response(tuple(x), t)),
                "binning in torch": lambda x=by_source: bins_of_currents(x, (BINNING,) * 3),
            }
            print(f"{neurons:6d} neurons, {cells:3d} cells (first neuron)", end="")
            for name, work in cases.items():
                best, median = milliseconds(work, options.seconds)
                print(f" | {name} {best:.2f} ({median:.2f})", end="", flush=True)
            print()


if __name__ == "__main__":
    main()
