"""Lines of text that begin with `#`: comments, or the header as `numpy.savetxt` writes it."""

import csv
import io
import re
from itertools import islice
from pathlib import Path

from infomorphic.errors import TableError
from infomorphic.estimation.reading.fields import lines_of, separator_of
from infomorphic.quoting import quoted

# An entry "#" alone is a name or a value, and spreadsheets write #N/A, #DIV/0! and others for values that they do not have.
_COMMENT = re.compile(r"[ \t]*#(?![,;|\t]|N/?A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!)")


def without_comments(text: str, path: Path) -> str:
    """The text without the lines that begin with `#`. If the last such line above the first row is the header, it stays, without `#`.

    Raises:
        TableError: if a line may be the header as well as a comment, or if most rows begin with `#`.
    """
    if "#" not in text:
        return text
    lines = list(io.StringIO(text, newline=""))
    marked = _marked(lines)
    kept = [line for line, is_marked in zip(lines, marked, strict=True) if not is_marked and line.strip()]
    if not kept or not any(marked):
        return text
    first = next(i for i, line in enumerate(lines) if not marked[i] and line.strip())
    separator = separator_of("".join(kept[:200]))
    below = [lines[i] for i in range(first, len(lines)) if marked[i]]
    if below:
        count = len(_fields(kept[0], separator))
        like_rows = sum(len(_fields(line, separator)) == count for line in below)
        if like_rows == len(below) and len(kept) == 1:
            return "".join(lines[first:])  # the first column holds entries such as #1
        if like_rows > len(kept) - 1:
            raise TableError(
                f"{path} must have few comments among its rows; {like_rows} lines with {count} fields begin with #, such as "
                f"{quoted(below[0].strip())}. Put entries that begin with # into quotation marks, or delete these lines."
            )
    header = _header_in(lines[first - 1], kept, path) if first and marked[first - 1] else ""
    return header + "".join(line for line, is_marked in zip(lines, marked, strict=True) if not is_marked)


def _marked(lines: list[str]) -> list[bool]:
    """Which lines begin with `#`, outside of quotation marks that are open."""
    marked, is_open = [], False
    for line in lines:
        marked.append(not is_open and _COMMENT.match(line) is not None)
        if not marked[-1]:
            is_open ^= line.count('"') % 2 == 1
    return marked


def _header_in(comment: str, rows: list[str], path: Path) -> str:
    """The header in the comment above the first row, or nothing."""
    names = comment.strip().lstrip("#").strip() + "\n"
    # The names may have another separator than the rows have if these are read without the names.
    separator = separator_of(names + "".join(rows[:200]))
    of_comment, of_first = _fields(names, separator), _fields(rows[0], separator)
    if len(of_comment) != len(of_first) or any(_is_number(f) or not f.strip() for f in of_comment):
        return ""
    if any(map(_is_number, of_first)):
        return names
    has_numbers = any(_is_number(f) for row in islice(rows, 200) for f in _fields(row, separator))
    if len(of_first) > 1 and not has_numbers:
        raise TableError(
            f"{path} must have one header; the line {quoted(comment.strip())} begins with #, but has as many fields as the row below. "
            "Delete the # if this line is the header, or the line if it is a comment."
        )
    return ""


def _fields(line: str, separator: str) -> list[str]:
    try:
        return next(lines_of(line, separator), [])
    except csv.Error:  # a quotation mark in a comment
        return []


def _is_number(field: str) -> bool:
    try:
        float(field.replace(",", "."))
    except ValueError:
        return False
    return True
