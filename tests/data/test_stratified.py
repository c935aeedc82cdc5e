"""A fixed part of each class is set aside."""

import pytest
import torch

from infomorphic.data.stratified import stratified_indices
from infomorphic.errors import DataError


def test_a_fifth_of_every_class_is_set_aside():
    labels = torch.tensor([0] * 50 + [1] * 10 + [2] * 100)[torch.randperm(160, generator=torch.Generator().manual_seed(5))]
    kept, aside = stratified_indices(labels)
    assert torch.bincount(labels[aside]).tolist() == [10, 2, 20]
    assert torch.cat([kept, aside]).sort().values.tolist() == list(range(160))
    assert kept.tolist() == sorted(kept.tolist())
    assert aside.tolist() == sorted(aside.tolist())


def test_small_classes_keep_at_least_one_sample_and_give_one_where_they_can():
    labels = torch.tensor([0, 1, 1, 2, 2, 2])
    _, aside = stratified_indices(labels)
    assert labels[aside].tolist() == [1, 2]


def test_the_seed_decides():
    labels = torch.zeros(100).long()
    assert torch.equal(stratified_indices(labels)[1], stratified_indices(labels, seed=0)[1])
    assert not torch.equal(stratified_indices(labels)[1], stratified_indices(labels, seed=1)[1])


def test_single_samples_cannot_be_set_aside():
    with pytest.raises(DataError, match="at least two images to set aside a test set; every class has one"):
        stratified_indices(torch.arange(4))
