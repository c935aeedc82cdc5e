"""The data of a run on labelled images, and its network."""

import warnings
from pathlib import Path
from typing import Annotated

from jaxtyping import Float, Int64
from pydantic import Field
from torch import Tensor

from infomorphic.data import Split, load_dataset, split
from infomorphic.errors import DataError, InfomorphicWarning
from infomorphic.limits import check_network_fits
from infomorphic.networks.network import Classifier
from infomorphic.networks.presets import preset
from infomorphic.networks.settings import Real
from infomorphic.seeding import generator_for
from infomorphic.training.config import TrainConfig
from infomorphic.training.run import Run
from infomorphic.training.settings import DataSettings


class LabelledImages(DataSettings):
    """Which data set, and how much of its training set is held out for validation."""

    dataset: str = "digits"
    validation_fraction: Annotated[Real, Field(ge=0, lt=1)] = 0.2


def load_data(config: TrainConfig, data_dir: Path | None = None, dataset: str | None = None) -> Split:
    """The standardised data of a configuration, or another data set standardised by the same numbers.

    Where the own data are missing, the other ones are standardised by themselves, with an `InfomorphicWarning`.
    """
    settings, seed = config.section("data", LabelledImages), config.training.seed

    def prepared(name: str, like: Split | None = None) -> Split:
        return split(load_dataset(name, data_dir), settings.validation_fraction, seed, like)

    if dataset in (None, settings.dataset):
        return prepared(settings.dataset)
    try:
        own = prepared(settings.dataset)
    except DataError as error:
        warnings.warn(InfomorphicWarning(f"{dataset} is standardised by its own training images, since {error}"), stacklevel=2)
        own = None
    return prepared(dataset, own)


def images_and_labels(data: Split, part: str) -> tuple[Float[Tensor, "samples features"], Int64[Tensor, " samples"]]:
    """Images and labels of one part: train, validation or test."""
    parts = {
        "train": (data.train_images, data.train_labels),
        "validation": (data.validation_images, data.validation_labels),
        "test": (data.test_images, data.test_labels),
    }
    return parts[part]


def build_network(config: TrainConfig, data: Split) -> Classifier:
    """The untrained network of a configuration for these data."""
    check_network_fits(config.network.num_weights(data.train_images.shape[1], data.num_classes))
    generator = generator_for(config.training.seed, "weights")
    network: Classifier = preset(config.preset).module.build(config.network, data.train_images.shape[1], data.num_classes, generator)
    return network.to(config.training.device)


def load_network(run: Run, data: Split) -> Classifier:
    """The network of a run as of its last complete checkpoint, on the CPU."""
    # The device of the training may not be one of this machine.
    network = build_network(run.config.with_training(device="cpu"), data)
    checkpoint = run.load_checkpoint()
    checkpoint.restore(network)
    run.check_config(checkpoint)
    return network
