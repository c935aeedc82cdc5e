"""`infomorphic bench`."""

import json

import pytest

from infomorphic.bench import limits
from infomorphic.cli import main


@pytest.mark.parametrize("as_json", [True, False])
def test_a_preset_is_timed(capsys, monkeypatch, as_json):
    monkeypatch.setattr(limits, "_SIDE", 32)
    monkeypatch.setattr(limits, "_COPIED", 2**10)
    assert main(["bench", "--preset", "memory", "--hidden", "10", *(["--json"] if as_json else [])]) == 0
    printed = capsys.readouterr().out
    if as_json:
        found = json.loads(printed)
        assert found["preset"] == "memory"
        assert found["relu_step_ms"] > 0
        assert found["parts"][0]["unit"] == "GFLOP/s"
    else:
        assert "memory, 10 neurons" in printed
        assert "an ordinary ReLU network of the same sizes" in printed
        assert "how far from the machine's limits" in printed
