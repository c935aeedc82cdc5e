"""Export a trained classifier as one file that runs without this library: raw images in, class probabilities out.

Inference is deterministic: neurons output their expectation 2θ − 1, and the label is withheld.
"""

from __future__ import annotations

import copy
import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

import infomorphic
from infomorphic.errors import ExportError
from infomorphic.extras import missing
from infomorphic.files import replace_file
from infomorphic.layers import Connection
from infomorphic.networks.network import Classifier
from infomorphic.training import Run
from infomorphic.training.evaluation import labeled_run

if TYPE_CHECKING:
    from infomorphic.data import Split

METADATA = "infomorphic.json"
"""The entry of a .pt2 file that describes the model; an .onnx file has the same facts in its metadata."""


class InferenceModule(nn.Module):
    """Class probabilities of raw images by deterministic inference, using only operations that `torch.export` supports.

        standardized = (images − mean) / deviation,    θ by the network with the label withheld and expected outputs

    The result equals `Classifier.predict_proba(standardized, inference="expected")`: per class, the firing probability of its readout neuron, or
    one minus it where the neuron is inverted. The numbers need not sum to one and are not calibrated; those of `backprop` are a softmax.

    Shapes:
        forward(images) of shape (batch, …), any numeric type, with as many values per image as in training → (batch, classes), float32.
    """

    mean: Tensor
    deviation: Tensor

    def __init__(self, classifier: Classifier, mean: float = 0.0, deviation: float = 1.0):
        super().__init__()
        self.classifier = copy.deepcopy(classifier).cpu().float().eval().requires_grad_(False)
        for placed in self.classifier.network.placed():
            # Compiled products cannot be traced. The matrix is built once, here, not in every call of the exported model.
            for source, connection in placed.layer.connections.items():
                if isinstance(connection, Connection):
                    placed.layer.connections[source] = connection.as_dense()
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("deviation", torch.tensor(deviation))

    def forward(self, images: Tensor) -> Float[Tensor, "batch classes"]:
        standardized = (images.flatten(1).to(torch.float32) - self.mean) / self.deviation
        presented = self.classifier.network.present(self.classifier.inputs(standardized, None), firing="expect")
        return self.classifier.sign_corrected(self.classifier.reading(presented[self.classifier.readout]))


def inference_module(source: Run | Classifier, data_dir: Path | None = None) -> InferenceModule:
    """A trained network for deployment.

    Args:
        source: a run, whose module takes raw images and standardizes them with the statistics of its training images; or a network, whose module
            takes the inputs of the network.
        data_dir: where the data set of the run is: it gives the statistics.

    Raises:
        ExportError: if the run is not of a classifier.
        RunError: if it has no checkpoint.
        DataError: if its data set is missing.
    """
    return InferenceModule(source) if isinstance(source, Classifier) else _module_and_data(source, data_dir)[0]


def export_run(run: Run, path: Path, data_dir: Path | None = None) -> Path:
    """Write the network of a run into one file, with a variable batch size.

    Args:
        run: the run of a classifier.
        path: `NAME.pt2` for `torch.export.load`, `NAME.onnx` for ONNX runtimes.
        data_dir: where the data set of the run is.

    Returns:
        `path`.

    Raises:
        ExportError: if the suffix is neither, the file exists, a package is missing, or the run is not of a classifier.
        RunError, DataError: as `inference_module` does.
        FileWriteError: if the file cannot be written.
    """
    content_of = _writer(path)
    if path.exists():
        raise ExportError(f"{path} exists already; nothing is overwritten. Choose another name, or delete the file.")
    if not path.parent.is_dir():
        raise ExportError(f"there is no folder {path.parent} to write {path.name} into.")
    module, data = _module_and_data(run, data_dir)
    example = torch.zeros((2, *(data.image_shape or (data.num_features,))), dtype=data.image_type)
    facts = {
        "preset": run.config.preset,
        "goal": run.config.network.model_dump().get("goal") if run.config.task.pursues_goals(run.config.sections) else None,
        "dataset": data.name.partition(":")[0],
        "class_names": list(data.class_names),
        "image_shape": list(example.shape[1:]),
        "image_type": str(example.dtype).removeprefix("torch."),
        "test_accuracy_expected": run.summary.get("test_accuracy_expected"),
        "infomorphic": infomorphic.__version__,
    }
    replace_file(path, content_of(module, example, facts), "export again; the run is unchanged")
    return path


def _writer(path: Path) -> Callable[[InferenceModule, Tensor, dict[str, Any]], bytes]:
    """The function that makes the content of a file with this suffix; checks first that its packages are installed."""
    writers = {".pt2": _pt2, ".onnx": _onnx}
    if path.suffix not in writers:
        raise ExportError(
            f"the format is chosen by the suffix, {' or '.join(writers)}; got {path.name!r}. "
            "Use .pt2 for torch and .onnx for ONNX runtimes."
        )
    if path.suffix == ".onnx" and (problem := missing("an .onnx file", "onnx", "onnxscript")):
        raise ExportError(problem)
    return writers[path.suffix]


def _module_and_data(run: Run, data_dir: Path | None) -> tuple[InferenceModule, Split]:
    if not run.config.task.classifies:
        raise ExportError(
            f"only classifiers can be exported; {run.path} is a run of {run.config.preset!r}, which does not predict classes."
        )
    labeled = labeled_run(run, data_dir)
    return InferenceModule(labeled.network, labeled.data.mean, labeled.data.deviation), labeled.data


def exported_program(module: InferenceModule, example: Tensor) -> torch.export.ExportedProgram:
    """The module traced for images of the shape and type of `example`, (batch, …), with a variable batch size."""
    # Gradients are off from the start, so that no change of the mode is traced.
    with torch.no_grad():
        return torch.export.export(module, (example,), dynamic_shapes={"images": {0: torch.export.Dim("batch")}}, strict=False)


@contextmanager
def _quiet_exporter() -> Iterator[None]:
    """Suppress messages of the ONNX exporter about its internals and unused packages."""
    logger = logging.getLogger("torch.onnx")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


def _pt2(module: InferenceModule, example: Tensor, facts: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    torch.export.save(exported_program(module, example), file, extra_files={METADATA: json.dumps(facts)})
    return file.getvalue()


def _onnx(module: InferenceModule, example: Tensor, facts: dict[str, Any]) -> bytes:
    with _quiet_exporter():
        program = torch.onnx.export(
            exported_program(module, example), input_names=["images"], output_names=["probabilities"], dynamo=True, verbose=False
        )
    assert program is not None
    model = program.model_proto
    for name, value in facts.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = name, value if isinstance(value, str) else json.dumps(value)
    return model.SerializeToString()
