"""A neuron in words, clause by clause. Each function writes one clause; `Neurons.describe` joins them to a sentence."""

from collections.abc import Mapping, Sequence

from infomorphic.analysis.lesions import Loss
from infomorphic.goals import RESIDUAL_ENTROPY

_SMALLEST = 0.0005
"""Contributions below this, in bits, are written as zero."""
_MOST_CLASSES = 3


def response(preferred: Sequence[int], avoided: Sequence[int], class_names: Sequence[str]) -> str:
    """Which classes a neuron fires for."""
    if not preferred:
        return "it does not distinguish classes"
    fires, silent = (_listed(classes, class_names) for classes in (preferred, avoided))
    if len(preferred) + len(avoided) == len(class_names) and len(avoided) < len(preferred):
        return f"it fires for all classes except {silent}"
    if 2 * len(preferred) <= len(avoided):
        return f"it fires most for {fires}"
    if 2 * len(avoided) <= len(preferred):
        return f"it fires least for {silent}"
    return f"it fires for {fires} rather than for {silent}"


def evidence(weights: Sequence[float], class_names: Sequence[str]) -> str:
    """What the readout takes the firing of a neuron for: the classes with at least half of the largest |weight|."""
    largest = max(abs(w) for w in weights)
    if not largest:
        return "the readout ignores it"
    strong = sorted((c for c, w in enumerate(weights) if abs(w) >= largest / 2), key=lambda c: -abs(weights[c]))
    sides = [
        f"{word} {_listed(chosen, class_names)}"
        for word, chosen in (
            ("for", [c for c in strong if weights[c] > 0][:_MOST_CLASSES]),
            ("against", [c for c in strong if weights[c] < 0][:_MOST_CLASSES]),
        )
        if chosen
    ]
    return f"the readout takes its firing as evidence {' and '.join(sides)}"


def earnings(goal: float, contributions: Mapping[str, float]) -> str:
    """The terms that raise and lower the goal of a neuron most.

    Args:
        goal: its value in bits.
        contributions: of each term to it, in bits.
    """
    highest, lowest = (choose(contributions, key=lambda label: contributions[label]) for choose in (max, min))
    parts = [
        f"{verb} {_named(label)} ({signed(contributions[label])})"
        for verb, label, is_shown in (
            ("gains most from", highest, contributions[highest] >= _SMALLEST),
            ("loses most to", lowest, contributions[lowest] <= -_SMALLEST),
        )
        if is_shown
    ]
    value = f"its goal of {unsigned(goal)} bits"
    return f"{value} {' and '.join(parts)}" if parts else f"{value} has only terms below 0.001 bits"


def similarity(twin: int | None, followers: Sequence[int], nearest: int, correlation: Sequence[float]) -> str:
    """Whether another neuron is redundant with it.

    Args:
        twin: the kept neuron that it is redundant with, if there is one.
        followers: the neurons that are redundant with it.
        nearest: the neuron whose output shares most information with its own.
        correlation: of its expected output with that of each neuron.
    """
    if twin is not None:
        return f"it is redundant with neuron {twin} (r = {unsigned(correlation[twin], 2)})"
    if len(followers) == 1:
        return f"neuron {followers[0]} is redundant with it (r = {unsigned(correlation[followers[0]], 2)})"
    if followers:
        return f"neurons {', '.join(map(str, followers))} are redundant with it"
    return f"no other neuron is redundant with it (most similar: {nearest}, r = {unsigned(correlation[nearest], 2)})"


def absence(loss: Loss, class_names: Sequence[str]) -> str:
    """What changes without a neuron."""
    if not loss.wrong + loss.right:
        return "without it, no prediction changes"
    if not loss.exceeds_chance:
        return "without it, accuracy changes by no more than chance"
    points = f"{abs(100 * loss.accuracy):.2f} points"
    if loss.accuracy < 0:
        return f"without it, accuracy rises by {points}"
    return f"without it, accuracy falls by {points}, most for {_listed(loss.classes_lost, class_names)}"


def absence_by_class(loss: Loss, class_names: Sequence[str]) -> str:
    """The predictions that change without a neuron: how many, whether chance explains them, and the classes that lose most."""
    changed = loss.wrong + loss.right
    if not changed:
        return f"Without it, the prediction changes for none of {loss.images} images."
    text = f"Without it, the prediction changes for {changed} of {loss.images} images: {loss.wrong} become wrong, {loss.right} right."
    if not loss.exceeds_chance:
        text += f" This is within chance (sign test, p = {loss.p:.2f})."
    lost = [f"{class_names[c]} ({loss.wrong_by_class[c]} wrong, {loss.right_by_class[c]} right)" for c in loss.classes_lost]
    return f"{text} The classes that lose most: {', '.join(lost)}." if lost else text


def signed(value: float, digits: int = 3) -> str:
    """A number with its sign: +0.026, −0.030."""
    return f"{value:+.{digits}f}".replace("-", "−")


def unsigned(value: float, digits: int = 3) -> str:
    """A number whose sign is written only if it is negative: 0.39, −0.39; zero has none."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def _listed(classes: Sequence[int], class_names: Sequence[str]) -> str:
    return ", ".join(class_names[c] for c in classes)


def _named(label: str) -> str:
    return "the residual entropy" if label == RESIDUAL_ENTROPY else label
