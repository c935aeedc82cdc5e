"""`infomorphic presets`: the list, and the settings of one."""

import json

from infomorphic.cli import main
from infomorphic.training import TrainConfig, presets
from infomorphic.training.config import setting_names


def run(capsys, *arguments):
    status = main([str(a) for a in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_presets_are_listed(capsys):
    status, out, _ = run(capsys, "presets")
    assert status == 0
    assert all(name in out for name in presets())
    assert "(the default)" in out


def test_the_list_as_json(capsys):
    _, out, _ = run(capsys, "presets", "--json")
    assert json.loads(out)["presets"]["bars"] == {"task": "bars", "summary": presets()["bars"].summary}


def test_every_setting_of_a_preset_is_shown(capsys):
    status, out, _ = run(capsys, "presets", "setup-2")
    assert status == 0
    assert all(f"\n{name}=" in out for name in setting_names("setup-2"))
    assert "network.bin_range=[-20.0, 20.0]\n" in out
    assert "Allowed: cpu, cuda, mps." in out


def test_settings_as_json_have_the_values_of_the_configuration(capsys):
    _, out, _ = run(capsys, "presets", "memory", "--json")
    record = json.loads(out)
    config = TrainConfig.make({"preset": "memory"}).model_dump(mode="json")
    for name, setting in record["settings"].items():
        value = config
        for part in name.split("."):
            value = value[part]
        assert setting["default"] == value
        assert set(setting) == {"meaning", "unit", "default", "allowed", "published"}


def test_an_unknown_preset_is_an_error(capsys):
    status, _, err = run(capsys, "presets", "setup-9")
    assert status == 1
    assert "Did you mean 'setup-" in err
