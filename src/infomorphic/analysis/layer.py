"""The layer as a whole: which classes its neurons cover, and how many of its neurons are idle."""

from dataclasses import dataclass

from infomorphic.analysis.neurons import Neurons
from infomorphic.analysis.selectivity import coded_classes


@dataclass(frozen=True)
class LayerOverview:
    """Counts over the neurons of a layer."""

    neurons: int
    by_firing: tuple[int, ...]
    """By class, the number of neurons that distinguish it from the rest by firing."""
    by_silence: tuple[int, ...]
    """By class, the number of neurons that distinguish it by silence."""
    code_a_class: int
    """Neurons that prefer some class."""
    constant: int
    """Neurons whose output hardly varies."""
    idle: int
    """Neurons that carry less than 0.01 bit of information about the class."""
    redundant: int
    """Near-duplicates of a neuron that is kept."""
    costless: int | None
    """Neurons whose removal does not lower accuracy; None if removal was not measured."""


def overview(neurons: Neurons) -> LayerOverview:
    """The counts of a layer."""
    classes = range(len(neurons.class_names))
    selectivity = neurons.selectivity
    codes = [coded_classes(p, a) for p, a in zip(selectivity.preferred, selectivity.avoided, strict=True)]
    return LayerOverview(
        len(neurons),
        tuple(sum(fires and c in coded for coded, fires in codes) for c in classes),
        tuple(sum(not fires and c in coded for coded, fires in codes) for c in classes),
        sum(bool(p) for p in selectivity.preferred),
        len(neurons.constant),
        len(neurons.idle),
        len(neurons.similarity.redundant),
        None if neurons.losses is None else sum(loss.accuracy <= 0 for loss in neurons.losses),
    )
