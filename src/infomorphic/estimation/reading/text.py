"""The text of a file, whatever its encoding."""

import json
import re
import shlex
from pathlib import Path

from infomorphic.errors import TableError
from infomorphic.estimation.reading.content import SAVE, refuse

_UNICODE = {
    b"\xff\xfe\0\0": "utf-32",
    b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"\xef\xbb\xbf": "utf-8-sig",
}
"""The encoding of each byte-order mark, longer marks first."""


def text_of(content: bytes, path: Path) -> str:
    """The text of a CSV file.

    Raises:
        TableError: if the content is not text, is in an encoding that it does not name, or is JSON or a web page.
    """
    text = _decoded(content, path)
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise TableError(f"{path} is a web page or XML, not a table. {SAVE}.")
    if _is_json(text):
        raise TableError(f"{path} is JSON. {SAVE}.")
    return text


def _decoded(content: bytes, path: Path) -> str:
    encoding = next((name for mark, name in _UNICODE.items() if content.startswith(mark)), None)
    if encoding is None and b"\0" in content[:4096]:
        # UTF-16 without a byte-order mark: in text of a European language, every other byte is zero.
        even, odd = content[:4096:2].count(0), content[1:4096:2].count(0)
        if max(even, odd) < 4 * min(even, odd) or max(even, odd) < len(content[:4096]) / 3:
            raise _binary(path)
        encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding is not None:
            refuse(path, f"it is not valid text in {encoding.upper()} ({error.reason}).")
        line = content[: error.start].count(b"\n") + 1
        raise TableError(
            f"{path} must be text in UTF-8; line {line} holds the byte 0x{content[error.start]:02x}, as in a Windows encoding. Save it "
            f"as CSV in UTF-8, or convert it: iconv -f cp1252 -t utf-8 {shlex.quote(str(path))} > new.csv"
        ) from error
    if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text[:4096]):
        raise _binary(path)
    return text


def _binary(path: Path) -> TableError:
    return TableError(f"{path} is a binary file of an unknown format. {SAVE}.")


def _is_json(text: str) -> bool:
    for part in (text, text.lstrip().partition("\n")[0]):
        if part.lstrip()[:1] in ("{", "["):
            try:
                json.loads(part)
            except (ValueError, RecursionError):
                continue
            return True
    return False
