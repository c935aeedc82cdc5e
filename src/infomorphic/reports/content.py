"""The content of a page about a run, as plain data: the page only draws it."""

import json
import shlex
from collections.abc import Sequence
from typing import Any

import infomorphic
from infomorphic import plugins
from infomorphic.errors import InfomorphicError
from infomorphic.goals import Goal
from infomorphic.networks.evaluation import evaluate
from infomorphic.networks.network import Placed
from infomorphic.passwords import hide_passwords
from infomorphic.reports.diagram import MOST_SOURCES, diagram_template
from infomorphic.reports.record import RunRecord
from infomorphic.training.results import Score
from infomorphic.training.task import layers_of


def run_content(record: RunRecord) -> dict[str, Any]:
    """The content about the run as a whole: settings, results, curves, goals and mean atoms by epoch."""
    layers = [layer for layer in (_layer_content(record, name) for name in _layers(record)) if layer]
    return {
        "name": record.path.resolve().name,
        "estimated_from": record.task.estimated_from if record.task is not None else "the training data",
        "source_words": dict(record.task.source_words) if record.task is not None else {},
        "problems": record.problems,
        "summary": _sentence(record),
        "tiles": _tiles(record),
        "facts": _facts(record),
        "results": _results(record),
        "benchmark": benchmark_runs(record),
        "benchmark_command": benchmark_command(record),
        "confusion": _confusion(record),
        "curves": _curves(record),
        "structure": _structure(record),
        "layers": layers,
        "diagrams": {layer["sources"]: diagram_template(layer["sources"]) for layer in layers if len(layer["sources"]) <= MOST_SOURCES},
        "notation": {
            goal.sources: [[term.label, term.meaning] for term in goal.terms()]
            for goal in record.goals.values()
            if len(goal.sources) <= MOST_SOURCES
        },
        "made": f"infomorphic {infomorphic.__version__}",
    }


def benchmark_runs(record: RunRecord) -> dict[str, Any] | None:
    """The results of runs of the benchmark in the same folder with the same data set and number of neurons; None if there are none."""
    task = record.task
    if task is None or task.benchmark is None or task.score is None or record.preset == task.benchmark or not record.summary:
        return None
    mine = (_dataset(record.summary.get("dataset") or record.setting("data", "dataset")), record.setting("network", "hidden"))
    found = []
    for path in sorted(record.path.resolve().parent.glob("*/summary.json")):
        try:
            summary = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        if (
            isinstance(summary, dict)
            and summary.get("preset") == task.benchmark
            and (_dataset(summary.get("dataset")), summary.get("hidden")) == mine
            and all(isinstance(summary.get(name), int | float) for name in task.compared)
        ):
            found.append([float(summary[name]) for name in task.compared])
    if not found:
        return None
    columns = list(zip(*found, strict=True))
    return {"preset": task.benchmark, "runs": len(found), "written": [_range(task.score, column) for column in columns]}


def _range(score: Score, values: Sequence[float]) -> str:
    """The mean of several values, with the smallest and the largest if there are several."""
    mean = score.written(sum(values) / len(values))
    return mean if len(values) == 1 else f"{mean} ({score.written(min(values))} to {score.written(max(values))})"


def benchmark_command(record: RunRecord) -> str | None:
    """The command that trains the benchmark with the data set and the number of neurons of this run, beside it; None without a benchmark."""
    benchmark = None if record.task is None else record.task.benchmark
    if benchmark is None or record.preset == benchmark:
        return None
    words = ["infomorphic", "train", benchmark]
    for flag, value in (("--dataset", record.setting("data", "dataset")), ("--hidden", record.setting("network", "hidden"))):
        words += [flag, str(value)] if value is not None else []
    if isinstance(folder := record.environment.get("data_dir"), str):
        words += ["--data-dir", folder]
    return shlex.join([*words, "--run", str(record.path.parent / f"{benchmark}-{record.path.resolve().name}")])


def goal_content(goal: Goal, name: str) -> dict[str, Any]:
    """A goal in words and term by term, the term of largest |weight| first."""
    return {
        "name": name if "{" not in name and "H_res" not in name else None,
        "sentence": goal.describe(),
        "terms": [{"label": t.label, "weight": round(t.weight, 4), "meaning": t.meaning} for t in goal.leading_terms()],
        "weights": {**{label: round(w, 4) for label, w in goal.weights.items()}, "H_res": round(goal.residual_entropy, 4)},
    }


def _structure(record: RunRecord) -> list[dict[str, Any]]:
    """Every layer of the network in order, whatever it is called: neurons, outputs, where its sources come from, and its goal."""
    layers = None if record.network is None else layers_of(record.network)
    if layers is None:
        return []
    return [
        {
            "name": placed.name,
            "neurons": placed.layer.num_neurons,
            "outputs": _outputs(placed),
            "sources": [[source, placed.wiring.sources[source]] for source in placed.layer.sources],
            "goal": _goal_in_table(record, placed.name),
        }
        for placed in layers.placed()
    ]


def _outputs(placed: Placed) -> str:
    if placed.wiring.output == "rectify":
        return "max(A, 0)"
    return ", ".join(f"{value:g}".replace("-", "−") for value in placed.layer.alphabet.values)


def _goal_in_table(record: RunRecord, layer: str) -> str:
    if layer not in record.goals:
        return "none"
    return record.goals[layer].written + ("" if record.pursues_goals else " (measured only)")


def _layers(record: RunRecord) -> list[str]:
    """Layers with a goal: those with recorded values, else those of the network."""
    columns = record.metrics[-1] if record.metrics else {}
    return [column.removesuffix(".goal") for column in columns if column.endswith(".goal")] or list(record.goals)


def _layer_content(record: RunRecord, name: str) -> dict[str, Any] | None:
    """Goal and mean atoms by epoch of one layer."""
    columns = record.metrics[-1] if record.metrics else {}
    labels = [column.removeprefix(f"{name}.") for column in columns if column.startswith(f"{name}.{{")]
    known = record.goals.get(name)
    # Without a network, take the sources from the label of the full synergy, which names them in order.
    sources = known.sources if known else max((label for label in labels if label.count("{") == 1), key=len, default="").strip("{}")
    if not sources:
        return None
    return {
        "name": name,
        "sources": sources,
        "goal": goal_content(known, known.written) if known else _goal_as_written(record, name, sources),
        "epochs": [int(row["epoch"]) for row in record.metrics],
        "labels": [*labels, "H_res"] if labels else [],
        "atoms": {label: _column(record.metrics, f"{name}.{label}") for label in [*labels, "H_res"] if labels},
        "pursued": record.pursues_goals,
        "goal_value": _column(record.metrics, f"{name}.goal"),
    }


def _goal_as_written(record: RunRecord, layer: str, sources: str) -> dict[str, Any] | None:
    """The goal in the configuration of a network that cannot be rebuilt: `LAYER_goal`, else `goal`."""
    settings = record.config.network.model_dump() if record.config is not None else record.raw_config.get("network")
    text = None if not isinstance(settings, dict) else settings.get(f"{layer}_goal") or settings.get("goal")
    if text is None:
        return None
    try:
        return goal_content(Goal.resolve(str(text), sources=sources), str(text))
    except InfomorphicError as error:
        record.problems.append(f"The goal {text!r} of the layer {layer} cannot be read ({error}).")
        return None


def _sentence(record: RunRecord) -> str:
    if record.config is None:
        return record.preset
    sections = record.config.sections
    by_backpropagation = not record.pursues_goals and sections.network.learning == "goals"
    return f"{record.preset}: {sections.preset.summary}{'; trained by backpropagation' if by_backpropagation else ''}"


def _tiles(record: RunRecord) -> list[dict[str, str]]:
    """The headline numbers."""
    s, last = record.summary, record.metrics[-1] if record.metrics else {}
    tiles = [] if record.task is None else [tile._asdict() for tile in record.task.tiles(s, last)]
    in_front = sum(layer["neurons"] for layer in _structure(record)[:-1])
    if not in_front and record.task is not None and not record.task.classifies and record.built is not None:
        in_front = sum(placed.layer.num_neurons for placed in record.built.placed())
    neurons = s.get("hidden") or s.get("neurons") or in_front or record.setting("network", "hidden") or record.setting("network", "neurons")
    if neurons:
        tiles.append({"value": str(neurons), "label": record.task.neurons_are if record.task is not None else "neurons"})
    epochs = s.get("epochs") or int(last.get("epoch", 0))
    tiles.append({"value": str(epochs), "label": "epochs"})
    seconds = s.get("seconds") or sum(row.get("seconds", 0.0) for row in record.metrics)
    if seconds:
        tiles.append({"value": f"{seconds:.0f} s", "label": "training and evaluation"})
    if s.get("peak_memory_mib") is not None:
        tiles.append({"value": f"{s['peak_memory_mib']:.0f} MiB", "label": "largest memory"})
    return tiles


def _facts(record: RunRecord) -> list[list[str]]:
    e = record.environment
    facts = [
        ["data set", _dataset(record.summary.get("dataset") or record.setting("data", "dataset"))],
        ["seed", record.setting("training", "seed", record.summary.get("seed"))],
        ["learning", record.setting("training", "learning")],
        ["batch size", record.setting("training", "batch_size")],
        ["bins", record.setting("network", "bins")],
        ["presentations", record.setting("network", "presentations")],
        # Runs of older versions contain the passwords of their storages.
        ["command", hide_passwords(str(e.get("command", "")))],
        ["version", " ".join(str(x) for x in (e.get("infomorphic"), e.get("commit")) if x)],
        ["torch", e.get("torch")],
        ["started", str(e.get("started", "")).replace("T", " ")],
        ["machine", " ".join(str(x) for x in (e.get("processor"), f"{e['cores']} cores" if "cores" in e else None) if x)],
        ["threads", e.get("threads")],
    ]
    return [[name, str(value)] for name, value in facts if value not in (None, "")]


def _results(record: RunRecord) -> dict[str, Any] | None:
    """The results of a finished run as a table, in the words of its task."""
    table = None if record.task is None else record.task.results(record.summary)
    if table is None:
        return None
    score = record.task.score if record.task is not None else None
    return {
        "title": score.name.capitalize() if score is not None else "Results",
        "headings": [str(heading) for heading in table.headings],
        "rows": [list(row) for row in table.rows],
    }


def _confusion(record: RunRecord) -> dict[str, Any] | None:
    if record.trained is None:
        return None
    data = record.trained.data
    found = evaluate(record.trained.network, data.test_images, data.test_labels, inference="expected")
    return {"classes": list(data.class_names), "matrix": found.confusion.tolist(), "accuracy": found.accuracy, "samples": found.samples}


def _curves(record: RunRecord) -> dict[str, Any]:
    rows = record.metrics
    last = rows[-1] if rows else {}
    turning = {c: c.split(".")[0] for c in last if c.endswith(".self_cosine_distance")}
    return {
        "epochs": [int(row["epoch"]) for row in rows],
        "results": {title: _column(rows, c) for c, title in _titles(record).items() if c in last},
        "axis": _axis(record),
        "spread": record.setting("training", "epochs_a_record", 1) > 1,
        "turning": {layer: _column(rows, c) for c, layer in turning.items()},
    }


def _axis(record: RunRecord) -> dict[str, Any]:
    """The axis of the curves of results: its title, and whether it is a fraction in percent."""
    score = None if record.task is None else record.task.score
    if score is None:
        return {"title": "", "percent": False}
    return {"title": score.name if score.larger_is_better else f"{score.name} (smaller is better)", "percent": score.unit == "%"}


def _titles(record: RunRecord) -> dict[str, str]:
    """Titles of the curves of results; for an unknown task, every accuracy under its own name."""
    if record.task is not None:
        return dict(record.task.curves)
    return {name: name.replace("_", " ") for name in (record.metrics[-1] if record.metrics else {}) if "accuracy" in name}


def _column(rows: list[dict[str, float]], name: str) -> list[float | None]:
    return [None if (v := row.get(name)) is None or v != v else round(v, 5) for row in rows]


def _dataset(name: Any) -> str:
    """The name of a data set without its path."""
    return plugins.short(str(name or "")).partition(":")[0]
