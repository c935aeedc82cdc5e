"""`infomorphic pid` with --test, --interval and --correct."""

import json

import numpy as np
import pandas as pd
import pytest

from infomorphic.cli import main
from shape_checking import wrong_on_purpose

ALL = {"bits", "null_mean", "null_low", "null_high", "p", "low", "high", "corrected"}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    rng = np.random.default_rng(0)
    tone, light = rng.integers(2, size=(2, 200))
    spike = tone ^ light ^ (rng.random(200) < 0.1)
    path = tmp_path_factory.mktemp("tables") / "trials.csv"
    frame = pd.DataFrame(
        {"tone": tone, "light": light, "spike": spike, "session": np.arange(200) // 20, "chance": rng.integers(2, size=200)}
    )
    frame.to_csv(path, index=False)
    return str(path)


def run(capsys, table, *arguments, target="spike"):
    status = main(["pid", table, "-t", target, "-s", "tone,light", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def record(capsys, *arguments, **options):
    status, out, err = run(capsys, *arguments, "--json", **options)
    assert status == 0, err
    return json.loads(out)


def test_json_has_the_statistics_of_every_atom_and_information(capsys, table):
    found = record(capsys, table, "--test", "99", "--interval", "50", "--correct", "shuffle")
    assert list(found["statistics"]) == ["{1}{2}", "{1}", "{2}", "{12}", "I{1}", "I{2}", "I{12}"]
    assert all(set(values) == ALL for values in found["statistics"].values())
    assert found["statistics"]["I{12}"]["p"] == 0.01
    assert found["statistics"]["{12}"]["bits"] == pytest.approx(found["atoms"]["{12}"], abs=1e-12)
    assert found["measure"] == "sx"


def test_what_was_not_asked_for_is_absent(capsys, table):
    assert "statistics" not in record(capsys, table)
    assert set(record(capsys, table, "--interval", "20")["statistics"]["{1}"]) == {"bits", "low", "high"}
    assert "p_holm" in record(capsys, table, "--test", "20", "--holm")["statistics"]["{1}"]


def test_the_seed_decides(capsys, table):
    first, again, other = (record(capsys, table, "--test", "20", "--seed", seed)["statistics"] for seed in ("1", "1", "2"))
    assert first == again != other


@pytest.mark.parametrize("null", ["target", "light", "shift", "shift:session", "blocks:10", "within:session", "trials:session"])
def test_every_null_runs(capsys, table, null):
    assert record(capsys, table, "--test", "39", "--null", null)["statistics"]["I{12}"]["p"] == 0.025


def test_every_measure_has_its_own_statistics(capsys, table):
    found = record(capsys, table, "--test", "19", "--measure", "all")
    by_measure = {name: values["statistics"]["{12}"]["bits"] for name, values in found["measures"].items()}
    assert by_measure == pytest.approx({name: values["atoms"]["{12}"] for name, values in found["measures"].items()}, abs=1e-6)
    assert set(by_measure) >= {"sx", "mmi", "min", "ccs", "broja"}
    assert {label: values["bits"] for label, values in found["statistics"].items() if label in found["atoms"]} == pytest.approx(
        found["atoms"]
    )


def test_the_table_names_variables_and_says_how_values_were_found(capsys, table):
    status, out, _ = run(capsys, table, "--test", "99", "--interval", "50", "--over", "trials:session", "--correct", "miller-madow")
    assert status == 0
    shown = out[out.index("how sure") :]
    assert "I(spike : tone, light)" in shown
    assert "p: 99 permutations, the target is permuted; two-sided for atoms, one-sided for informations" in shown
    assert "95 % intervals: 50 bootstrap resamples of trials, bias-corrected" in shown
    assert "corrected: miller-madow" in shown
    atom = next(line for line in shown.splitlines() if line.startswith("{12} "))
    assert atom.rstrip().endswith("–")  # no such correction of an atom


def test_chance_is_a_warning(capsys, table):
    status, _, err = run(capsys, table, "--test", "99", target="chance")
    assert status == 0
    assert "I(chance : tone, light)" in err
    assert "cannot be told from chance" in err


@wrong_on_purpose
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--null", "light"], "--null needs a test. Add --test 1000."),
        (["--holm"], "--holm needs a test. Add --test 1000."),
        (["--over", "rows"], "--over needs intervals. Add --interval 1000."),
        (["--interval-method", "percentile"], "--interval-method needs intervals. Add --interval 1000."),
        (["--test", "-1"], "--test must be a number of resamples from 0 to 1,000,000; got -1."),
        (["--test", "9", "--null", "lihgt"], "--null must be target, the name of a source"),
        (["--correct", "shufle"], "--correct must be one of none, shuffle, quadratic, miller-madow; got 'shufle'."),
        (["--interval", "9", "--interval-method", "bc"], "--interval-method must be one of bias-corrected, percentile; got 'bc'."),
        (["--test", "9", "--probability", "session"], "rows are outcomes and not observations"),
    ],
)
def test_mistakes_are_answered_in_flags(capsys, table, arguments, message):
    status, out, err = run(capsys, table, *arguments)
    assert status == 1, out
    assert message in err
