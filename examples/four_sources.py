"""Neurons with four kinds of input that never see a label: image F, the network's own guess B, neighbors L, and a reward R.

Guess and reward (the guess is right) together carry more information about the label than either alone, and {F}{BR} is the part of
it that the image shares. The hidden neurons learn from both, only the readout from labels. Control: a shuffled reward.
"""

import torch
from torch.nn.functional import one_hot

from infomorphic.data import load_dataset, split
from infomorphic.estimation import LargestMagnitude
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, AllToAll, Bivariate, InfomorphicLayer, Modulated, OneToOne
from infomorphic.networks import Classifier, InfomorphicNetwork, Wiring
from infomorphic.seeding import generator_for

VARIANTS = ("reward", "shuffled reward")
GOAL = Goal.parse("{F}{BR} + {F}{B} - {F}{L}", sources="FBLR")


def train(variant: str, seed: int, epochs: int = 100, hidden: int = 60) -> dict[str, float]:
    """Test accuracy without reward or label, and mean atoms of the hidden neurons in bits on training images."""
    data, draw = split(load_dataset("digits"), seed=seed), generator_for(seed, "weights")
    sources = {"F": AllToAll(data.num_features), "B": AllToAll(10), "L": AllOthers(), "R": AllToAll(1, bias=False)}
    bins = {"F": LargestMagnitude(20), "B": LargestMagnitude(20), "L": LargestMagnitude(8), "R": LargestMagnitude(2)}
    readout = InfomorphicLayer(10, {"F": AllToAll(hidden), "C": OneToOne()}, Bivariate(k1=1.0), generator=draw)
    layers = {"hidden": InfomorphicLayer(hidden, sources, Modulated(), generator=draw), "readout": readout}
    taught = Wiring({"F": "hidden", "C": "label"}, Goal.published("readout/heuristic"), LargestMagnitude())
    wiring = {"hidden": Wiring({"F": "image", "B": "readout", "L": "hidden", "R": "reward"}, GOAL, bins), "readout": taught}
    network = Classifier(InfomorphicNetwork(layers, wiring, presentations=1), 10)
    optimizer = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=4e-3)

    def guess(images, draw):
        presented = network.network({"image": images}, draw)
        return presented, network.sign_corrected(presented["readout"].firing_prob).argmax(1)

    def after_reward(step, images, labels, draw):
        presented, guessed = guess(images, draw)
        right = torch.where(guessed == labels, 1.0, -1.0)[:, None]
        reward = right if variant == "reward" else right[torch.randperm(len(right), generator=draw)]
        state = {"hidden": presented["hidden"].output, "readout": 2.0 * one_hot(guessed, 10) - 1}
        return step({"image": images, "reward": reward, "label": one_hot(labels, 10).float()}, draw, state=state)

    for epoch in range(epochs):
        draw, fired = generator_for(seed, "epoch", epoch), torch.zeros(10)
        for chosen in torch.randperm(len(data.train_labels), generator=draw).split(256):
            optimizer.zero_grad()
            presented = after_reward(network.network.learn, data.train_images[chosen], data.train_labels[chosen], draw)
            fired += presented["readout"].firing_prob.sum(0)
            optimizer.step()
        network.settle_signs(fired / len(data.train_labels))
    draw = generator_for(seed, "evaluation")
    accuracy = float((guess(data.test_images, draw)[1] == data.test_labels).float().mean())
    terms = network.network.goals["hidden"].terms(after_reward(network.network, data.train_images, data.train_labels, draw)["hidden"])
    return {"test accuracy": accuracy} | {atom: float(terms[atom].mean()) for atom in ("{F}{BR}", "{F}{B}", "{F}{L}")}


if __name__ == "__main__":
    print(*((variant, seed, train(variant, seed)) for variant in VARIANTS for seed in range(3)), sep="\n")
