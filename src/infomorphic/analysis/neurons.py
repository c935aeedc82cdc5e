"""Analyze what each neuron of a layer learned, as plain records and as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.analysis import description
from infomorphic.analysis.lesions import Loss, single_losses
from infomorphic.analysis.outgoing import outgoing_weights
from infomorphic.analysis.selectivity import ClassSelectivity, class_selectivity, in_words
from infomorphic.analysis.similarity import Similarity, pairwise_similarity
from infomorphic.analysis.trained import Trained
from infomorphic.errors import ConfigurationError
from infomorphic.goals import RESIDUAL_ENTROPY

if TYPE_CHECKING:
    import pandas as pd

_CONSTANT = 0.05
"""A neuron whose output has less entropy than this, in bits, is constant."""
_IDLE = 0.01
"""A neuron with less information than this about the class, in bits, is idle."""


@dataclass(frozen=True, eq=False)
class Neurons:
    """What the neurons of a layer learned, measured on held-out images."""

    layer: str
    samples: int
    part: str
    class_names: tuple[str, ...]
    atoms: dict[str, Float[Tensor, " neurons"]]
    """Every atom and `H_res` in bits, with the label as context as in training; empty for a layer without a goal."""
    goal: Float[Tensor, " neurons"] | None
    """The value of the goal in bits."""
    goal_weights: dict[str, float]
    """The weight of each of these terms in the goal; empty for a layer without a goal."""
    evidence: Float[Tensor, "classes neurons"] | None
    """The weight of each neuron in the readout, positive if its firing speaks for the class; None if the readout does not receive the layer."""
    selectivity: ClassSelectivity
    similarity: Similarity
    losses: list[Loss] | None
    """By the removal of each neuron; None for a readout, whose neurons are the classes."""
    driving: Int64[Tensor, "images neurons"]
    """The images of largest feedforward current, the strongest first."""
    silencing: Int64[Tensor, "images neurons"]
    """The images of smallest feedforward current, the most negative first."""

    def __len__(self) -> int:
        return len(self.selectivity.entropy)

    def codes(self, neuron: int) -> str:
        """What a neuron codes, in words."""
        return in_words(self.selectivity.preferred[neuron], self.selectivity.avoided[neuron], self.class_names)

    def contributions(self, neuron: int) -> dict[str, float]:
        """Weight · bits of every term of the goal with a weight, the largest first: they add up to the neuron's goal. Empty without a goal."""
        found = {label: weight * float(self.atoms[label][neuron]) for label, weight in self.goal_weights.items() if weight}
        return dict(sorted(found.items(), key=lambda item: -abs(item[1])))

    def describe(self, neuron: int) -> str:
        """A neuron in one sentence: what it responds to, what the readout makes of it, what its goal gains and loses, whether another neuron
        is redundant with it, and what is lost without it.

        Raises:
            ConfigurationError: if `neuron` is not the number of a neuron.
        """
        if not 0 <= neuron < len(self):
            raise ConfigurationError(f"`neuron` must be a number from 0 to {len(self) - 1}; got {neuron}.")
        selectivity, twin = self.selectivity, self.similarity.twin
        clauses = [description.response(selectivity.preferred[neuron], selectivity.avoided[neuron], self.class_names)]
        if self.evidence is not None:
            clauses.append(description.evidence(self.evidence[:, neuron].tolist(), self.class_names))
        if self.goal is not None and (contributions := self.contributions(neuron)):
            clauses.append(description.earnings(float(self.goal[neuron]), contributions))
        if len(self) > 1:
            followers = sorted(j for j, kept in twin.items() if kept == neuron)
            [nearest] = self.similarity.nearest(neuron, 1)
            clauses.append(description.similarity(twin.get(neuron), followers, nearest, self.similarity.correlation[neuron].tolist()))
        if self.losses is not None:
            clauses.append(description.absence(self.losses[neuron], self.class_names))
        sentence = "; ".join(clauses)
        return f"{sentence[0].upper()}{sentence[1:]}."

    @property
    def constant(self) -> list[int]:
        """Neurons whose output hardly varies."""
        return (self.selectivity.entropy < _CONSTANT).nonzero()[:, 0].tolist()

    @property
    def idle(self) -> list[int]:
        """Neurons without information about the class."""
        return (self.selectivity.label_information < _IDLE).nonzero()[:, 0].tolist()

    @property
    def shared_with_lateral(self) -> Float[Tensor, " neurons"] | None:
        """I∩(F; L) in bits: the redundancy of feedforward and lateral input. None without lateral input."""
        return shared(self.atoms, "F", "L")

    def table(self) -> pd.DataFrame:
        """One row per neuron; column names include the unit."""
        import pandas as pd

        columns: dict[str, object] = {
            "codes": [self.codes(j) for j in range(len(self))],
            "label information (bits)": self.selectivity.label_information.numpy(),
            "entropy (bits)": self.selectivity.entropy.numpy(),
            "noise (bits)": self.selectivity.noise.numpy(),
        }
        if self.losses is not None:
            columns["accuracy lost without it"] = [loss.accuracy for loss in self.losses]
        columns["most similar neuron"] = [(self.similarity.nearest(j, 1) or [-1])[0] for j in range(len(self))]
        columns["shared with it (bits)"] = self.similarity.mutual_information.amax(1).numpy()
        columns["redundant"] = [j in self.similarity.twin for j in range(len(self))]
        if self.goal is not None:
            columns["goal (bits)"] = self.goal.numpy()
        columns |= {f"{label} (bits)": values.numpy() for label, values in self.atoms.items()}
        return pd.DataFrame(columns, index=pd.RangeIndex(len(self), name="neuron"))


def analyze_neurons(trained: Trained, images_each: int = 8, on_progress: Callable[[int, int], None] | None = None) -> Neurons:
    """Analyze every neuron of a layer of a trained network: the first, or that of `trained.at(name)`.

    Args:
        trained: the network and its held-out images.
        images_each: the number of images that drive a neuron most, and least.
        on_progress: called with the number of removed neurons and of all neurons.
    """
    name = trained.layer_name
    goal = trained.network.network.goals.get(name)
    atoms: dict[str, Tensor] = {}
    value, weights = None, {}
    if goal is not None:
        weights = {**goal.goal.weights, RESIDUAL_ENTROPY: goal.goal.residual_entropy}
        terms = goal.terms(trained.with_labels[name])
        atoms = dict(terms.items())
        value = goal.goal.value(terms)
    selectivity = class_selectivity(trained.firing_prob, trained.labels, trained.network.num_classes)
    drive = trained.withheld[name].currents[0]
    images_each = min(images_each, len(drive))
    return Neurons(
        name,
        len(trained.labels),
        trained.part,
        trained.data.class_names,
        atoms,
        value,
        weights,
        None if name == trained.network.readout else outgoing_weights(trained.network, name).get(trained.network.readout),
        selectivity,
        pairwise_similarity(trained.firing_prob, selectivity.label_information),
        None if name == trained.network.readout else single_losses(trained, on_progress),
        drive.topk(images_each, dim=0).indices,
        drive.topk(images_each, dim=0, largest=False).indices,
    )


def shared(atoms: dict[str, Float[Tensor, " neurons"]], one: str, other: str) -> Float[Tensor, " neurons"] | None:
    """I∩ of two single sources in bits: the sum of the atoms whose label contains both as single sources, such as {F}{L} and {F}{C}{L}.

    Every antichain below {F}{L} has a member within {F} and one within {L}, so both of them.
    """
    below = [values for label, values in atoms.items() if f"{{{one}}}" in label and f"{{{other}}}" in label]
    return torch.stack(below).sum(0) if below else None
