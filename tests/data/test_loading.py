"""Data sets by name."""

from pathlib import Path

import pytest
import torch
from sklearn.datasets import load_digits

from infomorphic.data import available_datasets, catalogue, default_data_dir, load_dataset
from infomorphic.data.stratified import stratified_indices
from infomorphic.errors import DataError


def test_all_are_found():
    assert available_datasets() == ("cifar10", "digits", "fashion-mnist", "folder:PATH", "mnist", "npz:PATH", "rhm")


@pytest.mark.parametrize(
    ("spec", "meant"),
    [
        ("mnits", "mnist"),
        ("MNIST", "mnist"),
        ("fashion_mnist", "fashion-mnist"),
        ("cifar-10", "cifar10"),
        ("foldr:a/b", "folder:a/b"),
        ("folder", "folder:PATH"),
        ("mnist:x", "mnist"),
    ],
)
def test_an_unknown_name_gets_the_nearest_and_the_list(spec, meant):
    with pytest.raises(DataError) as caught:
        load_dataset(spec)
    assert f"there is no data set {spec!r}. Did you mean {meant}? There are cifar10, digits," in str(caught.value)


def test_a_name_like_no_other_gets_the_list_alone():
    with pytest.raises(DataError, match=r"there is no data set 'xyzzy'\. There are cifar10"):
        load_dataset("xyzzy")


def test_a_path_alone_is_told_apart_by_what_is_there(tmp_path):
    with pytest.raises(DataError, match=f"Did you mean folder:{tmp_path}"):
        load_dataset(str(tmp_path))
    (tmp_path / "a.npz").touch()
    with pytest.raises(DataError, match=f"Did you mean npz:{tmp_path / 'a.npz'}"):
        load_dataset(str(tmp_path / "a.npz"))


@pytest.mark.parametrize("spec", ["folder:", "npz:"])
def test_a_path_must_be_there(spec):
    with pytest.raises(DataError, match="must have a path"):
        load_dataset(spec)


def test_a_new_module_in_the_catalogue_is_a_new_data_set(tmp_path, monkeypatch):
    source = (
        '"""Two points."""\n'
        "import torch\n"
        "from infomorphic.data.dataset import Dataset\n"
        'NAME = "two-points"\n'
        "def load(path, progress):\n"
        '    """Two."""\n'
        "    x, y = torch.tensor([[0.0], [1.0]]), torch.tensor([0, 1])\n"
        '    return Dataset(f"{NAME} of {path}", x, y, x, y, ("0", "1"))\n'
    )
    (tmp_path / "two_points_for_a_test.py").write_text(source)
    monkeypatch.setattr(catalogue, "__path__", [*catalogue.__path__, str(tmp_path)])
    assert "two-points" in available_datasets()
    assert load_dataset("two-points", data_dir="a/b").name == f"two-points of {Path('a/b')}"


def test_the_environment_names_the_folder_of_data(monkeypatch, tmp_path):
    monkeypatch.setenv("INFOMORPHIC_DATA", str(tmp_path))
    assert default_data_dir() == tmp_path
    monkeypatch.setenv("INFOMORPHIC_DATA", "")
    assert default_data_dir().name == "infomorphic"


def test_too_little_memory_and_unreadable_files_are_sentences(monkeypatch):
    def refuse(*_):
        raise error

    monkeypatch.setattr(catalogue.digits, "load", refuse)
    error = MemoryError("Unable to allocate 9 GiB")
    with pytest.raises(DataError, match=r"digits does not fit into memory \(Unable to allocate 9 GiB\)"):
        load_dataset("digits")
    error = PermissionError(13, "Permission denied", "a")
    with pytest.raises(DataError, match=r"digits cannot be read: .*Permission denied: 'a'"):
        load_dataset("digits")


@pytest.mark.parametrize("file_is_found", [True, False])
def test_digits_are_those_of_scikit_learn(monkeypatch, file_is_found):
    pixels, classes = load_digits(return_X_y=True)
    if not file_is_found:
        monkeypatch.setattr(catalogue.digits, "find_spec", lambda name: None)
    dataset = load_dataset("digits")
    train, test = stratified_indices(torch.from_numpy(classes))
    assert torch.equal(dataset.train_images, torch.from_numpy(pixels)[train].to(torch.uint8))
    assert torch.equal(dataset.test_labels, torch.from_numpy(classes)[test])


def test_digits():
    dataset = load_dataset("digits")
    assert (dataset.train_images.dtype, dataset.image_shape, dataset.num_classes) == (torch.uint8, (8, 8), 10)
    assert len(dataset.train_images) + len(dataset.test_images) == 1797
    assert abs(len(dataset.test_images) - 0.2 * 1797) < 5
    assert (int(dataset.train_images.min()), int(dataset.train_images.max())) == (0, 16)
    assert torch.equal(dataset.test_images, load_dataset("digits").test_images)
