"""Packed outputs: the values come back, whatever the number of samples."""

import pytest
import torch

from infomorphic.parallel.bits import packed, unpack


@pytest.mark.parametrize("low", [-1.0, 0.0])
@pytest.mark.parametrize("batch", [1, 8, 13, 64])
def test_outputs_come_back(low, batch):
    outputs = torch.where(torch.rand(5, batch, generator=torch.Generator().manual_seed(0)) < 0.5, 1.0, low)
    bits = packed(outputs)
    assert bits.shape == (5, -(-batch // 8))
    found = torch.empty(7, batch)
    unpack(bits, low, found[1:6])
    assert torch.equal(found[1:6], outputs)


def test_each_neuron_begins_with_a_new_byte_and_the_first_sample_is_the_highest_bit():
    assert packed(torch.tensor([[1.0, -1.0, -1.0], [-1.0, -1.0, 1.0]])).tolist() == [[0b10000000], [0b00100000]]
