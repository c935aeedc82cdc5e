"""Data sets of images in folders."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from infomorphic import limits
from infomorphic.data import load_dataset
from infomorphic.errors import DataError
from infomorphic.training import TrainConfig


def _save(path: Path, mode: str = "L", size: tuple[int, int] = (4, 3), shade: int = 7) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", size, shade).convert(mode).save(path)
    return path


def _two_classes(root: Path, count: int = 5, suffix: str = "png", **options) -> Path:
    for label, name in enumerate(("cat", "dog")):
        for i in range(count):
            _save(root / name / f"{i}.{suffix}", shade=100 * label + i, **options)
    return root


def test_one_folder_a_class_is_split_in_a_fixed_way(tmp_path):
    spec = f"folder:{_two_classes(tmp_path)}"
    dataset = load_dataset(spec)
    assert (dataset.class_names, dataset.image_shape, dataset.train_images.shape) == (("cat", "dog"), (3, 4), (8, 12))
    assert dataset.test_labels.tolist() == [0, 1]
    assert torch.equal(dataset.train_images, load_dataset(spec).train_images)
    shades = torch.cat([dataset.train_images, dataset.test_images])[:, 0]
    assert sorted(shades.tolist()) == [0, 1, 2, 3, 4, 100, 101, 102, 103, 104]
    assert torch.equal(dataset.train_images[:, 0] // 100, dataset.train_labels)


def test_train_and_test_below_the_path(tmp_path):
    _two_classes(tmp_path / "train")
    _save(tmp_path / "test" / "dog" / "a.bmp", shade=50)
    dataset = load_dataset(f"folder:{tmp_path}")
    assert (len(dataset.train_images), dataset.test_images.tolist(), dataset.test_labels.tolist()) == (10, [[50] * 12], [1])


def test_train_alone_is_split(tmp_path):
    _two_classes(tmp_path / "train")
    dataset = load_dataset(f"folder:{tmp_path}")
    assert (len(dataset.train_images), len(dataset.test_images)) == (8, 2)


def test_a_class_may_be_called_train(tmp_path):
    for name in ("train", "bus"):
        for i in range(2):
            _save(tmp_path / name / f"{i}.png")
    assert load_dataset(f"folder:{tmp_path}").class_names == ("bus", "train")


@pytest.mark.parametrize(
    ("suffix", "mode"), [("png", "L"), ("PNG", "1"), ("png", "LA"), ("png", "P"), ("jpg", "L"), ("JPEG", "L"), ("bmp", "L")]
)
def test_formats_in_gray(tmp_path, suffix, mode):
    dataset = load_dataset(f"folder:{_two_classes(tmp_path, suffix=suffix, mode=mode)}")
    assert dataset.image_shape == (3, 4)


@pytest.mark.parametrize(("suffix", "mode"), [("png", "RGB"), ("png", "RGBA"), ("jpg", "RGB"), ("jpg", "CMYK"), ("bmp", "RGB")])
def test_one_image_in_color_makes_all_color(tmp_path, suffix, mode):
    _two_classes(tmp_path / "train")
    _save(tmp_path / "test" / "cat" / f"0.{suffix}", mode=mode)
    dataset = load_dataset(f"folder:{tmp_path}")
    assert (dataset.image_shape, dataset.train_images.shape) == ((3, 4, 3), (10, 36))
    assert dataset.train_images[7].tolist() == [102] * 36


def test_colors_of_a_pixel_are_side_by_side_and_palettes_are_seen_through(tmp_path):
    _two_classes(tmp_path)
    pixels = np.zeros((3, 4, 3), np.uint8)
    pixels[1, 2] = (10, 20, 30)
    for label, name in enumerate(("cat", "dog")):
        picture = Image.fromarray(pixels)
        (picture.quantize(4) if label else picture).save(tmp_path / name / "z.png")
    dataset = load_dataset(f"folder:{tmp_path}")
    images = torch.cat([dataset.train_images, dataset.test_images]).reshape(-1, 3, 4, 3)
    assert int((images[:, 1, 2] == torch.tensor([10, 20, 30])).all(dim=1).sum()) == 2


def test_hidden_files_and_others_are_left_out(tmp_path):
    _two_classes(tmp_path)
    (tmp_path / ".cache").mkdir()
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "README.md").touch()
    (tmp_path / "cat" / "notes.txt").touch()
    (tmp_path / "cat" / "._0.png").touch()
    assert len(load_dataset(f"folder:{tmp_path}").train_images) == 8


def test_bad_folders_are_refused(tmp_path):
    with pytest.raises(DataError, match="there is no folder"):
        load_dataset(f"folder:{tmp_path / 'absent'}")
    with pytest.raises(DataError, match="must have one folder per class; it has none"):
        load_dataset(f"folder:{tmp_path}")
    _two_classes(tmp_path / "test")
    with pytest.raises(DataError, match=r"class folders in test/ but none in train/"):
        load_dataset(f"folder:{tmp_path}")
    with pytest.raises(DataError, match="is not a folder"):
        load_dataset(f"folder:{tmp_path / 'test' / 'cat' / '0.png'}")


def test_a_class_without_images_is_refused(tmp_path):
    _two_classes(tmp_path / "train")
    (tmp_path / "train" / "eel").mkdir()
    with pytest.raises(DataError, match=r"every class must have images; .*eel has no PNG, JPEG, BMP file"):
        load_dataset(f"folder:{tmp_path}")
    (tmp_path / "train" / "eel").rmdir()
    _save(tmp_path / "test" / "eel" / "0.png")
    with pytest.raises(DataError, match=r"every class must have training images; .*eel has no counterpart"):
        load_dataset(f"folder:{tmp_path}")


def test_an_empty_test_folder_is_refused(tmp_path):
    _two_classes(tmp_path / "train")
    (tmp_path / "test").mkdir()
    with pytest.raises(DataError, match=r"test must have one folder per class; it has none"):
        load_dataset(f"folder:{tmp_path}")


def test_images_of_different_size_are_refused(tmp_path):
    _two_classes(tmp_path)
    _save(tmp_path / "dog" / "z.png", size=(5, 3))
    with pytest.raises(DataError, match=r"must have the same size; .*0\.png has 4 × 3 pixels, .*z\.png has 5 × 3"):
        load_dataset(f"folder:{tmp_path}")


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\nxx"])
def test_a_damaged_image_is_refused(tmp_path, content):
    _two_classes(tmp_path)
    (tmp_path / "dog" / "z.png").write_bytes(content)
    with pytest.raises(DataError, match=r"z\.png cannot be read as an image"):
        load_dataset(f"folder:{tmp_path}")


def test_a_cut_image_is_refused(tmp_path):
    path = _two_classes(tmp_path, size=(40, 30), suffix="jpg") / "dog" / "3.jpg"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match=r"3\.jpg cannot be read as an image"):
        load_dataset(f"folder:{tmp_path}")


def test_other_kinds_of_image_are_refused(tmp_path):
    _two_classes(tmp_path)
    other = _save(tmp_path / "dog" / "z.webp")
    with pytest.raises(DataError, match=r"images must be PNG, JPEG, BMP; got .*z\.webp"):
        load_dataset(f"folder:{tmp_path}")
    other.unlink()
    Image.fromarray(np.full((3, 4), 1000, np.uint16)).save(tmp_path / "dog" / "z.png")
    with pytest.raises(DataError, match="must have 8 bits per value"):
        load_dataset(f"folder:{tmp_path}")


@pytest.mark.parametrize("name", ["a\\b", 'it\'s "x"', "a\tb", "a #b", "a: b", "{a}", "ü"])
def test_the_folder_is_found_whatever_its_name(tmp_path, name):
    spec = f"folder:{_two_classes(tmp_path / name)}"
    assert load_dataset(spec).name == spec
    config = TrainConfig.make({"preset": "readout"}, given={"data.dataset": spec})
    (tmp_path / "c.yaml").write_text(config.to_yaml(), encoding="utf-8")
    assert TrainConfig.load(tmp_path / "c.yaml").data.dataset == spec
    if '"' not in name:
        assert TrainConfig.make({"preset": "readout"}, [f"data.dataset={spec}"]).data.dataset == spec


def test_a_picture_that_unpacks_to_more_than_pillow_thinks_safe_is_refused(tmp_path, monkeypatch):
    folder = _two_classes(tmp_path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    with pytest.raises(DataError, match="cannot be read as an image: Image size"):
        load_dataset(f"folder:{folder}")


def test_images_that_do_not_fit_into_memory_are_refused_before_they_are_read(tmp_path, monkeypatch):
    folder = _two_classes(tmp_path)
    monkeypatch.setattr(limits, "memory_bytes", lambda: 100.0)
    with pytest.raises(DataError, match=r"the images in .* must fit into memory"):
        load_dataset(f"folder:{folder}")


@pytest.mark.parametrize("spec", ["folder:a\0b", "npz:a\0b", "folder:" + "x" * 10_000, "x" * 10**6, "npz:" + "x/" * 5000])
def test_a_path_that_no_system_has_is_refused_in_one_bounded_sentence(spec):
    with pytest.raises(DataError) as caught:
        load_dataset(spec)
    assert len(str(caught.value)) < 2000
