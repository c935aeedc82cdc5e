"""Whether an answer of the command line is one that a person can do something with."""

import json
from typing import Any

from fuzz.command_line import Answer

_LONGEST = 3000
_RESULTS = ("train_accuracy", "test_accuracy", "score", "bits_correct", "accuracy")


def fault(answer: Answer) -> str | None:
    """What is wrong with an answer; None if it is a result, or a sentence of bounded length that says why there is none."""
    if answer.status not in (0, 1, 2):
        return answer.err
    if "this is a bug" in answer.err or "Traceback" in answer.err + answer.out:
        return answer.err[-500:]
    if answer.status and not answer.err.strip():
        return "it fails without a word"
    if answer.status and len(answer.err) > _LONGEST:
        return f"its message has {len(answer.err)} characters"
    return _null_result(answer.out) if answer.status == 0 and answer.out.startswith("{") else None


def _null_result(out: str) -> str | None:
    record: dict[str, Any] = json.loads(out)
    if not any(name in record for name in (*_RESULTS, "file")):
        return "it has no result"
    null = [name for name in _RESULTS if name in record and record[name] is None]
    return f"{', '.join(null)} is null" if null else None
