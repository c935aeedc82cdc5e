"""The digits in the page of goals."""

import torch

from infomorphic.data import load_dataset
from infomorphic.playground.digits import packed_digits


def test_the_page_has_the_images_labels_and_test_set_of_the_data_set():
    packed, data = packed_digits(), load_dataset("digits")
    for part, images, labels in [("train", data.train_images, data.train_labels), ("test", data.test_images, data.test_labels)]:
        shades = torch.tensor([int(shade, 17) for shade in packed[part]["pixels"]], dtype=torch.uint8)
        assert torch.equal(shades.view(-1, 64), images)
        assert torch.equal(torch.tensor(list(map(int, packed[part]["labels"]))), labels)
