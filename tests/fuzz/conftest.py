"""One process that runs all command lines of these tests."""

import numpy as np
import pytest

from fuzz.command_line import CommandLine


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    """A folder with a data set of 60 images in three classes."""
    folder = tmp_path_factory.mktemp("fuzz")
    random = np.random.default_rng(0)
    labels = np.arange(60) % 3
    np.savez(folder / "data.npz", x=random.normal(size=(60, 3, 3)) + labels[:, None, None], y=labels)
    return folder


@pytest.fixture(scope="module")
def command_line(workplace):
    process = CommandLine(workplace)
    yield process
    process.close()
