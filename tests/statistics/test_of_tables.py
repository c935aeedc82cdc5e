"""`assess_table`: nulls and resampling by the names of columns."""

import numpy as np
import pandas as pd
import pytest

from infomorphic.errors import InvalidSamplesError, TableError
from infomorphic.pid import discretize_samples
from infomorphic.statistics import (
    DrawBlocks,
    DrawTrials,
    PermuteBlocks,
    PermuteSource,
    PermuteTarget,
    PermuteTrials,
    PermuteWithin,
    Shift,
    assess,
    assess_table,
)
from infomorphic.statistics.of_tables import parse_null, parse_over


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(0)
    a, b = rng.integers(2, size=(2, 120))
    noise = rng.random(120) < 0.1
    return pd.DataFrame({"a": a, "b": b, "t": a ^ b ^ noise, "trial": np.arange(120) // 10, "group": rng.choice(["x", "y"], 120)})


@pytest.mark.parametrize(
    ("text", "null"),
    [
        ("target", PermuteTarget()),
        ("b", PermuteSource(1)),
        ("source:a", PermuteSource(0)),
        ("shift", Shift()),
        ("blocks:12", PermuteBlocks(12)),
    ],
)
def test_a_null_is_written_as_text(frame, text, null):
    assert str(parse_null(text, frame, ["a", "b"])) == str(null)
    found = assess_table(frame, "t", ["a", "b"], test=49, null=text, seed=2)
    assert found.record() == assess(discretize_samples([frame.a, frame.b], frame.t), test=49, null=null, seed=2).record()


def test_columns_give_strata_and_trials(frame):
    for text, kind in [("within:group", PermuteWithin), ("trials:trial", PermuteTrials), ("shift:trial", Shift)]:
        assert isinstance(parse_null(text, frame, ["a"]), kind)
    within = assess_table(frame, "t", ["a", "b"], test=49, null="within:group")
    assert within.record() == assess(discretize_samples([frame.a, frame.b], frame.t), test=49, null=PermuteWithin(frame.group)).record()


def test_what_the_bootstrap_draws(frame):
    assert parse_over("blocks:6", frame) == DrawBlocks(6)
    assert isinstance(parse_over("trials:trial", frame), DrawTrials)
    found = assess_table(frame, "t", ["a", "b"], interval=30, over="trials:trial")
    assert str(found.over) == "trials"
    assert found["I{12}"]["low"] < found["I{12}"]["bits"] < found["I{12}"]["high"]


def test_rows_with_missing_values_leave_strata_too(frame):
    damaged = frame.astype({"a": float})
    damaged.loc[[3, 50], "a"] = np.nan
    kept = damaged.drop(index=[3, 50])
    options = {"test": 49, "null": "within:group"}
    dropped = assess_table(damaged, "t", ["a", "b"], missing="drop", **options)
    assert dropped.record() == assess_table(kept, "t", ["a", "b"], **options).record()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"null": "taget"}, r"`null` must be target, the name of a source, .*got 'taget'\. The sources are a, b\. Did you mean 'target'"),
        ({"null": "within"}, "`null` must be target, the name of a source"),
        ({"null": "within:grup"}, "no column 'grup'.*Did you mean 'group'"),
        ({"null": "blocks:ten"}, "`null` must have a number of rows after blocks:"),
        ({"over": "row"}, "`over` must be rows, blocks:LENGTH or trials:COLUMN; got 'row'.*Did you mean 'rows'"),
        ({"over": "blocks:"}, "`over` must have a number of rows after blocks:"),
    ],
)
def test_mistakes_are_answered(frame, options, message):
    with pytest.raises(TableError, match=message):
        assess_table(frame, "t", ["a", "b"], test=9, **options)


def test_blocks_must_not_be_empty(frame):
    with pytest.raises(InvalidSamplesError, match="`length` must be at least 1 row; got 0"):
        assess_table(frame, "t", ["a", "b"], test=9, null="blocks:0")


def test_a_source_named_like_a_null_must_be_written_out(frame):
    named = frame.rename(columns={"b": "shift"})
    with pytest.raises(TableError, match=r"`null` must name one thing; 'shift' is a source too\. Write source:shift"):
        parse_null("shift", named, ["a", "shift"])
    assert parse_null("source:shift", named, ["a", "shift"]) == PermuteSource(1)
