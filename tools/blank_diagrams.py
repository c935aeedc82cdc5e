"""Draw the information diagrams to print for a class: empty ones to fill in, and the same with the names of the regions.

python tools/blank_diagrams.py --out docs/images
"""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.patches import Polygon

from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.plots import plot_information_diagram

# Of this many points of an outline one is kept: the curves stay smooth on paper, and the files small.
_EVERY = 6


def draw(num_sources: int, path: Path, *, named: bool) -> None:
    """Write the diagram of two or three sources and a target T as an SVG of at most 60 kB, black on white."""
    labels = redundancy_lattice(num_sources).labels()
    with plt.rc_context({"svg.fonttype": "none", "svg.hashsalt": "infomorphic"}):
        figure, ax = plt.subplots(figsize=(7.2, 6.0), layout="constrained")
        plot_information_diagram(dict.fromkeys(labels, 0.0), ax=ax, values=False, target="T")
        for shape in list(ax.patches):
            if isinstance(shape, Polygon) and shape.get_fill():
                shape.remove()  # the color of a region; its border is drawn by the ovals
            elif isinstance(shape, Polygon):
                shape.set_xy(shape.get_xy()[:-1:_EVERY])
        for text in list(ax.texts):
            if text.get_text().startswith("{"):
                text.set_color("black")
                text.set_visible(named)
        figure.savefig(path, metadata={"Date": None})
        plt.close(figure)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    folder = parser.parse_args().out
    for number, name in ((2, "two"), (3, "three")):
        draw(number, folder / f"blank-diagram-{name}.svg", named=False)
        draw(number, folder / f"named-diagram-{name}.svg", named=True)
