"""`fit`: train a network in a notebook, with a progress bar, a history and a report."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from jaxtyping import Int64
from torch import Tensor, nn

from infomorphic.analysis import Trained
from infomorphic.data import Dataset, Split, load_dataset, split
from infomorphic.errors import ConfigurationError, DataError, RunError
from infomorphic.networks import Classifier, InfomorphicNetwork, LocalModel, evaluate
from infomorphic.networks.epoch import batches, suitable_batch_size, train_epoch
from infomorphic.networks.evaluation import EVALUATION_BATCH
from infomorphic.networks.optimizer import adam
from infomorphic.networks.settings import Optimizer
from infomorphic.plots import plot_curves
from infomorphic.reports import write_trained_report
from infomorphic.seeding import generator_for
from infomorphic.tasks.classification.own import OwnSettings
from infomorphic.training.recording import information_of_layers

if TYPE_CHECKING:
    import pandas as pd

_TEST_FRACTION = 0.2
_RECORDED_SAMPLES = 1024


@dataclass(frozen=True, eq=False)
class Fitted:
    """A trained network, the data that it was trained on, and how it got there."""

    network: Classifier | LocalModel
    data: Split
    """The standardized samples."""
    sample_shape: tuple[int, ...]
    """The shape of one sample as it was given."""
    history: list[dict[str, float]]
    """One record per epoch: `epoch`, `train_accuracy` (of a classifier of local layers: with the label presented; else: of the loss's
    predictions), `validation_accuracy` (label withheld, expected outputs), the mean goal of each layer's neurons and, of a classifier,
    every atom in bits, and `seconds`."""
    batch_size: int
    seed: int

    def to_frame(self) -> pd.DataFrame:
        """The history as a data frame, one row per epoch."""
        import pandas as pd

        return pd.DataFrame(self.history).set_index("epoch")

    def plot(self, ax: Any = None) -> Any:
        """Draw the accuracies over the epochs on a matplotlib axis and return it; by default that of a new figure."""
        names = ("train_accuracy", "validation_accuracy")
        series = {name.replace("_", " "): [record[name] for record in self.history] for name in names}
        return plot_curves([int(record["epoch"]) for record in self.history], series, ax, ylabel="accuracy")

    def evaluate(self, part: str = "test") -> float:
        """The accuracy on the `test`, `validation` or `train` samples, with the label withheld and expected outputs.

        Raises:
            ConfigurationError: if `part` is something else.
        """
        if part not in ("test", "validation", "train"):
            raise ConfigurationError(f"`part` must be test, validation or train; got {part!r}.")
        images, labels = getattr(self.data, f"{part}_images"), getattr(self.data, f"{part}_labels")
        return _accuracy(self.network, images, labels, self.sample_shape)

    def report(self, out: str | Path) -> Path:
        """Write a page that shows what each neuron learned, measured on the validation samples.

        Raises:
            RunError: if the network is a converted torch model, whose last layers a report does not know, or `out` cannot be a file.
        """
        if isinstance(self.network, LocalModel):
            raise RunError(
                "a report shows a network whose layers are all infomorphic; this is a converted torch model. "
                "Read its atoms with `network.local_layers[name].terms()`."
            )
        data = self.data
        trained = Trained(self.network, data, data.validation_images, data.validation_labels, "validation", self.seed, self.batch_size)
        return write_trained_report(
            trained, Path(out), {"preset": "network", "training": {"seed": self.seed, "batch_size": self.batch_size}}
        )

    def __repr__(self) -> str:
        last = self.history[-1]
        return f"{int(last['epoch'])} epochs: validation accuracy {last['validation_accuracy']:.1%}"


def fit(
    network: Classifier | InfomorphicNetwork | LocalModel,
    data: Any,
    *,
    epochs: int = 100,
    batch_size: int | None = None,
    learning_rate: float = 2e-3,
    weight_decay: float = 3.5e-4,
    readout: str = "readout",
    validation_fraction: float = 0.2,
    seed: int = 0,
    progress: bool = True,
) -> Fitted:
    """Train a network on data and return it with its history.

    For runs that can be interrupted, resumed and compared, use `infomorphic train` or `infomorphic.training`.

    Args:
        network: a `Classifier`; an `InfomorphicNetwork` with inputs named `input` and `label` and one readout neuron per class; or a torch
            model from `convert`, whose ordinary layers are trained by cross entropy. It is trained in place, from its present weights.
        data: the name of a data set, such as "digits"; a `Dataset` or a `Split`; or a pair (X, y) of samples and integer labels 0, 1, …;
            a fifth of a pair becomes test samples. Samples are standardized by the mean and deviation of all training values.
        epochs: how often every training sample is presented.
        batch_size: samples from which the goals are estimated; by default 1024, or less for small data.
        learning_rate: of Adam, for all layers but the readout, which has 3e-3; for a torch model, for all layers.
        weight_decay: of Adam, for all layers but the readout, which has 1.5e-4; for a torch model, for all layers.
        readout: the name of the layer with one neuron per class, if `network` is an InfomorphicNetwork.
        validation_fraction: the part of the training samples that is set aside, unless `data` is a `Split`.
        seed: draws the order of the samples, the split and the outputs of neurons.
        progress: show a progress bar in a terminal or a notebook.

    Raises:
        ConfigurationError: if the network or a setting does not fit.
        DataError: if the data are not samples with labels.

    Example:
        >>> model = torch.nn.Sequential(torch.nn.Linear(64, 50), torch.nn.ReLU(), torch.nn.Linear(50, 10))
        >>> fitted = infomorphic.fit(infomorphic.convert(model, classes=10), "digits", epochs=2)
        >>> fitted.to_frame()  # doctest: +SKIP
    """
    if epochs < 1:
        raise ConfigurationError(f"`epochs` must be at least 1; got {epochs}.")
    prepared, shape = _prepared(data, validation_fraction, seed)
    if isinstance(network, InfomorphicNetwork):
        network = Classifier(network, prepared.num_classes, network.layer(readout).name)
    if not isinstance(network, Classifier | LocalModel):
        raise ConfigurationError(
            f"`network` must be a Classifier, an InfomorphicNetwork or the result of `convert`; got a {type(network).__name__}."
        )
    size = batch_size or suitable_batch_size(len(prepared.train_labels))
    hidden = Optimizer(learning_rate=learning_rate, weight_decay=weight_decay)
    trainer = (
        _LocalModelTrainer(network, prepared, shape, size, hidden, seed)
        if isinstance(network, LocalModel)
        else _ClassifierTrainer(network, prepared, size, hidden, seed)
    )
    history: list[dict[str, float]] = []
    with _bar(epochs, progress) as show:
        for epoch in range(1, epochs + 1):
            started = time.perf_counter()
            record = trainer.epoch(epoch)
            accuracy = _accuracy(network, prepared.validation_images, prepared.validation_labels, shape)
            seconds = round(time.perf_counter() - started, 4)
            history.append(
                {
                    "epoch": epoch,
                    "train_accuracy": record.pop("train_accuracy"),
                    "validation_accuracy": accuracy,
                    **record,
                    "seconds": seconds,
                }
            )
            show(f"validation accuracy {accuracy:.1%}")
    return Fitted(network, prepared, shape, history, size, seed)


class _ClassifierTrainer:
    """Epochs of a network of local layers, as of the presets."""

    def __init__(self, network: Classifier, data: Split, batch_size: int, hidden: Optimizer, seed: int):
        self.network, self.data, self.batch_size, self.seed = network, data, batch_size, seed
        settings = OwnSettings(hidden_optimizer=hidden, readout=network.readout)
        self.optimizer = adam(network.network.layers, settings.optimizers_of(network.network.layers))

    def epoch(self, number: int) -> dict[str, float]:
        order, outputs = _draws(self.seed, number, len(self.data.train_labels))
        data = self.data
        accuracy = train_epoch(self.network, self.optimizer, data.train_images, data.train_labels, order, self.batch_size, outputs)
        self.network.settle_signs_by_label(data.train_images, data.train_labels)
        some = order[: min(self.batch_size, _RECORDED_SAMPLES)]
        presented = self.network.present(data.train_images[some], data.train_labels[some], generator_for(self.seed, "record", number))
        return {"train_accuracy": accuracy, **information_of_layers(self.network.network, presented)}


class _LocalModelTrainer:
    """Epochs of a torch model with local layers: the loop of the guide."""

    def __init__(self, network: LocalModel, data: Split, shape: tuple[int, ...], batch_size: int, settings: Optimizer, seed: int):
        self.network, self.data, self.shape, self.batch_size, self.seed = network, data, shape, batch_size, seed
        self.optimizer = torch.optim.Adam(network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay)

    def epoch(self, number: int) -> dict[str, float]:
        order, outputs = _draws(self.seed, number, len(self.data.train_labels))
        goals = dict.fromkeys(self.network.local_layers, 0.0)
        correct = 0
        self.network.train()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(torch.randint(2**31, (), generator=outputs)))
            for some in batches(order, self.batch_size):
                labels = self.data.train_labels[some]
                predicted = self.network(self.data.train_images[some].reshape(-1, *self.shape), labels=labels)
                values = {name: layer.goal() for name, layer in self.network.local_layers.items()}
                loss = nn.functional.cross_entropy(predicted, labels) - torch.stack([value.sum() for value in values.values()]).sum()
                self.optimizer.zero_grad(set_to_none=True)
                loss.backward()
                self.optimizer.step()
                correct += int((predicted.argmax(1) == labels).sum())
                for name, value in values.items():
                    goals[name] += float(value.detach().mean()) * len(some)
        count = len(order)
        return {"train_accuracy": correct / count, **{f"{name}.goal": total / count for name, total in goals.items()}}


def _draws(seed: int, epoch: int, samples: int) -> tuple[Int64[Tensor, " samples"], torch.Generator]:
    """The order of the samples in an epoch, and the generator of the outputs."""
    return torch.randperm(samples, generator=generator_for(seed, "order", epoch)), generator_for(seed, "outputs", epoch)


@torch.no_grad()
def _accuracy(network: Classifier | LocalModel, images: Tensor, labels: Tensor, shape: tuple[int, ...]) -> float:
    if isinstance(network, Classifier):
        return evaluate(network, images, labels, inference="expected").accuracy
    if not len(labels):
        return float("nan")
    network.eval()
    predicted = torch.cat([network(some.reshape(-1, *shape)).argmax(1) for some in images.split(EVALUATION_BATCH)])
    return float((predicted == labels).double().mean())


def _prepared(data: Any, validation_fraction: float, seed: int) -> tuple[Split, tuple[int, ...]]:
    """Standardized samples, and the shape of one sample as it was given."""
    if isinstance(data, Split):
        return data, (data.num_features,)
    if isinstance(data, tuple) and len(data) == 2:
        dataset, shape = _dataset_of_pair(*data, seed)
    else:
        if not isinstance(data, str | Dataset):
            raise DataError(f"`data` must be the name of a data set, a Dataset, a Split or a pair (X, y); got a {type(data).__name__}.")
        dataset = load_dataset(data) if isinstance(data, str) else data
        shape = (dataset.num_features,)
    return split(dataset, validation_fraction, seed), shape


def _dataset_of_pair(samples: Any, labels: Any, seed: int) -> tuple[Dataset, tuple[int, ...]]:
    x = torch.as_tensor(np.asarray(samples), dtype=torch.float32)
    y = torch.as_tensor(np.asarray(labels))
    if x.ndim < 2 or y.ndim != 1 or len(x) != len(y):
        raise DataError(f"(X, y) must be samples and one label each; got shapes {tuple(x.shape)} and {tuple(y.shape)}.")
    if y.is_floating_point() or y.dtype == torch.bool or int(y.min()) < 0:
        raise DataError(
            f"labels must be whole numbers 0, 1, …; got {y.dtype}. Number the classes first, as scikit-learn's LabelEncoder does."
        )
    shape, flat, y = tuple(x.shape[1:]), x.flatten(1), y.long()
    order = torch.randperm(len(x), generator=generator_for(seed, "test samples"))
    test, rest = order[: max(1, round(_TEST_FRACTION * len(x)))], order[max(1, round(_TEST_FRACTION * len(x))) :]
    names = tuple(str(k) for k in range(int(y.max()) + 1))
    image_shape = shape if len(shape) in (2, 3) and (len(shape) == 2 or shape[-1] in (1, 3)) else None
    return Dataset("samples", flat[rest], y[rest], flat[test], y[test], names, image_shape), shape


@contextmanager
def _bar(epochs: int, shown: bool) -> Iterator[Any]:
    """A function that advances a progress bar by one epoch, with a text behind it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("epoch"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, disable=not (shown and (console.is_terminal or console.is_jupyter))) as bar:
        task = bar.add_task("", total=epochs)
        yield lambda text: bar.update(task, advance=1, description=text)
