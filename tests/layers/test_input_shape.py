"""Connections know the shape of their inputs."""

import pytest
import torch

from infomorphic.layers import AllOthers, AllToAll, InfomorphicLayer


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 2), 12, (12,)])
def test_the_shape_of_inputs_is_kept_and_changes_no_weight(shape):
    expected = AllToAll(12).build(5, torch.Generator().manual_seed(0))
    connection = AllToAll(shape).build(5, torch.Generator().manual_seed(0))
    assert torch.equal(connection.weight, expected.weight)
    assert connection.input_shape == (shape if isinstance(shape, tuple) and len(shape) > 1 else ())
    assert connection.as_dense().input_shape == connection.input_shape
    inputs = torch.randn(7, 12)
    assert torch.equal(connection(inputs), expected(inputs))


def test_lateral_connections_have_no_shape():
    layer = InfomorphicLayer(6, {"F": AllToAll((2, 2)), "L": AllOthers()}, generator=torch.Generator().manual_seed(0))
    assert layer.connections["F"].input_shape == (2, 2)
    assert layer.connections["L"].input_shape == ()
