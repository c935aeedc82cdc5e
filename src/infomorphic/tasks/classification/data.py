"""The data of a run on labeled images, and its network."""

import warnings
from pathlib import Path
from typing import Annotated

from jaxtyping import Float, Int64
from pydantic import AfterValidator, Field
from torch import Tensor

from infomorphic import plugins
from infomorphic.data import Split, load_dataset, split
from infomorphic.errors import ConfigurationError, DataError, InfomorphicWarning
from infomorphic.limits import MOST_SHIFT, check_network_fits
from infomorphic.networks.about import DEFAULT, About
from infomorphic.networks.backprop import Backpropagated, by_backpropagation
from infomorphic.networks.epoch import suitable_batch_size
from infomorphic.networks.network import Classifier
from infomorphic.networks.settings import Learning, NetworkSettings, Real, Whole
from infomorphic.seeding import generator_for
from infomorphic.training.config import TrainConfig
from infomorphic.training.settings import BatchSize, DataSettings, Epochs, TrainingSettings
from infomorphic.training.task import Sections, TrainedRun


class LabeledImages(DataSettings):
    """The data set, and the part of its training set that is held out for validation."""

    dataset: Annotated[
        str,
        AfterValidator(plugins.absolute),
        About(
            allowed="digits, mnist, fashion-mnist, cifar10, rhm, rhm:PARAMETERS, folder:PATH, npz:PATH, FILE.py:NAME, or a name of an installed package",
            published="mnist, cifar10",
        ),
    ] = "digits"
    """The data set."""
    validation_fraction: Annotated[Real, Field(ge=0, lt=1), About(published=DEFAULT)] = 0.2
    """Fraction of the training images that is held out for validation."""
    shift: Annotated[Whole, Field(ge=0, le=MOST_SHIFT), About(unit="pixels", published="0")] = 0
    """Largest shift of a training image in each direction. Each image has a shift of its own, drawn anew in every epoch; its edge is repeated."""


class Training(TrainingSettings):
    """How long and how to train."""

    epochs: Annotated[Epochs, About(published=DEFAULT)] = 100
    batch_size: Annotated[BatchSize | None, About(published="1024")] = None
    """Samples per batch; all if there are fewer. Null for a size that suits the number of training images (1024 for 16384 or more), which
    the run records."""
    learning: Annotated[Learning | None, About(published="goals; backprop for the benchmark")] = None
    """How layers learn: goals, each neuron by its own; backprop, all by backpropagation of the cross entropy of the readout's currents, with
    straight-through gradients. Null for what the preset is made for, which the run records."""

    def batch_size_for(self, samples: int) -> int:
        """The batch size for this many training images."""
        return suitable_batch_size(samples) if self.batch_size is None else self.batch_size


Images = Sections[NetworkSettings, LabeledImages, Training]
"""The sections of a configuration that trains on labeled images."""


def check_classification(config: TrainConfig) -> None:
    """Raise `ConfigurationError` if a configuration does not train on labeled images."""
    if not isinstance(config.data, LabeledImages):
        raise ConfigurationError(
            f"this operation needs a classification run; preset {config.preset!r} belongs to the task {config.task.name!r}."
        )


def load_data(sections: Images, data_dir: Path | None = None, dataset: str | None = None) -> Split:
    """The standardized data of a configuration, or another data set standardized with the same statistics.

    If the configured data set is missing, the other one is standardized with its own training images, with an `InfomorphicWarning`.
    """
    settings, seed = sections.data, sections.training.seed

    def prepared(name: str, like: Split | None = None) -> Split:
        return split(load_dataset(name, data_dir), settings.validation_fraction, seed, like)

    if dataset in (None, settings.dataset):
        return prepared(settings.dataset)
    try:
        own = prepared(settings.dataset)
    except DataError as error:
        warnings.warn(
            InfomorphicWarning(f"{dataset} is standardized with the statistics of its own training images, because {error}"), stacklevel=2
        )
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
    return as_it_learns(network, sections).to(sections.training.device)


def as_it_learns(network: Classifier, sections: Images) -> Classifier:
    """The network of a preset, or the same network trained by backpropagation, as configured.

    Raises:
        ConfigurationError: if it must learn by goals and has none.
    """
    wanted = sections.training.learning
    if wanted == "backprop" and not isinstance(network, Backpropagated):
        return by_backpropagation(network)
    if wanted == "goals" and isinstance(network, Backpropagated):
        raise ConfigurationError(f"`training.learning` must be backprop for the preset {sections.preset.name}, whose layers have no goals.")
    return network


def learning_of(network: Classifier) -> Learning:
    """How a network learns."""
    return "backprop" if isinstance(network, Backpropagated) else "goals"


def load_network(run: TrainedRun, data: Split) -> Classifier:
    """The network of a run at its last complete checkpoint, on the CPU."""
    network = build_network(run.sections, data)
    run.checkpoint.restore(network)
    return network
