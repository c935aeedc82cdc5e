"""Memories of letters: which of them are recalled, without noise and from cues with wrong pixels.

python benchmarks/memory_letters.py --out results/memory-letters.csv
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import torch
from recorded import write

from infomorphic.seeding import generator_for
from infomorphic.tasks.memory import ALPHABET, BASELINES, Settings, flipped, letters, memorize, random_patterns, recall
from infomorphic.tasks.memory.letters import PIXELS
from infomorphic.tasks.memory.patterns import Patterns

GOALS = ("memory/redundancy", "memory/external-information", "memory/optimized-1", "memory/optimized-2")
WRONG = (0, 1, 2, 4)
"""Wrong pixels of a cue."""


def drawn_letters(count: int, seed: int) -> str:
    """Some letters, drawn by the seed, in the order of the alphabet; the whole alphabet for 26."""
    chosen = torch.randperm(len(ALPHABET), generator=generator_for(seed, "letters"))[:count]
    return "".join(ALPHABET[i] for i in sorted(chosen.tolist()))


def rows(methods: tuple[str, ...], counts: list[int], seeds: range, epochs: int) -> Iterator[dict[str, object]]:
    """One row per method, kind and number of patterns, and seed."""
    for method in methods:
        for count in counts:
            for seed in seeds:
                chosen = drawn_letters(count, seed)
                for kind, patterns in (
                    ("letters", letters(chosen)),
                    ("random", random_patterns(count, PIXELS, generator_for(seed, "patterns"))),
                ):
                    yield {
                        "method": method,
                        "kind": kind,
                        "count": count,
                        "seed": seed,
                        "letters": chosen if kind == "letters" else "",
                        **measured(method, patterns, seed, epochs),
                    }


def measured(method: str, patterns: Patterns, seed: int, epochs: int) -> dict[str, object]:
    """Neurons whose bit is the same in all patterns, and the fraction of patterns that are recalled without an error."""
    if method in BASELINES:
        couplings = BASELINES[method](patterns)
    else:
        couplings = memorize(patterns, Settings(neurons=PIXELS, goal=method), generator_for(seed, "weights"), epochs)
    noise = generator_for(seed, "noise")
    found = {"constant_bits": int((patterns.mean(0).abs() == 1).sum())}
    for wrong in WRONG:
        cues = flipped(patterns, wrong / PIXELS, noise)
        right = (recall(couplings, cues).states == patterns).all(1)
        found[f"recalled_{wrong}_wrong"] = round(float(right.double().mean()), 4)
    return found


def main() -> None:
    """Train, recall, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("results/memory-letters.csv"))
    parser.add_argument("--counts", type=int, nargs="+", default=[5, 13, 26])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=1000)
    args = parser.parse_args()
    found = []
    for row in rows((*GOALS, "hebb", "perceptron"), args.counts, range(args.seeds), args.epochs):
        print(row, flush=True)
        found.append(row)
    counts = " ".join(map(str, args.counts))
    command = f"python benchmarks/memory_letters.py --counts {counts} --seeds {args.seeds} --epochs {args.epochs}"
    write(found, args.out, command, f"0 to {args.seeds - 1}")


if __name__ == "__main__":
    main()
