"""A network of your own: two layers with names that the package does not know.

infomorphic train examples/extend/own_network.py:build --dataset digits --epochs 60 --run runs/own-network
infomorphic report runs/own-network
"""

from infomorphic.estimation import FixedRange, LargestMagnitude
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, AllToAll, Bivariate, InfomorphicLayer, Modulated, OneToOne
from infomorphic.networks import InfomorphicNetwork, Wiring

ENCODERS = 40


def build(num_inputs, num_classes, generator):
    """An encoder of trivariate neurons, and one decision neuron per class."""
    encoder = InfomorphicLayer(
        ENCODERS,
        {"F": AllToAll(num_inputs), "C": AllToAll(num_classes), "L": AllOthers()},
        Modulated(),
        generator=generator,
    )
    readout = InfomorphicLayer(
        num_classes,
        {"F": AllToAll(ENCODERS), "C": OneToOne(1.0)},
        Bivariate(k1=1.0),
        generator=generator,
    )
    wiring = {
        "encoder": Wiring(
            {"F": "input", "C": "label", "L": "encoder"},
            Goal.parse("{F}{C} - {F}{L}", sources="FCL"),
            FixedRange(20, -20.0, 20.0),
        ),
        "readout": Wiring(
            {"F": "encoder", "C": "label"},
            Goal.published("readout/heuristic"),
            LargestMagnitude(20),
        ),
    }
    return InfomorphicNetwork({"encoder": encoder, "readout": readout}, wiring)
