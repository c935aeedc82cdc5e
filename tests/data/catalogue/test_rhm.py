"""The Random Hierarchy Model as a data set."""

import pytest
import torch

from infomorphic.data import load_dataset
from infomorphic.data.hierarchy import Hierarchy
from infomorphic.data.loading import known_size
from infomorphic.errors import DataError, RunError
from infomorphic.training import Run, TrainConfig, fit, resume

SPEC = "rhm:v4-n3-m2-L2-train15-test9-seed5"


def test_each_position_is_one_hot_and_parameters_are_those_of_the_name():
    data, hierarchy = load_dataset(SPEC), Hierarchy(4, 3, 2, 2, 15, 9, 5)
    labels, strings = hierarchy.sample()
    assert data.name == SPEC
    assert (data.num_features, data.num_classes, data.image_shape) == (16, 3, None)
    images = torch.cat([data.train_images, data.test_images]).reshape(24, 4, 4)
    assert torch.equal(images.argmax(-1), torch.from_numpy(strings))
    assert images.sum(-1).eq(1).all()
    assert torch.cat([data.train_labels, data.test_labels]).tolist() == labels.tolist()
    assert len(data.train_labels) == 15


def test_long_names_and_letters_mean_the_same():
    long = load_dataset("rhm:features4-classes3-multiplicity2-levels2-train15-test9-seed5")
    assert torch.equal(long.train_images, load_dataset(SPEC).train_images)


def test_the_size_is_known_before_anything_is_generated():
    size = known_size(SPEC)
    assert size is not None
    assert (size.train_images, size.num_classes, size.num_features) == (15, 3, 16)
    assert known_size("rhm") == known_size("rhm:v8-n8-m4-L3")
    assert known_size("rhm:v1") is None


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("rhm:w8", r"there is no parameter 'w' of rhm; there are features \(v\), classes \(n\)"),
        ("rhm:level2", "Did you mean 'levels'"),
        ("rhm:v", "must be a name and a whole number, such as v8 or levels3; got 'v'"),
        ("rhm:", "must be a name and a whole number"),
        ("rhm:v8-features9", "`features` of rhm must be given once"),
        ("rhm:m9", "`multiplicity` must be at most 8"),
    ],
)
def test_parameters_that_are_wrong_are_named(spec, message):
    with pytest.raises(DataError, match=message):
        load_dataset(spec)


def test_another_grammar_is_another_run(tmp_path):
    settings = ["network.hidden=3", "training.epochs=1", "data.validation_fraction=0"]
    fit(TrainConfig.make({"data": {"dataset": SPEC}}, settings), tmp_path / "run")
    file = tmp_path / "run" / "config.yaml"
    file.write_text(file.read_text().replace("seed5", "seed6"))
    with pytest.raises(RunError, match=r"data\.dataset was 'rhm:.*seed5' and is now 'rhm:.*seed6'"):
        resume(Run.open(tmp_path / "run"), epochs=2)
