"""The protocol of trackers, and training with one."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar, runtime_checkable

Result = TypeVar("Result")


@runtime_checkable
class Progress(Protocol):
    """The progress that a training reports: see `infomorphic.training.Progress`."""

    @property
    def epoch(self) -> int: ...
    @property
    def metrics(self) -> Mapping[str, Any]: ...


@runtime_checkable
class Tracker(Protocol):
    """An object that records the settings, the numbers of every epoch and the result of one training.

    Any object with these three methods will do.
    """

    def start(self, config: Mapping[str, Any]) -> None:
        """The training begins; `config` is its configuration, in nested sections."""
        ...

    def log(self, epoch: int, metrics: Mapping[str, Any]) -> None:
        """An epoch is complete."""
        ...

    def finish(self, summary: Mapping[str, Any] | None) -> None:
        """The training has ended with this result; None if it failed or was interrupted."""
        ...


def track(tracker: Tracker, config: Mapping[str, Any], train: Callable[[Callable[[Progress], None]], Result]) -> Result:
    """Train under a tracker: `track(t, config.model_dump(), lambda report: fit(config, path, on_progress=report))`.

    Args:
        tracker: records the training.
        config: the configuration of the training.
        train: called with a function for its `on_progress`; returns the result, an object with attributes such as `Summary`.

    Returns:
        What `train` returns.

    Exceptions of `train` are raised after `tracker.finish(None)`.
    """
    tracker.start(config)
    try:
        result = train(_Report(tracker))
    except BaseException:
        tracker.finish(None)
        raise
    tracker.finish(dict(vars(result)))
    return result


class _Report:
    """An `on_progress` that logs every epoch once."""

    def __init__(self, tracker: Tracker):
        self.tracker = tracker
        self.last: int | None = None

    def __call__(self, progress: Progress) -> None:
        # The first report comes before any training: it has no record, or, in a resumed run, one that was logged before.
        if self.last is not None and progress.epoch > self.last:
            self.tracker.log(progress.epoch, progress.metrics)
        self.last = progress.epoch
