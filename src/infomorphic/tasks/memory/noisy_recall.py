"""Recall of stored patterns from noisy cues, in words and as pictures."""

from collections.abc import Iterator
from typing import NamedTuple

from jaxtyping import Bool
from torch import Tensor

from infomorphic.errors import ConfigurationError
from infomorphic.seeding import generator_for
from infomorphic.tasks.memory.couplings import Couplings
from infomorphic.tasks.memory.patterns import Patterns, Stored, flipped
from infomorphic.tasks.memory.recall import Recall, recall, score
from infomorphic.training.results import BitPicture, Evaluated, Result

_MOST_STEPS = 5
"""Of more steps, a picture shows only the first ones."""


class Recalled(NamedTuple):
    """The result of recall from noisy cues."""

    stored: Stored
    cues: Patterns
    found: Recall
    score: float
    """Mean cosine similarity between the recalled states and the patterns."""

    @property
    def is_right(self) -> Bool[Tensor, " patterns"]:
        """Whether each recalled state is its pattern, bit by bit."""
        return (self.found.states == self.stored.patterns).all(1)


def recall_with_noise(
    couplings: Couplings, stored: Stored, noise: float = 0.0, seed: int = 0, *, keep_trajectory: bool = False
) -> Recalled:
    """Recall every pattern from a cue in which a fraction `noise` of the bits is flipped, selected by `seed`."""
    cues = flipped(stored.patterns, noise, generator_for(seed, "noise"))
    found = recall(couplings, cues, keep_trajectory=keep_trajectory)
    return Recalled(stored, cues, found, score(found.states, stored.patterns))


def described(recalled: Recalled, noise: float, seed: int, pattern: int | None) -> Evaluated:
    """The result in words and numbers, with pictures of one pattern.

    Args:
        recalled: the result, with its trajectory if a pattern is drawn.
        noise: the fraction of flipped bits.
        seed: the seed that selected them.
        pattern: the pattern to draw; None for no pictures.

    Raises:
        ConfigurationError: if there is no such pattern.
    """
    count, neurons = recalled.stored.patterns.shape
    if pattern is not None and not 0 <= pattern < count:
        raise ConfigurationError(
            f"`pattern` must be from 0 to {count - 1}, one of the {count} patterns that the memory stores; got {pattern}."
        )
    return Evaluated(
        {"noise": noise, "score": recalled.score, "patterns": count, "neurons": neurons, "seed": seed},
        Result(
            f"{count} patterns of {neurons} bits, {round(noise * neurons)} of them flipped in each cue: score {recalled.score:.3f}",
            f"The score is the mean cosine similarity; {int(recalled.is_right.sum())} patterns are recalled perfectly.",
        ),
        () if pattern is None else tuple(recall_pictures(recalled, pattern, _MOST_STEPS)),
        "a bit that differs from the pattern",
    )


def recall_pictures(recalled: Recalled, number: int, most_steps: int | None = None) -> Iterator[BitPicture]:
    """A cue, each state on the way, the recalled state and the pattern; bits that differ from the pattern are marked.

    Args:
        recalled: the result, with its trajectory.
        number: the number of the pattern.
        most_steps: the number of states to show on the way; default: all.
    """
    assert recalled.found.trajectory is not None
    pattern, steps = recalled.stored.patterns[number], int(recalled.found.steps[number])
    states = recalled.found.trajectory[:, number]
    ended = {1: "fixed point", 2: "2-cycle", 0: "no end"}[int(recalled.found.period[number])]
    shown = [("cue", recalled.cues[number])]
    shown += [(f"step {i}", states[i]) for i in range(1, steps if most_steps is None else min(steps, most_steps))]
    shown += [(f"step {steps}: {ended}", recalled.found.states[number])] if steps else []
    for title, state in [*shown, (f"pattern {recalled.stored.names[number]}", pattern)]:
        differs = state != pattern
        yield BitPicture(title, f"{int(differs.sum())} wrong", state, differs, recalled.stored.width)
