"""`infomorphic pairs`: all pairs or triplets of a table."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from infomorphic.cli import main

NEURON = str(Path(__file__).parents[3] / "examples" / "neuron.csv")


@pytest.fixture
def table(tmp_path):
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 2, (2, 400))
    frame = pd.DataFrame({"a": a, "b": b, "c": np.roll(a ^ b, 1), "x": rng.normal(size=400), "trial": np.repeat(np.arange(4), 100)})
    frame.to_csv(tmp_path / "series.csv", index=False)
    return str(tmp_path / "series.csv")


def run(capsys, *arguments):
    status = main(["pairs", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def record(capsys, *arguments):
    status, out, err = run(capsys, *arguments, "--json")
    assert status == 0, err
    assert out.count("\n") == 1
    return json.loads(out)


def test_json_states_target_lags_and_history(capsys, table):
    r = record(capsys, table, "--targets", "c", "--sources", "a,b", "--triplets", "--lags", "0,1", "--history", "1", "--trial", "trial")
    assert (r["targets"], r["sources"], r["target_at"], r["lags"], r["history"]) == (["c"], ["a", "b"], "[t]", [0, 1], 1)
    assert r["sources_of_a_combination"] == ["1 = source_1[t] or [t-1]", "2 = source_2[t] or [t-1]", "3 = the target's own past, [t-1]"]
    assert (r["observations"], r["trials"], r["combinations"], r["permutations"], r["null"]) == (396, 4, 1, 0, None)
    rows = {(p["lag"], p["label"]): p for p in r["pairs"]}
    assert rows[1, "I{12}"]["bits"] > 0.9
    assert rows[0, "I{12}"]["bits"] < 0.1
    assert rows[1, "I{12}"]["source_3"] == "c[t-1]"


def test_all_columns_are_targets_and_sources_by_default(capsys, table):
    r = record(capsys, table, "--bins", "3", "--trial", "trial", "--lags", "1", "--test", "19", "--seed", "1", "--holm")
    assert r["targets"] == r["sources"] == ["a", "b", "c", "x"]
    assert r["null"] == "the target is shifted in time within trials"
    assert {p["label"] for p in r["pairs"]} == {"{1}", "I{1}"}
    assert all(0.05 <= p["p"] <= p["p_holm"] <= 1 for p in r["pairs"])
    assert r == record(capsys, table, "--bins", "3", "--trial", "trial", "--lags", "1", "--test", "19", "--seed", "1", "--holm")


@pytest.mark.parametrize(
    ("null", "words"),
    [
        ("target", "the target is permuted"),
        ("within:trial", "the target is permuted within strata"),
        ("trials:trial", "whole trials of the target are exchanged"),
        ("shift", "the target is shifted in time"),
        ("shift:trial", "the target is shifted in time within trials"),
        ("blocks:20", "blocks of 20 rows of the target are permuted"),
    ],
)
def test_nulls(capsys, table, null, words):
    r = record(capsys, table, "-t", "c", "-s", "a", "--test", "9", "--null", null)
    assert r["null"] == words


def test_files_and_pictures(capsys, table, tmp_path):
    out, picture = tmp_path / "pairs.parquet", tmp_path / "pairs.png"
    status, text, err = run(capsys, table, "--bins", "2", "--order", "2", "--test", "9", "--out", str(out), "--plot", str(picture))
    assert (status, err) == (0, "")
    for part in (
        "target[t]",
        "1 = source_1[t], 2 = source_2[t]",
        "{12}",
        "p",
        "400 observations",
        "9 permutations",
        str(out),
        str(picture),
    ):
        assert part in text
    assert picture.stat().st_size > 1000
    assert len(pd.read_parquet(out)) == 5 * 6 * 7
    r = record(capsys, table, "--bins", "2", "--out", str(out))
    assert "pairs" not in r
    assert r["rows"] == len(pd.read_parquet(out)) == 5 * 4 * 2


def test_the_shipped_example(capsys):
    status, text, err = run(capsys, NEURON, "--targets", "spike", "--bins", "8", "--label", "{1}")
    assert (status, err) == (0, "")
    assert text.index("stimulus") < text.index("running")
    assert "stimulus: 8 bins of equal width" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--targets", "z"], "no variable 'z'"),
        (["--lags", "one"], "--lags must be whole numbers of rows, such as 0,1; got 'one'"),
        (["--lags", "-1"], "--lags must be whole numbers of bins of at least 0; got -1"),
        (
            ["--null", "rows", "--test", "9"],
            "--null must be shift, shift:COLUMN, target, within:COLUMN, trials:COLUMN or blocks:LENGTH; got 'rows'",
        ),
        (["--null", "target"], "--null needs a test. Add --test 200"),
        (["--holm"], "--holm needs a test"),
        (["--null", "within:tial", "--test", "9"], "the table has no column 'tial'; it has a, b, c, x, trial. Did you mean 'trial'?"),
        (["--trial", "session"], "--trial must name a column; got 'session'"),
        (["--out", "pairs.txt"], "--out must be a .parquet, .csv or .feather file; got 'pairs.txt'"),
        (["--plot", "pairs.txt"], "a picture must be a PNG, SVG or PDF file"),
        (["--triplets", "--order", "1"], "--triplets means --order 2; got --order 1 too"),
        (["--bins", "many"], "bins must be written like"),
        (["--measure", "all"], "--measure must be one of ccs, mmi, min, pm, sx, broja, or FILE.py:NAME"),
        (["--label", "{3}"], "--label must be one of"),
        (["--bin-width", "0.1"], "--bin-width and --cap are for NWB files"),
        ([], "x is continuous"),
    ],
)
def test_messages(capsys, table, arguments, message):
    bins = [] if not arguments or "--bins" in arguments else ["--bins", "2"]
    status, out, err = run(capsys, table, *arguments, *bins)
    assert (status, out) == (1, "")
    assert message in err


@pytest.mark.filterwarnings("ignore")
def test_an_nwb_file(capsys, tmp_path):
    pynwb = pytest.importorskip("pynwb")
    import datetime

    rng = np.random.default_rng(0)
    nwb = pynwb.NWBFile("a test", "one", datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
    for _ in range(2):
        nwb.add_unit(spike_times=np.sort(rng.uniform(0, 20, 200)))
    path = tmp_path / "one.nwb"
    with pynwb.NWBHDF5IO(str(path), "w") as io:
        io.write(nwb)
    r = record(capsys, str(path), "--bin-width", "0.05", "--cap", "1", "--lags", "1")
    assert r["targets"] == ["unit 0", "unit 1"]
    assert "--bin-width must be given for an NWB file" in run(capsys, str(path))[2]
    assert "an NWB file has its own trials" in run(capsys, str(path), "--bin-width", "0.05", "--trial", "x")[2]
