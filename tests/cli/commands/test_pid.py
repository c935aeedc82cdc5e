"""`infomorphic pid`: tables in, decompositions out."""

import json
from math import log2
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.io import savemat

from infomorphic.cli import main
from infomorphic.estimation import decompose_table

EXAMPLES = Path(__file__).parents[3] / "examples"
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
    [("stimulus", 1), ("stimulus,context", 4), ("stimulus, context, neighbor", 18), ("stimulus,context,neighbor,running", 166)],
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
    status, out, err = run(capsys, NEURON, "-t", "spike", "-s", "stimulus,context,neighbor", "-b", "8")
    assert (status, err) == (0, "")
    for text in (
        "1 = stimulus, 2 = context, 3 = neighbor",
        "{12}{13}{23}",
        "I(spike : stimulus, context, neighbor)",
        "6000 observations in",
        "stimulus: 8 bins",
    ):
        assert text in out


def test_names_in_json(capsys):
    r = record(capsys, NEURON, "-t", "spike", "-s", "stimulus,context", "-b", "8")
    assert r["names"] == {"1": "stimulus", "2": "context"}
    assert "description" not in r
    r = record(capsys, NEURON, "-t", "spike", "-s", "stimulus,context", "-b", "8", "--describe")
    assert len(r["description"]) == 5
    assert r["description"][0].startswith("stimulus and context together provide 0.4021 bits about spike, 40.23 %")


def test_sentences_under_the_table(capsys):
    _, out, _ = run(capsys, NEURON, "-t", "spike", "-s", "stimulus,context", "-b", "8", "--describe")
    flat = " ".join(out.split())
    assert "stimulus and context provide 0.1553 bits about spike redundantly." in flat
    assert "Misinformative: what only context provides about spike is -0.0806 bits" in flat


@pytest.mark.parametrize("name", ["t.xlsx", "t.npz", "t.mat"])
def test_other_files(tmp_path, capsys, name):
    frame = pd.read_csv(XOR)
    path = tmp_path / name
    if name == "t.xlsx":
        frame.to_excel(path, index=False, sheet_name="trials")
    elif name == "t.npz":
        np.savez(path, **{c: frame[c].to_numpy() for c in frame})
    else:
        savemat(path, {c: frame[c].to_numpy() for c in frame})
    assert record(capsys, str(path), "-t", "y", "-s", "a,b", "-p", "p")["atoms"]["{12}"] == pytest.approx(log2(4 / 3))


def test_a_sheet(tmp_path, capsys):
    with pd.ExcelWriter(tmp_path / "t.xlsx") as writer:
        for sheet in ("one", "two"):
            pd.read_csv(XOR).to_excel(writer, index=False, sheet_name=sheet)
    status, _, err = run(capsys, str(tmp_path / "t.xlsx"), "-t", "y", "-s", "a,b", "-p", "p")
    assert status == 1
    assert "Choose one with --sheet." in err
    assert record(capsys, str(tmp_path / "t.xlsx"), "-t", "y", "-s", "a,b", "-p", "p", "--sheet", "two")["occupied_cells"] == 4


def test_table_of_four_sources_shows_the_largest_atoms(capsys):
    _, out, _ = run(capsys, NEURON, "-t", "spike", "-s", "stimulus,context,neighbor,running", "-b", "8")
    assert "the 18 largest of 166 atoms" in out


def test_table_with_outcomes(capsys):
    _, out, _ = run(capsys, XOR, "-t", "y", "-s", "a,b", "-p", "p", "--pointwise")
    assert "each outcome" in out
    assert "a  b  y" in " ".join(out.splitlines())
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


def test_normalization(tmp_path, capsys):
    path = tmp_path / "t.csv"
    path.write_text("a,y,p\n0,0,0.333\n1,1,0.333\n2,0,0.333\n")
    status, _, err = run(capsys, str(path), "-t", "y", "-s", "a", "-p", "p")
    assert status == 1
    assert "it sums to 0.999" in err
    assert record(capsys, str(path), "-t", "y", "-s", "a", "-p", "p", "--normalize")["target_entropy"] == pytest.approx(log2(3) - 2 / 3)


def table(tmp_path, text):
    path = tmp_path / "table.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_bins_for_all_columns_leave_whole_numbers_alone(capsys, tmp_path):
    # y is 0 for the 16 lowest of 40 values of x: of four bins of ten only the second is undecided, 6 to 4.
    path = table(tmp_path, "x,y\n" + "".join(f"{i / 20 - 1:.2f},{int(i >= 16)}\n" for i in range(40)))
    r = record_with_warning(capsys, path, "-t", "y", "-s", "x", "-b", "mass:4")
    entropy = -0.4 * log2(0.4) - 0.6 * log2(0.6)
    assert (r["target_entropy"], r["atoms"]["{1}"]) == (pytest.approx(entropy), pytest.approx(0.75 * entropy))
    assert r["columns"] == ["real numbers", "whole numbers"]
    r = record_with_warning(capsys, path, "-t", "y", "-s", "x", "-b", "range:4:-20:20")
    assert r["target_entropy"] == pytest.approx(entropy)
    r = record(capsys, NEURON, "-t", "spike", "-s", "stimulus,context,neighbor", "-b", "mass:8")
    assert [b.split(", ")[-1] for b in r["binning"]] == ["8 values", "2 values", "2 values", "2 values"]


def record_with_warning(capsys, *arguments):
    status, out, err = run(capsys, *arguments, "--json")
    assert status == 0, err
    return json.loads(out)


def test_naming_a_column_bins_its_whole_numbers(capsys, tmp_path):
    path = table(tmp_path, "n,y\n" + "".join(f"{i % 10},{i % 2}\n" for i in range(200)))
    for bins in ("n=5", "n=mass:5", "n=range:5:0:9", "n=edges:0:2:4:6:8:9"):
        assert record(capsys, path, "-t", "y", "-s", "n", "-b", bins)["binning"][0].endswith("5 values")
    assert record(capsys, path, "-t", "y", "-s", "n", "-b", "5")["binning"][0].endswith("10 values")


def test_a_value_on_an_edge_is_in_the_upper_bin(capsys, tmp_path):
    path = table(tmp_path, "x,y\n" + "".join(f"{i / 10:.1f},{'low' if i < -8 else 'high'}\n" for i in range(-10, 11)))
    r = record_with_warning(capsys, path, "-t", "y", "-s", "x", "-b", "x=range:10:-1:1")
    assert r["atoms"]["{1}"] == pytest.approx(r["target_entropy"]) == pytest.approx(0.4537, abs=1e-4)


def test_counts(capsys, tmp_path):
    path = table(tmp_path, "a,b,y,count\n0,0,0,2500\n0,1,1,2500\n1,0,1,2500\n1,1,0,2500\n")
    status, out, err = run(capsys, path, "-t", "y", "-s", "a,b", "-w", "count")
    assert (status, err) == (0, "")
    assert "10000 observations in 4 occupied cells" in out


VALUES = {"{1}{2}": log2(2 / 3), "{1}": log2(3 / 2), "{2}": log2(3 / 2), "{12}": log2(4 / 3)}
PARITY = "0,0,0\n0,1,1\n1,0,1\n1,1,0\n" * 20


@pytest.mark.parametrize(
    ("header", "target", "sources"),
    [
        ('"level, mg",group,y', "y", ['"level, mg",group']),
        ('"level, mg",group,y', "y", ['"level, mg"', "group"]),
        ('group,y,"level, mg"', "level, mg", ["group,y"]),
        ('group,y,"level, mg"', '"level, mg"', ["group", "y"]),
        ("rate [/s],dose [mg],y", "y", ["rate [/s],dose [mg]"]),
        ("[bold]a[/bold],:smile:,[/s]", "[/s]", ["[bold]a[/bold],:smile:"]),
    ],
)
def test_any_name_of_a_column(capsys, tmp_path, header, target, sources):
    arguments = [table(tmp_path, f"{header}\n{PARITY}"), "-t", target, *(a for s in sources for a in ("-s", s))]
    assert record(capsys, *arguments)["atoms"] == pytest.approx(VALUES)
    _, out, _ = run(capsys, *arguments)
    for name in (target.strip('"'), *record(capsys, *arguments)["sources"]):
        assert name in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-s", "a,,b"), "names of columns must not be empty; got 'a,,b'"),
        (("-s", "a,"), "must not be empty"),
        (("-s", "a", "-s", "a"), "'a' is used twice"),
        (("-s", "a", "--normalize"), "--normalize must come with --probability, whose column it divides by its sum"),
        (("-s", "a", "-p", "b", "--drop-missing"), "Leave out --weights and --drop-missing"),
        (("-s", "a", "-b", "a=3", "-b", "a=4"), "--bins may be given once for column 'a'"),
        (("-s", "a", "--bins", "0"), "at least 1; got 0"),
        (("-s", "a", "--bins=-3"), "at least 1; got -3"),
        (("-s", "a", "--bins", str(2**62)), "at most 1000000"),
        (("-s", "a", "--bins", "mass:0"), "at least 1"),
        (("-s", "a", "--bins", "mass:inf"), "bins must be written like"),
        (("-s", "a", "--bins", "range:3:1:0"), "finite and ascending"),
        (("-s", "a", "--bins", "edges:0:nan:1"), "ascending"),
        (("-s", "a", "--bins", "c=3"), "'c' must hold numbers to have bins; it holds text: row 0 (counted from 0) is 'x'"),
        (("-s", "a", "-w", "c"), "the column of weights must hold numbers; 'c' holds text"),
    ],
)
def test_doubled_empty_and_useless_options(capsys, tmp_path, arguments, message):
    path = table(tmp_path, "a,b,y,c\n" + "0,0,0,x\n1,1,1,z\n" * 20)
    if "c=3" in arguments:
        arguments = ("-s", "a,c", *arguments[2:])
    status, out, err = run(capsys, path, "-t", "y", *arguments)
    assert (status, out) == (1, "")
    assert message in err
    assert "=True" not in err
    assert "missing='drop'" not in err


def test_missing_values_with_bins_can_be_dropped(capsys, tmp_path):
    path = table(tmp_path, "speed,y\n" + "".join(f"{i / 7:.3f},{i % 3}\n" for i in range(99)) + ",1\n")
    r = record_with_warning(capsys, path, "-t", "y", "-s", "speed", "-b", "speed=mass:5", "--drop-missing")
    assert (r["dropped"], r["columns"][0]) == (1, "real numbers, 1 missing")
    _, _, err = run(capsys, path, "-t", "y", "-s", "speed", "-b", "speed=mass:5")
    assert "rows 99 (counted from 0). Leave these rows out with --drop-missing." in err


def test_at_80_columns_nothing_is_cut(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    _, out, _ = run(capsys, NEURON, "-t", "spike", "-s", "stimulus,context,neighbor,running", "-b", "8")
    assert "misinformative" in out
    assert "…" not in out


def test_five_sources_pointwise_print_64_outcomes(capsys, tmp_path):
    rows = [[i // 5**k % 5 % 2 for k in range(5)] for i in range(400)]
    path = table(tmp_path, "a,b,c,d,e,t\n" + "".join(",".join(map(str, [*r, sum(r) % 2])) + "\n" for r in rows))
    status, out, _ = run(capsys, path, "-t", "t", "-s", "a,b,c,d,e", "--pointwise")
    assert status == 0
    assert "18 of 7579 atoms" in out


def test_integer_names_of_columns():
    frame = pd.DataFrame([[a, b, a ^ b] for a in (0, 1) for b in (0, 1)] * 20)
    for target, sources in ((2, [0, 1]), ("2", ["0", "1"])):
        assert dict(decompose_table(frame, target, sources).atoms) == pytest.approx(VALUES)
    assert decompose_table(frame, 2, 0).num_sources == 1


@pytest.mark.parametrize("name", ["out.png", "out.svg"])
@pytest.mark.parametrize("sources", ["stimulus,context", "stimulus,context,neighbor", "stimulus,context,neighbor,running"])
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
        (("-t", "spike", "-s", "context", "-b", "neighbor=3"), "--bins must name sources or the target"),
        (("-t", "spike", "-s", "context", "--plot", "x.docx"), "docx"),
    ],
)
def test_mistakes(capsys, arguments, message):
    status, _, err = run(capsys, NEURON, *arguments)
    assert status == 1
    assert message in err
    assert err.count("\n") == 1


def test_measures_by_name(capsys):
    r = record(capsys, XOR, "-t", "y", "-s", "a,b", "-p", "p")
    assert r["measure"] == "sx"
    assert "measures" not in r
    r = record(capsys, XOR, "-t", "y", "-s", "a,b", "-p", "p", "--measure", "mmi")
    assert r["measure"] == "mmi"
    assert r["atoms"] == {"{1}{2}": 0, "{1}": 0, "{2}": 0, "{12}": 1}
    assert not {"informative", "misinformative"} & set(r)
    r = record(capsys, XOR, "-t", "y", "-s", "a,b", "-p", "p", "--measure", "pm", "--pointwise")
    assert r["pointwise"][0]["atoms"]["{12}"] == 1


def test_all_measures(capsys):
    arguments = (NEURON, "-t", "spike", "-s", "stimulus,context", "-b", "4", "--measure", "all")
    r = record(capsys, *arguments)
    assert set(r["measures"]) == {"sx", "min", "mmi", "pm", "ccs", "broja"}
    assert r["measure"] == "sx"
    assert r["measures"]["sx"]["atoms"] == r["atoms"]
    assert len({round(m["atoms"]["{1}{2}"], 6) for m in r["measures"].values()}) > 3
    status, out, err = run(capsys, *arguments)
    assert (status, err) == (0, "")
    assert "atoms by each measure" in out
    assert "broja" in out


def test_measures_that_do_not_exist_or_have_nothing_pointwise(capsys):
    status, _, err = run(capsys, XOR, "-t", "y", "-s", "a,b", "-p", "p", "--measure", "mmo")
    assert status == 1
    assert "--measure must be one of" in err
    assert "Did you mean 'mmi'?" in " ".join(err.split())
    status, _, err = run(capsys, XOR, "-t", "y", "-s", "a,b", "-p", "p", "--measure", "mmi", "--pointwise")
    assert status == 1
    assert "Use --measure pm or sx" in " ".join(err.split())
    status, _, err = run(capsys, NEURON, "-t", "spike", "-s", "stimulus,context,neighbor", "-b", "4", "--measure", "broja")
    assert status == 1
    assert "takes at most 2 sources; got 3" in " ".join(err.split())
