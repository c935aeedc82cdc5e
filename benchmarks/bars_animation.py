"""The animation of the README: eight neurons divide eight bars among themselves, one frame per epoch.

python benchmarks/bars_animation.py --out docs/images/bars-learning.gif
"""

import argparse
import io
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import torch
from PIL import Image

from infomorphic.plots import plot_receptive_fields
from infomorphic.tasks.bars import Bars, Unsupervised, evaluate, fit, receptive_fields

MILLISECONDS, LAST = 300, 3000
"""How long a frame is shown, in milliseconds, and how long the last one."""


def epochs(settings: Unsupervised, data: Bars, seed: int):
    """Receptive fields and evaluation before training and after every epoch."""
    generator = torch.Generator().manual_seed(seed)
    images = data.sample(settings.images, generator).images
    found = []
    fit(
        settings,
        images,
        generator,
        lambda _, network: found.append((receptive_fields(network), evaluate(network, data, torch.Generator().manual_seed(seed)))),
    )
    return found


def frame(examples, fields, correct: list[float], num_epochs: int) -> Image.Image:
    """One picture: example images, receptive fields, and the fraction of correct bits up to this epoch."""
    figure, axes = plt.subplot_mosaic("E;F;C", figsize=(7.2, 3.6), height_ratios=[1, 1.15, 1.1], layout="constrained")
    plot_receptive_fields(examples, (8, 8), axes["E"], columns=8, title="what the neurons see: each row on or off, no labels")
    plot_receptive_fields(fields, (8, 8), axes["F"], columns=8, title=f"what the eight neurons look for, epoch {len(correct) - 1}")
    axis = axes["C"]
    axis.plot([100 * c for c in correct], color="tab:blue")
    axis.plot(len(correct) - 1, 100 * correct[-1], "o", color="tab:blue")
    axis.set(xlim=(-0.5, num_epochs + 0.5), ylim=(45, 103), xlabel="epoch", ylabel="bars read\ncorrectly (%)")
    axis.spines[["top", "right"]].set_visible(False)
    buffer = io.BytesIO()
    figure.savefig(buffer, dpi=100)
    plt.close(figure)
    return Image.open(buffer).convert("RGB")


def main() -> None:
    """Train, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("docs/images/bars-learning.gif"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=14)
    args = parser.parse_args()
    mpl.use("Agg")

    data = Bars()
    settings = Unsupervised(neurons=8, epochs=args.epochs)
    examples = data.sample(8, torch.Generator().manual_seed(args.seed + 1)).images
    frames, correct = [], []
    for fields, evaluation in epochs(settings, data, args.seed):
        correct.append(evaluation.bits_correct)
        frames.append(frame(examples, fields, correct, args.epochs))
    # One palette for all frames: otherwise colors flicker.
    palette = frames[-1].quantize(64)
    first, *others = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in frames]
    durations = [MILLISECONDS] * len(others) + [LAST]
    first.save(args.out, save_all=True, append_images=others, duration=durations, loop=0, optimize=True)
    print(f"{args.out}: {len(frames)} frames, {args.out.stat().st_size / 1000:.0f} kB; last {correct[-1]:.3f} correct")


if __name__ == "__main__":
    main()
