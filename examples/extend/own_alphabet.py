"""An output alphabet of your own: neurons with five output levels.

infomorphic train examples/extend/own_alphabet.py:build --dataset digits --epochs 20 --run runs/own-alphabet
infomorphic report runs/own-alphabet
"""

from dataclasses import dataclass

from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, AllToAll, Alphabet, InfomorphicLayer, Modulated
from infomorphic.networks import InfomorphicNetwork, Wiring, readout_layer, readout_wiring

HIDDEN = 20


@dataclass(frozen=True)
class FiveLevels(Alphabet):
    """Outputs −1, −1/2, 0, 1/2 and 1, each with probability ∝ exp(A v / 2 − cost v²)."""

    cost: float = 0.0

    @property
    def values(self):
        """The possible outputs in ascending order."""
        return -1.0, -0.5, 0.0, 0.5, 1.0

    def distribution(self, argument):
        """(batch, neurons) → (batch, neurons, values)."""
        levels = argument.new_tensor(self.values)
        return (argument[..., None] * levels / 2 - self.cost * levels**2).softmax(-1)


def build(num_inputs, num_classes, generator):
    """A hidden layer of neurons with five levels, and the readout of all published networks, which is binary."""
    sources = {"F": AllToAll(num_inputs), "C": AllToAll(num_classes), "L": AllOthers()}
    levels = InfomorphicLayer(HIDDEN, sources, Modulated(), alphabet=FiveLevels(), generator=generator)
    wiring = {
        "levels": Wiring(
            {"F": "input", "C": "label", "L": "levels"},
            Goal.parse("{F}{C} - {F}{L}", sources="FCL"),
            FixedRange(8, -20.0, 20.0),  # any alphabet but a binary one is evaluated slowly: few bins
        ),
        "readout": readout_wiring("readout/heuristic", "levels", 20),
    }
    return InfomorphicNetwork({"levels": levels, "readout": readout_layer(HIDDEN, num_classes, generator)}, wiring)
