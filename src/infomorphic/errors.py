"""The exceptions of the package: one family, and each member is also the builtin that it refines."""

import difflib
from collections.abc import Iterable

from infomorphic.quoting import quoted

# Names are far shorter, and comparing takes time that grows with the square of the length.
_COMPARED = 100


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name, which asks whether the nearest known one was meant; empty if none is near."""
    near = difflib.get_close_matches(name[:_COMPARED], list(known), n=1)
    return f" Did you mean {quoted(near[0])}?" if near else ""


class InfomorphicError(Exception):
    """Base class of every error that this package raises on purpose."""


class InfomorphicWarning(UserWarning):
    """Base class of every warning that this package gives on purpose."""


class InvalidPmfError(InfomorphicError, ValueError):
    """A probability mass function is negative, not finite, empty or does not sum to one."""


class AntichainError(InfomorphicError, ValueError):
    """A label does not denote an antichain of the sources."""


class UnknownAtomError(AntichainError, KeyError):
    """An atom, redundancy or subset of sources was asked for that the decomposition does not have."""

    # KeyError prints the repr of its argument; a sentence should print as a sentence.
    __str__ = Exception.__str__


class TooManySourcesError(InfomorphicError, ValueError):
    """More sources than the redundancy lattice is built for."""


class MeasureError(InfomorphicError, ValueError):
    """A measure of redundancy that does not exist, or that cannot be computed for what was given."""


class NotPointwiseError(MeasureError, AttributeError):
    """Pointwise values, or informative and misinformative parts, were asked of a measure that does not define them."""


class InvalidSamplesError(InfomorphicError, ValueError):
    """Observations, weights or bins that no decomposition can be estimated from."""


class TableError(InfomorphicError, ValueError):
    """A table that cannot be read, or columns that it does not have."""


class GoalError(InfomorphicError, ValueError):
    """A goal expression that cannot be read, or weights that no goal can have."""


class UnknownGoalError(GoalError, KeyError):
    """No published goal has this name."""

    # KeyError prints the repr of its argument; a sentence should print as a sentence.
    __str__ = Exception.__str__


class ObjectiveInputError(InfomorphicError, ValueError):
    """Bins or firing probabilities whose shape, type or values the objective cannot use."""


class ConfigurationError(InfomorphicError, ValueError):
    """Parts of a network or of its training that do not fit together."""


class PluginError(ConfigurationError):
    """A file or an installed package that cannot be loaded, or has nothing of the name that was asked for."""


class BlindSourceWarning(InfomorphicWarning):
    """Bins into which the currents of a source fall before training in such a way that the goal sees nothing of it."""


class NonFiniteWeightsError(InfomorphicError, ArithmeticError):
    """Weights that became NaN or infinite in training."""


class RunError(InfomorphicError):
    """A run directory that cannot be written, read or continued."""


class FileWriteError(InfomorphicError, OSError):
    """A file that cannot be written: the disk is full, or the place is not writable. What was there before is unchanged."""


class TrackerError(InfomorphicError, ValueError):
    """A tracker that does not exist, or whose package is not installed."""


class ExportError(InfomorphicError):
    """A run that cannot be exported, or a file that it cannot be exported to."""


class DataError(InfomorphicError, ValueError):
    """A data set that is unknown, cannot be read or downloaded, or that nothing can be trained on."""


class StudyError(InfomorphicError):
    """A study that cannot be made, opened, continued or reported, or a storage that cannot be used."""
