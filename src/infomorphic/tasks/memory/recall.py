"""Recall stored patterns from cues by deterministic synchronous updates, and score the result."""

from collections.abc import Iterable
from typing import NamedTuple

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.errors import ConfigurationError
from infomorphic.tasks.memory.couplings import Couplings
from infomorphic.tasks.memory.patterns import Patterns

REQUIRED_SCORE = 0.95
"""A load counts as stored from this mean cosine similarity. Source: arXiv:2511.02584."""


class Recall(NamedTuple):
    """The result of recall for each cue."""

    states: Float[Tensor, "cues neurons"]
    """The fixed point; for a 2-cycle, its state that was reached first; otherwise the last state."""
    period: Int64[Tensor, " cues"]
    """1 for a fixed point, 2 for a 2-cycle, 0 if `max_steps` reached neither."""
    steps: Int64[Tensor, " cues"]
    """Updates until that state was first reached: 0 for a cue that is itself a fixed point."""
    trajectory: Float[Tensor, "times cues neurons"] | None
    """Every state from the cue on, if `keep_trajectory`. Updates continue after convergence, so 2-cycles are visible."""


def recall(
    couplings: Couplings, cues: Float[Tensor, "cues neurons"], max_steps: int | None = None, *, keep_trajectory: bool = False
) -> Recall:
    """Update every cue, s_i ← sign(h_i) for all neurons at once, until a state recurs after one or two steps.

    The external input is off. A neuron whose field is exactly zero keeps its state. Fields are summed in double precision. Cues do not
    affect one another.

    Args:
        couplings: the couplings of the memory.
        cues: the initial states, of ±1.
        max_steps: the largest number of updates; default: N, as published.
        keep_trajectory: whether to return every state.

    Source: arXiv:2511.02584.
    """
    neurons = couplings.weight.shape[0]
    if cues.shape[1] != neurons:
        raise ConfigurationError(f"`cues` must have one bit for each of the {neurons} neurons; got {cues.shape[1]}.")
    max_steps = neurons if max_steps is None else max_steps
    if max_steps < 0:
        raise ConfigurationError(f"`max_steps` must not be negative; got {max_steps}.")
    wide = Couplings(*(None if t is None else t.double() for t in couplings))  # type: ignore[arg-type]
    before, state = cues, cues
    states = cues.clone()
    period, steps = (torch.zeros(len(cues), dtype=torch.int64) for _ in range(2))
    trajectory = [cues]
    for step in range(1, max_steps + 1):
        following = _updated(wide, state)
        running = period == 0
        fixed = running & (following == state).all(1)
        cycling = running & ~fixed & (following == before).all(1) if step > 1 else torch.zeros_like(fixed)
        # In a 2-cycle, the state two steps ago equals the current one and was reached first.
        for arrived, length in ((fixed, 1), (cycling, 2)):
            period[arrived], steps[arrived] = length, step - length
        states = torch.where(running[:, None], following, states)
        before, state = state, following
        trajectory.append(following)
        if bool((period > 0).all()):
            break
    steps[period == 0] = max_steps
    return Recall(states, period, steps, torch.stack(trajectory) if keep_trajectory else None)


def score(states: Patterns, patterns: Patterns) -> float:
    """The mean cosine similarity of recalled states and patterns; for states of ±1, their mean overlap Σ_i s_i ξ_i / N."""
    return float(torch.nn.functional.cosine_similarity(states.double(), patterns.double(), dim=1).mean())


def fixed_points(found: Recall, patterns: Patterns) -> float:
    """The fraction of patterns that are unchanged by recall."""
    unchanged = (found.states == patterns).all(1) & (found.period == 1)
    return float(unchanged.double().mean())


def capacity(loads: Iterable[float], scores: Iterable[float], required: float = REQUIRED_SCORE) -> float | None:
    """The largest scanned load whose mean score is at least `required`; None if there is none.

    A load may appear once per seed; its scores are averaged. As published, a smaller load that fails does not count
    against a larger one that succeeds. Nothing is interpolated, so the resolution is that of the scan.

    Source: arXiv:2511.02584.
    """
    by_load: dict[float, list[float]] = {}
    for load, value in zip(loads, scores, strict=True):
        by_load.setdefault(load, []).append(value)
    return max((load for load, values in by_load.items() if sum(values) / len(values) >= required), default=None)


def _updated(couplings: Couplings, state: Float[Tensor, "cues neurons"]) -> Float[Tensor, "cues neurons"]:
    sign = couplings.field(state).sign().to(state.dtype)
    return torch.where(sign == 0, state, sign)
