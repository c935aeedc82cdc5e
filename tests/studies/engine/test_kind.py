"""Kinds of studies are found by name, and each is tested."""

from pathlib import Path

import pytest

from infomorphic.errors import StudyError
from infomorphic.studies.engine.kind import kind, kinds


def test_every_kind_is_found_and_tested():
    tested = {path.stem.removeprefix("test_").replace("_", "-") for path in Path(__file__).parents[1].glob("*kinds/test_*.py")}
    assert set(kinds()) == tested
    assert {name: k.objective for name, k in kinds().items()} == dict.fromkeys(kinds(), "validation_accuracy") | {
        "capacity": "score",
        "race": "validation_accuracy_expected",
    }


def test_unknown_kinds():
    with pytest.raises(StudyError, match="Did you mean 'layer-size'"):
        kind("layersize")
