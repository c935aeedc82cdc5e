"""Networks by name: a preset, optionally with another goal after a colon."""

from infomorphic import plugins
from infomorphic.errors import StudyError
from infomorphic.studies.engine.settings import TrainingSettings
from infomorphic.training import TrainConfig


def model_config(settings: TrainingSettings, dataset: str, model: str, size: int, seed: int, goal: str | None = None) -> TrainConfig:
    """The training of a network with a study's settings.

    Args:
        settings: give the epochs and overrides.
        dataset: the data set to train on.
        model: the network, such as `setup-1` or `setup-1:trivariate/heuristic`.
        size: the number of hidden neurons; 0 for a network without any.
        seed: the seed of the training.
        goal: the goal, if not the model's.

    Raises:
        ConfigurationError: if there is no such preset, goal or setting.
    """
    preset, own_goal = plugins.parted(model)
    if own_goal == "":
        raise StudyError(f"`model` must be a preset or PRESET:GOAL; got {model!r}.")
    network: dict[str, object] = {"hidden": size} if size else {}
    if goal or own_goal:
        network["goal"] = goal or own_goal
    values = {
        "preset": preset,
        "network": network,
        "data": {"dataset": dataset},
        "training": {"epochs": settings.epochs, "seed": seed},
    }
    return TrainConfig.make(values, settings.overrides)
