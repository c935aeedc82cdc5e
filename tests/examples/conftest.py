"""Examples are scripts: they are loaded by path."""

import importlib.util
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def example():
    def load(name):
        path = EXAMPLES / f"{name}.py"
        assert len(path.read_text(encoding="utf-8").splitlines()) < 60, "a composed network takes less than 60 lines"
        spec = importlib.util.spec_from_file_location(f"example_{name}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load
