"""The layer as a whole: which classes its neurons cover, and how many of them do nothing."""

from dataclasses import dataclass

from infomorphic.reports.coding import coded_classes
from infomorphic.reports.neurons import Neurons


@dataclass(frozen=True)
class LayerOverview:
    """Counts over the neurons of a layer."""

    neurons: int
    by_firing: tuple[int, ...]
    """By class, the neurons that tell it from the rest by firing."""
    by_silence: tuple[int, ...]
    """By class, those that do so by silence."""
    code_a_class: int
    """Neurons that prefer some class."""
    constant: int
    """Neurons whose output hardly varies."""
    idle: int
    """Neurons that tell less than 0.01 bit about the class."""
    redundant: int
    """Neurons that say again what a kept one says."""
    costless: int | None
    """Neurons without which no fewer images are right; None where none was removed."""


def overview(neurons: Neurons) -> LayerOverview:
    """Count."""
    classes = range(len(neurons.class_names))
    coding = neurons.coding
    told = [coded_classes(p, a) for p, a in zip(coding.preferred, coding.avoided, strict=True)]
    return LayerOverview(
        len(neurons),
        tuple(sum(fires and c in coded for coded, fires in told) for c in classes),
        tuple(sum(not fires and c in coded for coded, fires in told) for c in classes),
        sum(bool(p) for p in coding.preferred),
        len(neurons.constant),
        len(neurons.idle),
        len(neurons.redundancy.redundant),
        None if neurons.losses is None else sum(loss.accuracy <= 0 for loss in neurons.losses),
    )
