"""What is exported gives the probabilities of `predict_proba`, where this library is not."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from infomorphic.cli import main
from infomorphic.data import load_dataset
from infomorphic.errors import DataError, ExportError, RunError
from infomorphic.export import METADATA, export_run, inference_module
from infomorphic.training import Run, TrainConfig, fit
from infomorphic.training.evaluation import labeled_run

TOLERANCE = {"atol": 1e-6, "rtol": 0}
SETTINGS = {
    "setup-1": ["network.hidden=12"],
    "setup-2": ["network.hidden=12", "network.lateral_connections=4"],
    "setup-3": ["network.hidden=12", "network.lateral_connections=4"],
    "context": ["network.hidden=12"],
    "lateral": ["network.hidden=12"],
    "random-projection": ["network.hidden=12"],
    "readout": [],
    "backprop": ["network.hidden=12"],
    "relu": ["network.hidden=12"],
}

# The other process cannot import this library, even where it is installed.
ELSEWHERE = """
import sys
sys.modules["infomorphic"] = None
from pathlib import Path
import torch
folder = Path(sys.argv[1])
images = torch.load(folder / "images.pt")
found = {}
for path in sorted(folder.glob("*.pt2")):
    model = torch.export.load(path).module()
    found[path.stem] = [model(images), torch.cat([model(images[:1]), model(images[1:])])]
torch.save(found, folder / "found.pt")
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> Path:
    """One small run of every preset that classifies."""
    parent = tmp_path_factory.mktemp("runs")
    for preset, settings in SETTINGS.items():
        fit(TrainConfig.make({"preset": preset}, [*settings, "training.epochs=4", "training.batch_size=256"]), parent / preset)
    return parent


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    """Raw test images in their own shape and type."""
    dataset = load_dataset("digits")
    return dataset.test_images.reshape(-1, *dataset.image_shape)


def expected(run: Run) -> torch.Tensor:
    labeled = labeled_run(run)
    return labeled.network.predict_proba(labeled.data.test_images, inference="expected")


def test_every_classifier_says_the_same_in_a_process_without_this_library(runs, images, tmp_path):
    torch.save(images, tmp_path / "images.pt")
    for preset in SETTINGS:
        export_run(Run.open(runs / preset), tmp_path / f"{preset}.pt2")
    subprocess.run([sys.executable, "-W", "ignore", "-c", ELSEWHERE, str(tmp_path)], check=True)
    found = torch.load(tmp_path / "found.pt")
    assert found.keys() == SETTINGS.keys()
    for preset, (at_once, in_two) in found.items():
        probabilities = expected(Run.open(runs / preset))
        torch.testing.assert_close(at_once, probabilities, msg=preset, **TOLERANCE)
        torch.testing.assert_close(in_two, probabilities, msg=preset, **TOLERANCE)
        assert probabilities.std() > 0.01  # else any constant would do


@pytest.mark.parametrize("preset", SETTINGS)
def test_every_classifier_says_the_same_in_onnx(preset, runs, images, tmp_path):
    pytest.importorskip("onnx")
    runtime = pytest.importorskip("onnxruntime")
    path = export_run(Run.open(runs / preset), tmp_path / "model.onnx")
    session = runtime.InferenceSession(path)
    probabilities = expected(Run.open(runs / preset))
    for some in (slice(None), slice(1), slice(7, 30)):
        (found,) = session.run(["probabilities"], {"images": images[some].numpy()})
        torch.testing.assert_close(torch.from_numpy(found), probabilities[some], **TOLERANCE)
    told = session.get_modelmeta().custom_metadata_map
    assert json.loads(told["class_names"]) == [str(c) for c in range(10)]
    assert json.loads(told["image_shape"]) == [8, 8]


def test_the_module_is_a_copy_and_takes_flat_images_too(runs, images):
    run = Run.open(runs / "setup-2")
    module = inference_module(run)
    torch.testing.assert_close(module(images), expected(run), **TOLERANCE)
    assert torch.equal(module(images.flatten(1)), module(images))
    assert not any(p.requires_grad for p in module.parameters())
    labeled = labeled_run(run)
    data, network = labeled.data, labeled.network
    of_network = inference_module(network)
    torch.testing.assert_close(of_network(data.test_images), expected(run), **TOLERANCE)
    of_network.classifier.network.layers["hidden"].connections["F"].weight.zero_()
    torch.testing.assert_close(network.predict_proba(data.test_images, inference="expected"), expected(run), **TOLERANCE)


def test_a_file_says_what_it_is(runs, tmp_path):
    run = Run.open(runs / "context")
    path = export_run(run, tmp_path / "model.pt2")
    extra = {METADATA: ""}
    torch.export.load(path, extra_files=extra)
    facts = json.loads(extra[METADATA])
    assert facts["preset"] == "context"
    assert facts["class_names"] == [str(c) for c in range(10)]
    assert (facts["image_shape"], facts["image_type"]) == ([8, 8], "uint8")
    assert facts["test_accuracy_expected"] == run.summary["test_accuracy_expected"]
    assert not list(tmp_path.glob(".partial*"))


def test_features_that_are_no_pixels(tmp_path):
    draw = np.random.default_rng(0)
    features = draw.normal(3.0, 5.0, (200, 6)).astype(np.float32)
    np.savez(tmp_path / "d.npz", x_train=features, y_train=features[:, 0] > 3, x_test=features[:50], y_test=features[:50, 0] > 3)
    config = TrainConfig.make({"preset": "context"}, [f"data.dataset=npz:{tmp_path / 'd.npz'}", "network.hidden=4", "training.epochs=1"])
    fit(config, tmp_path / "run")
    run = Run.open(tmp_path / "run")
    model = torch.export.load(export_run(run, tmp_path / "model.pt2")).module()
    torch.testing.assert_close(model(torch.from_numpy(features[:50])), expected(run), **TOLERANCE)


def test_what_cannot_be_exported(runs, tmp_path, monkeypatch):
    run = Run.open(runs / "context")
    with pytest.raises(ExportError, match=r"suffix, \.pt2 or \.onnx; got 'model\.pth'"):
        export_run(run, tmp_path / "model.pth")
    (tmp_path / "there.pt2").write_text("mine")
    with pytest.raises(ExportError, match="exists already"):
        export_run(run, tmp_path / "there.pt2")
    assert (tmp_path / "there.pt2").read_text() == "mine"
    with pytest.raises(ExportError, match="there is no folder"):
        export_run(run, tmp_path / "no" / "model.pt2")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ExportError, match=r"pip install 'infomorphic\[onnx\]'"):
        export_run(run, tmp_path / "model.onnx")


@pytest.mark.parametrize("preset", ["bars", "memory"])
def test_only_classifiers_predict(preset, tmp_path):
    run = Run.create(tmp_path / "run", TrainConfig.make({"preset": preset}))
    with pytest.raises(ExportError, match=f"only classifiers can be exported; .* is a run of '{preset}'"):
        export_run(run, tmp_path / "model.pt2")


def test_a_run_without_checkpoint_or_data(tmp_path):
    with pytest.raises(RunError, match="no checkpoint"):
        export_run(Run.create(tmp_path / "run", TrainConfig.make({"preset": "context"})), tmp_path / "model.pt2")
    assert not (tmp_path / "model.pt2").exists()


def test_a_run_whose_data_are_gone(runs, tmp_path):
    import shutil

    shutil.copytree(runs / "context", tmp_path / "run")
    config = tmp_path / "run" / "config.yaml"
    config.write_text(config.read_text().replace("dataset: digits", f"dataset: npz:{tmp_path / 'gone.npz'}"))
    with pytest.raises(DataError, match=r"gone\.npz"):
        export_run(Run.open(tmp_path / "run"), tmp_path / "model.pt2")


def test_the_command(runs, tmp_path, capsys):
    out = tmp_path / "model.pt2"
    assert main(["export", str(runs / "readout"), "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(out), "bytes": out.stat().st_size}
    assert main(["export", str(runs / "readout"), "--out", str(out)]) == 1
    assert capsys.readouterr().err.startswith("error: ")
    assert main(["export", str(runs / "readout")]) == 2
