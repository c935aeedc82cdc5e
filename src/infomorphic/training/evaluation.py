"""Evaluate the network of a run, or recall from it: the task of the run does it."""

from dataclasses import replace
from pathlib import Path

from infomorphic.training.run import Run
from infomorphic.training.task import Evaluated, EvaluationOptions, LabeledRun, TrainedRun


def trained_run(run: Run, data_dir: Path | None = None) -> TrainedRun:
    """What the task of a run gets to see of it.

    Raises:
        RunError: if there is no checkpoint, or it is damaged.
    """
    sections = run.config.with_training(device="cpu").sections  # this machine may lack the device of the training
    return TrainedRun(run.path, sections, run.load_checkpoint(), run.data_dir(data_dir))


def evaluate_run(run: Run, options: EvaluationOptions, data_dir: Path | None = None) -> Evaluated:
    """Measure the network of a run again, as its task does it.

    Raises:
        ConfigurationError: if the task does not offer an option.
        RunError, DataError: if the network or its data cannot be loaded.
    """
    trained = replace(trained_run(run, data_dir), summary=run.summary)
    found = run.config.task.evaluate(trained, options)
    run.check_config(trained.checkpoint)
    return found


def recall_from(run: Run, noise: float = 0.0, seed: int = 0, pattern: int | None = None) -> Evaluated:
    """Recall every pattern that a run stored from a noisy cue; see `Task.recall`.

    Raises:
        RunError: if its network stores no patterns, or cannot be loaded.
        ConfigurationError: if there is no such pattern.
    """
    trained = trained_run(run)
    found = run.config.task.recall(trained, noise, seed, pattern)
    run.check_config(trained.checkpoint)
    return found


def labeled_run(run: Run, data_dir: Path | None = None) -> LabeledRun:
    """The network of a run that classifies labeled samples, and its data; see `Task.labeled`."""
    trained = trained_run(run, data_dir)
    found = run.config.task.labeled(trained)
    run.check_config(trained.checkpoint)
    return found
