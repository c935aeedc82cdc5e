"""`infomorphic train`, `resume`, `evaluate`, `runs` and `export`."""

import json
import math

import pytest

from infomorphic.cli import main
from infomorphic.training import Run

SMALL = ("--hidden", "10", "--epochs", "2", "--set", "training.batch_size=256")


def run(capsys, *arguments):
    status = main([str(a) for a in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "run"
    assert main(["train", "--run", str(path), *SMALL, "--json"]) == 0
    return path


def test_train_prints_one_json_object(tmp_path, capsys):
    status, out, _ = run(capsys, "train", "setup-2", "--run", tmp_path / "r", *SMALL, "--seed", "3", "--goal", "{F}{C} - {F}{L}", "--json")
    assert status == 0
    record = json.loads(out)
    assert out.count("\n") == 1
    keys = {"run", "preset", "dataset", "hidden", "goal", "seed", "epochs", "train_accuracy", "validation_accuracy", "test_accuracy"}
    assert keys | {"seconds", "peak_memory_mib", "test_accuracy_expected"} <= set(record)
    assert (record["preset"], record["dataset"], record["hidden"], record["seed"]) == ("setup-2", "digits", 10, 3)
    assert record["goal"] == "{F}{C} - {F}{L}"


def test_train_for_people(tmp_path, capsys):
    status, out, _ = run(capsys, "train", "--run", tmp_path / "r", *SMALL)
    assert status == 0
    for text in (
        "setup-1 on digits",
        "one sample",
        "validation",
        "trivariate/optimized-tpe-1",
        "{F}{C}",
        "redundant information",
        "everything is in",
    ):
        assert text in out


def test_bins_of_which_nothing_is_learned_are_warned_of_once(tmp_path, capsys):
    _, _, err = run(capsys, "train", "--run", tmp_path / "odd", *SMALL, "--set", "network.bins=21", "--json")
    assert err.count("warning:") == 1
    assert "21 bins over (-20, 20) have no edge at zero" in err
    assert (tmp_path / "odd" / "summary.json").is_file()
    _, _, err = run(capsys, "train", "--run", tmp_path / "even", *SMALL, "--json")
    assert "warning:" not in err


def test_train_from_a_file_and_the_default_place(tmp_path, capsys, monkeypatch, finished):
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "train", finished / "config.yaml", "--epochs", "1", "--json")[0] == 0
    assert [p.name for p in (tmp_path / "runs").iterdir()] == ["setup-1-digits-10-seed0"]


def test_resume_extends(tmp_path, capsys):
    path = tmp_path / "r"
    run(capsys, "train", "readout", "--run", path, "--epochs", "1", "--json")
    status, out, _ = run(capsys, "resume", path, "--epochs", "2", "--json")
    assert status == 0
    assert json.loads(out)["epochs"] == 2


def test_evaluate(finished, capsys):
    status, out, _ = run(capsys, "evaluate", finished, "--json")
    record = json.loads(out)
    assert (status, record["samples"], len(record["confusion"])) == (0, 359, 10)
    assert record["accuracy"] == pytest.approx(1 - record["error"])
    assert json.loads(run(capsys, "evaluate", finished, "--split", "validation", "--expected", "--json")[1])["samples"] == 288
    assert "label (row) predicted as (column)" in run(capsys, "evaluate", finished)[1]
    assert json.loads(run(capsys, "evaluate", finished, "--dataset", "digits", "--samples", "3", "--json")[1])["samples"] == 359


def test_evaluate_reports_both_accuracies_and_says_which_is_which(finished, capsys):
    sampled, expected, mean = (
        json.loads(run(capsys, "evaluate", finished, *how, "--json")[1]) for how in ((), ("--expected",), ("--samples", "16"))
    )
    assert [r["seed"] for r in (sampled, expected, mean)] == [0, 0, 0]
    reported = json.loads((finished / "summary.json").read_text())["test_accuracy"]
    assert reported != sampled["accuracy"]
    told = " ".join(run(capsys, "evaluate", finished)[1].split())
    assert f"This sample is drawn with seed 0; the training reported {100 * reported:.2f} % with another draw." in told
    assert "another draw" not in run(capsys, "evaluate", finished, "--dataset", "digits")[1]
    assert [r["inference"] for r in (sampled, expected, mean)] == ["one sample", "expected outputs", "the mean of 16 samples"]
    assert sampled["accuracy"] != expected["accuracy"]
    for record in (sampled, expected, mean):
        assert record["accuracy_one_sample"] == sampled["accuracy"]
        assert record["accuracy_expected"] == expected["accuracy"]
        assert record["accuracy"] == pytest.approx(sum(row[i] for i, row in enumerate(record["confusion"])) / 359)
    out = " ".join(run(capsys, "evaluate", finished)[1].split())
    one, both = (f"{100 * r['accuracy']:.2f} %" for r in (sampled, expected))
    assert f"test images: {one} of 359 right with one sample, {both} with expected outputs" in out
    assert f"{both} of 359 right with expected outputs, {one} with one sample" in " ".join(
        run(capsys, "evaluate", finished, "--expected")[1].split()
    )


def test_evaluate_on_a_data_set_of_another_shape(finished, tmp_path, capsys):
    import numpy as np

    rng = np.random.default_rng(0)
    labels = np.arange(40) % 4
    np.savez(tmp_path / "d.npz", x=rng.random((40, 9), dtype=np.float32), y=labels)
    status, _, err = run(capsys, "evaluate", finished, "--dataset", f"npz:{tmp_path / 'd.npz'}")
    assert status == 1
    assert "64" in err
    assert "9" in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("train", "setup1"), "Did you mean 'setup-1'?"),
        (("train", "--dataset", "minst"), "mnist"),
        (("train", "--goal", "trivariate/heuristc"), 'Did you mean "trivariate/heuristic"'),
        (("train", "--goal", "{F}{FC}"), "contains"),
        (("train", "--goal", "{F}{D}"), "Did you mean '{F}{L}'?"),
        (("train", "--goal", "{F}{c}"), "Did you mean '{F}{C}'?"),
        (("train", "--goal", "{F}{C} + 0.1 Hres"), "Did you mean 'H_res'?"),
        (("train", "--seed", "99999999999999999999999999"), "training.seed"),
        (("train", "--set", "network.bin_range=[-.inf,.inf]"), "must ascend and be finite; got (-inf, inf)"),
        (("train", "--hidden", "0"), "greater than or equal to 1"),
        (("train", "readout", "--hidden", "5"), "no setting 'network.hidden'"),
        (("train", "--set", "network.hiden=3"), "Did you mean 'hidden'?"),
        (("train", "--set", "hidden"), "section.field=value"),
        (("train", "none.yaml"), "cannot be read"),
        (("train", "--set", "training.batch_size=1"), "greater than or equal to 2"),
        (("resume", "nowhere"), "no run directory"),
        (("evaluate", "nowhere"), "no run directory"),
        (("goals", "nothing"), "must be a published name"),
    ],
)
def test_mistakes(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, _, err = run(capsys, *arguments)
    assert status == 1
    assert message in err
    assert err.count("\n") == 1
    assert not (tmp_path / "runs").exists() or not list((tmp_path / "runs").iterdir())


def test_an_existing_run_is_not_touched(finished, capsys):
    before = {p.name: p.read_bytes() for p in finished.iterdir()}
    assert run(capsys, "train", "--run", finished)[0] == 1
    assert {p.name: p.read_bytes() for p in finished.iterdir()} == before


def test_usage_errors(finished, capsys):
    assert run(capsys, "evaluate", finished, "--split", "tset")[0] == 2
    assert run(capsys, "evaluate", finished, "--seed", "-1")[0] == 2
    status, _, err = run(capsys, "evaluate", finished, "--expected", "--samples", "2")
    assert (status, "draw no samples" in err) == (1, True)
    assert run(capsys, "train", "--epochs", "many")[0] == 2
    assert run(capsys, "resume")[0] == 2


def test_goals(capsys):
    out = run(capsys, "goals")[1]
    assert "trivariate/optimized-tpe-1" in out
    shown = run(capsys, "goals", "trivariate/four-atoms")[1]
    assert "0.330" in shown
    assert "redundant information" in shown
    record = json.loads(run(capsys, "goals", "trivariate/four-atoms", "--json")[1])
    assert record["sources"] == ["F", "C", "L"]
    assert {t["term"]: t["weight"] for t in record["terms"]}["{F}{L}"] == -1.0
    assert len(record["terms"]) == 19
    assert len(json.loads(run(capsys, "goals", "--json")[1])["goals"]) >= 17


@pytest.mark.slow
def test_bench(capsys):
    record = json.loads(run(capsys, "bench", "--hidden", "20", "--batch", "128", "--json")[1])
    keys = ("step_ms", "goal_gradient_ms", "dense_step_ms", "backprop_step_ms", "peak_memory_mib")
    assert all(record[k] > 0 for k in keys)
    assert (record["hidden"], record["batch"]) == (20, 128)


@pytest.fixture(scope="module")
def memory(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "memory"
    assert main(["train", "memory", "--neurons", "16", "--load", "0.5", "--epochs", "60", "--run", str(path), "--json"]) == 0
    return path


def test_train_memory_and_bars(tmp_path, capsys):
    status, out, _ = run(capsys, "train", "memory", "--neurons", "16", "--load", "0.25", "--epochs", "5", "--run", tmp_path / "m", "--json")
    record = json.loads(out)
    assert status == 0
    assert (record["neurons"], record["load"]) == (16, 0.25)
    assert -1 <= record["score"] <= 1
    small = ("--neurons", "3", "--set", "data.size=3", "--set", "data.images=200", "--epochs", "1")
    status, out, _ = run(capsys, "train", "bars", *small, "--run", tmp_path / "b", "--json")
    assert status == 0
    assert {"bits_correct", "layer_information"} <= set(json.loads(out))
    status, out, _ = run(capsys, "train", "bars", *small, "--run", tmp_path / "c")
    assert status == 0
    assert "of the (image, bar) bits right" in out
    assert "unique information of the feedforward input" in out


def test_recall(memory, capsys):
    status, out, _ = run(capsys, "recall", memory, "--noise", "0.125", "--json")
    assert status == 0
    record = json.loads(out)
    assert record["noise"] == 0.125
    assert 0 < record["score"] <= 1
    status, out, _ = run(capsys, "recall", memory, "--noise", "0.125", "--show", "--pattern", "3")
    assert status == 0
    for text in ("8 patterns of 16 bits, 2 of them flipped", "cue", "2 wrong", "pattern", "0 wrong"):
        assert text in out


def test_a_recall_is_animated(memory, tmp_path, capsys):
    status, out, _ = run(capsys, "recall", memory, "--noise", "0.125", "--gif", tmp_path / "a.gif", "--json")
    assert (status, json.loads(out)["noise"]) == (0, 0.125)
    assert (tmp_path / "a.gif").read_bytes().startswith(b"GIF89a")


def test_recall_says_what_is_wrong(memory, finished, capsys):
    assert "which stores no patterns" in run(capsys, "recall", finished)[2]
    assert "--pattern must be from 0 to 7" in run(capsys, "recall", memory, "--show", "--pattern", "8")[2]
    assert run(capsys, "recall", memory, "--noise", "2")[0] == 2
    assert "--split must be left out" in run(capsys, "evaluate", memory, "--split", "test")[2]
    assert "has no setting 'data.load'" in run(capsys, "train", "--load", "1")[2]


def test_train_under_a_tracker(tmp_path, capsys):
    pytest.importorskip("tensorboard")
    status, out, _ = run(capsys, "train", "--run", tmp_path / "r", *SMALL, "--track", f"tensorboard:{tmp_path / 'tb'}", "--json")
    assert status == 0
    assert json.loads(out)["epochs"] == 2
    assert list((tmp_path / "tb").rglob("events.out.tfevents.*"))
    status, _, err = run(capsys, "train", "--run", tmp_path / "q", *SMALL, "--track", "tensorbord:x")
    assert status == 1
    assert "tensorboard" in err
    assert not (tmp_path / "q").exists()


def test_a_log_tells_epoch_loss_accuracy_and_time_left(capsys):
    from infomorphic.cli.training import progress_bar
    from infomorphic.training import Progress, preset

    metrics = {"loss": 2.25, "hidden.goal": 0.125, "validation_accuracy": 0.9}
    with progress_bar(quiet=False, score=preset("setup-1").task.score) as report:
        report.last -= 11
        report(Progress(0, 10, {}, math.nan, "reading the data"))
        report(Progress(2, 10, metrics, math.nan, done=2.5))  # within an epoch
        report(Progress(3, 10, metrics, 3683.2, done=3))
        report(Progress(4, 10, metrics, 70.0, done=4))  # too soon after the last
        report(Progress(10, 10, metrics, 0.0, done=10))
    told = "loss 2.2500  goal 0.125 bit  validation accuracy 90.00 %"
    assert capsys.readouterr().err == f"epoch 3/10  {told}  1:01:23 left\nepoch 10/10  {told}\n"


def test_a_batch_size_that_was_chosen_is_told_in_one_line(tmp_path, capsys):
    line = "Batch size 64, because there are few training images"
    _, _, err = run(capsys, "train", "--run", tmp_path / "r", "--hidden", "4", "--epochs", "1")
    assert err.count(line) == 1
    assert "--set training.batch_size=1024" in err
    assert line not in run(capsys, "train", "--run", tmp_path / "s", *SMALL)[2]


def test_runs_lists_the_directories_of_a_folder(finished, capsys, tmp_path):
    status, out, _ = run(capsys, "runs", finished.parent)
    assert status == 0
    for text in ("finished", "setup-1", "digits", "test accuracy"):
        assert text in out
    record = json.loads(run(capsys, "runs", finished.parent, "--json")[1])
    assert [(r["state"], r["epochs"]) for r in record["runs"]] == [("finished", 2)]
    assert "Train one with: infomorphic train" in run(capsys, "runs", tmp_path)[1]
    assert run(capsys, "runs", tmp_path / "none")[0] == 1


def test_the_closing_table_ranks_terms_by_information_and_names_the_next_command(tmp_path, capsys):
    out = run(capsys, "train", "--run", tmp_path / "r", *SMALL)[1]
    last = Run.open(tmp_path / "r").load_checkpoint().metrics[-1]
    shown = [line.split()[0] for line in out.splitlines() if line.startswith("{")]
    bits = {name.removeprefix("hidden."): abs(v) for name, v in last.items() if name.startswith("hidden.{")}
    assert shown == sorted(bits, key=lambda label: -bits[label])[: len(shown)]
    assert len(shown) >= 7
    assert "weight × bits" in out
    assert out.rstrip().endswith(f"Look inside: infomorphic report {tmp_path / 'r'} --open")


def test_small_networks_train_on_one_thread_unless_the_user_decides(monkeypatch):
    from infomorphic.cli.training import default_threads, neurons_of
    from infomorphic.training import TrainConfig

    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    small, large = (TrainConfig.make({}, [f"network.hidden={n}"]) for n in (100, 1000))
    assert [default_threads(neurons_of(c)) for c in (small, large)] == [1, None]
    assert neurons_of(TrainConfig.make({"preset": "memory"}, ["network.neurons=30"])) == 30
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    assert default_threads(100) is None


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.9, "0:59"), (83, "1:23"), (3600, "1:00:00"), (6336, "1:45:36")])
def test_times_have_one_format(seconds, text):
    from infomorphic.cli.progress import clock

    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("train", "--batch-size", "3"), "--set training.batch_size=VALUE"),
        (("train", "--device", "cuda"), "--set training.device=VALUE"),
        (("train", "bars", "--lr", "0.1"), "--set network.optimizer.learning_rate=VALUE"),
        (("train", "memory", "--softness", "0.1"), "--set network.softness=VALUE"),
    ],
)
def test_an_option_that_is_a_setting_is_answered_by_how_to_set_it(arguments, hint, capsys):
    status, _, err = run(capsys, *arguments)
    assert status == 2
    assert hint in " ".join(err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("train", "--threads", "99999"), 2, "1024"),
        (("evaluate", "none", "--threads", "99999"), 2, "1024"),
        (("evaluate", "none", "--samples", "99999999999"), 2, "--samples"),
        (("evaluate", "none", "--seed", str(2**70)), 2, "--seed"),
        (("recall", "none", "--noise", "nan"), 2, "--noise"),
        (("recall", "none", "--seed", "-1"), 2, "--seed"),
        (("bench", "--hidden", "99999999999"), 2, "--hidden"),
        (("reproduce", "fig2b", "--workers", "99999"), 2, "--workers"),
        (("study", "new", "x", "--kind", "layer-size", "--set", "seeds=0-99999999999"), 1, "a study must have at most 1000 seeds"),
        (("study", "new", "x", "--kind", "layer-size", "--set", "epochs=1", "--set", "epochs=2"), 1, "must be set once"),
        (("train", "--hidden", "99999999999"), 1, "less than or equal to 100000"),
        (("train", "memory", "--load", "nan"), 1, "must be a finite number"),
        (("train", "memory", "--load", "inf"), 1, "must be a finite number"),
        (("train", "--set", "training.seed=1", "--set", "training.seed=2"), 1, "must be set once"),
        (("train", "--seed", "1", "--set", "training.seed=2"), 1, "must be set once"),
        (("train", "bars", "--set", "data.size=1000", "--set", "data.images=10000000"), 1, "must fit into memory"),
        (("train", "--dataset", "x" * 100_000), 1, "there is no data set"),
        (("train", "--goal", "{F}" + " + {F}" * 50_000), 1, "appears twice"),
    ],
)
def test_numbers_and_texts_beyond_all_bounds(arguments, status, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found, _, err = run(capsys, *arguments)
    assert found == status
    assert message in " ".join(err.replace("│", " ").split())
    assert len(err) < 3000


def test_a_run_without_epochs_says_so(tmp_path, capsys):
    status, out, err = run(capsys, "train", "readout", "--epochs", "0", "--run", tmp_path / "r", "--json")
    assert (status, json.loads(out)["epochs"]) == (0, 0)
    assert "nothing is trained" in err
