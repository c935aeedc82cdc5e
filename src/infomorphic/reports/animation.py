"""Animations of a run for slides: receptive fields over the epochs, one neuron, or a recall step by step."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8
from torch import Tensor

from infomorphic.errors import ConfigurationError, RunError
from infomorphic.plots.animation import check_gif, write_gif
from infomorphic.plots.moments import Curves, fields_figure, neuron_figure, recall_figure
from infomorphic.reports.page import Progress
from infomorphic.reports.pictures import guessed_shape
from infomorphic.training import Run
from infomorphic.training.checkpoint import Checkpoint
from infomorphic.training.development import Development, from_steps, probabilities
from infomorphic.training.evaluation import recall_from
from infomorphic.training.results import in_words

Fields = UInt8[Tensor, "epochs neurons inputs"]

_MOST_FRAMES = 25
_MOST_NEURONS = 100
"""Of larger layers, the first neurons are shown."""
_MOST_ATOMS = 6
_MILLISECONDS_OF_A_STEP = 900


def write_fields_gif(run: Path, out: Path, neuron: int | None = None, on_progress: Progress | None = None) -> Path:
    """Write an animation of what the first hidden layer of a run learned: its receptive fields, epoch by epoch, and the score.

    Fields of color images are drawn as their mean over the colors. Of many recorded epochs, 25 are shown.

    Args:
        run: a run directory.
        out: the file to write, which ends in .gif. It has at most 2 MB.
        neuron: show this neuron alone: its field, its response to each class, and its atoms.
        on_progress: called with the number of frames drawn so far, and of all.

    Returns:
        The file.

    Raises:
        RunError: if the run recorded no receptive fields, or they are not images.
        ConfigurationError: if `neuron` is not the number of a neuron.
        PlotValueError: if `out` cannot be a GIF.
    """
    check_gif(out)
    opened = Run.open(run)
    checkpoint = opened.load_checkpoint()
    development = opened.load_development(checkpoint)
    layer = next((name.removesuffix(".fields") for name in development.values if name.endswith(".fields")), None)
    if layer is None:
        raise RunError(
            f"{run} has no receptive fields over the epochs. Runs record them if the network receives images and their record is not too "
            "large; older versions did not. A memory is animated by: infomorphic recall RUN --gif FILE.gif"
        )
    development = _thinned(development)
    fields, responses = development.of_layer(layer)
    assert fields is not None
    shape = _shape(fields, checkpoint)
    if shape is None:
        raise RunError(f"the inputs of {run} are not images, so the {fields.shape[2]} weights of a receptive field cannot be drawn as one.")
    if neuron is not None and not 0 <= neuron < fields.shape[1]:
        raise ConfigurationError(f"`neuron` must be from 0 to {fields.shape[1] - 1}, a neuron of the layer {layer!r}; got {neuron}.")
    draw = (
        _layer(opened, checkpoint, fields, shape)
        if neuron is None
        else _neuron(opened, checkpoint, layer, neuron, fields, responses, shape)
    )
    report, count = on_progress or (lambda phase, done, total: None), len(development.epochs)

    def figures() -> Iterator[Any]:
        for i, epoch in enumerate(development.epochs):
            report("drawing frames", i, count)
            yield draw(i, epoch)

    write_gif(figures(), out)
    return out


def write_recall_gif(run: Path, out: Path, noise: float = 0.0, seed: int = 0, pattern: int = 0) -> Path:
    """Write an animation of the recall of one pattern: the cue, each step, and where it ends, beside the pattern.

    Args:
        run: the run directory of a memory.
        out: the file to write, which ends in .gif.
        noise: the fraction of flipped bits.
        seed: selects the flipped bits.
        pattern: the number of the pattern.

    Returns:
        The file.

    Raises:
        RunError: if the network of the run stores no patterns.
        ConfigurationError: if `pattern` is not the number of a pattern.
        PlotValueError: if `out` cannot be a GIF.
    """
    check_gif(out)
    *states, stored = recall_from(Run.open(run), noise, seed, pattern).pictures
    figures = (
        recall_figure(s.bits.numpy(), s.marked.numpy(), stored.bits.numpy(), s.width, (f"{s.title}, {s.caption}", stored.title))
        for s in states
    )
    write_gif(figures, out, milliseconds=_MILLISECONDS_OF_A_STEP)
    return out


def _layer(run: Run, checkpoint: Checkpoint, fields: Fields, shape: tuple[int, int]) -> Callable[[int, int], Any]:
    """A function that draws the fields of a layer: the figure of a record, by its position and epoch."""
    weights, curves, count = _weights(fields[:, :_MOST_NEURONS], shape), _score(run, checkpoint), fields.shape[1]
    title = f"Receptive fields of {f'{_MOST_NEURONS} of ' if count > _MOST_NEURONS else ''}{count} neurons"
    return lambda i, epoch: fields_figure(weights[i], shape, epoch, title, curves)


def _neuron(
    run: Run, checkpoint: Checkpoint, layer: str, neuron: int, fields: Fields, responses: Tensor | None, shape: tuple[int, int]
) -> Callable[[int, int], Any]:
    """A function that draws one neuron: the figure of a record, by its position and epoch."""
    weights, curves = _weights(fields[:, neuron : neuron + 1], shape)[:, 0], _atoms(run, checkpoint, layer, neuron)
    by_class = [None] * len(weights) if responses is None else probabilities(responses[:, neuron]).numpy()
    return lambda i, epoch: neuron_figure(weights[i], shape, epoch, f"Neuron {neuron}", curves, by_class[i])


def _thinned(development: Development) -> Development:
    """The development in at most `_MOST_FRAMES` of its epochs, the last one among them."""
    count = len(development.epochs)
    if count <= _MOST_FRAMES:
        return development
    return development.at([round(i * (count - 1) / (_MOST_FRAMES - 1)) for i in range(_MOST_FRAMES)])


def _weights(fields: Fields, shape: tuple[int, int]) -> Float[np.ndarray, "epochs neurons pixels"]:
    """Weights relative to the strongest of a neuron, times 127; their mean over the colors, if there are any."""
    return from_steps(fields).reshape(*fields.shape[:2], shape[0] * shape[1], -1).mean(-1).numpy()


def _shape(fields: Fields, checkpoint: Checkpoint) -> tuple[int, int] | None:
    """Height and width of the receptive fields: those of the images, if they are known, else of a square; None if they are not images."""
    known = checkpoint.sizes.get("inputs")
    shape = tuple(known) if isinstance(known, list | tuple) else guessed_shape(fields.shape[2])
    return None if shape is None or len(shape) < 2 else (int(shape[0]), int(shape[1]))


def _score(run: Run, checkpoint: Checkpoint) -> Curves:
    """How the success of the run grew."""
    score, rows = run.config.task.score, checkpoint.metrics
    rows = [row for row in rows if score is not None and row.get(score.watched) is not None]
    if score is None or not rows:
        return Curves([], {}, "")
    factor, unit = (100, " (%)") if score.unit == "%" else (1, "")
    return Curves(
        [row["epoch"] for row in rows],
        {score.name: np.array([factor * row[score.watched] for row in rows])},
        f"{in_words(score.watched)}{unit}",
    )


def _atoms(run: Run, checkpoint: Checkpoint, layer: str, neuron: int) -> Curves:
    """The goal of a neuron and its largest atoms, in bits."""
    history = run.load_history(checkpoint)
    of_neuron = {name: values[:, neuron].float().numpy() for name, values in history.of_layer(layer).items()}
    largest = sorted((name for name in of_neuron if name != "goal"), key=lambda name: -abs(of_neuron[name][-1]))[:_MOST_ATOMS]
    return Curves(history.epochs, {name: of_neuron[name] for name in ("goal", *largest) if name in of_neuron}, "bits")
