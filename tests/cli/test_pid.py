import json
from math import log2
from pathlib import Path

import pandas as pd
import pytest

from infomorphic.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
NEURON = str(EXAMPLES / "neuron.csv")
XOR = str(EXAMPLES / "xor.csv")


def run(capsys, *arguments):
    status = main(["pid", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def record(capsys, *arguments):
    status, out, err = run(capsys, *arguments, "--json")
    assert status == 0, err
    assert out.count("\n") == 1
    return json.loads(out)


def test_json_of_a_table_of_probabilities(capsys):
    r = record(capsys, XOR, "--target", "y", "--sources", "a,b", "--probability", "p")
    assert r["atoms"] == pytest.approx({"{1}{2}": log2(2 / 3), "{1}": log2(3 / 2), "{2}": log2(3 / 2), "{12}": log2(4 / 3)})
    assert r["mutual_information"] == {"{1}": 0, "{2}": 0, "{12}": 1}
    assert (r["target"], r["sources"], r["unit"], r["target_entropy"], r["residual_entropy"]) == ("y", ["a", "b"], "bits", 1, 0)
    assert r["redundancies"]["{12}"] == 1


@pytest.mark.parametrize(
    ("sources", "count"),
    [("stimulus", 1), ("stimulus,context", 4), ("stimulus, context, neighbour", 18), ("stimulus,context,neighbour,running", 166)],
)
def test_json_of_the_shipped_example(capsys, sources, count):
    r = record(capsys, NEURON, "-t", "spike", "-s", sources, "-b", "8")
    assert r["observations"] == 6000
    assert len(r["atoms"]) == len(r["redundancies"]) == count
    assert sum(r["atoms"].values()) == pytest.approx(r["target_entropy"] - r["residual_entropy"])
    assert r["binning"][0].startswith("stimulus: 8 bins of equal width")


def test_pointwise(capsys):
    r = record(capsys, XOR, "-t", "y", "-s", "a,b", "-p", "p", "--pointwise")
    assert [o["outcome"] for o in r["pointwise"]] == [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
    assert r["pointwise"][0]["atoms"]["{12}"] == pytest.approx(log2(4 / 3))
    assert r["pointwise"][0]["probability"] == 0.25


def test_table_for_people(capsys):
    status, out, err = run(capsys, NEURON, "-t", "spike", "-s", "stimulus,context,neighbour", "-b", "8")
    assert (status, err) == (0, "")
    for text in (
        "1 = stimulus, 2 = context, 3 = neighbour",
        "{12}{13}{23}",
        "I(spike : {123})",
        "6000 observations in",
        "stimulus: 8 bins",
    ):
        assert text in out


def test_table_of_four_sources_shows_the_largest_atoms(capsys):
    _, out, _ = run(capsys, NEURON, "-t", "spike", "-s", "stimulus,context,neighbour,running", "-b", "8")
    assert "the 18 largest of 166 atoms" in out


def test_table_with_outcomes(capsys):
    _, out, _ = run(capsys, XOR, "-t", "y", "-s", "a,b", "-p", "p", "--pointwise")
    assert "each outcome" in out
    assert "a pmf of 4 outcomes" in out


def test_joint_sources_and_bins_by_column(capsys):
    r = record(capsys, NEURON, "-t", "spike", "-s", "stimulus,context+running", "-b", "stimulus=mass:6", "-b", "4")
    assert r["binning"][0] == "stimulus: 6 bins of equal mass, 6 values"
    assert r["binning"][1].endswith("4 values")


def test_under_sampling_is_told_on_stderr(tmp_path, capsys):
    pd.read_csv(NEURON).head(100).to_csv(tmp_path / "few.csv", index=False)
    status, _, err = run(capsys, str(tmp_path / "few.csv"), "-t", "spike", "-s", "stimulus,context", "-b", "8", "--json")
    assert status == 0
    assert err.startswith("warning: 100 observations fall into")


def test_missing_values(tmp_path, capsys):
    path = tmp_path / "t.csv"
    path.write_text("a,y\n" + "1,0\n0,1\n,1\n" * 20)
    status, _, err = run(capsys, str(path), "-t", "y", "-s", "a")
    assert status == 1
    assert "20 rows have missing values, in a: rows 2, 5, 8, 11, 14, …" in err
    assert record(capsys, str(path), "-t", "y", "-s", "a", "--drop-missing")["dropped"] == 20


def test_normalisation(tmp_path, capsys):
    path = tmp_path / "t.csv"
    path.write_text("a,y,p\n0,0,0.333\n1,1,0.333\n2,0,0.333\n")
    status, _, err = run(capsys, str(path), "-t", "y", "-s", "a", "-p", "p")
    assert status == 1
    assert "it sums to 0.999" in err
    assert record(capsys, str(path), "-t", "y", "-s", "a", "-p", "p", "--normalize")["target_entropy"] == pytest.approx(log2(3) - 2 / 3)


@pytest.mark.parametrize("name", ["out.png", "out.svg"])
@pytest.mark.parametrize("sources", ["stimulus,context", "stimulus,context,neighbour", "stimulus,context,neighbour,running"])
def test_plot(tmp_path, capsys, name, sources):
    status, out, err = run(capsys, NEURON, "-t", "spike", "-s", sources, "-b", "8", "--plot", str(tmp_path / name))
    assert (status, err) == (0, "")
    assert (tmp_path / name).stat().st_size > 10_000
    assert f"Drawn in {tmp_path / name}" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-t", "spike", "-s", "stimulus"), "stimulus is continuous"),
        (("-t", "spike", "-s", "stimulus", "-b", "many"), "bins must be written like"),
        (("-t", "spike", "-s", "stimulus", "-b", "3", "-b", "4"), "--bins may be given once"),
        (("-t", "spike", "-s", "spike"), "target must not be among"),
        (("-t", "spikes", "-s", "context"), "Did you mean 'spike'?"),
        (("-t", "spike", "-s", ","), "names of columns must not be empty"),
        (("-t", "spike", "-s", "context", "-b", "neighbour=3"), "neither a source nor the target"),
        (("-t", "spike", "-s", "context", "--plot", "x.docx"), "docx"),
    ],
)
def test_mistakes(capsys, arguments, message):
    status, _, err = run(capsys, NEURON, *arguments)
    assert status == 1
    assert message in err
    assert err.count("\n") == 1
