"""The gallery of goals: train a small network with each goal and draw receptive fields, and write the page.

python tools/goals.py docs/images/goals results/goal-pictures.csv

A row of the table is one training by the named command: the goal, the task of the playground's page Goals whose network it trains, how much
was learned, and the commit. `right` is the share of the 359 test images of digits whose label the readout finds with expected outputs
(chance: 0.1), or the share of correct bits of bars (chance: 0.5). A picture shows the weights of the first eight neurons for the image.

MkDocs loads this file as a hook, which puts a card for each goal into docs/gallery/goals.md.
"""

import argparse
import csv
import json
import shlex
from collections.abc import Sequence
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from infomorphic.goals import GalleryGoal, MeasuredResult, PublishedResult, gallery_goals, quantities
from infomorphic.goals.description import leading_terms_text
from infomorphic.playground.pages import goal_address, tasks_of

PLACE = "<!-- goals -->"
TABLE = Path(__file__).parents[1] / "results" / "goal-pictures.csv"
SEED = 0
SHOWN = 8
"""The number of neurons in a picture."""
TASKS = {"bars": "bars", "digits": "digits", "context": "digits", "lateral": "digits"}
"""What the networks of each task learn, in a word."""
NEURONS = {"bars": 8, "digits": 16}
STEPS = {"bars": 200, "digits": 1000}
"""The steps of the training that a card links to."""
EPOCHS = {"bars": 20, "digits": 43}
"""Passes through the data that make as many steps (200 and 989)."""
OPTIONS = {
    "bars": "--neurons {neurons} --epochs {epochs} --seed {seed}",
    "digits": (
        "--dataset digits --hidden {neurons} --epochs {epochs} --seed {seed} --set training.batch_size=64 --set data.validation_fraction=0"
    ),
}
PRESETS = {"bars": "bars", "digits": "setup-1", "context": "context", "lateral": "lateral"}
GROUPS = {
    "setup-1": "Hidden neurons with image, label and neighbors",
    "context": "Hidden neurons with image and label",
    "lateral": "Hidden neurons with image and neighbors",
    "readout": "Readout neurons",
    "memory": "Associative memory",
}
"""The headings of the page by preset."""
_TERMS = 4
_SIDE, _SCALE, _GAP = 8, 6, 6


def anchor(entry: GalleryGoal) -> str:
    """The name of a goal in addresses and in names of files."""
    return entry.name.replace("/", "-")


def picture_name(entry: GalleryGoal, task: str) -> str:
    """The name of the file with the picture of a goal; a second picture has its task in its name."""
    return f"{anchor(entry)}.png" if task == tasks_of(entry)[0] else f"{anchor(entry)}-{task}.png"


# ---- pictures --------------------------------------------------------------------------------------------------------


def command_of(entry: GalleryGoal, task: str) -> str:
    """The command that trains the network of a picture."""
    learned = TASKS[task]
    # Neurons that learn bars receive each other as C.
    goal = str(entry.goal).replace("L", "C") if task == "bars" else entry.name
    options = OPTIONS[learned].format(neurons=NEURONS[learned], epochs=EPOCHS[learned], seed=SEED)
    return f"infomorphic train {PRESETS[task]} --goal '{goal}' {options}"


def trained(entry: GalleryGoal, task: str, command: str, folder: Path):
    """Train by the command: the weights of the neurons for the image, and the row of the table."""
    from infomorphic.cli import main as infomorphic
    from infomorphic.training import Run
    from infomorphic.training.development import from_steps

    if code := infomorphic([*shlex.split(command)[1:], "--run", str(folder)]):
        raise SystemExit(code)
    summary, environment = (json.loads((folder / name).read_text(encoding="utf-8")) for name in ("summary.json", "environment.json"))
    fields, _ = Run.open(folder).load_development().of_layer("neurons" if task == "bars" else "hidden")
    right = summary["bits_correct"] if task == "bars" else summary["test_accuracy_expected"]
    row = {"goal": entry.name, "task": task, "right": round(right, 4), "seed": SEED, "commit": environment["commit"], "command": command}
    return from_steps(fields[-1]).numpy(), row


def picture(fields):
    """Fields side by side, each in the colors of its strongest weight; what is between them is transparent."""
    import numpy as np
    from PIL import Image

    from infomorphic.plots.palette import DIVERGING

    step = _SCALE * _SIDE + _GAP
    drawn = np.zeros((_SCALE * _SIDE, len(fields) * step - _GAP, 4), dtype=np.uint8)
    for i, field in enumerate(fields):
        relative = field.reshape(_SIDE, _SIDE) / max(np.abs(field).max(), 1e-12)
        colors = (255 * DIVERGING(0.5 + 0.5 * relative)).round().astype(np.uint8)
        drawn[:, i * step : i * step + _SCALE * _SIDE] = colors.repeat(_SCALE, 0).repeat(_SCALE, 1)
    return Image.fromarray(drawn, "RGBA").quantize(128)


def main() -> None:
    """Write pictures and their rows of the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("table", type=Path)
    parser.add_argument(
        "--goal", action="append", choices=[entry.name for entry in gallery_goals()], help="only this goal; may be repeated"
    )
    given = parser.parse_args()
    draw(given.pictures, given.table, given.goal or [entry.name for entry in gallery_goals()])


def draw(pictures: Path, table: Path, names: Sequence[str]) -> None:
    """Draw the pictures of some goals into a folder. The rows of other goals in the table stay."""
    pictures.mkdir(parents=True, exist_ok=True)
    rows = _rows(table) if table.exists() else {}
    with TemporaryDirectory() as parent:
        for entry in gallery_goals():
            for task in tasks_of(entry) if entry.name in names else ():
                name = picture_name(entry, task)
                fields, row = trained(entry, task, command_of(entry, task), Path(parent) / name)
                picture(fields[:SHOWN]).save(pictures / name, optimize=True)
                rows[entry.name, task] = row
    ordered = [rows[entry.name, task] for entry in gallery_goals() for task in tasks_of(entry) if (entry.name, task) in rows]
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(ordered[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)


def _rows(table: Path) -> dict[tuple[str, str], dict[str, str]]:
    with table.open(encoding="utf-8") as file:
        return {(row["goal"], row["task"]): row for row in csv.DictReader(file)}


# ---- the page --------------------------------------------------------------------------------------------------------


def goals() -> str:
    """A card for each goal, in Markdown, in groups by the preset that the goal is for."""
    rows = _rows(TABLE)
    groups = {entry.preset: GROUPS.get(entry.preset, f"Preset {entry.preset}") for entry in gallery_goals()}
    parts = []
    for preset, heading in groups.items():
        entries = [entry for entry in gallery_goals() if entry.preset == preset]
        parts += [f"## {heading}", *(_card(entry, [rows[entry.name, task] for task in tasks_of(entry)]) for entry in entries)]
    return "\n\n".join(parts)


def _card(entry: GalleryGoal, rows: list[dict[str, str]]) -> str:
    what = quantities()[entry.quantity]
    facts = [
        ("Sources", ", ".join(entry.goal.sources)),
        ("Largest terms", f"`{leading_terms_text(entry.goal.leading_terms(), _TERMS)}`"),
        ("Result", what),
        ("Published", _published(entry)),
        ("Measured", _measured(entry)),
        ("From", f"{entry.source}{f'; contributed by {entry.by}' if entry.by else ''}"),
    ]
    listed = "\n".join(f"- {name}: {text}." for name, text in facts)
    pictures = "\n\n".join(_picture(entry, row) for row in rows)
    return f"### `{entry.name}` {{ #{anchor(entry)} }}\n\n{entry.goal.describe()}\n\n{pictures}\n\n{listed}"


def _published(entry: GalleryGoal) -> str:
    result = entry.published
    if result is None:
        return "no result"
    between = f" ({_shown(entry, result.range[0])} to {_shown(entry, result.range[1])})" if result.range else ""
    return f"{entry.shown(result)}{between}; {result.source}"


def _shown(entry: GalleryGoal, value: float) -> str:
    return entry.shown(PublishedResult(value, ""))


def _measured(entry: GalleryGoal) -> str:
    result: MeasuredResult | None = entry.measured
    if result is None:
        return "not measured"
    runs = f"{result.runs} {'run' if result.runs == 1 else 'runs'}{f' {result.setting}' if result.setting else ''}"
    return f"{entry.shown(result)} ({runs}; `{result.file}`; commit {result.commit}; `{result.command}`)"


def _picture(entry: GalleryGoal, row: dict[str, str]) -> str:
    """The receptive fields of a small network and what it learned, with links to the same in the playground."""
    task = row["task"]
    learned, share = TASKS[task], f"{100 * float(row['right']):.1f} %"
    neurons, steps = NEURONS[learned], STEPS[learned]
    result = f"{share} of the bits of bars are correct" if task == "bars" else f"{share} of held-out digits are correct"
    alternative = f"Weights of {SHOWN} neurons for images of {learned} after training with the goal {entry.name}: {result}."
    address = escape(f"../../playground/{goal_address(entry, task, neurons, SEED, steps)}")
    return (
        f"![{alternative}](../images/goals/{picture_name(entry, task)}){{ .fields }}\n\n"
        f'<a href="{address}">Open this goal in the playground</a> ({learned}, {neurons} neurons). '
        f"The picture: {result}, by `{row['command']}` (commit {row['commit']})."
    )


def on_page_markdown(markdown: str, **_: object) -> str:
    """Insert the goals at the placeholder of a page."""
    return markdown.replace(PLACE, goals()) if PLACE in markdown else markdown


if __name__ == "__main__":
    main()
