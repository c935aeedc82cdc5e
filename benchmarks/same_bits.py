"""Check whether two checkouts train to the same bits: `python benchmarks/same_bits.py --before DIR --after DIR [PRESET ...]`.

Each checkout trains eight presets on the CPU with one thread, through its own command line, for two epochs. All weights of the
checkpoints are compared bit by bit, and the accuracies of the summaries with them. Batch sizes are given, so that other defaults do not
matter. Exits with 1 if anything differs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors import safe_open

DIGITS = ("--dataset", "digits", "--set", "training.batch_size=256")
ARGUMENTS = {
    "setup-1": (*DIGITS, "--hidden", "12"),
    "setup-2": (*DIGITS, "--hidden", "12", "--set", "network.lateral_connections=5"),
    "setup-3": (*DIGITS, "--hidden", "12", "--set", "network.lateral_connections=5"),
    "context": (*DIGITS, "--hidden", "12"),
    "lateral": (*DIGITS, "--hidden", "12"),
    "backprop": (*DIGITS, "--hidden", "12"),
    "bars": ("--set", "training.batch_size=200", "--set", "data.images=1000"),
    "memory": ("--set", "network.neurons=20"),
}
"""Arguments that make each preset small. All other settings are defaults."""


def train(checkout: Path, preset: str, run: Path) -> None:
    """Train a preset with the package in a checkout."""
    command = [sys.executable, "-m", "infomorphic", "train", preset, "--epochs", "2", "--seed", "3", "--threads", "1", "--run", str(run)]
    if not (checkout / "src" / "infomorphic").is_dir():
        # Otherwise Python would import the installed package, and compare it with itself.
        raise SystemExit(f"{checkout} is not a checkout: it has no src/infomorphic.")
    environment = {**os.environ, "PYTHONPATH": str(checkout / "src"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([*command, *ARGUMENTS[preset], "--json"], env=environment, cwd=run.parent, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{checkout}: training {preset} failed.\n{done.stderr}")


def weights(run: Path) -> dict[str, torch.Tensor]:
    """The state of the network in the checkpoint of a run."""
    with safe_open(run / "checkpoint.safetensors", framework="pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  (not a mapping)


def accuracies(run: Path) -> dict[str, float]:
    """The accuracies, by name, in the summary of a run."""
    summary = json.loads((run / "summary.json").read_text())
    return {name: value for name, value in summary.items() if "accuracy" in name}


def differences(before: Path, after: Path) -> list[str]:
    """The differences between two runs of a preset."""
    old, new = weights(before), weights(after)
    found = [f"{name}: only in one of them" for name in sorted(old.keys() ^ new.keys())]
    found += [f"{name}: other bits" for name in sorted(old.keys() & new.keys()) if not _same_bits(old[name], new[name])]
    old_accuracy, new_accuracy = accuracies(before), accuracies(after)
    return found + [
        f"{name}: {old_accuracy[name]} and {new_accuracy[name]}"
        for name in sorted(old_accuracy.keys() & new_accuracy.keys())
        if old_accuracy[name] != new_accuracy[name]
    ]


def _same_bits(a: torch.Tensor, b: torch.Tensor) -> bool:
    if a.dtype != b.dtype or a.shape != b.shape:
        return False
    return torch.equal(a.contiguous().reshape(-1).view(torch.uint8), b.contiguous().reshape(-1).view(torch.uint8))


def main() -> None:
    """Train with both checkouts and print a line per preset."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--before", type=Path, required=True, help="a checkout, such as a git worktree of an older commit")
    parser.add_argument("--after", type=Path, required=True, help="another checkout")
    parser.add_argument("presets", nargs="*", help="presets to train; default: all eight")
    arguments = parser.parse_args()
    unknown = [preset for preset in arguments.presets if preset not in ARGUMENTS]
    if unknown:
        parser.error(f"there is no preset {unknown[0]!r}; there are {', '.join(ARGUMENTS)}")
    different = False
    with tempfile.TemporaryDirectory() as folder:
        for preset in arguments.presets or ARGUMENTS:
            runs = [Path(folder) / f"{preset}-before", Path(folder) / f"{preset}-after"]
            for checkout, run in zip((arguments.before, arguments.after), runs, strict=True):
                train(checkout.resolve(), preset, run)
            found = differences(*runs)
            different |= bool(found)
            print(f"{preset:10} {'; '.join(found) or f'the same bits in {len(weights(runs[0]))} tensors'}", flush=True)
    sys.exit(different)


if __name__ == "__main__":
    main()
