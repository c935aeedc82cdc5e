"""Settings of a network. Every default is the published value; an unknown setting raises an error."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    model_validator,
)
from torch import nn

from infomorphic import plugins
from infomorphic.errors import MeasureError
from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.goals.saved import find_goal
from infomorphic.layers import Bias
from infomorphic.limits import LARGEST_IMAGE, LARGEST_NUMBER, MOST_BINS, MOST_NEURONS, MOST_PRESENTATIONS, MOST_RATE
from infomorphic.networks.about import NOT_STATED, About
from infomorphic.pid.measures import resolve_measure


def _no_truth_value(value: Any) -> Any:
    # In Python, True and False are 1 and 0, but users do not expect them as numbers.
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value


Whole = Annotated[int, BeforeValidator(_no_truth_value)]
"""A whole number, not a truth value."""
Real = Annotated[float, BeforeValidator(_no_truth_value)]
"""A real number, not a truth value. Like all settings it must be finite."""
Number = Annotated[Real, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]
Neurons = Annotated[Whole, Field(ge=1, le=MOST_NEURONS), About(unit="neurons")]
Bins = Annotated[Whole, Field(ge=1, le=MOST_BINS), About(unit="bins")]
Presentations = Annotated[Whole, Field(ge=1, le=MOST_PRESENTATIONS), About(unit="presentations")]
_Edge = Annotated[float, Field(allow_inf_nan=True), BeforeValidator(_no_truth_value)]
Patch = Annotated[Annotated[Whole, Field(ge=1, le=LARGEST_IMAGE)] | None, About(unit="pixels")]
"""Height and width of the patch of the image that each neuron receives, at a position of its own drawn from the seed; None for all of it."""
BinRange = Annotated[tuple[_Edge, _Edge], About(unit="units of the current", allowed="two numbers, the lower one first")]
"""Lowest and highest edge of bins of equal width. `FixedRange` defines which are allowed."""


Learning = Literal["goals", "backprop"]
"""How a network learns: each neuron by its own goal, or all neurons by backpropagation of one loss."""


class Settings(BaseModel):
    """A frozen record of settings. The docstring below a field is its meaning in lists of settings."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)

    publication: ClassVar[str] = ""
    """The publication whose values are the defaults, such as arXiv:2412.02482; empty if there is none."""


class Optimizer(Settings):
    """Settings of Adam. Weight decay is an L2 term in the gradient, as in `torch.optim.Adam`."""

    learning_rate: Annotated[Real, Field(gt=0, le=MOST_RATE)]
    """Learning rate of Adam."""
    weight_decay: Annotated[Real, Field(ge=0, le=MOST_RATE)]
    """Weight decay, added to the gradient as an L2 term."""


class NetworkSettings(Settings):
    """Settings of every network. The settings of a preset derive from this class."""

    goal_sources: ClassVar[str] = ""
    """The sources of the neurons that maximize `goal`, if there is such a setting."""
    learning: ClassVar[Learning] = "goals"
    """How a network with these settings learns, unless a run chooses otherwise."""

    def optimizers(self) -> dict[str, Optimizer]:
        """The optimizer of each trained layer."""
        return {}

    def optimizers_of(self, layers: nn.ModuleDict) -> dict[str, Optimizer]:
        """The optimizer of each trained layer of a network with any layer names."""
        return self.optimizers()

    def num_neurons(self) -> int | None:
        """Number of neurons in front of a readout, as far as the settings say: by default, the setting `hidden` or `neurons`."""
        return getattr(self, "hidden", getattr(self, "neurons", None))

    def lateral_connections_each(self) -> int:
        """Maximum number of neurons of its layer that each neuron receives."""
        return 0

    def num_weights(self, num_inputs: int, num_classes: int) -> int:
        """Approximate number of weights, used to estimate memory before the network is built."""
        return num_inputs * num_classes


class ClassifierSettings(NetworkSettings):
    """Settings of every classifier: its readout."""

    readout_optimizer: Optimizer = Optimizer(learning_rate=3e-3, weight_decay=1.5e-4)
    """Optimizer of the readout."""

    def optimizers(self) -> dict[str, Optimizer]:
        return {"readout": self.readout_optimizer}


def goal_of(sources: str) -> Any:
    """The type of a setting that is a goal of neurons with these sources. It is parsed when set, and written as given.

    The name of a goal that is saved, in a file or of an installed package is replaced by its expression, so that a run also works on other machines.
    """

    def read(given: Any) -> Goal:
        goal = find_goal(given, sources)
        goal.check_trainable()
        return goal

    written = PlainSerializer(lambda goal: goal.written, return_type=str)
    allowed = About(unit="bits", allowed=f"a goal of {', '.join(sources)}: a name or an expression")
    return Annotated[Goal, PlainValidator(read), written, allowed]


def _check_measure(name: str) -> str:
    """Return `name` if it is a differentiable measure of redundancy, with the path of a file made absolute; else raise `MeasureError`."""
    name = plugins.absolute(name)
    if not resolve_measure(name).properties.differentiable:
        raise MeasureError(f"the measure must be differentiable to train on it; {name!r} is not.")
    return name


Measure = Annotated[str, AfterValidator(_check_measure), About(allowed="a differentiable measure: its name, or FILE.py:NAME")]
"""The measure of redundancy that defines the atoms of goals, by name or as `FILE.py:NAME`. All except "sx", shared exclusions, train slowly."""


class InfomorphicReadout(ClassifierSettings):
    """Settings of bivariate readout neurons, one per class."""

    measure: Measure = "sx"
    """Measure of redundancy that defines the atoms of goals; all except sx, shared exclusions, train slowly."""
    readout_goal: goal_of("FC") = "readout/heuristic"
    """Goal of the readout neurons; F is the hidden layer, C the label of the neuron."""
    readout_bins: Bins = 20
    """Number of bins for each source of a readout neuron, over ± the largest magnitude of its currents."""


class HiddenLayer(InfomorphicReadout):
    """Settings of a hidden layer of infomorphic neurons."""

    hidden: Neurons = 100
    """Number of hidden neurons."""
    patch: Patch = None
    """Height and width of the patch of the image that each hidden neuron receives, at a random position of its own; null for the whole image."""
    bins: Bins = 20
    """Number of bins for each source of a hidden neuron."""
    bin_range: BinRange = (-20.0, 20.0)
    """Lowest and highest edge of the bins; currents outside count in the outermost bins."""
    presentations: Presentations = 2
    """How often a batch is presented; lateral input comes from the presentation before, and layers learn in the last one."""
    hidden_bias: Annotated[Bias, About(published=NOT_STATED)] = True
    """Bias of the currents of hidden neurons. true: drawn like the weights; zero: starts at zero; false: none."""
    hidden_optimizer: Optimizer = Optimizer(learning_rate=2e-3, weight_decay=3.5e-4)
    """Optimizer of the hidden layer."""

    @model_validator(mode="after")
    def _bins_exist(self) -> "HiddenLayer":
        FixedRange(self.bins, *self.bin_range)
        return self

    def optimizers(self) -> dict[str, Optimizer]:
        return {"hidden": self.hidden_optimizer, **super().optimizers()}

    def lateral_connections_each(self) -> int:
        return self.hidden

    def num_weights(self, num_inputs: int, num_classes: int) -> int:
        return self.hidden * (num_inputs + 2 * num_classes + min(self.hidden, self.lateral_connections_each()))
