"""What presets have in common."""

import pytest
import torch

from infomorphic.training.preset import preset


@pytest.mark.parametrize("name", ["setup-1", "setup-3", "lateral", "random-projection", "backprop", "relu"])
def test_hidden_neurons_may_receive_patches(name):
    chosen = preset(name)
    networks = [
        chosen.build(chosen.settings(hidden=5, patch=side), (6, 6), 3, torch.Generator().manual_seed(0)).network for side in (None, 2)
    ]
    whole, patches = (network.layer("hidden").layer.connections["F"].dense_weight() for network in networks)
    assert (whole != 0).all()
    assert (patches != 0).sum(1).tolist() == [4] * 5
