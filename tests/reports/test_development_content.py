"""The development of neurons as a page holds it."""

import base64
import gzip

import numpy as np
import pytest
import torch

from infomorphic.reports.development_content import development_content
from infomorphic.training.development import Development


@pytest.fixture
def recorded():
    generator = torch.Generator().manual_seed(0)
    fields, responses = (torch.randint(256, (6, 3, size), generator=generator, dtype=torch.uint8) for size in (4, 2))
    return Development((1, 2, 3, 5, 8, 13), {"hidden.fields": fields, "hidden.responses": responses}), fields, responses


def unpacked(content, neurons):
    size = content["pixels"] + content["classes"]
    bytes_ = np.frombuffer(gzip.decompress(base64.b64decode(content["packed"])), np.uint8)
    return np.cumsum(bytes_.reshape(neurons, len(content["epochs"]), size), axis=1, dtype=np.uint8)


def test_a_page_reads_what_was_recorded(recorded):
    found, fields, responses = recorded
    content = development_content(found, "hidden", (2, 2), 10_000)
    assert (content["epochs"], content["pixels"], content["classes"]) == ([1, 2, 3, 5, 8, 13], 4, 2)
    values = unpacked(content, 3)
    assert np.array_equal(values[:, :, :4], fields.numpy().transpose(1, 0, 2) >> 2)
    assert np.array_equal(values[:, :, 4:], responses.numpy().transpose(1, 0, 2))


def test_with_less_room_there_are_fewer_epochs_the_last_among_them(recorded):
    found, _, responses = recorded
    whole = development_content(found, "hidden", (2, 2), 10_000)
    content = development_content(found, "hidden", (2, 2), len(whole["packed"]) - 20)
    assert 1 <= len(content["epochs"]) < 6
    assert content["epochs"][-1] == 13
    assert np.array_equal(unpacked(content, 3)[:, -1, 4:], responses.numpy()[-1])
    assert development_content(found, "hidden", (2, 2), 10) is None


def test_fields_without_a_shape_and_layers_that_were_not_recorded(recorded):
    found, *_ = recorded
    assert development_content(found, "hidden", None, 10_000)["pixels"] == 0
    assert development_content(found, "other", (2, 2), 10_000) is None
