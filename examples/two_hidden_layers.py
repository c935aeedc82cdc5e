"""Two hidden layers: the context of the second is the label, the context of the first is the previous output of the second.

Controls: one layer of the same total size; a first layer fixed at its initial weights (nearly coin flips), or at ten times these (decisive).
"""

import torch

from infomorphic.data import load_dataset, split
from infomorphic.estimation import FixedRange, LargestMagnitude
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, AllToAll, Bivariate, InfomorphicLayer, OneToOne
from infomorphic.networks import Classifier, InfomorphicNetwork, Wiring, evaluate
from infomorphic.seeding import generator_for

VARIANTS = ("two layers", "two layers, first fixed", "two layers, first fixed and decisive", "one layer")


def build(variant: str, num_inputs: int, hidden: int, draw: torch.Generator) -> Classifier:
    """A network of `hidden` neurons in one layer, or half of them in each of two."""
    goal, size = Goal.published("trivariate/optimized-tpe-1"), hidden if variant == "one layer" else hidden // 2

    def layer(inputs: int, context: int, scale: float = 1.0) -> InfomorphicLayer:
        return InfomorphicLayer(size, {"F": AllToAll(inputs, scale=scale), "C": AllToAll(context), "L": AllOthers()}, generator=draw)

    layers, wiring = {}, {}
    if variant == "one layer":
        layers["last"] = layer(num_inputs, 10)
        wiring["last"] = Wiring({"F": "input", "C": "label", "L": "last"}, goal, FixedRange())
    else:
        layers |= {"first": layer(num_inputs, size, 10.0 if "decisive" in variant else 1.0), "last": layer(size, 10)}
        wiring["first"] = Wiring({"F": "input", "C": "last", "L": "first"}, goal if variant == "two layers" else None, FixedRange())
        wiring["last"] = Wiring({"F": "first", "C": "label", "L": "last"}, goal, FixedRange())
    layers["readout"] = InfomorphicLayer(10, {"F": AllToAll(size), "C": OneToOne()}, Bivariate(k1=1.0), generator=draw)
    wiring["readout"] = Wiring({"F": "last", "C": "label"}, Goal.published("readout/heuristic"), LargestMagnitude())
    return Classifier(InfomorphicNetwork(layers, wiring, presentations=3), 10)


def train(variant: str, seed: int, epochs: int = 300, hidden: int = 60) -> dict[str, float]:
    """Test accuracy with the label withheld, and the goals of the layers in bits."""
    data = split(load_dataset("digits"), seed=seed)
    network = build(variant, data.num_features, hidden, generator_for(seed, "weights"))
    optimizer = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=4e-3)
    for epoch in range(epochs):
        draw, fired = generator_for(seed, "epoch", epoch), torch.zeros(10)
        for chosen in torch.randperm(len(data.train_labels), generator=draw).split(256):
            optimizer.zero_grad()
            fired += network.learn(data.train_images[chosen], data.train_labels[chosen], draw).sum(0)
            optimizer.step()
    network.settle_signs(fired / len(data.train_labels))
    accuracy = evaluate(network, data.test_images, data.test_labels, generator_for(seed, "test")).accuracy
    probe = network.present(data.train_images, data.train_labels, generator_for(seed, "probe"))
    return {"test accuracy": accuracy} | {f"goal of {name}": float(g(probe[name]).mean()) for name, g in network.network.goals.items()}


if __name__ == "__main__":
    print(*((variant, seed, train(variant, seed)) for variant in VARIANTS for seed in range(3)), sep="\n")
