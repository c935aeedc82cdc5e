"""The data of a run on labelled images, and its network."""

import warnings
from pathlib import Path
from typing import Annotated

from jaxtyping import Float, Int64
from pydantic import AfterValidator, Field
from torch import Tensor

from infomorphic import plugins
from infomorphic.data import Split, load_dataset, split
from infomorphic.errors import ConfigurationError, DataError, InfomorphicWarning
from infomorphic.limits import check_network_fits
from infomorphic.networks.network import Classifier
from infomorphic.networks.settings import NetworkSettings, Real
from infomorphic.seeding import generator_for
from infomorphic.tasks.classification.epoch import suitable_batch_size
from infomorphic.training.config import TrainConfig
from infomorphic.training.run import Run
from infomorphic.training.settings import BatchSize, DataSettings, TrainingSettings
from infomorphic.training.task import Sections


class LabelledImages(DataSettings):
    """Which data set, and how much of its training set is held out for validation."""

    dataset: Annotated[str, AfterValidator(plugins.absolute)] = "digits"
    validation_fraction: Annotated[Real, Field(ge=0, lt=1)] = 0.2


class Training(TrainingSettings):
    """How long and how to train."""

    batch_size: BatchSize | None = None
    """None for one that suits the number of training images, see `infomorphic.tasks.classification.epoch.suitable_batch_size`: the
    published 1024 for 16384 images and more. A run records the number."""

    def batch_size_for(self, samples: int) -> int:
        """The batch size for this many training images."""
        return suitable_batch_size(samples) if self.batch_size is None else self.batch_size


Images = Sections[NetworkSettings, LabelledImages, Training]
"""The sections of a configuration that trains on labelled images."""


def labelled_images(config: TrainConfig) -> Images:
    """The sections of a configuration that trains on labelled images.

    Raises:
        ConfigurationError: if the preset is for another task.
    """
    if not isinstance(config.data, LabelledImages):
        raise ConfigurationError(f"preset {config.preset!r} is for the task {config.task.name!r}; this needs labelled images.")
    return config.sections


def load_data(sections: Images, data_dir: Path | None = None, dataset: str | None = None) -> Split:
    """The standardized data of a configuration, or another data set standardized by the same numbers.

    If the configured data set is missing, another one is standardized by its own training images, with an `InfomorphicWarning`.
    """
    settings, seed = sections.data, sections.training.seed

    def prepared(name: str, like: Split | None = None) -> Split:
        return split(load_dataset(name, data_dir), settings.validation_fraction, seed, like)

    if dataset in (None, settings.dataset):
        return prepared(settings.dataset)
    try:
        own = prepared(settings.dataset)
    except DataError as error:
        warnings.warn(InfomorphicWarning(f"{dataset} is standardized by its own training images, since {error}"), stacklevel=2)
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


def build_network(sections: Images, data: Split) -> Classifier:
    """The untrained network of a configuration for these data, on the configured device."""
    check_network_fits(sections.network.num_weights(data.num_features, data.num_classes))
    generator = generator_for(sections.training.seed, "weights")
    network = sections.preset.build(sections.network, data.image_shape or data.num_features, data.num_classes, generator)
    return network.to(sections.training.device)


def load_network(run: Run, data: Split) -> Classifier:
    """The network of a run as of its last complete checkpoint, on the CPU."""
    # The device of the training may not be one of this machine.
    network = build_network(labelled_images(run.config.with_training(device="cpu")), data)
    checkpoint = run.load_checkpoint()
    checkpoint.restore(network)
    run.check_config(checkpoint)
    return network
