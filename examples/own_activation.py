"""A custom activation and goal: context and neighbors that agree with the feedforward current amplify it, others have no effect.

The goal is the redundancy of image and label minus that of image and neighbors; a second goal also penalizes noise (H_res).
Controls: the default activation with the same goal, and both activations with a published goal.
"""

from dataclasses import dataclass

import torch

from infomorphic.data import load_dataset, split
from infomorphic.estimation import FixedRange, LargestMagnitude
from infomorphic.goals import Goal
from infomorphic.layers import Activation, AllOthers, AllToAll, Bivariate, InfomorphicLayer, Modulated, OneToOne
from infomorphic.networks import Classifier, InfomorphicNetwork, Wiring, evaluate
from infomorphic.seeding import generator_for


@dataclass(frozen=True)
class Amplified(Activation):
    """A = F [1 + s Σ_i tanh(max(0, F X_i))]: never suppressed, and exactly F without other input."""

    strength: float = 0.5

    def formula(self, driving: torch.Tensor, *others: torch.Tensor) -> torch.Tensor:
        return driving * (1 + self.strength * sum((driving * x).relu().tanh() for x in others))


OWN, NOISE, PUBLISHED = "{F}{C} - {F}{L}", "{F}{C} - {F}{L} - 0.3 H_res", "trivariate/optimized-tpe-1"
VARIANTS = {"own": (Amplified(), OWN), "default activation": (Modulated(), OWN), "noise punished": (Amplified(), NOISE)}
VARIANTS |= {"published goal": (Amplified(), PUBLISHED), "default activation, published goal": (Modulated(), PUBLISHED)}


def train(variant: str, seed: int, epochs: int = 100, hidden: int = 60) -> dict[str, float]:
    """Test accuracy with the label withheld, and mean atoms of the hidden neurons in bits on training images."""
    data, draw = split(load_dataset("digits"), seed=seed), generator_for(seed, "weights")
    activation, goal = VARIANTS[variant][0], Goal.resolve(VARIANTS[variant][1], sources="FCL")
    sources = {"F": AllToAll(data.num_features), "C": AllToAll(10), "L": AllOthers()}
    readout = InfomorphicLayer(10, {"F": AllToAll(hidden), "C": OneToOne()}, Bivariate(k1=1.0), generator=draw)
    taught = Wiring({"F": "hidden", "C": "label"}, Goal.published("readout/heuristic"), LargestMagnitude())
    layers = {"hidden": InfomorphicLayer(hidden, sources, activation, generator=draw), "readout": readout}
    wiring = {"hidden": Wiring({"F": "input", "C": "label", "L": "hidden"}, goal, FixedRange()), "readout": taught}
    network = Classifier(InfomorphicNetwork(layers, wiring), 10)
    optimizer = torch.optim.Adam(network.parameters(), lr=4e-3)
    for epoch in range(epochs):
        draw, fired = generator_for(seed, "epoch", epoch), torch.zeros(10)
        for chosen in torch.randperm(len(data.train_labels), generator=draw).split(256):
            optimizer.zero_grad()
            fired += network.learn(data.train_images[chosen], data.train_labels[chosen], draw).sum(0)
            optimizer.step()
    network.settle_signs(fired / len(data.train_labels))
    accuracy = evaluate(network, data.test_images, data.test_labels, generator_for(seed, "test")).accuracy
    terms = network.network.goals["hidden"].terms(network.present(data.train_images, data.train_labels, draw)["hidden"])
    return {"test accuracy": accuracy} | {term: float(terms[term].mean()) for term in ("{F}{C}", "{F}{L}", "H_res")}


if __name__ == "__main__":
    print(*((variant, seed, train(variant, seed)) for variant in VARIANTS for seed in range(3)), sep="\n")
