"""Set aside a fixed part of every class, for data without test images."""

import torch
from jaxtyping import Int64
from torch import Tensor

from infomorphic.errors import DataError

_TEST_FRACTION = 0.2


def stratified_indices(
    labels: Int64[Tensor, " samples"], fraction: float = _TEST_FRACTION, seed: int = 0
) -> tuple[Int64[Tensor, " kept"], Int64[Tensor, " set_aside"]]:
    """Indices to keep and to set aside, both ascending. About `fraction` of every class is set aside.

    At least one sample per class is set aside and at least one is kept. If a class has only one sample, it is kept.

    Raises:
        DataError: if no class has two samples.
    """
    generator = torch.Generator().manual_seed(seed)
    chosen = torch.zeros(len(labels), dtype=torch.bool)
    for label in labels.unique().tolist():
        members = (labels == label).nonzero().flatten()
        order = torch.randperm(len(members), generator=generator)
        size = min(max(1, round(fraction * len(members))), len(members) - 1)
        chosen[members[order[:size]]] = True
    if not chosen.any():
        raise DataError("some class must have at least two images to set aside a test set; every class has one.")
    return (~chosen).nonzero().flatten(), chosen.nonzero().flatten()
