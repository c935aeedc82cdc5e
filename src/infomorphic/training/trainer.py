"""The training loop: presentations in batches, an ordinary optimiser step, metrics and a checkpoint after every epoch."""

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from infomorphic.data import Split, load_dataset, split
from infomorphic.errors import ObjectiveInputError, RunError
from infomorphic.networks.network import Classifier, Inference
from infomorphic.networks.presets import preset
from infomorphic.networks.settings import Optimizer
from infomorphic.training.config import TrainConfig
from infomorphic.training.evaluation import Evaluation, evaluate
from infomorphic.training.recording import information_of_layers, receptive_fields, self_cosine_distance
from infomorphic.training.run import Checkpoint, Run
from infomorphic.training.seeding import generator_for

# Information terms are estimated from this many training images, the same in every epoch: one batch of the published size.
_PROBE_SIZE = 1024


@dataclass(frozen=True)
class Progress:
    """Where a training stands."""

    epoch: int
    epochs: int
    metrics: dict[str, Any]
    """The record of the last complete epoch; empty before the first."""


@dataclass(frozen=True)
class Summary:
    """The result of a run. `test_accuracy` is that of one sampled output, the published protocol; `…_expected` of deterministic inference."""

    run: str
    preset: str
    dataset: str
    hidden: int
    goal: str | None
    seed: int
    epochs: int
    train_accuracy: float
    validation_accuracy: float
    test_accuracy: float
    train_accuracy_expected: float
    validation_accuracy_expected: float
    test_accuracy_expected: float
    seconds: float
    peak_memory_mib: float


def fit(config: TrainConfig, path: Path, data_dir: Path | None = None, on_progress: Callable[[Progress], None] | None = None) -> Summary:
    """Train from the start and leave everything in a new run directory.

    Args:
        config: what to train.
        path: the run directory to make. It is made once the data are found to fit, so a mistake leaves nothing behind.
        data_dir: where data sets are; see `infomorphic.data.load_dataset`.
        on_progress: called before the first and after every epoch.

    Raises:
        ConfigurationError, DataError: if the configuration and the data do not fit.
        RunError: if there is something at `path` already, or weights become non-finite.
    """
    Run.check_free(path)
    training = _Training(config, data_dir)
    return training.go(Run.create(path, config), on_progress)


def resume(
    run: Run, epochs: int | None = None, data_dir: Path | None = None, on_progress: Callable[[Progress], None] | None = None
) -> Summary:
    """Go on from the last complete checkpoint, to the same bits as if nothing had interrupted it; or extend a finished run.

    Args:
        run: the run directory.
        epochs: the total number of epochs, if it shall be another than configured.
        data_dir: where data sets are.
        on_progress: as for `fit`.
    """
    config = run.config
    checkpoint = run.load_checkpoint()
    if epochs is not None and epochs != config.training.epochs:
        if epochs < checkpoint.epoch:
            raise RunError(f"{run.path} has {checkpoint.epoch} epochs already; --epochs must be at least that, got {epochs}.")
        config = config.model_copy(update={"training": config.training.model_copy(update={"epochs": epochs})})
        run.replace_config(config)
    training = _Training(config, data_dir)
    training.restore(checkpoint)
    return training.go(run, on_progress)


def evaluate_run(
    run: Run,
    part: str = "test",
    data_dir: Path | None = None,
    dataset: str | None = None,
    inference: Inference = "sampled",
    samples: int = 1,
    seed: int = 0,
) -> Evaluation:
    """Evaluate the network of a run on a part (train, validation, test) of its data set, or of another of the same shape."""
    config = run.config
    data = load_data(config, data_dir, dataset)
    network = load_network(run, data)
    images, labels = images_and_labels(data, part)
    return evaluate(network, images, labels, generator_for(seed, f"evaluation {part}", 0, config.training.device), inference, samples)


def load_network(run: Run, data: Split) -> Classifier:
    """The network of a run as of its last complete checkpoint."""
    network = _build(run.config, data)
    network.load_state_dict(_with_prefix(run.load_checkpoint().tensors, "network."))
    return network


def images_and_labels(data: Split, part: str) -> tuple[Tensor, Tensor]:
    """Images and labels of one part: train, validation or test."""
    parts = {
        "train": (data.train_images, data.train_labels),
        "validation": (data.validation_images, data.validation_labels),
        "test": (data.test_images, data.test_labels),
    }
    return parts[part]


def load_data(config: TrainConfig, data_dir: Path | None = None, dataset: str | None = None) -> Split:
    """The standardised data of a configuration, or another data set prepared in the same way."""
    loaded = load_dataset(dataset or config.data.dataset, data_dir)
    return split(loaded, config.data.validation_fraction, config.training.seed)


class _Training:
    """One training in memory."""

    run: Run

    def __init__(self, config: TrainConfig, data_dir: Path | None):
        started = time.perf_counter()
        self.config = config
        self.data = load_data(config, data_dir)
        self.network = _build(config, self.data)
        self.optimizer = adam(self.network, config.network.optimizers())
        self.epoch = 0
        self.metrics: list[dict[str, Any]] = []
        self.setup_seconds = time.perf_counter() - started

    def restore(self, checkpoint: Checkpoint) -> None:
        self.network.load_state_dict(_with_prefix(checkpoint.tensors, "network."))
        _load_optimizer(self.optimizer, _with_prefix(checkpoint.tensors, "optimizer."))
        self.epoch = checkpoint.epoch
        self.metrics = list(checkpoint.metrics)

    def go(self, run: Run, on_progress: Callable[[Progress], None] | None) -> Summary:
        """Train what is left to train, leaving everything in `run`."""
        self.run = run
        epochs = self.config.training.epochs
        report = on_progress or (lambda progress: None)
        report(Progress(self.epoch, epochs, self.metrics[-1] if self.metrics else {}))
        if self.epoch == 0:
            self.save()
        while self.epoch < epochs:
            self.train_epoch()
            self.save()
            report(Progress(self.epoch, epochs, self.metrics[-1]))
        return self.finish()

    def train_epoch(self) -> None:
        """One pass over the training images, and what is measured after it."""
        started = time.perf_counter()
        settings = self.config.training
        epoch = self.epoch + 1
        order = torch.randperm(len(self.data.train_labels), generator=generator_for(settings.seed, "order", epoch))
        outputs = generator_for(settings.seed, "outputs", epoch, settings.device)
        before = receptive_fields(self.network)
        total = torch.zeros(self.network.num_classes, device=settings.device)
        correct = torch.zeros((), dtype=torch.long, device=settings.device)
        for chosen in _batches(order, settings.batch_size):
            images, labels = self.data.train_images[chosen], self.data.train_labels[chosen]
            self.optimizer.zero_grad(set_to_none=True)
            try:
                firing_prob = self.network.learn(images, labels, outputs)
            except ObjectiveInputError:
                self.check_finite(epoch)  # NaN has no bin; whoever reads the message should hear the cause
                raise
            self.optimizer.step()
            total += firing_prob.sum(0)
            correct += (self.network.upright(firing_prob).argmax(1) == labels).sum()
        self.network.settle_signs(total / len(order))
        self.epoch = epoch
        record = {
            "epoch": epoch,
            "online_accuracy": float(correct) / len(order),
            **self.accuracies("validation"),
            **self.accuracies("test"),
        }
        record |= {f"{name}.self_cosine_distance": v for name, v in self_cosine_distance(before, receptive_fields(self.network)).items()}
        record |= self.information()
        record["seconds"] = round(time.perf_counter() - started, 4)
        self.metrics.append(record)
        self.check_finite(epoch)

    def check_finite(self, epoch: int) -> None:
        """Raise `RunError` if a weight is not finite."""
        if not all(bool(p.isfinite().all()) for p in self.network.parameters()):
            raise RunError(
                f"weights became NaN or infinite in epoch {epoch}; the checkpoint of epoch {epoch - 1} in {self.run.path} is kept. "
                "Try a smaller learning rate."
            )

    def accuracies(self, part: str) -> dict[str, float]:
        """Accuracy on one part of the data with one sampled output and with expected outputs."""
        images, labels = images_and_labels(self.data, part)
        generator = generator_for(self.config.training.seed, f"evaluation {part}", self.epoch, self.config.training.device)
        sampled = evaluate(self.network, images, labels, generator)
        expected = evaluate(self.network, images, labels, inference="expected")
        return {f"{part}_accuracy": sampled.accuracy, f"{part}_accuracy_expected": expected.accuracy}

    def information(self) -> dict[str, float]:
        """Atoms of each layer, averaged over its neurons, on a fixed batch of training images with their labels."""
        generator = generator_for(self.config.training.seed, "probe", self.epoch, self.config.training.device)
        images, labels = self.data.train_images[:_PROBE_SIZE], self.data.train_labels[:_PROBE_SIZE]
        return information_of_layers(self.network, images, labels, generator)

    def save(self) -> None:
        """A checkpoint of the last complete epoch."""
        tensors = {f"network.{name}": t.contiguous() for name, t in self.network.state_dict().items()}
        tensors |= {f"optimizer.{name}": t for name, t in _optimizer_tensors(self.optimizer).items()}
        self.run.save_checkpoint(Checkpoint(self.epoch, tensors, self.metrics))

    def finish(self) -> Summary:
        """The summary, from the network as it stands."""
        started = time.perf_counter()
        settings = self.config
        accuracies = {k: v for part in ("train", "validation", "test") for k, v in self.accuracies(part).items()}
        seconds = self.setup_seconds + sum(row["seconds"] for row in self.metrics) + time.perf_counter() - started
        summary = Summary(
            run=str(self.run.path),
            preset=settings.preset,
            dataset=settings.data.dataset,
            hidden=getattr(settings.network, "hidden", 0),
            goal=getattr(settings.network, "goal", None),
            seed=settings.training.seed,
            epochs=self.epoch,
            seconds=round(seconds, 2),
            peak_memory_mib=round(peak_memory_mib(), 1),
            **accuracies,
        )
        self.run.save_summary(summary.__dict__)
        return summary


def peak_memory_mib() -> float:
    """The largest resident memory of this process so far, in MiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10  # macOS counts bytes, Linux KiB


def _build(config: TrainConfig, data: Split) -> Classifier:
    generator = generator_for(config.training.seed, "weights")
    network: Classifier = preset(config.preset).module.build(config.network, data.train_images.shape[1], data.num_classes, generator)
    return network.to(config.training.device)


def adam(network: Classifier, optimizers: dict[str, Optimizer]) -> torch.optim.Optimizer:
    """Adam with the settings of each layer."""
    groups = []
    for name, settings in optimizers.items():
        parameters = [p for p in network.network.layers[name].parameters() if p.requires_grad]
        groups.append({"params": parameters, "lr": settings.learning_rate, "weight_decay": settings.weight_decay})
    return torch.optim.Adam(groups, fused=True)


def _batches(order: Tensor, batch_size: int) -> list[Tensor]:
    """The order in batches. A last batch of a single image says nothing of a distribution; it joins the one before."""
    batches = list(order.split(batch_size))
    if len(batches) > 1 and len(batches[-1]) == 1:
        last = batches.pop()
        batches[-1] = torch.cat([batches[-1], last])
    return batches


def _optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    return {
        f"{index}.{name}": value.contiguous() for index, state in optimizer.state_dict()["state"].items() for name, value in state.items()
    }


def _load_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        index, _, name = key.partition(".")
        state.setdefault(int(index), {})[name] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})


def _with_prefix(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
