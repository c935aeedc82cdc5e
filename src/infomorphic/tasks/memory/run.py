"""Recall from the memory of a run."""

from typing import NamedTuple

from infomorphic.errors import RunError
from infomorphic.seeding import generator_for
from infomorphic.tasks.memory.network import couplings_of
from infomorphic.tasks.memory.patterns import Patterns, flipped
from infomorphic.tasks.memory.recall import Recall, recall, score
from infomorphic.tasks.memory.task import Task, patterns_of
from infomorphic.training.run import Run


class Recalled(NamedTuple):
    """The result of recall from noisy cues."""

    patterns: Patterns
    cues: Patterns
    found: Recall
    score: float
    """Mean cosine similarity between the recalled states and the patterns."""


def recall_run(run: Run, noise: float = 0.0, seed: int = 0, *, keep_trajectory: bool = False) -> Recalled:
    """Recall every pattern that a run stored, from cues in which a fraction `noise` of the bits is flipped.

    Args:
        run: a run of the preset `memory`.
        noise: the fraction of flipped bits, from 0 to 1.
        seed: selects the flipped bits.
        keep_trajectory: whether to return every state on the way.

    Raises:
        RunError: if the run is of another preset, or has no checkpoint.
    """
    config = run.config
    if not issubclass(config.task, Task):
        raise RunError(f"{run.path} is a run of the preset {config.preset!r}, which stores no patterns. Try: infomorphic train memory")
    patterns = patterns_of(config.sections)
    network = Task.rebuild(config.sections, {})
    checkpoint = run.load_checkpoint()
    checkpoint.restore(network)
    run.check_config(checkpoint)
    cues = flipped(patterns, noise, generator_for(seed, "noise"))
    found = recall(couplings_of(network), cues, keep_trajectory=keep_trajectory)
    return Recalled(patterns, cues, found, score(found.states, patterns))
