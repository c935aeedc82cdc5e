"""A recurrent network over time: a digit is shown row by row, and neurons receive a row and their outputs of the previous row.

The bit C of a neuron's own class affects learning only. The goal, the redundancy of {C} and {FL}, is the information of row and memory about it.
"""

import torch
from torch.nn.functional import one_hot

from infomorphic.data import load_dataset, split
from infomorphic.estimation import LargestMagnitude
from infomorphic.goals import Goal
from infomorphic.layers import Activation, AllToAll, Bivariate, InfomorphicLayer, OneToOne
from infomorphic.networks import InfomorphicNetwork, Wiring
from infomorphic.seeding import generator_for

VARIANTS = ("memory", "no memory")
GOAL = Goal.parse("{F}{C} + {C}{L} + {F}{C}{L} + {C}{FL}", sources="FCL")


class RowAndMemory(Activation):
    """A = F + L: both drive, and C does not."""

    def formula(self, driving: torch.Tensor, *others: torch.Tensor) -> torch.Tensor:
        return driving + others[1]


def train(variant: str, seed: int, epochs: int = 100, hidden: int = 60) -> dict[str, float]:
    """Test accuracy after the last row, the label withheld; the goal of hidden neurons in bits, in the first and last row. `hidden` is 10, 20, …"""
    data, draw = split(load_dataset("digits"), seed=seed), generator_for(seed, "weights")
    readout = InfomorphicLayer(10, {"F": AllToAll(hidden), "C": OneToOne()}, Bivariate(k1=1.0), generator=draw)
    recurrent = InfomorphicLayer(hidden, {"F": AllToAll(8), "C": OneToOne(), "L": AllToAll(hidden)}, RowAndMemory(), generator=draw)
    taught = Wiring({"F": "hidden", "C": "label"}, Goal.published("readout/heuristic"), LargestMagnitude())
    wiring = {"hidden": Wiring({"F": "row", "C": "class of neuron", "L": "hidden"}, GOAL, LargestMagnitude()), "readout": taught}
    network = InfomorphicNetwork({"hidden": recurrent, "readout": readout}, wiring, presentations=1)
    every_row, last_row = torch.optim.Adam(recurrent.parameters(), 4e-3), torch.optim.Adam(readout.parameters(), 3e-2)

    def show(step, images, label, draw):
        steps, state, own = [], None, None if label is None else label.repeat(1, hidden // 10)
        for row in images.unflatten(1, (8, 8)).unbind(1):
            network.zero_grad()
            steps.append(step({"row": row, "label": label, "class of neuron": own}, draw, state=state))
            state = {"hidden": steps[-1]["hidden"].output} if variant == "memory" else None
            every_row.step()  # only `learn` leaves gradients
        return steps

    labels = one_hot(data.train_labels, 10).float()
    for epoch in range(epochs):
        draw, fired = generator_for(seed, "epoch", epoch), torch.zeros(10)
        for chosen in torch.randperm(len(labels), generator=draw).split(384):
            fired += show(network.learn, data.train_images[chosen], labels[chosen], draw)[-1]["readout"].firing_prob.sum(0)
            last_row.step()
    goals = [float(network.goals["hidden"](step["hidden"]).mean()) for step in show(network, data.train_images, labels, draw)]
    theta = show(network, data.test_images, None, draw)[7]["readout"].firing_prob
    accuracy = float((torch.where(fired > len(labels) / 2, 1 - theta, theta).argmax(1) == data.test_labels).float().mean())
    return {"test accuracy": accuracy, "goal, row 1": goals[0], "goal, row 8": goals[7]}


if __name__ == "__main__":
    print(*((variant, seed, train(variant, seed)) for variant in VARIANTS for seed in range(3)), sep="\n")
