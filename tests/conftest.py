"""Shared fixtures and settings of all tests."""

import os

import pytest
from hypothesis import settings

# No test asserts a time: machines are slow when others use them.
settings.register_profile("infomorphic", deadline=None)
settings.load_profile("infomorphic")

os.environ.setdefault("MPLBACKEND", "Agg")


@pytest.fixture(autouse=True)
def global_torch_state():
    """Fail a test that leaks global torch state: others would then depend on the order of tests."""
    import torch

    def state():
        return torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()

    before = state()
    yield
    assert state() == before, "this test changed global torch state (default dtype, grad mode, threads or determinism)"
