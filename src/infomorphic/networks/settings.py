"""What can be set about a network. Every default is the published value; a setting that does not exist is an error."""

from typing import Annotated, Any, ClassVar

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

from infomorphic.errors import MeasureError
from infomorphic.estimation import FixedRange
from infomorphic.goals import Goal
from infomorphic.goals.saved import find_goal
from infomorphic.layers import Bias
from infomorphic.limits import LARGEST_NUMBER, MOST_BINS, MOST_NEURONS, MOST_PRESENTATIONS, MOST_RATE
from infomorphic.pid.measures import resolve_measure


def _no_truth_value(value: Any) -> Any:
    # True and false are 1 and 0 to Python, but not to somebody who is asked for a number.
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value


Whole = Annotated[int, BeforeValidator(_no_truth_value)]
"""A whole number, and no truth value."""
Real = Annotated[float, BeforeValidator(_no_truth_value)]
"""A real number, and no truth value. As in all settings it is finite."""
Number = Annotated[Real, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]
Neurons = Annotated[Whole, Field(ge=1, le=MOST_NEURONS)]
Bins = Annotated[Whole, Field(ge=1, le=MOST_BINS)]
Presentations = Annotated[Whole, Field(ge=1, le=MOST_PRESENTATIONS)]
Edge = Annotated[float, Field(allow_inf_nan=True), BeforeValidator(_no_truth_value)]
BinRange = tuple[Edge, Edge]
"""Lowest and highest edge of bins of equal width. `FixedRange` says which there may be."""


class Settings(BaseModel):
    """A frozen record of settings."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)


class Optimizer(Settings):
    """Adam. Weight decay is L2 in the gradient, as `torch.optim.Adam` has it."""

    learning_rate: Annotated[Real, Field(gt=0, le=MOST_RATE)]
    weight_decay: Annotated[Real, Field(ge=0, le=MOST_RATE)]


class NetworkSettings(Settings):
    """What the network of every preset has. The settings of a preset derive from this."""

    goal_sources: ClassVar[str] = ""
    """The sources of the neurons that ascend `goal`, if there is such a setting."""

    def optimizers(self) -> dict[str, Optimizer]:
        """The optimizer of each trained layer."""
        return {}

    def optimizers_of(self, layers: nn.ModuleDict) -> dict[str, Optimizer]:
        """The optimizer of each trained layer of a network, whose names need not be known beforehand."""
        return self.optimizers()

    def num_weights(self, num_inputs: int, num_classes: int) -> int:
        """About how many weights the network has for inputs and classes: what its memory is estimated from, before there are any."""
        return num_inputs * num_classes


class ClassifierSettings(NetworkSettings):
    """What every classifier has: its readout."""

    readout_optimizer: Optimizer = Optimizer(learning_rate=3e-3, weight_decay=1.5e-4)

    def optimizers(self) -> dict[str, Optimizer]:
        return {"readout": self.readout_optimizer}


def goal_of(sources: str) -> Any:
    """The type of a setting that is a goal of neurons with these sources: read where it is set, and written as it was given.

    A saved name becomes its expression, which other machines know too: a run says what was trained wherever it is copied to.
    """

    def read(given: Any) -> Goal:
        goal = find_goal(given, sources)
        goal.check_trainable()
        return goal

    written = PlainSerializer(lambda goal: goal.written, return_type=str)
    return Annotated[Goal, PlainValidator(read), written]


def check_measure(name: str) -> str:
    """The name, if a built-in measure of redundancy has it and goals can be differentiated through it; a `MeasureError` if not."""
    if not resolve_measure(name).properties.differentiable:
        raise MeasureError(f"the measure {name!r} is not differentiable, so nothing can be trained on it.")
    return name


Measure = Annotated[str, AfterValidator(check_measure)]
"""The name of the measure of redundancy that goals are made of. All but "sx", shared exclusions, train slowly."""


class InfomorphicReadout(ClassifierSettings):
    """Settings of ten bivariate readout neurons, one a class."""

    measure: Measure = "sx"
    readout_goal: goal_of("FC") = "readout/heuristic"
    readout_bins: Bins = 20


class HiddenLayer(InfomorphicReadout):
    """Settings of a hidden layer of infomorphic neurons."""

    hidden: Neurons = 100
    bins: Bins = 20
    bin_range: BinRange = (-20.0, 20.0)
    presentations: Presentations = 2
    hidden_bias: Bias = True
    """Of the currents of hidden neurons: true for one drawn like the weights, zero for one that starts there, false for none."""
    hidden_optimizer: Optimizer = Optimizer(learning_rate=2e-3, weight_decay=3.5e-4)

    @model_validator(mode="after")
    def _bins_exist(self) -> "HiddenLayer":
        FixedRange(self.bins, *self.bin_range)
        return self

    def optimizers(self) -> dict[str, Optimizer]:
        return {"hidden": self.hidden_optimizer, **super().optimizers()}

    def lateral_connections_each(self) -> int:
        """How many neurons of its layer each neuron receives at most."""
        return self.hidden

    def num_weights(self, num_inputs: int, num_classes: int) -> int:
        return self.hidden * (num_inputs + 2 * num_classes + min(self.hidden, self.lateral_connections_each()))
