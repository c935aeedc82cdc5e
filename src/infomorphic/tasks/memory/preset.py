"""Associative memory: neurons that store patterns; F is a neuron's own bit of the pattern, C the outputs of all others.

Source: arXiv:2511.02584; first version arXiv:2306.02149.
"""

from typing import Annotated, Any, ClassVar

import torch
from pydantic import Field, field_validator, model_validator

from infomorphic.estimation import Binning, FixedRange, SoftRange
from infomorphic.estimation.binning import MOST_SOFTNESS
from infomorphic.layers import AllOthers, InfomorphicLayer, OneToOne, Sum
from infomorphic.limits import MOST_EPOCHS
from infomorphic.networks.about import NOT_STATED, About
from infomorphic.networks.network import InfomorphicNetwork, Wiring
from infomorphic.networks.settings import BinRange, Bins, Measure, NetworkSettings, Neurons, Number, Optimizer, Real, Whole, goal_of
from infomorphic.objective import LocalGoal

LAYER = "memory"
"""The name of the only layer of the network."""


class Settings(NetworkSettings):
    """Settings of an associative memory. Defaults are the published values."""

    goal_sources: ClassVar[str] = "FC"
    publication: ClassVar[str] = "arXiv:2511.02584"

    neurons: Annotated[Neurons, Field(ge=2)] = 100
    """Number of neurons, and of bits of a pattern."""
    goal: goal_of("FC") = "memory/redundancy"
    """Goal of the neurons; F is the bit of the pattern, C the outputs of the other neurons."""
    measure: Measure = "sx"
    """Measure of redundancy that defines the atoms of the goal; all except sx, shared exclusions, train slowly."""
    external_weight: Number = 2.3
    """The fixed weight of a neuron's own bit of the pattern."""
    initial_scale: Annotated[Number, Field(ge=0)] = 0.001
    """Factor on the initial recurrent weights, which are otherwise those of `torch.nn.Linear`."""
    external_bins: Bins = 2
    """Number of bins of F."""
    recurrent_bins: Bins = 60
    """Number of bins of C."""
    bin_range: BinRange = (-20.0, 20.0)
    """Lowest and highest edge of the bins of both sources; currents outside count in the outermost bins."""
    softness: Annotated[Real, Field(ge=0, le=MOST_SOFTNESS), About(published=NOT_STATED)] = 0.0
    """Softness of the recurrent bins, as in `SoftRange`; 0 for sharp edges."""
    soft_epochs: Annotated[Annotated[Whole, Field(ge=1, le=MOST_EPOCHS)] | None, About(unit="epochs", published=NOT_STATED)] = None
    """Number of epochs with soft recurrent bins before they become sharp; null for all."""
    optimizer: Optimizer = Optimizer(learning_rate=0.05, weight_decay=0.0)
    """Optimizer of the recurrent weights."""

    @field_validator("soft_epochs")
    @classmethod
    def _soft_epochs_have_an_effect(cls, epochs: int | None, info: Any) -> int | None:
        if epochs is not None and info.data.get("softness") == 0:
            raise ValueError("needs a `softness` above 0 to have an effect")
        return epochs

    @model_validator(mode="after")
    def _bins_exist(self) -> "Settings":
        self.binnings()
        return self

    def optimizers(self) -> dict[str, Optimizer]:
        return {LAYER: self.optimizer}

    def num_weights(self, num_inputs: int, num_classes: int) -> int:
        return self.neurons**2

    def binnings(self, epoch: int = 1) -> dict[str, Binning]:
        """The bins of both sources in an epoch, counted from 1."""
        sharp = FixedRange(self.recurrent_bins, *self.bin_range)
        soft = self.softness and (self.soft_epochs is None or epoch <= self.soft_epochs)
        return {
            "F": FixedRange(self.external_bins, *self.bin_range),
            "C": SoftRange(self.recurrent_bins, *self.bin_range, softness=self.softness) if soft else sharp,
        }


def build(settings: Settings, generator: torch.Generator | None = None) -> InfomorphicNetwork:
    """One layer with θ = σ(F + C). During training, the inputs `external` and `state` are both the patterns.

    Its outputs are signs, so training is deterministic; `generator` draws the initial weights.
    """
    connections = {"F": OneToOne(settings.external_weight), "C": AllOthers(bias=False, scale=settings.initial_scale)}
    layer = InfomorphicLayer(settings.neurons, connections, Sum(weight=1.0), generator=generator)
    wiring = Wiring({"F": "external", "C": "state"}, settings.goal, settings.binnings(), settings.measure, "mode")
    return InfomorphicNetwork({LAYER: layer}, {LAYER: wiring}, presentations=1)


def enter_epoch(network: InfomorphicNetwork, settings: Settings, epoch: int) -> None:
    """Set the bins of an epoch, counted from 1. They depend only on the epoch, so a resumed training has the same bins."""
    if settings.soft_epochs is not None:  # otherwise they are the same in all epochs
        network.goals[LAYER] = LocalGoal(network.goals[LAYER].goal, settings.binnings(epoch), measure=settings.measure)
