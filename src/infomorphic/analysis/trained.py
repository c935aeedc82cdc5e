"""A trained classifier with the images that it is analyzed on."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from jaxtyping import Float, Int64
from torch import Tensor

from infomorphic.data import Split
from infomorphic.layers import InfomorphicLayer
from infomorphic.networks.network import Classifier, Presented
from infomorphic.seeding import generator_for
from infomorphic.training import Run
from infomorphic.training.evaluation import labeled_run


@dataclass(frozen=True, eq=False)
class Trained:
    """The network of a run, and held-out images. No property of single neurons is measured on training or test images."""

    network: Classifier
    data: Split
    images: Float[Tensor, "samples features"]
    labels: Int64[Tensor, " samples"]
    part: str
    """Which part of the data the images are: validation, or test if there are no validation images."""
    seed: int
    batch_size: int
    analyzed: str | None = None
    """The name of the layer that is analyzed; by default the first."""

    @classmethod
    def load(cls, run: Run, data_dir: Path | None = None) -> "Trained":
        """Load the network of a run, on the CPU, with its data.

        Raises:
            DataError: if the data set is missing.
            RunError: if the run has no checkpoint, or is not of a classifier.
        """
        labeled = labeled_run(run, data_dir)
        data, seed = labeled.data, run.config.training.seed
        if len(data.validation_labels):
            return cls(labeled.network, data, data.validation_images, data.validation_labels, "validation", seed, labeled.batch_size)
        return cls(labeled.network, data, data.test_images, data.test_labels, "test", seed, labeled.batch_size)

    @property
    def layer_name(self) -> str:
        """The layer that is analyzed: by default the first, which is the readout in a network without a hidden layer."""
        return self.analyzed or next(iter(self.network.network.layers))

    @property
    def hidden_layers(self) -> list[str]:
        """The names of all layers except the readout; the readout in a network without a hidden layer."""
        return hidden_layers(self.network)

    def at(self, layer: str) -> "Trained":
        """The same network and images, to analyze another layer.

        Raises:
            ConfigurationError: if no layer has this name.
        """
        return replace(self, analyzed=self.network.network.layer(layer).name)

    @property
    def layer(self) -> InfomorphicLayer:
        """That layer."""
        return self.network.network.layer(self.layer_name).layer

    @cached_property
    def withheld(self) -> dict[str, Presented]:
        """The responses of the layers to the images with the label withheld and expected outputs, so nothing is random."""
        return self.network.present(self.images, None, inference="expected")

    @cached_property
    def with_labels(self) -> dict[str, Presented]:
        """The responses as in training: with the label, and sampled outputs. Atoms are measured on these."""
        return self.network.present(self.images, self.labels, generator_for(self.seed, "report"))

    @cached_property
    def firing_prob(self) -> Float[Tensor, "samples neurons"]:
        """The probability of the largest output of each neuron for each image, the label withheld; 0 or 1 for deterministic outputs."""
        return self.network.network.layer(self.layer_name).firing_prob(self.withheld[self.layer_name])

    def weights(self, source: str) -> Float[Tensor, "neurons inputs"] | None:
        """The weights of a source of the layer as a matrix; None if there are no trainable weights."""
        return self.layer.learned_weight(source)


def hidden_layers(network: Classifier) -> list[str]:
    """The names of all layers except the readout; the readout in a network without a hidden layer."""
    names = list(network.network.layers)
    return [name for name in names if name != network.readout] or names
