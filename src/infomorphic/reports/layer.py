"""The layer as a whole: which classes its neurons cover, and how many of them do nothing."""

from dataclasses import dataclass

from infomorphic.reports.neurons import Neurons


@dataclass(frozen=True)
class LayerOverview:
    """Counts over the neurons of a layer."""

    neurons: int
    prefer: tuple[int, ...]
    """By class, the neurons that prefer it."""
    avoid: tuple[int, ...]
    """By class, the neurons that avoid it."""
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
    return LayerOverview(
        len(neurons),
        tuple(sum(c in of_neuron for of_neuron in coding.preferred) for c in classes),
        tuple(sum(c in of_neuron for of_neuron in coding.avoided) for c in classes),
        sum(bool(p) for p in coding.preferred),
        len(neurons.constant),
        len(neurons.idle),
        len(neurons.redundancy.redundant),
        None if neurons.losses is None else sum(loss.accuracy <= 0 for loss in neurons.losses),
    )
