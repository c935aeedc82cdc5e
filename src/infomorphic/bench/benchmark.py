"""Time a training step, dense histograms with autograd, and backpropagation in one process.

All steps train the same network, setup 1, on the same batches. They take turns, so that other load on the machine
affects all of them equally.
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from infomorphic.layers import Modulated
from infomorphic.networks.network import Classifier
from infomorphic.networks.optimizer import adam
from infomorphic.networks.settings import NetworkSettings
from infomorphic.objective import LocalGoal
from infomorphic.seeding import generator_for
from infomorphic.training.preset import default_preset, preset
from infomorphic.training.trainer import peak_memory_mib

_PIXELS, _CLASSES, _FEATURES, _BATCHES = 784, 10, 20, 8
# Currents spread over more bins as a network learns; timing an untrained network would flatter us.
_WARM_UP_STEPS = 200
_STEPS_IN_A_TURN = 5


@dataclass(frozen=True)
class Benchmark:
    """Median times of one step in milliseconds."""

    hidden: int
    batch: int
    threads: int
    step_ms: float
    """A whole training step of setup 1."""
    goal_gradient_ms: float
    """Goal and gradient of the hidden layer alone, from currents and firing probabilities, as a step computes them, binning included."""
    dense_step_ms: float
    """The same training step with dense histograms and autograd."""
    backprop_step_ms: float
    """A step of backpropagation through the same network, written in ordinary torch: see `PlainTorch`."""
    backprop_sharing_step_ms: float
    """The same gradients with every optimization of our step: its kernels, its draws, and shared computations of presentations done once."""
    feedforward_backprop_step_ms: float
    """A step of backpropagation through image, hidden layer and readout only: the `backprop` preset with `sources="F"`."""
    occupied_cells: float
    """Mean number of occupied cells in the joint histogram of a hidden neuron for one batch."""
    peak_memory_mib: float


class PlainTorch(nn.Module):
    """Setup 1 in ordinary torch: layers, draws and autograd. From this package it uses only the formula of the activation."""

    others: Tensor

    def __init__(self, hidden: int, presentations: int):
        super().__init__()
        sources = {"F": nn.Linear(_PIXELS, hidden), "C": nn.Linear(_CLASSES, hidden), "L": nn.Linear(hidden, hidden)}
        self.layers = nn.ModuleDict({"hidden": nn.ModuleDict(sources), "readout": nn.Linear(hidden, _CLASSES)})
        self.presentations = presentations
        self.register_buffer("others", 1 - torch.eye(hidden))

    def forward(
        self, images: Float[Tensor, "batch features"], context: Float[Tensor, "batch classes"], generator: torch.Generator
    ) -> Float[Tensor, "batch classes"]:
        """The readout's currents."""
        sources = cast(nn.ModuleDict, self.layers["hidden"])
        weight, bias = (cast(Tensor, p) for p in (sources["L"].weight, sources["L"].bias))
        weight, outputs = weight * self.others, None
        for _ in range(self.presentations):
            lateral = bias.expand(len(images), -1) if outputs is None else nn.functional.linear(outputs, weight, bias)
            firing_prob = Modulated().formula(sources["F"](images), sources["C"](context), lateral).sigmoid()
            expected = 2 * firing_prob - 1
            sampled = 2 * torch.bernoulli(firing_prob.detach(), generator=generator) - 1
            outputs = sampled + (expected - expected.detach())
        return self.layers["readout"](outputs)


def benchmark(hidden: int = 100, batch: int = 1024, repeats: int = 40, dense_repeats: int = 1) -> Benchmark:
    """Time the steps; see `Benchmark`. The data are synthetic, of MNIST's size: ten classes in a space of few features."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.randint(_CLASSES, (batch * _BATCHES,), generator=generator)
    # As in real images, few directions carry most of the variance, so that currents spread over many bins.
    features = torch.randn(_CLASSES, _FEATURES, generator=generator)[labels] + torch.randn(len(labels), _FEATURES, generator=generator)
    images = features @ torch.randn(_FEATURES, _PIXELS, generator=generator) / _FEATURES**0.5
    batches = list(zip(images.split(batch), labels.split(batch), strict=True))

    chosen = default_preset()
    backprop = chosen.task.benchmark
    assert backprop is not None
    ours, step = _network_and_step(chosen.name, hidden, batches)
    for i in range(_WARM_UP_STEPS):
        step(i)
    optimizers = {f"{layer}_optimizer": optimizer for layer, optimizer in chosen.settings().optimizers().items()}
    _, sharing_step = _network_and_step(backprop, hidden, batches, silence=-1, **optimizers)
    _, feedforward_step = _network_and_step(backprop, hidden, batches, sources="F", silence=-1, **optimizers)
    output = ours.present(*batches[0], generator)["hidden"]
    goal = ours.network.goals["hidden"]

    timed: dict[str, Callable[[int], object]] = {
        "step": step,
        "goal": lambda i: goal.descent(output),
        "backprop": _plain_step(hidden, batches),
        "sharing": sharing_step,
        "feedforward": feedforward_step,
    }
    times = _alternating(timed, repeats)
    peak = peak_memory_mib()
    dense = _dense_ms(ours, batches, dense_repeats)
    return Benchmark(
        hidden=hidden,
        batch=batch,
        threads=torch.get_num_threads(),
        step_ms=times["step"],
        goal_gradient_ms=times["goal"],
        dense_step_ms=dense,
        backprop_step_ms=times["backprop"],
        backprop_sharing_step_ms=times["sharing"],
        feedforward_backprop_step_ms=times["feedforward"],
        occupied_cells=_occupied_cells(goal.bin_index(output), goal.num_bins),
        peak_memory_mib=round(peak, 1),
    )


def _network_and_step(
    name: str, hidden: int, batches: list[tuple[Tensor, Tensor]], **others: object
) -> tuple[Classifier, Callable[[int], None]]:
    """The network of a preset, and a function that performs its training step on the i-th batch."""
    chosen = preset(name)
    settings = chosen.settings.model_validate({"hidden": hidden, **others})
    network: Classifier = chosen.build(settings, _PIXELS, _CLASSES, generator_for(0, "weights"))
    return network, _step(network.learn, network.network.layers, settings, batches)


def _plain_step(hidden: int, batches: list[tuple[Tensor, Tensor]]) -> Callable[[int], None]:
    """The step of `PlainTorch`, with the loss of the other networks."""
    settings = default_preset().settings.model_validate({"hidden": hidden})
    network = PlainTorch(hidden, settings.presentations)

    def learn(images: Tensor, labels: Tensor, generator: torch.Generator) -> None:
        currents = network(images, nn.functional.one_hot(labels, _CLASSES).float(), generator)
        nn.functional.cross_entropy(currents.sigmoid(), labels).backward()

    return _step(learn, network.layers, settings, batches)


def _step(
    learn: Callable[[Tensor, Tensor, torch.Generator], object],
    layers: nn.ModuleDict,
    settings: NetworkSettings,
    batches: list[tuple[Tensor, Tensor]],
) -> Callable[[int], None]:
    """A function that performs the step on the i-th batch: `learn` computes the gradients, the optimizer of the settings applies them."""
    optimizer = adam(layers, settings.optimizers())
    outputs = generator_for(0, "outputs")

    def step(i: int) -> None:
        images, labels = batches[i % len(batches)]
        optimizer.zero_grad(set_to_none=True)
        learn(images, labels, outputs)
        optimizer.step()

    return step


def _alternating(functions: dict[str, Callable[[int], object]], repeats: int) -> dict[str, float]:
    """The median time of each function in milliseconds. They take turns; the first step of each turn is not counted.

    So each is timed as in training, where a step follows another step, not a function that has evicted the caches.
    """
    times: dict[str, list[float]] = {name: [] for name in functions}
    for turn in range(math.ceil(repeats / _STEPS_IN_A_TURN)):
        for name, function in functions.items():
            for i in range(_STEPS_IN_A_TURN + 1):
                start = time.perf_counter()
                function(turn + i)
                if i:
                    times[name].append(time.perf_counter() - start)
    return {name: round(1e3 * float(np.median(values)), 4) for name, values in times.items()}


def _dense_ms(network: Classifier, batches: list[tuple[Tensor, Tensor]], repeats: int) -> float:
    """The median time of a dense step, which takes so long that few repetitions suffice."""
    times = []
    for i in range(repeats + 1):
        start = time.perf_counter()
        _dense_step(network, *batches[i % len(batches)])
        times.append(time.perf_counter() - start)
    return round(1e3 * float(np.median(times[1:])), 4)


def _dense_step(network: Classifier, images: Float[Tensor, "batch features"], labels: Int64[Tensor, " batch"]) -> None:
    """The gradients of a whole step with dense histograms and autograd, as the published code computes them."""
    network.zero_grad(set_to_none=True)
    presented = network.network.present(network.inputs(images, labels), generator_for(0, "outputs"))
    for name, goal in network.network.goals.items():
        LocalGoal(goal.goal, dict(zip(goal.goal.sources, goal.binnings, strict=True)), method="dense").ascend(presented[name])


def _occupied_cells(bins: Int64[Tensor, "sources batch neurons"], num_bins: Sequence[int]) -> float:
    cell = torch.zeros_like(bins[0], dtype=torch.long)
    for source, k in zip(bins, num_bins, strict=True):
        cell = cell * k + source
    return round(float(np.mean([len(column.unique()) for column in cell.T])), 1)
