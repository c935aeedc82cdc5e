"""What a page says about a run, whole or damaged."""

import csv
import gzip
import json
import re
import shlex
import shutil
from base64 import b64decode

import numpy as np
import pytest
import torch

import infomorphic.training.run
from infomorphic.errors import InfomorphicWarning, RunError
from infomorphic.reports import write_comparison, write_report
from infomorphic.reports.record import read_run
from infomorphic.text import percent
from infomorphic.training import Run, TrainConfig, fit
from infomorphic.training.development import Development


def content_of(path):
    html = path.read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json" id="content">(.*?)</script>', html, re.DOTALL)[1])


@pytest.fixture(scope="module")
def page(run, tmp_path_factory):
    return write_report(run.path, tmp_path_factory.mktemp("pages") / "report.html")


def test_the_page_is_one_file_that_asks_for_no_other(page):
    html = page.read_text(encoding="utf-8")
    assert page.stat().st_size < 10e6
    packed = re.search(r'id="plotly">(.*?)</script>', html, re.DOTALL)[1]
    assert "Plotly" in gzip.decompress(b64decode(packed)).decode()
    rest = html.replace(packed, "")
    # The name space of SVG is a name that nothing is fetched from.
    assert set(re.findall(r"https?://[^\s\"'<)]+", rest)) <= {"http://www.w3.org/2000/svg"}
    # A figure that is saved holds the pixels of its canvas.
    assert not re.search(r"(?:src|href)=\"(?!data:|#|\$\{canvas\.toDataURL\(\)\})[^\"]", rest)
    assert not list(page.parent.glob(".*.partial"))


def test_what_the_page_says_of_the_run(page, run):
    content = content_of(page)
    summary = run.summary
    assert content["name"] == "setup-1"
    assert content["problems"] == []
    assert ["test", percent(summary["test_accuracy"]), percent(summary["test_accuracy_expected"])] in content["results"]["rows"]
    assert content["confusion"]["accuracy"] == pytest.approx(summary["test_accuracy_expected"], abs=1e-9)
    assert sum(map(sum, content["confusion"]["matrix"])) == content["confusion"]["samples"]
    assert content["benchmark"]["runs"] == 1
    with (run.path / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    hidden = content["layers"][0]
    assert (hidden["name"], hidden["sources"], len(hidden["labels"])) == ("hidden", "FCL", 19)
    assert hidden["epochs"] == list(range(1, 41))
    assert hidden["atoms"]["{F}{C}"][-1] == pytest.approx(float(rows[-1]["hidden.{F}{C}"]), abs=1e-5)
    assert hidden["goal"]["weights"]["{F}{L}"] == -0.9935
    assert sorted(content["diagrams"]) == ["FC", "FCL"]
    assert {sources: len(terms) for sources, terms in content["notation"].items()} == {"FCL": 19, "FC": 5}
    assert dict(content["notation"]["FC"])["{F}"] == "unique information of the feedforward input: no other input provides it"


def test_every_hidden_layer_has_its_neurons_on_the_page(run_of_two_hidden_layers, tmp_path):
    content = content_of(write_report(run_of_two_hidden_layers.path, tmp_path / "report.html"))
    assert content["problems"] == []
    assert [layer["name"] for layer in content["structure"]] == ["hidden1", "hidden2", "readout"]
    first, (second,) = content["neurons"], content["further_layers"]
    assert [(found["layer"], len(found["neurons"])) for found in (first, second)] == [("hidden1", 12), ("hidden2", 8)]
    assert first["origins"]["F"] == "input"
    assert second["origins"] == {"F": "hidden1", "C": "label", "L": "hidden2"}
    for found in (first, second):
        assert all({"codes", "atoms", "lost"} <= set(neuron) for neuron in found["neurons"])
        assert found["health"]["sources"] == "FCL"
        assert found["history"]["epochs"][-1] == 20
    assert all("field" in neuron and "F" not in neuron["weights"] for neuron in first["neurons"])
    # The inputs of the second layer are neurons, not pixels: weights, and no picture.
    assert all("field" not in neuron and len(neuron["weights"]["F"]) == 12 for neuron in second["neurons"])
    assert all(k != j for j, neuron in enumerate(second["neurons"]) for k, _ in neuron["weights"]["L"])


def test_what_the_page_says_of_each_neuron(page):
    found = content_of(page)["neurons"]
    assert len(found["neurons"]) == 14
    assert found["part"] == "validation"
    for neuron in found["neurons"]:
        assert neuron["codes"]
        assert len(neuron["firing"]) == 10
        assert len(neuron["atoms"]) == 19
        assert neuron["field"].startswith("data:image/png")
        assert len(neuron["driving"]) == len(neuron["silencing"]) == 8
        assert len(neuron["weights"]["C"]) == 10
        assert len(neuron["weights"]["L"]) == 12
        assert neuron["wrong"] - neuron["right"] == pytest.approx(neuron["lost"] / 100 * found["loss_images"], abs=0.02)
    assert found["history"]["epochs"] == [*range(1, 11), 15, 20, 25, 30, 35, 40]
    assert len(found["history"]["millibits"]["{F}{C}"]) == 14
    assert found["health"]["samples"] == 256
    assert found["health"]["note"].startswith("The bins of F, C, L have the published range")
    assert not any("range" in warning for warning in found["health"]["warnings"])


def test_the_page_of_a_hundred_neurons_has_at_most_five_megabytes(tmp_path):
    # Noise, because a page compresses images, fields and their development.
    draw = np.random.default_rng(0).integers
    np.savez(tmp_path / "noise.npz", x=draw(256, size=(1500, 28, 28), dtype=np.uint8), y=np.arange(1500) % 10)
    settings = [f"data.dataset=npz:{tmp_path / 'noise.npz'}", "data.validation_fraction=0.8", "network.hidden=100"]
    settings += ["training.epochs=10", "training.batch_size=128"]
    fit(TrainConfig.make({"preset": "setup-1"}, settings), tmp_path / "run")
    run = Run.open(tmp_path / "run")
    recorded = run.load_development()
    noise = {name: torch.from_numpy(draw(256, size=tuple(v.shape), dtype=np.uint8)) for name, v in recorded.values.items()}
    run.save_development(Development(recorded.epochs, noise))
    page = write_report(run.path)
    neurons = content_of(page)["neurons"]
    assert len(neurons["neurons"]) == 100
    assert len(neurons["development"]["epochs"]) > 1
    assert len(neurons["images"]) > 200
    assert 3e6 < page.stat().st_size <= 5e6


def test_the_benchmark_that_is_missing_is_asked_for_with_the_data_and_the_size_of_the_run(copied):
    command = content_of(write_report(copied))["benchmark_command"]
    expected = ["infomorphic", "train", "backprop", "--dataset", "digits", "--hidden", "14"]
    assert shlex.split(command) == [*expected, "--run", str(copied.parent / f"backprop-{copied.name}")]


def test_every_phase_is_reported_and_neurons_are_counted(copied, tmp_path):
    said = []
    write_report(copied, on_progress=lambda *phase: said.append(phase))
    assert list(dict.fromkeys(phase for phase, _, _ in said)) == [
        f"reading {copied}", "evaluating the network", "measuring what the neurons encode", "removing each neuron in turn",
        "removing the redundant neurons", "drawing the neurons", "writing the page",
    ]  # fmt: skip
    counted = [("removing each neuron in turn", n, 14) for n in range(1, 15)]
    assert [phase for phase in said if phase[2]] == counted
    said.clear()
    write_comparison([copied, copied], tmp_path / "c.html", on_progress=lambda *phase: said.append(phase))
    assert (f"evaluating {copied}", 0, 0) in said
    assert (f"removing each neuron of {copied} in turn", 14, 14) in said


def test_no_text_of_a_run_can_end_the_script_or_become_markup(copied):
    (copied / "environment.json").write_text(
        json.dumps({"format": 1, "command": "</script><script>alert(1)</script>", "torch": "<b>x</b>"})
    )
    html = write_report(copied).read_text(encoding="utf-8")
    assert "<script>alert" not in html
    assert "<b>x</b>" not in html


def test_without_a_checkpoint_curves_and_goal_are_shown(copied):
    (copied / "checkpoint.safetensors").unlink()
    content = content_of(write_report(copied))
    assert len(content["problems"]) == 1
    assert "has no checkpoint" in content["problems"][0]
    assert "The report has no section on single neurons." in content["problems"][0]
    assert content["neurons"] is None
    assert len(content["curves"]["results"]["test"]) == 40
    assert content["layers"][0]["goal"]


def test_a_run_without_history_is_shown_without(copied):
    (copied / "neurons.safetensors").unlink()
    content = content_of(write_report(copied))
    assert content["problems"] == []
    assert content["neurons"]["history"] is None
    assert len(content["neurons"]["neurons"]) == 14


def test_a_run_of_a_newer_version_shows_what_its_files_say(copied):
    (copied / "environment.json").write_text(json.dumps({"format": infomorphic.training.run.FORMAT + 1, "infomorphic": "9.0"}))
    content = content_of(write_report(copied))
    assert "was written by infomorphic 9.0" in content["problems"][0]
    assert content["neurons"] is None
    assert len(content["layers"][0]["atoms"]["{F}{C}"]) == 40
    assert content["layers"][0]["goal"]["weights"]["{F}{L}"] == -0.9935


def test_a_setting_of_another_version_is_told_and_the_rest_is_shown(copied):
    config = (copied / "config.yaml").read_text().replace("presentations:", "moments:")
    (copied / "config.yaml").write_text(config)
    content = content_of(write_report(copied))
    assert "no setting 'network.moments'" in content["problems"][0]
    assert len(content["curves"]["epochs"]) == 40


def test_without_its_data_weights_and_history_are_shown(copied):
    config = (copied / "config.yaml").read_text().replace("dataset: digits", "dataset: npz:nowhere/none.npz")
    (copied / "config.yaml").write_text(config)
    content = content_of(write_report(copied))
    assert "The data set is missing" in content["problems"][0]
    neurons = content["neurons"]
    assert neurons["shape"] == [8, 8]
    assert all(n["field"].startswith("data:") and len(n["weights"]["C"]) == 10 and "atoms" not in n for n in neurons["neurons"])
    assert neurons["history"]["epochs"][-1] == 40
    assert content["confusion"] is None


@pytest.mark.parametrize("name", ["metrics.csv", "summary.json", "environment.json", "checkpoint.safetensors", "neurons.safetensors"])
@pytest.mark.parametrize("damage", [b"", b"\x00\xff{", None])
def test_any_file_may_be_damaged_or_missing(copied, name, damage):
    if damage is None:
        (copied / name).unlink()
    else:
        (copied / name).write_bytes(damage)
    content = content_of(write_report(copied))
    assert content["layers"][0]["goal"]
    # Old runs have no history: nothing is wrong with that. The checkpoint knows the metrics as well.
    quiet = (damage is None and name in ("environment.json", "neurons.safetensors")) or (name == "metrics.csv" and not damage)
    assert len(content["curves"]["epochs"]) == 40
    assert bool(content["problems"]) != quiet


@pytest.mark.parametrize("dataset", ["digits", "npz:nowhere/none.npz"])
def test_weights_of_another_network_are_said_and_the_rest_is_shown(copied, dataset):
    config = (copied / "config.yaml").read_text().replace("hidden: 14", "hidden: 15").replace("dataset: digits", f"dataset: {dataset}")
    (copied / "config.yaml").write_text(config)
    content = content_of(write_report(copied))
    (problem,) = content["problems"]
    assert problem.startswith("The network cannot be rebuilt: the checkpoint does not fit the network built from config.yaml and the data")
    assert len(content["curves"]["epochs"]) == 40


def test_an_interrupted_run_says_where_it_stands(copied):
    (copied / "summary.json").unlink()
    config = (copied / "config.yaml").read_text().replace("epochs: 40", "epochs: 50")
    (copied / "config.yaml").write_text(config)
    content = content_of(write_report(copied))
    assert content["problems"] == ["The run is not finished: epoch 40 of 50."]
    assert content["tiles"][0]["label"] == "test accuracy so far, one sampled output"


def test_several_problems_share_one_box(copied):
    (copied / "summary.json").unlink()
    (copied / "neurons.safetensors").write_bytes(b"nothing")
    (copied / "environment.json").write_text("{")
    page = write_report(copied)
    problems = content_of(page)["problems"]
    assert len(problems) == 3
    html = page.read_text(encoding="utf-8")
    (box,) = re.findall(r'<div class="warning">(.*?)</div>', html.partition("<script")[0], re.DOTALL)
    assert box.startswith("<p>3 things to know about this run:</p>")
    assert box.count("<li>") == 3


def test_what_is_no_run_is_refused(tmp_path):
    with pytest.raises(RunError, match="there is no run directory"):
        write_report(tmp_path / "none")
    with pytest.raises(RunError, match=r"it has no config\.yaml"):
        write_report(tmp_path)


def test_a_run_of_no_epochs(tmp_path):
    fit(TrainConfig.make({"preset": "setup-1"}, ["network.hidden=3", "training.epochs=0"]), tmp_path / "r")
    content = content_of(write_report(tmp_path / "r"))
    assert content["problems"] == ["There are no learning curves, because no epoch was recorded."]
    assert len(content["neurons"]["neurons"]) == 3
    assert content["layers"][0]["goal"]["weights"]["{F}{L}"] == -0.9935


def test_a_memory_of_which_nothing_is_recorded_has_one_layer(tmp_path):
    (tmp_path / "config.yaml").write_text("preset: memory\n", encoding="utf-8")
    layers = content_of(write_report(tmp_path))["layers"]
    assert [(layer["name"], layer["goal"]["name"]) for layer in layers] == [("memory", "memory/redundancy")]


@pytest.mark.parametrize("write", [write_report, lambda run, out: write_comparison([run], out)], ids=["report", "comparison"])
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_measured(write, tmp_path):
    # The run is not there either: it is not looked at.
    with pytest.raises(RunError, match=r"there is no folder .*nowhere to write r\.html to"):
        write(tmp_path / "run", tmp_path / "nowhere" / "r.html")
    with pytest.raises(RunError, match=r"is a folder; name the file to write"):
        write(tmp_path / "run", tmp_path)


def test_bars_and_memories_have_smaller_pages(tmp_path):
    fit(TrainConfig.make({"preset": "bars"}, ["training.epochs=2", "data.images=2000"]), tmp_path / "bars")
    content = content_of(write_report(tmp_path / "bars"))
    images, neurons, over_epochs = content["exhibits"]
    assert (len(images["pictures"]), len(neurons["pictures"])) == (8, 8)
    assert [len(film["frames"]) for film in over_epochs["films"]] == [2]
    assert over_epochs["films"][0]["frames"][1]["title"].startswith("epoch 2: ")
    assert content["neurons"] is None
    assert "bars have no labels" in content["source_words"]["C"]
    assert content["layers"][0]["goal"]["weights"]["{F}"] == 1
    fit(TrainConfig.make({"preset": "memory"}, ["network.neurons=10", "training.epochs=20", "training.epochs_a_record=10"]), tmp_path / "m")
    content = content_of(write_report(tmp_path / "m"))
    patterns, recall, basin = content["exhibits"]
    assert [picture["title"] for picture in patterns["pictures"]] == [str(number) for number in range(15)]
    assert len(recall["films"]) == 15
    assert all(film["frames"][0]["title"] == "cue" for film in recall["films"])
    assert (basin["values"], basin["quantity"]) == ([0, 1, 2, 3], "flipped bits of a cue, of 10")
    assert content["layers"][0]["name"] == "memory"
    assert (content["curves"]["epochs"], content["curves"]["spread"]) == ([1, 2, 5, 10, 20], True)


def test_the_command_is_shown_as_it_was_so_that_it_can_be_pasted(copied):
    command = "infomorphic train --data-dir '/home/some one/data'"
    (copied / "environment.json").write_text(json.dumps({"command": command}))
    assert ["command", command] in content_of(write_report(copied))["facts"]


def test_a_configuration_that_was_not_trained_is_told(copied):
    config = copied / "config.yaml"
    whole = config.read_text()
    config.write_text(whole.replace("seed: 0", "seed: 5"))
    (problem,) = content_of(write_report(copied))["problems"]
    assert "is not what the checkpoint was trained with: training.seed was 0 and is now 5" in problem
    config.write_text(whole.replace("  seed: 0\n", ""))
    with pytest.warns(InfomorphicWarning, match="lacks settings"):
        (problem,) = content_of(write_report(copied))["problems"]
    assert problem == "config.yaml lacks settings; their defaults are used: training.seed."


def test_rows_that_the_table_lacks_and_a_summary_of_an_earlier_end(copied):
    (copied / "metrics.csv").write_text("\n".join((copied / "metrics.csv").read_text().splitlines()[:-1]) + "\n")
    summary = json.loads((copied / "summary.json").read_text())
    (copied / "summary.json").write_text(json.dumps({**summary, "epochs": 39}))
    content = content_of(write_report(copied))
    assert content["curves"]["epochs"][-1] == 40
    assert content["problems"] == ["The run is not finished: epoch 40 of 40."]
    (copied / "summary.json").write_text(json.dumps({**summary, "seconds": "few", "test_accuracy": []}))
    (problem,) = content_of(write_report(copied))["problems"]
    assert problem == "summary.json is damaged: seconds, test_accuracy cannot be read."


def test_runs_side_by_side(runs, copied, tmp_path):
    (copied / "checkpoint.safetensors").unlink()
    content = content_of(write_comparison([runs / "setup-1", runs / "backprop", copied], tmp_path / "c.html"))
    assert [r["name"] for r in content["runs"]] == ["setup-1", "backprop", "copied"]
    settings = {row[0]: row[1:] for row in content["differences"]}
    assert settings["preset"] == ["setup-1", "backprop", "setup-1"]
    assert "training.epochs" not in settings
    assert [r["counts"] is None for r in content["runs"]] == [False, False, True]
    assert Run.open(runs / "setup-1").summary["preset"] == "setup-1", "runs are only read"


def test_reading_changes_nothing_in_a_run(copied):
    before = {p.name: p.read_bytes() for p in copied.iterdir()}
    read_run(copied)
    assert {p.name: p.read_bytes() for p in copied.iterdir()} == before
    write_report(copied, copied.parent / "elsewhere.html")
    assert {p.name for p in copied.iterdir()} == set(before)
    shutil.rmtree(copied)
