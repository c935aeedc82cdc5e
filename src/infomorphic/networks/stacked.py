"""Stacks of hidden layers, with or without context and lateral input. Stacks of one layer are the published networks."""

from dataclasses import dataclass
from numbers import Integral

import torch

from infomorphic.errors import ConfigurationError
from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, AllToAll, Bias, Bivariate, InfomorphicLayer, Inputs, Modulated, RandomOthers
from infomorphic.layers.connections import num_inputs
from infomorphic.layers.patches import from_image
from infomorphic.limits import MOST_NEURONS, MOST_PRESENTATIONS, check_network_fits
from infomorphic.networks.network import Classifier, InfomorphicNetwork, Wiring
from infomorphic.networks.readout import readout_layer, readout_wiring
from infomorphic.networks.settings import HiddenLayer, Optimizer
from infomorphic.quoting import quoted

_PUBLISHED_GOALS = {"FCL": "trivariate/optimized-tpe-1", "FC": "context/optimized-2", "FL": "lateral/optimized-2"}


@dataclass(frozen=True)
class Stack:
    """A stack of hidden layers of the same kind, and a readout.

    F: the layer below. C: the label, or the readout's output in the previous presentation. L: the other neurons of the same layer
    in the previous presentation. None means the published value for neurons with these sources, if there is one.

    | hidden layers | context   | lateral | is the preset |
    | ------------- | --------- | ------- | ------------- |
    | one           | "label"   | "all"   | setup-1       |
    | one           | "label"   | 100     | setup-2       |
    | one           | "readout" | 100     | setup-3       |
    | one           | "label"   | None    | context       |
    | one           | None      | "all"   | lateral       |

    Raises:
        ConfigurationError, GoalError: if a value is not allowed.

    Source: arXiv:2412.02482, A.3. Stacks of several hidden layers were not published.
    """

    hidden_layer_sizes: tuple[int, ...] = (100,)
    context: str | None = "label"
    """"label", "readout" or None."""
    lateral: str | int | None = "all"
    """Each neuron receives all other neurons of its layer ("all"), at most this many, or none (None)."""
    goal: str | Goal | None = None
    """The goal of the hidden neurons: a published name or an expression."""
    readout_goal: str | Goal = "readout/heuristic"
    bins: int = 20
    bin_range: tuple[float, float] | None = None
    """Range of the bins for the currents of hidden neurons. Published: (−20, 20)."""
    readout_bins: int = 20
    measure: str = "sx"
    """The measure of redundancy that defines the atoms of all goals."""
    hidden_bias: Bias = True
    """Bias of the currents of hidden neurons. True: drawn like the weights; "zero": starts at zero; False: none."""
    presentations: int | None = None
    """Published: two; one without lateral input and feedback."""
    patch: int | None = None
    """Height and width of the patch of the image that each neuron of the first hidden layer receives; None for the whole image."""

    def __post_init__(self) -> None:
        sizes = self.hidden_layer_sizes
        if not sizes or not all(_is_count(size) for size in sizes):
            raise ConfigurationError(
                f"`hidden_layer_sizes` must have at least one size, each at least 1 and at most {MOST_NEURONS}; got {quoted(sizes)}."
            )
        if self.context not in ("label", "readout", None):
            raise ConfigurationError(f'`context` must be "label", "readout" or None; got {quoted(self.context)}.')
        if not (self.lateral in ("all", None) or _is_count(self.lateral)):
            raise ConfigurationError(f'`lateral` must be "all", a number of connections or None; got {quoted(self.lateral)}.')
        if len(self.sources) == 1:
            raise ConfigurationError("`context` and `lateral` must not both be None: hidden neurons need a source besides the input.")
        if self.presentations is not None and not _is_count(self.presentations, MOST_PRESENTATIONS):
            raise ConfigurationError(
                f"`presentations` must be at least 1 and at most {MOST_PRESENTATIONS}; got {quoted(self.presentations)}."
            )
        self.hidden_goal  # noqa: B018 (raises if the goal cannot be read)
        Goal.resolve(self.readout_goal, "FC")

    @property
    def sources(self) -> str:
        """The source classes of hidden neurons."""
        return "F" + ("C" if self.context else "") + ("L" if self.lateral else "")

    @property
    def hidden_goal(self) -> Goal:
        """The goal of hidden neurons."""
        return Goal.resolve(self.goal or self.published_goal, self.sources)

    @property
    def names(self) -> list[str]:
        """The names of the hidden layers."""
        count = len(self.hidden_layer_sizes)
        return ["hidden"] if count == 1 else [f"hidden{i + 1}" for i in range(count)]

    @property
    def published_goal(self) -> str:
        """The published goal of neurons with these sources, by name."""
        return _PUBLISHED_GOALS[self.sources]

    @property
    def needed_presentations(self) -> int:
        """Number of presentations needed for lateral input and feedback to arrive."""
        return 2 if self.lateral or self.context == "readout" else 1

    def optimizers(self) -> dict[str, Optimizer]:
        """The published optimizer of each layer."""
        published = HiddenLayer().optimizers()
        return {**dict.fromkeys(self.names, published["hidden"]), "readout": published["readout"]}

    def build(self, inputs: Inputs, num_classes: int, generator: torch.Generator) -> Classifier:
        """Build the network, with weights drawn from `generator` as in the preset."""
        sizes = [int(size) for size in self.hidden_layer_sizes]
        dense = sum(n * (below + n) for n, below in zip(sizes, [num_inputs(inputs), *sizes], strict=False))
        check_network_fits(dense if self.lateral == "all" else num_inputs(inputs) * sizes[0])
        layers: dict[str, InfomorphicLayer] = {}
        wiring: dict[str, Wiring] = {}
        below, width, bias = "input", inputs, self.hidden_bias
        for name, size in zip(self.names, map(int, self.hidden_layer_sizes), strict=True):
            connections = {
                "F": from_image(width, self.patch if below == "input" else None, bias),
                "C": AllToAll(num_classes, bias),
                "L": self._lateral(),
            }
            origins = {"F": below, "C": self.context or "", "L": name}
            activation = Modulated() if self.sources == "FCL" else Bivariate()
            layers[name] = InfomorphicLayer(size, {s: connections[s] for s in self.sources}, activation, generator=generator)
            wiring[name] = Wiring({s: origins[s] for s in self.sources}, self.hidden_goal, self._binning(), self.measure)
            below, width = name, size
        layers["readout"] = readout_layer(width, num_classes, generator)
        wiring["readout"] = readout_wiring(self.readout_goal, below, self.readout_bins, self.measure)
        return Classifier(InfomorphicNetwork(layers, wiring, self.presentations or self.needed_presentations), num_classes)

    def _lateral(self) -> AllOthers | RandomOthers:
        bias = self.hidden_bias
        return RandomOthers(int(self.lateral), bias) if isinstance(self.lateral, Integral) else AllOthers(bias)

    def _binning(self) -> FixedRange:
        low, high = self.bin_range or HiddenLayer().bin_range
        return FixedRange(self.bins, float(low), float(high))


def _is_count(value: object, most: int = MOST_NEURONS) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and 1 <= int(value) <= most
