"""The fields of text: which character separates them, and which names stand in the header."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from infomorphic.errors import TableError
from infomorphic.estimation.reading.content import refuse
from infomorphic.quoting import quoted

# `;` and tab first: if they separate the fields, commas are part of numbers or text.
_SEPARATORS = (";", "\t", ",", "|", " ")


def _records_of(text: str, separator: str) -> Iterator[list[str]]:
    """The fields of each non-blank row."""
    return (record for record in lines_of(text, separator) if any(record))


def lines_of(text: str, separator: str) -> Iterator[list[str]]:
    """The fields of each line. A blank line has no fields or only empty ones."""
    lines = io.StringIO(text, newline="")
    # Consecutive spaces are one separator; trailing spaces are ignored.
    source = (line.strip(" \r\n") + "\n" for line in lines) if separator == " " else lines
    return csv.reader(source, delimiter=separator, skipinitialspace=True, strict=True)


def separator_of(text: str) -> str:
    """The separator of the fields: the one in the header that splits the rows into the same number of fields."""
    best, best_score = ",", (0.0, 0)
    for separator in _SEPARATORS:
        try:
            header, *rows = islice(_records_of(text, separator), 200)
        except (csv.Error, ValueError):
            continue
        fits = sum(len(row) in (len(header), len(header) + 1) for row in rows) / max(1, len(rows))
        # Spaces count as part of the names unless they split every row into the same number of fields.
        if len(header) < 2 or (separator == " " and (fits < 1 or best_score > (0.0, 0))):
            continue
        if (fits, len(header)) > best_score:
            best, best_score = separator, (fits, len(header))
    return best


def header_of(text: str, separator: str, path: Path) -> tuple[list[str], bool, bool]:
    """The names of the columns, and whether the rows have an unnamed first or last field, which is not a column.

    Raises:
        TableError: if a row has a different number of fields.
    """
    records = _records_of(text, separator)
    try:
        header = [name.strip() for name in next(records)]
        lengths: set[int] = set()
        first_fields, last_is_empty = set(), True
        count = 0
        for count, record in enumerate(records, 1):
            extra = len(record) - len(header)
            lengths.add(extra)
            if extra not in (0, 1) or len(lengths) > 1:
                refuse(
                    path,
                    f"every row must have {len(header)} fields, one per name in the header; row {count} below it has {len(record)}: "
                    f"{quoted(separator.join(record))}. Correct the row: text that contains a separator needs quotation marks, and a "
                    "comment is a line of its own that begins with #.",
                )
            if extra:
                first_fields.add(record[0])
                last_is_empty &= not record[-1].strip()
    except csv.Error as error:
        refuse(path, f"{error}. Look for a quotation mark that is not closed.")
    except StopIteration:
        raise TableError(f"{path} is empty.") from None
    if lengths != {1}:
        return header, False, False
    if last_is_empty:
        return header, False, True
    # R writes distinct row names: the numbers from 1, by default in quotation marks, or text. If there are few rows and no quotation
    # marks, they may also be the first halves of numbers with decimal commas.
    certain = count >= 10 or text.splitlines()[1].startswith('"')
    numbered = certain and first_fields == {str(i) for i in range(1, count + 1)}
    if len(first_fields) == count and (numbered or not any(re.fullmatch(r"[+-]?[\d.,]+", f) for f in first_fields)):
        return header, True, False
    refuse(
        path,
        f"every row must have {len(header)} fields, one per name in the header; the rows have {len(header) + 1}. "
        "Name every column; if commas separate the fields, write numbers with decimal points.",
    )
