"""Test whether neurons that lose many bits of a memory near its capacity are at the maximum of their goal.

python benchmarks/memory_local_maxima.py --methods memory/redundancy memory/optimized-2:0.5 --load 1.66 --seeds 1 6 --out results/memory-local-maxima.csv

A number after a method is the softness of its recurrent bins.

For each neuron with at least four wrong bits, weights with fewer are found by logistic regression, which leaves out the pattern that is
furthest wrong until the rest can be separated. The table has the neuron's goal, in bits and with sharp bins, before and after, and the score of the
memory: as trained, with these weights for all such neurons, and after further training from there.
"""

import argparse
import csv
from pathlib import Path

import torch

from infomorphic.objective import LocalGoal
from infomorphic.tasks.memory import Couplings, Settings, recall, score
from infomorphic.tasks.memory.network import adam, carrying, clamped, couplings_of, train_epoch
from infomorphic.tasks.memory.preset import LAYER
from infomorphic.tasks.memory.scan import store
from infomorphic.training.run import environment_of_process

MANY = 4
"""Neurons with at least this many wrong bits are examined."""
MARGIN = 6.0
"""The found weights are scaled so that the smallest field on the right side has this size: σ(F + C) is then above 0.97 whatever F."""


def wrong_bits(couplings, patterns):
    """For each neuron, the number of patterns whose bit is not recalled from the others."""
    return ((patterns @ couplings.weight.T) * patterns <= 0).sum(0)


def few_errors(neuron, patterns):
    """Weights of a neuron, without one onto itself, that are wrong in few patterns."""
    inputs, target = patterns.double().clone(), patterns[:, neuron].double()
    inputs[:, neuron] = 0
    kept = torch.ones(len(patterns), dtype=torch.bool)
    weight = torch.zeros(inputs.shape[1], dtype=torch.double)
    while True:
        weight = separate(inputs[kept] * target[kept, None], weight)
        margin = (inputs @ weight) * target
        wrong = kept & (margin <= 1e-3 * margin.abs().max())
        if not wrong.any():
            return weight * (MARGIN / margin[kept].min())
        kept[margin.masked_fill(~kept, torch.inf).argmin()] = False


def separate(samples, weight):
    """Logistic regression on samples multiplied by their targets."""
    weight = weight.clone().requires_grad_(True)
    optimizer = torch.optim.LBFGS([weight], max_iter=1200, line_search_fn="strong_wolfe")

    def loss():
        optimizer.zero_grad()
        value = torch.nn.functional.softplus(-(samples @ weight)).sum() + 1e-6 * weight.square().sum()
        value.backward()
        return value

    optimizer.step(loss)
    return weight.detach()


def goals(couplings, patterns, settings):
    """The goal of each neuron, in bits."""
    network = carrying(couplings, settings)
    sharp = settings.model_copy(update={"softness": 0.0}).binnings()
    with torch.no_grad():
        return LocalGoal(network.goals[LAYER].goal, sharp)(network(clamped(patterns))[LAYER])


def measure(method, load, seed, softness, more_epochs):
    """One row per neuron with many wrong bits."""
    settings = Settings(goal=method, softness=softness)
    memory = store(method, load, seed, settings)
    patterns, trained = memory.patterns, memory.couplings
    neurons = (wrong_bits(trained, patterns) >= MANY).nonzero().flatten().tolist()
    weight = trained.weight.clone()
    for neuron in neurons:
        weight[neuron] = few_errors(neuron, patterns).to(weight)
    found = Couplings(weight)

    network = carrying(found, settings)
    optimizer = adam(network, settings)
    for epoch in range(1, more_epochs + 1):
        train_epoch(network, optimizer, settings, patterns, epoch)
    stages = {"trained": trained, "found": found, "later": couplings_of(network)}
    scores = {f"score_{name}": round(score(recall(c, patterns).states, patterns), 4) for name, c in stages.items()}
    values = {name: (wrong_bits(c, patterns), goals(c, patterns, settings)) for name, c in stages.items()}
    rows = []
    for neuron in neurons:
        row = {"method": method, "softness": softness, "load": load, "seed": seed, "neuron": neuron}
        for name, (wrong, goal) in values.items():
            row |= {f"wrong_bits_{name}": int(wrong[neuron]), f"goal_{name}": round(float(goal[neuron]), 4)}
        rows.append({**row, **scores})
    return rows


def main():
    """Write one row per neuron."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--methods", nargs="+", required=True)
    parser.add_argument("--load", type=float, default=1.66)
    parser.add_argument("--seeds", nargs="+", type=int, required=True)
    parser.add_argument("--more-epochs", type=int, default=2000)
    parser.add_argument("--out", required=True, type=Path)
    options = parser.parse_args()
    rows = []
    for named in options.methods:
        method, _, softness = named.partition(":")
        for seed in options.seeds:
            rows += measure(method, options.load, seed, float(softness or 0), options.more_epochs)
            print(f"{named}, seed {seed}: {len(rows)} neurons so far", flush=True)
    if not rows:
        parser.error(f"no neuron has {MANY} wrong bits or more.")
    command = f"python benchmarks/memory_local_maxima.py --methods {' '.join(options.methods)} --load {options.load:g}"
    command += f" --seeds {' '.join(map(str, options.seeds))} --more-epochs {options.more_epochs}"
    environment = environment_of_process()
    made = {name: environment[name] for name in ("infomorphic", "commit", "torch", "platform", "processor", "cores", "threads")}
    with options.out.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*rows[0], "command", *made], lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "command": command, **made} for row in rows)


if __name__ == "__main__":
    main()
