"""Goals that were found and saved on this machine, under names of their own: `saved/NAME`.

They lie in one small JSON file, by default in the user's data folder; the environment variable INFOMORPHIC_GOALS names another.
"""

import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

from infomorphic.errors import GoalError, UnknownGoalError
from infomorphic.files import replace_file

PREFIX = "saved/"
FILE_VARIABLE = "INFOMORPHIC_GOALS"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class SavedGoal(NamedTuple):
    """A goal that was saved."""

    name: str
    """With the prefix, such as `saved/my-goal`."""
    goal: str
    """As an expression."""
    source: str
    """Where it comes from, in words."""


def saved_goals() -> list[SavedGoal]:
    """All saved goals by name.

    Raises:
        GoalError: if the file cannot be read.
    """
    return [SavedGoal(PREFIX + name, entry["goal"], entry["source"]) for name, entry in sorted(_read().items())]


def saved_goal(name: str) -> str:
    """The expression of the goal `saved/NAME`.

    Raises:
        UnknownGoalError: if none was saved under this name.
    """
    known = _read()
    key = name.removeprefix(PREFIX)
    if key not in known:
        there = f"there are {', '.join(PREFIX + k for k in sorted(known))}" if known else "none was saved yet"
        raise UnknownGoalError(f"no goal was saved as {name!r}; {there} ({_file()}).")
    return known[key]["goal"]


def save_goal(name: str, goal: str, source: str) -> str:
    """Save an expression as `saved/NAME`, to be used wherever a goal can be named, and return that name.

    Raises:
        GoalError: if the name has other characters than letters, digits, `.`, `_` and `-`, or stands for another goal already: runs
            and studies that name it would silently change.
        FileWriteError: if the file cannot be written; the goals that were saved before are still there.
    """
    key = name.removeprefix(PREFIX)
    if not _NAME.fullmatch(key):
        raise GoalError(f"the name of a goal must have letters, digits, '.', '_' and '-'; got {name!r}.")
    known = _read()
    if key in known and known[key]["goal"] != goal:
        raise GoalError(f"{PREFIX}{key} is another goal already: {known[key]['goal']}. Choose another name.")
    known[key] = {"goal": goal, "source": source}
    replace_file(_file(), (json.dumps(known, indent=1, ensure_ascii=False) + "\n").encode())
    return PREFIX + key


def without_saved_name(text: Any) -> Any:
    """The expression where `text` names a saved goal, else `text` itself."""
    return saved_goal(text) if isinstance(text, str) and text.startswith(PREFIX) else text


def _file() -> Path:
    if named := os.environ.get(FILE_VARIABLE):
        return Path(named).expanduser()
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(data).expanduser() / "infomorphic" / "goals.json"


def _read() -> dict[str, dict[str, str]]:
    path = _file()
    if not path.is_file():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GoalError(f"the saved goals in {path} cannot be read ({error}).") from error
