"""The exceptions of the package. All derive from `InfomorphicError`, most also from the matching built-in exception."""

import difflib
from collections.abc import Iterable

from infomorphic.quoting import quoted

# Names are much shorter, and the time of a comparison grows with the square of the length.
_COMPARED = 100


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: suggests the nearest known name, or is empty if none is near."""
    near = difflib.get_close_matches(name[:_COMPARED], list(known), n=1)
    return f" Did you mean {quoted(near[0])}?" if near else ""


class InfomorphicError(Exception):
    """Base class of all errors that this package raises deliberately."""


class InfomorphicWarning(UserWarning):
    """Base class of all warnings that this package gives deliberately."""


class InvalidPmfError(InfomorphicError, ValueError):
    """A probability mass function is negative, not finite, empty or does not sum to one."""


class AntichainError(InfomorphicError, ValueError):
    """A label that is not an antichain of the sources."""


class UnknownAtomError(AntichainError, KeyError):
    """A requested atom, redundancy or subset of sources does not exist in the decomposition."""

    # KeyError prints the repr of its argument, but a sentence should print without quotation marks.
    __str__ = Exception.__str__


class TooManySourcesError(InfomorphicError, ValueError):
    """The number of sources is not supported by the redundancy lattice."""


class MeasureError(InfomorphicError, ValueError):
    """A measure of redundancy does not exist or cannot be computed for the given distribution."""


class NotPointwiseError(MeasureError, AttributeError):
    """The measure does not define the requested pointwise values, or informative and misinformative parts."""


class InvalidSamplesError(InfomorphicError, ValueError):
    """Observations, weights or bins from which a decomposition cannot be estimated."""


class TableError(InfomorphicError, ValueError):
    """A table cannot be read or does not have the requested columns."""


class RecordingError(InfomorphicError, ValueError):
    """Spike times, time series, trials or lags from which no columns can be made."""


class GoalError(InfomorphicError, ValueError):
    """A goal expression cannot be read, or the weights of a goal are invalid."""


class UnknownGoalError(GoalError, KeyError):
    """No published goal has this name."""

    # KeyError prints the repr of its argument, but a sentence should print without quotation marks.
    __str__ = Exception.__str__


class ObjectiveInputError(InfomorphicError, ValueError):
    """Bins or firing probabilities have a shape, type or values that the objective cannot use."""


class ConfigurationError(InfomorphicError, ValueError):
    """Parts of a network or of its training do not match."""


class PluginError(ConfigurationError):
    """A file or an installed package cannot be loaded or does not define the requested name."""


class BlindSourceWarning(InfomorphicWarning):
    """Before training, the currents of a source share one bin, so the goal cannot see that source."""


class NonFiniteWeightsError(InfomorphicError, ArithmeticError):
    """Weights became NaN or infinite in training."""


class ProcessLostError(InfomorphicError):
    """A process of a training that is divided among several has ended, or cannot be reached."""


class RunError(InfomorphicError):
    """A run directory cannot be written, read or continued."""


class FileWriteError(InfomorphicError, OSError):
    """A file cannot be written: the disk is full, or the folder is not writable. Existing content is unchanged."""


class TrackerError(InfomorphicError, ValueError):
    """A tracker does not exist, or its package is not installed."""


class ExportError(InfomorphicError):
    """A run cannot be exported, or the file cannot be written."""


class DataError(InfomorphicError, ValueError):
    """A data set is unknown, cannot be read or downloaded, or cannot be used for training."""


class StudyError(InfomorphicError):
    """A study cannot be created, opened, continued or reported, or its storage cannot be used."""
