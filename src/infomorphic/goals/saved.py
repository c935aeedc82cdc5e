"""Goals saved on this machine under the names `saved/NAME`.

They are stored in a small JSON file, by default in the user's data folder. The environment variable INFOMORPHIC_GOALS selects another.
"""

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from infomorphic import plugins
from infomorphic.errors import GoalError, InfomorphicError, UnknownGoalError, did_you_mean
from infomorphic.files import replace_file
from infomorphic.goals.expression import RESIDUAL_ENTROPY
from infomorphic.goals.gallery import CONTRIBUTED, contributed_goal
from infomorphic.goals.goal import Goal
from infomorphic.goals.published import published_goals
from infomorphic.quoting import quoted

_PREFIX = "saved/"
GROUP = "infomorphic.goals"
"""The group of entry points in which an installed package declares goals: a `Goal`, or text."""
_FILE_VARIABLE = "INFOMORPHIC_GOALS"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_LARGEST_FILE = 10_000_000
"""Bytes. A goal takes about 500."""
_PATIENCE = 10.0
"""Seconds to wait while another process writes the file. Writing takes milliseconds."""


class SavedGoal(NamedTuple):
    """A saved goal."""

    name: str
    """With the prefix, such as `saved/my-goal`."""
    goal: str
    """As an expression."""
    source: str
    """The origin of the goal, in words."""
    sources: str
    """The one-letter names of its sources."""


def saved_goals() -> list[SavedGoal]:
    """All saved goals by name.

    Raises:
        GoalError: if the file cannot be read.
    """
    return [goal for _, goal in sorted(_read().items())]


def _saved_goal(name: str) -> SavedGoal:
    """The goal `saved/NAME`.

    Raises:
        UnknownGoalError: if no goal is saved under this name.
        GoalError: if the file cannot be read.
    """
    known = _read()
    key = name.removeprefix(_PREFIX)
    if key not in known:
        names = [_PREFIX + k for k in sorted(known)]
        there = f"there are {', '.join(names[:20])}{', …' if len(names) > 20 else ''}" if names else "no goal is saved yet"
        raise UnknownGoalError(f"no goal is saved as {quoted(name)}; {there} ({_file()}).{did_you_mean(name[:100], names)}")
    return known[key]


def find_goal(goal: str | Goal, sources: str | None = None) -> Goal:
    """Like `Goal.resolve`, but text may also be the name of a goal that is contributed, saved on this machine, in a file (`FILE.py:NAME`) or of a package.

    Call this only where user input enters: configurations, studies and the command line. Elsewhere goals are passed as expressions.

    Raises:
        GoalError: as in `Goal.resolve`; also if the contributed or saved goal does not exist or the file cannot be read.
        PluginError: if a Python file or a package cannot be loaded.
    """
    if isinstance(goal, str) and goal.startswith(_PREFIX):
        saved = _saved_goal(goal)
        return Goal.parse(saved.goal, sources=saved.sources).of_neurons(goal, sources)
    if isinstance(goal, str) and goal.startswith(CONTRIBUTED):
        return contributed_goal(goal).of_neurons(goal, sources)
    if isinstance(own := _own_goal(goal), Goal):
        return own.of_neurons(str(goal), sources)
    return Goal.resolve(goal if own is None else own, sources)


def without_own_name(text: Any) -> Any:
    """The expression, or published name, where `text` names a goal that is contributed, saved, in a file or of a package; else `text` itself.

    An expression does not name its sources: check them first.
    """
    if isinstance(text, str) and text.startswith(_PREFIX):
        return _saved_goal(text).goal
    if isinstance(text, str) and text.startswith(CONTRIBUTED):
        return str(contributed_goal(text))
    own = _own_goal(text)
    return text if own is None else str(own)


def _own_goal(text: Any) -> Goal | str | None:
    """What a file or an installed package has under this name; None if it is no such name."""
    if not isinstance(text, str) or "{" in text or RESIDUAL_ENTROPY in text or text in {goal.name for goal in published_goals()}:
        return None
    found = plugins.find(text, GROUP)
    if found is not None and not isinstance(found, Goal | str):
        raise GoalError(f"{quoted(text)} must be a Goal or text; got a {type(found).__name__}.")
    return found


def save_goal(name: str, goal: str | Goal, source: str) -> str:
    """Save a goal as `saved/NAME`, usable wherever a goal can be named, and return that name.

    Args:
        name: with or without the prefix.
        goal: a goal, or an expression whose sources are those it names.
        source: the origin of the goal, in words.

    Raises:
        GoalError: if the name has characters other than letters, digits, `.`, `_` and `-`, or already belongs to another goal
            (runs and studies that use it would silently change); also if the file cannot be read or written.
    """
    key = name.removeprefix(_PREFIX)
    if not _NAME.fullmatch(key):
        raise GoalError(
            f"the name of a goal must be at most 100 letters, digits, '.', '_' and '-', beginning with a letter or a digit; got {quoted(name)}."
        )
    given = find_goal(goal)
    with _being_changed() as known:
        if key in known and Goal.parse(known[key].goal, known[key].sources) != given:
            raise GoalError(f"{_PREFIX}{key} is already another goal: {known[key].goal}. Choose another name.")
        known[key] = SavedGoal(_PREFIX + key, str(given), str(source), given.sources)
    return _PREFIX + key


def delete_goal(name: str) -> SavedGoal:
    """Delete the goal `saved/NAME` and return it. Runs and studies that used it keep its expression.

    Raises:
        UnknownGoalError: if no goal is saved under this name.
        GoalError: if the file cannot be read or written.
    """
    with _being_changed() as known:
        deleted = _saved_goal(name)
        del known[deleted.name.removeprefix(_PREFIX)]
    return deleted


def _file() -> Path:
    named = os.environ.get(_FILE_VARIABLE)
    path = Path(named or Path(os.environ.get("XDG_DATA_HOME") or "~/.local/share") / "infomorphic" / "goals.json")
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise GoalError(f"the home folder for saved goals cannot be found. Set {_FILE_VARIABLE} to the path of a file for them.") from error


@contextmanager
def _being_changed() -> Iterator[dict[str, SavedGoal]]:
    """The saved goals. Changes by the caller are written at the end; meanwhile no other process can write."""
    from filelock import FileLock, Timeout

    path = _file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The lock belongs to the process and ends with it.
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=_PATIENCE):
            known = _read()
            yield known
            _write(path, known)
    except Timeout as error:
        raise GoalError(f"another process is changing the saved goals in {path}. Try again when it has ended.") from error
    except OSError as error:
        if isinstance(error, InfomorphicError):
            raise
        raise GoalError(f"the saved goals in {path} cannot be changed ({error}). Set {_FILE_VARIABLE} to another file.") from error


def _write(path: Path, known: dict[str, SavedGoal]) -> None:
    entries = {key: {"goal": goal.goal, "sources": goal.sources, "source": goal.source} for key, goal in known.items()}
    text = json.dumps(entries, indent=1, ensure_ascii=False) + "\n"
    # A lone surrogate cannot be encoded as UTF-8; a command line may contain one.
    replace_file(path, text.encode("utf-8", errors="replace"))


def _read() -> dict[str, SavedGoal]:
    path = _file()
    try:
        entries = json.loads(_bytes_of(path) or b"{}", object_pairs_hook=_each_once)
        if not isinstance(entries, dict):
            raise ValueError(f"it must map names to goals; it is a {type(entries).__name__}")
        return {key: _entry(key, value) for key, value in entries.items()}
    # Text that is nested too deeply raises RecursionError.
    except (OSError, ValueError, RecursionError) as error:
        raise GoalError(f"the saved goals in {path} cannot be read ({error}). Repair the file, or move it away.") from error


def _bytes_of(path: Path) -> bytes | None:
    """The content of the file; None if it does not exist."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is not a file")
    if status.st_size > _LARGEST_FILE:
        raise ValueError(f"it has {status.st_size} bytes; goals take at most {_LARGEST_FILE}")
    content = path.read_bytes()
    if not content.strip():
        raise ValueError("it is empty")
    return content


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"it has {quoted(key)} twice")
        found[key] = value
    return found


def _entry(key: str, value: Any) -> SavedGoal:
    if not _NAME.fullmatch(key):
        raise ValueError(f"{quoted(key)} is not the name of a goal")
    if not isinstance(value, dict) or not all(isinstance(value.get(field), str) for field in ("goal", "source")):
        raise ValueError(f"{key} must have a `goal` and a `source`, which are text")
    sources = value.get("sources")
    if not isinstance(sources, str | None):
        raise ValueError(f"the `sources` of {key} must be text")
    goal = Goal.parse(value["goal"], sources)
    return SavedGoal(_PREFIX + key, value["goal"], value["source"], goal.sources)
