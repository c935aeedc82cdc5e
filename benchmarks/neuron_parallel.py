"""Time training steps of setup 2 in one process and in two that each have half of the neurons, and what one of more processes computes.

python benchmarks/neuron_parallel.py --out results/neuron-parallel.csv

Two processes of one thread. In each turn process 0 first trains the whole network while the other waits, then both train the divided one,
on the same batches, from the same weights; so other load on the machine affects both alike, and both networks must get the same bits.
The kinds of rows:

step      a training step, in one or two processes: median, least and largest of the turns. `speedup` is the median over turns of the ratio.
part      the step of one of N processes without any exchange: the outputs of all other neurons are random bits.
exchange  one exchange of `bytes` by each of two processes, both ready.
"""

import argparse
import copy
import csv
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
from memory import provenance

from infomorphic.networks.optimizer import adam
from infomorphic.parallel import Processes, divide, joined
from infomorphic.seeding import generator_for
from infomorphic.training import preset
from infomorphic.training.optimizer import state_tensors

BATCH, PIXELS, CLASSES, FEATURES = 1024, 784, 10, 20
COLUMNS = (
    "kind",
    "hidden",
    "processes",
    "ms",
    "least_ms",
    "largest_ms",
    "cpu_ms",
    "speedup",
    "exchange_ms",
    "bytes",
    "gradient_bytes",
    "same_bits",
)


@dataclass(frozen=True)
class Timed(Processes):
    """Processes that note the duration and size of each exchange."""

    seconds: list = field(default_factory=list)
    bytes: list = field(default_factory=list)

    def collected(self, values, lengths):
        """As in `Processes`."""
        start = time.perf_counter()
        found = super().collected(values, lengths)
        self.seconds.append(time.perf_counter() - start)
        self.bytes.append((self.size - 1) * values.nbytes)
        return found


@dataclass(frozen=True)
class Pretended(Processes):
    """One of several processes, whose others are always ready with random bits."""

    def collected(self, values, lengths):
        """The values given, and bytes that stay the same for the others."""
        return [values if rank == self.rank else _bytes(length, values.shape[1]) for rank, length in enumerate(lengths)]


_kept = {}


def _bytes(*shape):
    if shape not in _kept:
        _kept[shape] = torch.randint(256, shape, dtype=torch.uint8)
    return _kept[shape]


class Training:
    """A network, its optimizer and its batches."""

    def __init__(self, hidden, seed):
        settings = preset("setup-2").settings.model_validate({"hidden": hidden})
        self.network = preset("setup-2").build(settings, PIXELS, CLASSES, generator_for(seed, "weights"))
        self.optimizer = adam(self.network.network.layers, settings.optimizers())
        self.outputs = generator_for(seed, "outputs")
        draw = generator_for(seed, "batches")
        patterns = torch.randn(CLASSES, FEATURES, generator=draw) @ torch.randn(FEATURES, PIXELS, generator=draw) / FEATURES**0.5
        labels = torch.randint(CLASSES, (4, BATCH), generator=draw)
        self.batches = [(patterns[k] + torch.randn(BATCH, PIXELS, generator=draw), k) for k in labels]
        self.steps = 0

    def step(self, count=1):
        """Train, and return the seconds and the processor's seconds of a step."""
        start = time.perf_counter(), time.process_time()
        for _ in range(count):
            images, labels = self.batches[self.steps % len(self.batches)]
            self.optimizer.zero_grad(set_to_none=True)
            self.network.learn(images, labels, self.outputs)
            self.optimizer.step()
            self.steps += 1
        return (time.perf_counter() - start[0]) / count, (time.process_time() - start[1]) / count

    def tensors(self):
        """What a checkpoint holds."""
        found = {f"network.{name}": t for name, t in self.network.state_dict().items()}
        return found | {f"optimizer.{name}": t for name, t in state_tensors(self.optimizer).items()}


def measure(processes, hidden, options):
    """The rows of one size; process 0 returns them."""
    everyone = [1] * processes.size
    whole, divided = Training(hidden, options.seed), Training(hidden, options.seed)
    timed = Timed(processes.rank, processes.size, processes.store)
    division = divide(divided.network, divided.optimizer, timed)
    alone, together, exchanges = [], [], []
    for turn in range(options.turns + 1):
        # The first turn compiles, fills bins and is not counted.
        steps = options.steps if turn else options.warm_up
        processes.collected(torch.zeros(1), everyone)
        if processes.rank == 0:
            alone.append(whole.step(steps))
        processes.collected(torch.zeros(1), everyone)
        timed.seconds.clear()
        timed.bytes.clear()
        together.append(divided.step(steps))
        exchanges.append(sum(timed.seconds) / steps)
        sent = sum(timed.bytes) // steps
    saved = division.whole(divided.tensors())
    if processes.rank:
        return []
    gradients = 4 * sum(p.numel() for p in whole.network.parameters())
    same = all(torch.equal(tensor, saved[name]) for name, tensor in whole.tensors().items())
    shared = {"kind": "step", "hidden": hidden, "same_bits": same}
    return [
        {**shared, "processes": 1, **_spread(alone[1:])},
        {
            **shared,
            "processes": 2,
            **_spread(together[1:]),
            "speedup": round(statistics.median(a / b for (a, _), (b, _) in zip(alone[1:], together[1:], strict=True)), 3),
            "exchange_ms": round(1e3 * statistics.median(exchanges[1:]), 3),
            "bytes": sent,
            # Of a ring: each process sends every number twice, except its own part.
            "gradient_bytes": gradients * 2 * (processes.size - 1) // processes.size,
        },
        *_parts(whole, hidden, options),
    ]


def _parts(whole, hidden, options):
    """The steps of one of several processes."""
    for processes in options.parts:
        if hidden // processes < 16:
            continue
        part = copy.copy(whole)
        part.network, part.optimizer = copy.deepcopy((whole.network, whole.optimizer))
        if processes > 1:
            divide(part.network, part.optimizer, Pretended(0, processes))
        part.step(2)
        yield {"kind": "part", "hidden": hidden, "processes": processes, **_spread([part.step() for _ in range(options.turns)])}


def exchanges(processes, options):
    """The rows of exchanges without computation."""
    for size in (64, 2**20):
        values = torch.zeros(1, size, dtype=torch.uint8)
        times = []
        for _ in range(20 * options.turns):
            start = time.perf_counter()
            processes.collected(values, [1] * processes.size)
            times.append(time.perf_counter() - start)
        yield {"kind": "exchange", "processes": processes.size, **_spread([(seconds, None) for seconds in times]), "bytes": size}


def _spread(times):
    """The median, least and largest of times, and the median of the processor's times, which other load on the machine changes little."""
    ms = [1e3 * seconds for seconds, _ in times]
    cpu = [1e3 * seconds for _, seconds in times if seconds is not None]
    found = {"ms": round(statistics.median(ms), 4), "least_ms": round(min(ms), 4), "largest_ms": round(max(ms), 4)}
    return {**found, "cpu_ms": round(statistics.median(cpu), 4)} if cpu else found


def work(options):
    """Measure as one of two processes."""
    torch.set_num_threads(1)
    origin = {**provenance(0), "seed": options.seed, "batch": BATCH, "load": options.load, "command": options.command}
    del origin["epochs"]
    rows = []
    with joined(options.rank, 2, options.meeting) as processes:
        for hidden in options.hidden:
            rows += measure(processes, hidden, options)
            processes.collected(torch.zeros(1), [1, 1])
        rows += exchanges(processes, options)
    if options.rank:
        return
    for row in rows:
        print({name: value for name, value in row.items() if value is not None}, flush=True)
    with options.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*COLUMNS, *origin], lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, **origin} for row in rows)


def main():
    """Start the two processes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hidden", type=int, nargs="+", default=[2000, 8000])
    parser.add_argument("--parts", type=int, nargs="+", default=[1, 2, 4, 8, 16, 32, 64, 128, 256])
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--steps", type=int, default=3, help="steps in a turn")
    parser.add_argument("--warm-up", type=int, default=10, help="steps before the first turn")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rank", type=int)
    parser.add_argument("--meeting", type=Path)
    parser.add_argument("--load", type=float)
    parser.add_argument("--command")
    options = parser.parse_args()
    if options.rank is not None:
        work(options)
        return
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    with tempfile.TemporaryDirectory() as folder:
        # The load of the machine before the measurement: the mean number of busy processes in the last minute.
        noted = [
            "--load",
            f"{os.getloadavg()[0]:.1f}",
            "--command",
            shlex.join(["python", *sys.argv]),
            "--meeting",
            str(Path(folder) / "meeting"),
        ]
        command = [sys.executable, *sys.argv, *noted, "--rank"]
        workers = [subprocess.Popen([*command, str(rank)], env=environment) for rank in range(2)]
        statuses = [worker.wait() for worker in workers]
        if any(statuses):
            sys.exit(1)


if __name__ == "__main__":
    main()
