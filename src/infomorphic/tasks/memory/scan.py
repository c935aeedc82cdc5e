"""Scans over methods, loads and seeds. Each trial depends only on its method, load and seed, so trials can run anywhere."""

import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from infomorphic.errors import ConfigurationError, GoalError
from infomorphic.goals.saved import find_goal
from infomorphic.seeding import generator_for
from infomorphic.tasks.memory.baselines import BASELINES
from infomorphic.tasks.memory.couplings import Couplings
from infomorphic.tasks.memory.information import neuron_information, scaled
from infomorphic.tasks.memory.network import EPOCHS, Settings, memorize
from infomorphic.tasks.memory.patterns import Patterns, flipped, random_patterns
from infomorphic.tasks.memory.recall import REQUIRED_SCORE, fixed_points, recall, score

_NOISE_STEPS = 50
"""Number of updates for a noisy cue. Source: arXiv:2511.02584."""


class Memory(NamedTuple):
    """Random patterns, and the couplings that store them."""

    method: str
    """A baseline, such as `hebb`, or a goal of the sources F and C: a published name or an expression."""
    load: float
    """Patterns per neuron."""
    seed: int
    patterns: Patterns
    couplings: Couplings
    seconds: float
    """Processor time for storing."""


class CapacityTrial(NamedTuple):
    """How well a memory stores its patterns."""

    method: str
    neurons: int
    load: float
    seed: int
    score: float
    """Mean cosine similarity to the pattern after recall from it without noise."""
    fixed_points: float
    """The fraction of patterns that are unchanged by recall."""
    seconds: float


class BasinTrial(NamedTuple):
    """How much noise a memory tolerates."""

    method: str
    neurons: int
    load: float
    seed: int
    basin: float | None
    """The largest fraction of flipped bits at which the required score is still reached; None if it is not reached without noise."""


class InformationTrial(NamedTuple):
    """The atoms and the residual entropy in bits, each the mean over neurons."""

    method: str
    neurons: int
    load: float
    seed: int
    redundancy: float
    unique_external: float
    unique_recurrent: float
    synergy: float
    residual_entropy: float


def scan(
    methods: Iterable[str], loads: Iterable[float], seeds: Iterable[int], settings: Settings | None = None, epochs: int = EPOCHS
) -> Iterator[Memory]:
    """Yield a memory for every combination, created lazily, with all seeds of a load in sequence."""
    loads, seeds = list(loads), list(seeds)
    for method in methods:
        for load in loads:
            for seed in seeds:
                yield store(method, load, seed, settings, epochs)


def store(
    method: str, load: float, seed: int, settings: Settings | None = None, epochs: int = EPOCHS, *, correlation: float = 0.0
) -> Memory:
    """Store round(load · N) random patterns. For a seed they are the same for every method and include those of smaller loads.

    Args:
        method: a name in `BASELINES`, or a goal.
        load: patterns per neuron.
        seed: the seed of the patterns and of the initial weights.
        settings: the settings of the network, with the goal replaced by `method`. Baselines use only the number of neurons.
        epochs: training steps with a goal; baselines have their own number.
        correlation: the expected overlap of two patterns; see `random_patterns`.

    Raises:
        ConfigurationError: if the load gives no pattern.
        GoalError: if the method is neither a baseline nor a goal.
    """
    settings = settings or Settings()
    count = round(load * settings.neurons)
    if count < 1:
        raise ConfigurationError(f"`load` must give at least one pattern in {settings.neurons} neurons; got {load}.")
    rule = BASELINES.get(method)
    if rule is None:
        try:
            settings = settings.model_copy(update={"goal": find_goal(method, "FC")})
        except GoalError as error:
            raise type(error)(f"`method` must be one of {', '.join(BASELINES)} or a goal; {error}") from None
    patterns = random_patterns(count, settings.neurons, generator_for(seed, "patterns"), correlation)
    start = time.process_time()
    couplings = rule(patterns) if rule else memorize(patterns, settings, generator_for(seed, "weights"), epochs)
    return Memory(method, load, seed, patterns, couplings, time.process_time() - start)


def capacity_trial(memory: Memory) -> CapacityTrial:
    """Recall from the patterns themselves."""
    found = recall(memory.couplings, memory.patterns)
    held = fixed_points(found, memory.patterns)
    return CapacityTrial(*_key(memory), score(found.states, memory.patterns), held, memory.seconds)


def basin_trial(memory: Memory, step: float = 0.01, required: float = REQUIRED_SCORE) -> BasinTrial:
    """Recall from increasingly noisy cues, a fraction `step` more flipped bits each time, until the score is below `required`."""
    noise = generator_for(memory.seed, "noise")
    basin = None
    for i in range(int(0.5 / step) + 1):
        found = recall(memory.couplings, flipped(memory.patterns, i * step, noise), _NOISE_STEPS)
        if score(found.states, memory.patterns) < required:
            break
        basin = i * step
    return BasinTrial(*_key(memory), basin)


def information_trial(memory: Memory, settings: Settings | None = None) -> InformationTrial:
    """The atoms of the neurons on the stored patterns.

    Couplings of baselines have an arbitrary scale; they are scaled so that the recurrent current of each neuron is, in root
    mean square over patterns, as large as the external one.
    """
    settings = settings or Settings(neurons=memory.patterns.shape[1])
    couplings = memory.couplings
    if memory.method in BASELINES:
        couplings = scaled(couplings, memory.patterns, settings.external_weight)
    terms = neuron_information(couplings, memory.patterns, settings)
    labels = ("{F}{C}", "{F}", "{C}", "{FC}", "H_res")
    return InformationTrial(*_key(memory), *(float(terms[label].double().mean()) for label in labels))


def _key(memory: Memory) -> tuple[str, int, float, int]:
    return memory.method, memory.patterns.shape[1], memory.load, memory.seed
