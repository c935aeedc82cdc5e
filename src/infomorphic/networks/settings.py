"""What can be set about a network. Every default is the published value; a setting that does not exist is an error."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from infomorphic.goals import Goal
from infomorphic.goals.saved import without_saved_name
from infomorphic.layers import Bias


class Settings(BaseModel):
    """A frozen record of settings."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


class Optimizer(Settings):
    """Adam. Weight decay is L2 in the gradient, as `torch.optim.Adam` has it."""

    learning_rate: Annotated[float, Field(gt=0)]
    weight_decay: Annotated[float, Field(ge=0)]


class NetworkSettings(Settings):
    """What the network of every preset has. The settings of a preset derive from this."""

    task: ClassVar[str] = "classification"
    """The module of `infomorphic.training.tasks` that trains it."""

    goal_sources: ClassVar[str] = ""
    """The sources of the neurons that ascend `goal`, where there is such a setting."""

    @field_validator("goal", check_fields=False)
    @classmethod
    def _goal_exists(cls, text: str) -> str:
        return check_goal(text, cls.goal_sources)

    def optimizers(self) -> dict[str, Optimizer]:
        """The optimiser of each trained layer."""
        return {}


class ClassifierSettings(NetworkSettings):
    """What every classifier has: its readout."""

    readout_optimizer: Optimizer = Optimizer(learning_rate=3e-3, weight_decay=1.5e-4)

    def optimizers(self) -> dict[str, Optimizer]:
        return {"readout": self.readout_optimizer}


def check_goal(text: str, sources: str) -> str:
    """The text, if it is a published name or an expression of a goal of these sources; a `GoalError` if not.

    A saved name becomes its expression, which other machines know too: a run says what was trained wherever it is copied to.
    """
    Goal.resolve(text, sources=sources).check_trainable()
    return without_saved_name(text)


class InfomorphicReadout(ClassifierSettings):
    """Settings of ten bivariate readout neurons, one a class."""

    readout_goal: str = "readout/heuristic"
    readout_bins: Annotated[int, Field(ge=1)] = 20

    @field_validator("readout_goal")
    @classmethod
    def _readout_goal_exists(cls, text: str) -> str:
        return check_goal(text, "FC")


class HiddenLayer(InfomorphicReadout):
    """Settings of a hidden layer of infomorphic neurons."""

    hidden: Annotated[int, Field(ge=1)] = 100
    bins: Annotated[int, Field(ge=1)] = 20
    bin_range: tuple[float, float] = (-20.0, 20.0)
    presentations: Annotated[int, Field(ge=1)] = 2
    hidden_bias: Bias = True
    """Of the currents of hidden neurons: true for one drawn like the weights, zero for one that starts there, false for none."""
    hidden_optimizer: Optimizer = Optimizer(learning_rate=2e-3, weight_decay=3.5e-4)

    def optimizers(self) -> dict[str, Optimizer]:
        return {"hidden": self.hidden_optimizer, **super().optimizers()}
