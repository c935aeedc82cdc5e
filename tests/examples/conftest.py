"""Examples are scripts: they are loaded by path."""

import pytest

from loading import ROOT, load_script


@pytest.fixture
def example():
    def load(name):
        path = ROOT / "examples" / f"{name}.py"
        assert len(path.read_text(encoding="utf-8").splitlines()) < 60, "a composed network takes less than 60 lines"
        return load_script(path)

    return load
