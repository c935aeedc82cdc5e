"""Time a training step of a preset and, in the same process, of networks that it is compared with.

All steps take turns, so that other load on the machine affects all of them equally.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from infomorphic.bench.limits import Part, in_memory, products
from infomorphic.bench.networks import PlainTorch, relu
from infomorphic.bench.start import start_seconds
from infomorphic.layers import Presented
from infomorphic.networks.network import Classifier, InfomorphicNetwork
from infomorphic.networks.optimizer import adam
from infomorphic.networks.settings import NetworkSettings
from infomorphic.objective import LocalGoal
from infomorphic.seeding import generator_for
from infomorphic.training.config import TrainConfig
from infomorphic.training.preset import default_preset, preset
from infomorphic.training.task import layers_of
from infomorphic.training.trainer import peak_memory_mib

_SHAPE, _CLASSES, _FEATURES, _BATCHES = (28, 28), 10, 20, 8
_PIXELS = math.prod(_SHAPE)
# Currents spread over more bins as a network learns; timing an untrained network would flatter us.
_WARM_UP_STEPS = 200
_STEPS_IN_A_TURN = 5
_ADAM = 7
"""Numbers that a step of Adam reads or writes per weight: weight, gradient and two moments, and three of them again."""

Batches = list[tuple[Tensor, Tensor]]
Step = Callable[[int], object]


@dataclass(frozen=True)
class Benchmark:
    """Median times of one step in milliseconds. What a preset does not have is None."""

    preset: str
    hidden: int | None
    """Neurons in front of the readout."""
    batch: int
    threads: int
    step_ms: float
    """A whole training step of the preset."""
    goal_gradient_ms: float | None
    """Goals and gradients of the layers in front of the readout alone, from currents and firing probabilities, as a step computes them, binning included."""
    relu_step_ms: float | None
    """A step of an ordinary feedforward network of the same sizes: ReLU layers, linear readout, cross entropy, Adam, in plain torch."""
    dense_step_ms: float | None
    """The same training step with dense histograms and autograd, in this package. The published code takes about half of this time at 100 neurons, and more at 1000."""
    backprop_step_ms: float | None
    """Of the default preset only: a step of backpropagation through the same network, written in ordinary torch: see `PlainTorch`."""
    backprop_sharing_step_ms: float | None
    """Of the default preset only: the same gradients with every optimization of our step: its kernels, its draws, and shared computations of
    presentations done once."""
    feedforward_backprop_step_ms: float | None
    """Of the default preset only: backpropagation through image, hidden layer and readout: the `backprop` preset with `sources="F"`."""
    occupied_cells: float | None
    """Mean number of occupied cells in the joint histogram of a neuron for one batch."""
    peak_memory_mib: float
    parts: tuple[Part, ...]
    """How far the parts of the step are from the limits of the machine."""
    cold_start_s: float | None = None
    """Seconds to the end of the first epoch of digits with an empty cache of compiled code, if measured: see `infomorphic.bench.start`."""
    warm_start_s: float | None = None
    """The same with a full cache."""


class _Subject(NamedTuple):
    """A preset whose step is timed."""

    step: Step
    optimizer: torch.optim.Optimizer
    network: InfomorphicNetwork | None
    presented: Mapping[str, Presented]
    """The responses of its layers to one batch."""
    batch: int
    readout: str | None
    steps: int = 1
    """Steps of the optimizer per call of `step`."""
    classifier: Classifier | None = None


def benchmark(
    name: str | None = None, hidden: int | None = None, batch: int = 1024, repeats: int = 40, dense_repeats: int = 1, *, start: bool = False
) -> Benchmark:
    """Time the steps; see `Benchmark`. Classifiers get synthetic data of MNIST's size: ten classes in a space of few features.

    Args:
        name: the preset; by default the default preset.
        hidden: the number of neurons in front of the readout; None for the preset's own.
        batch: samples per batch.
        repeats: timed steps of each network.
        dense_repeats: timed steps with dense histograms, which are slow.
        start: whether to measure how long trainings take to start, ten times.

    Raises:
        ConfigurationError: if there is no such preset, or it cannot have this number of neurons.
    """
    config = configuration(name, hidden)
    batches = _batches(batch)
    subject = _classifier(config, batches) if config.task.classifies else _task(config, batch)
    for i in range(_WARM_UP_STEPS if subject.steps == 1 else 1):
        subject.step(i)
    goals = _goals(subject)
    timed: dict[str, Step] = {"step": subject.step}
    if goals:
        timed["goal"] = lambda i: [goal.descent(subject.presented[layer]) for layer, goal in goals.items()]
    if subject.network is not None:
        timed["relu"] = _relu_step(subject, batches)
    if config.preset == default_preset().name:
        timed |= _backpropagation(config, batches)
    times = _alternating(timed, repeats)
    times["step"] = round(times["step"] / subject.steps, 4)
    peak = peak_memory_mib()
    parts = _parts(subject, goals, times)
    dense = _dense_ms(subject.classifier, batches, dense_repeats) if goals and subject.classifier is not None else None
    first = next(iter(goals), None)
    starts = start_seconds(_start_arguments(config, hidden)) if start else None
    return Benchmark(
        preset=config.preset,
        hidden=config.task.num_neurons(config.sections),
        batch=subject.batch,
        threads=torch.get_num_threads(),
        step_ms=times["step"],
        goal_gradient_ms=times.get("goal"),
        relu_step_ms=times.get("relu"),
        dense_step_ms=dense,
        backprop_step_ms=times.get("backprop"),
        backprop_sharing_step_ms=times.get("sharing"),
        feedforward_backprop_step_ms=times.get("feedforward"),
        occupied_cells=None if first is None else _occupied_cells(goals[first].bin_index(subject.presented[first]), goals[first].num_bins),
        peak_memory_mib=round(peak, 1),
        parts=parts,
        **({} if starts is None else {f"{kind}_start_s": seconds for kind, seconds in starts._asdict().items()}),
    )


def configuration(name: str | None, hidden: int | None) -> TrainConfig:
    """The configuration of a preset with this number of neurons in front of the readout.

    Raises:
        ConfigurationError: if there is no such preset, or it cannot have this number of neurons.
    """
    chosen = default_preset() if name is None else preset(name)
    return TrainConfig.make({"preset": chosen.name}, (), {} if hidden is None else {_size_setting(chosen.settings): hidden})


def _size_setting(settings: type[NetworkSettings]) -> str:
    return "network.neurons" if "neurons" in settings.model_fields else "network.hidden"


def _start_arguments(config: TrainConfig, hidden: int | None) -> list[str]:
    data = ["--dataset", "digits"] if config.task.classifies else []
    size = [] if hidden is None else ["--set", f"{_size_setting(type(config.network))}={hidden}"]
    return [config.preset, *data, *size, "--threads", str(torch.get_num_threads())]


def _batches(batch: int) -> Batches:
    generator = torch.Generator().manual_seed(0)
    labels = torch.randint(_CLASSES, (batch * _BATCHES,), generator=generator)
    # As in real images, few directions carry most of the variance, so that currents spread over many bins.
    features = torch.randn(_CLASSES, _FEATURES, generator=generator)[labels] + torch.randn(len(labels), _FEATURES, generator=generator)
    images = features @ torch.randn(_FEATURES, _PIXELS, generator=generator) / _FEATURES**0.5
    return list(zip(images.split(batch), labels.split(batch), strict=True))


def _classifier(config: TrainConfig, batches: Batches) -> _Subject:
    """The network of a preset, which learns synthetic images."""
    chosen = config.sections.preset
    network: Classifier = chosen.build(config.network, _SHAPE, _CLASSES, generator_for(0, "weights"))
    optimizer = adam(network.network.layers, config.network.optimizers_of(network.network.layers))
    step = _step(network.learn, optimizer, batches)
    step(0)
    presented = network.present(*batches[0], generator_for(0, "outputs"))
    return _Subject(step, optimizer, network.network, presented, len(batches[0][1]), network.readout, classifier=network)


def _task(config: TrainConfig, batch: int) -> _Subject:
    """The task of a preset with its own data, one epoch per call."""
    if "batch_size" in type(config.training).model_fields:
        config = config.with_training(batch_size=batch)
    task: Any = config.task(config.sections, None)
    network, steps, presented = layers_of(task.network), 0, {}

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    counting = task.optimizer.register_step_post_hook(count)
    if network is not None:
        learn = network.learn
        network.learn = lambda *a, **k: presented.update(found := learn(*a, **k)) or found
    task.train_epoch(1)
    counting.remove()
    if network is not None:
        del network.learn
    seen = next((len(p.output) for p in presented.values()), batch)
    return _Subject(lambda i: task.train_epoch(i + 1), task.optimizer, network, presented, seen, None, max(steps, 1))


def _goals(subject: _Subject) -> dict[str, LocalGoal]:
    """The goals of the layers in front of the readout; that of the readout if there are no others."""
    goals: dict[str, LocalGoal] = {} if subject.network is None else dict(subject.network.goals)
    return {name: goal for name, goal in goals.items() if name != subject.readout} or goals


def _relu_step(subject: _Subject, batches: Batches) -> Step:
    """A step of an ordinary network with as many inputs and neurons per layer."""
    assert subject.network is not None
    layers = {placed.name: placed.layer for placed in subject.network.placed()}
    features = next(iter(layers.values())).connection("F").dense_weight().shape[1]
    network = relu(features, [layer.num_neurons for name, layer in layers.items() if name != subject.readout], _CLASSES)
    if subject.classifier is None:
        generator = torch.Generator().manual_seed(0)
        batches = [(torch.randn(subject.batch, features, generator=generator), torch.arange(subject.batch) % _CLASSES)]

    def learn(images: Tensor, labels: Tensor, generator: torch.Generator) -> None:
        nn.functional.cross_entropy(network(images), labels).backward()

    return _step(learn, torch.optim.Adam(network.parameters(), fused=True), batches)


def _backpropagation(config: TrainConfig, batches: Batches) -> dict[str, Step]:
    """Steps of backpropagation through the network of the default preset, by the names of their times."""
    name = config.task.benchmark
    assert name is not None
    settings: Any = config.network
    optimizers = {f"{layer}_optimizer": optimizer for layer, optimizer in settings.optimizers().items()}
    shared = {"network": {"hidden": settings.hidden, "silence": -1, **optimizers}}
    sharing = TrainConfig.make({"preset": name, **shared})
    feedforward = TrainConfig.make({"preset": name, "network": {**shared["network"], "sources": "F"}})
    plain = PlainTorch(_PIXELS, settings.hidden, _CLASSES, settings.presentations)

    def learn(images: Tensor, labels: Tensor, generator: torch.Generator) -> None:
        currents = plain(images, nn.functional.one_hot(labels, _CLASSES).float(), generator)
        nn.functional.cross_entropy(currents.sigmoid(), labels).backward()

    return {
        "backprop": _step(learn, adam(plain.layers, settings.optimizers()), batches),
        "sharing": _classifier(sharing, batches).step,
        "feedforward": _classifier(feedforward, batches).step,
    }


def _step(learn: Callable[[Tensor, Tensor, torch.Generator], object], optimizer: torch.optim.Optimizer, batches: Batches) -> Step:
    """A function that performs the step on the i-th batch: `learn` computes the gradients, the optimizer applies them."""
    outputs = generator_for(0, "outputs")

    def step(i: int) -> None:
        images, labels = batches[i % len(batches)]
        optimizer.zero_grad(set_to_none=True)
        learn(images, labels, outputs)
        optimizer.step()

    return step


def _alternating(functions: dict[str, Step], repeats: int) -> dict[str, float]:
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


def _parts(subject: _Subject, goals: Mapping[str, LocalGoal], times: Mapping[str, float]) -> tuple[Part, ...]:
    parts = [products(subject.step, subject.steps)]
    if goals:
        # Each source and θ are read, the gradient is written.
        numbers = sum((len(goal.goal.sources) + 2) * subject.presented[layer].output.numel() for layer, goal in goals.items())
        parts.append(in_memory("goal and gradient", times["goal"], numbers))
    weights = sum(p.numel() for group in subject.optimizer.param_groups for p in group["params"])
    ms = _alternating({"adam": lambda i: subject.optimizer.step()}, 4 * _STEPS_IN_A_TURN)["adam"]
    parts.append(in_memory("optimizer", ms, _ADAM * weights))
    return tuple(part for part in parts if part is not None)


def _dense_ms(network: Classifier, batches: Batches, repeats: int) -> float:
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
