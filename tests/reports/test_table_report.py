"""The report of a table: what it says, and that text of the table stays text."""

import re

import numpy as np
import pandas as pd
import pytest

from infomorphic.cli import main
from infomorphic.errors import TableError
from infomorphic.estimation import decompose_table
from infomorphic.pid import compare_measures
from infomorphic.reports import write_table_report
from infomorphic.statistics import assess_table


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(0)
    tone, light = rng.integers(2, size=(2, 300))
    return pd.DataFrame({"tone": tone, "<b>light": light, "spike": tone ^ light ^ (rng.random(300) < 0.1)})


def visible(path):
    """The text of the page without tags, styles and the figure."""
    html = re.sub(r"<(style|svg)\b.*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_the_page_says_everything(frame, tmp_path):
    found = assess_table(frame, "spike", ["tone", "<b>light"], test=99, interval=50, correct="shuffle")
    d = found.decomposition
    path = write_table_report(d, tmp_path / "table.html", assessment=found, by_measure=compare_measures(d), facts=["File: trials.csv"])
    text = visible(path)
    assert "1 = tone; 2 = &lt;b&gt;light; target: spike. Measure: shared exclusions" in text
    assert "Only tone and &lt;b&gt;light together provide" in text
    assert "p: 99 permutations, the target is permuted" in text
    assert "95 % intervals: 50 bootstrap resamples of rows, bias-corrected." in text
    assert "File: trials.csv" in text
    assert "minimum mutual information" in text
    assert "I(spike : tone, &lt;b&gt;light)" in text
    html = path.read_text(encoding="utf-8")
    assert "<b>" not in html
    assert html.count("<svg") == 1
    assert not re.search(r'(?:src|href)="(?!#|data:)', html)


def test_without_statistics_it_says_so(frame, tmp_path):
    path = write_table_report(decompose_table(frame, "spike", ["tone"]), tmp_path / "table.html")
    assert "No test and no interval was asked for." in visible(path)
    assert '<th class="number">p</th>' not in path.read_text(encoding="utf-8")


def test_five_sources_have_no_figure_but_the_largest_atoms(tmp_path):
    rng = np.random.default_rng(0)
    wide = pd.DataFrame(rng.integers(2, size=(2000, 6)), columns=list("abcdef"))
    path = write_table_report(decompose_table(wide, "f", list("abcde")), tmp_path / "table.html")
    assert "<svg" not in path.read_text(encoding="utf-8")
    assert "7561 smaller atoms are left out" in visible(path)


def test_the_command_writes_it(frame, tmp_path, capsys):
    frame.to_csv(tmp_path / "trials.csv", index=False)
    out = tmp_path / "report.html"
    arguments = ["pid", str(tmp_path / "trials.csv"), "-t", "spike", "-s", "tone,<b>light", "--test", "19", "--report"]
    assert main([*arguments, str(out)]) == 0
    assert f"Report in {out}" in capsys.readouterr().out
    assert "300 observations in 8 occupied cells" in visible(out)
    assert main([*arguments, str(tmp_path / "missing" / "report.html")]) == 1
    assert "--report must be a file in a folder that exists" in capsys.readouterr().err


def test_a_folder_is_refused(frame, tmp_path):
    with pytest.raises(TableError, match="`report` must be a file in a folder that exists"):
        write_table_report(decompose_table(frame, "spike", ["tone"]), tmp_path)
