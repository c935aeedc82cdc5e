"""Code on pages and in notebooks fits its column."""

import json
import re

import pytest

from loading import ROOT

# `docs/stylesheets/site.css` makes the column wide enough for this on a screen of 1280 pixels; `docs/ruff.toml` has the same limit.
WIDTH = 84
FENCE = re.compile(r"^``` ?(?:\{ \.)?(bash|python)\b[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


def code_of(path):
    """The lines of code of a page or a notebook."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return [line for _, code in FENCE.findall(text) for line in code.splitlines()]
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    return [line for cell in cells for line in "".join(cell["source"]).splitlines()]


@pytest.mark.parametrize("path", sorted([*(ROOT / "docs").rglob("*.md"), *(ROOT / "docs").rglob("*.ipynb")]), ids=lambda p: p.stem)
def test_code_fits_its_column(path):
    assert [line for line in code_of(path) if len(line) > WIDTH] == []


def test_wide_code_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("``` { .bash }\n" + "x" * 85 + "\n```\n\n```text\n" + "y" * 200 + "\n```\n\n```python\nshort\n```\n", encoding="utf-8")
    assert code_of(page) == ["x" * 85, "short"]
