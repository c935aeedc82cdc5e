"""Configurations: defaults, validation, YAML."""

import re
from functools import reduce

import pytest

from infomorphic.errors import ConfigurationError
from infomorphic.goals.saved import save_goal
from infomorphic.training import TrainConfig
from infomorphic.training.config import check_each_once, setting_names
from infomorphic.training.preset import presets


def _default(name, path):
    return reduce(lambda record, key: getattr(record, key), path.split("."), TrainConfig.make({"preset": name}))


def test_defaults_are_the_published_values():
    config = TrainConfig.make()
    assert config.preset == "setup-1"
    assert config.network.model_dump() == {
        "measure": "sx",
        "readout_optimizer": {"learning_rate": 3e-3, "weight_decay": 1.5e-4},
        "readout_goal": "readout/heuristic",
        "readout_bins": 20,
        "hidden": 100,
        "bins": 20,
        "bin_range": (-20.0, 20.0),
        "presentations": 2,
        "patch": None,
        "hidden_bias": True,
        "hidden_optimizer": {"learning_rate": 2e-3, "weight_decay": 3.5e-4},
        "goal": "trivariate/optimized-tpe-1",
    }
    assert (config.training.epochs, config.training.batch_size, config.data.validation_fraction) == (100, None, 0.2)
    backprop = TrainConfig.make({"preset": "backprop"}).network
    assert backprop.optimizers()["hidden"].model_dump() == {"learning_rate": 1e-3, "weight_decay": 0.0}


@pytest.mark.parametrize("name", sorted(presets()))
def test_yaml_round_trip(name, tmp_path):
    optimizers = [field for field in presets()[name].settings.model_fields if field.endswith("optimizer")]
    config = TrainConfig.make({"preset": name}, ["training.seed=7", f"network.{optimizers[0]}.learning_rate=0.01"])
    (tmp_path / "c.yaml").write_text(config.to_yaml(), encoding="utf-8")
    assert TrainConfig.load(tmp_path / "c.yaml") == config
    assert getattr(config.network, optimizers[0]).learning_rate == 0.01
    assert config.training.seed == 7


def test_overrides_win_over_the_file(tmp_path):
    (tmp_path / "c.yaml").write_text("preset: setup-2\nnetwork: {hidden: 30, lateral_connections: 5}\n")
    config = TrainConfig.load(tmp_path / "c.yaml", ["network.hidden=40", "data.dataset=mnist"])
    assert (config.network.hidden, config.network.lateral_connections, config.data.dataset) == (40, 5, "mnist")


@pytest.mark.parametrize("goal", ["{F}", "{F}{C}", "{F}{C} - 0.2 {F}", "{FC} + 0.1 H_res"])
def test_an_override_may_be_a_goal(goal):
    config = TrainConfig.make({"preset": "setup-1"}, [f"network.readout_goal={goal}"])
    assert config.network.readout_goal.written == goal


def test_a_saved_goal_is_kept_as_its_expression(monkeypatch, tmp_path):
    monkeypatch.setenv("INFOMORPHIC_GOALS", str(tmp_path / "goals.json"))
    save_goal("mine", "{F}{C} - 0.5 {F}{L}", "a test")
    config = TrainConfig.make({"preset": "setup-1"}, ["network.goal=saved/mine"])
    assert config.network.goal.written == "{F}{C} - 0.5 {F}{L}"


def test_a_goal_may_be_an_expression():
    config = TrainConfig.make({}, ["network.goal='{F}{C} - {F}{L}'"])
    assert config.network.goal.written == "{F}{C} - {F}{L}"


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["network.hiden=3"], r"preset setup-1 has no setting 'network.hiden'; .* Did you mean 'hidden'\?"),
        (["network.lateral_connections=3"], "preset setup-1 has no setting 'network.lateral_connections'"),
        (["trainning.epochs=3"], r"no setting 'trainning'; .* Did you mean 'training'\?"),
        (["training.epoch=3"], r"no setting 'training.epoch'; it has epochs, .* Did you mean 'epochs'\?"),
        (["network.hidden_optimizer.lr=3"], "no setting 'network.hidden_optimizer.lr'; it has learning_rate, weight_decay"),
        (["network.hidden=0"], r"`network.hidden` must be greater than or equal to 1; got 0"),
        (["training.batch_size=1"], "`training.batch_size` must be greater than or equal to 2; got 1"),
        (["training.epochs=many"], "`training.epochs` must be a valid integer.*; got 'many'"),
        (["network.hidden_optimizer.learning_rate=.nan"], "learning_rate"),
        (["preset=setup-9"], r"no preset 'setup-9'; .* Did you mean"),
        (["training"], "must be written as section.field=value; got 'training'"),
        (["preset.x=3"], "no section|no preset"),
        (["network=3"], "network"),
        (["training.device=tpu"], "training.device"),
    ],
)
def test_settings_that_do_not_exist_or_fit(overrides, message):
    with pytest.raises(ConfigurationError, match=message):
        TrainConfig.make({}, overrides)


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        ("trivariate/optimised-tpe-1", 'Did you mean "trivariate/optimized-tpe-1"'),
        ("{F}{FC}", "contains"),
        ("{F}{X}", "X"),
        ("context/heuristic", "sources F, C; these neurons have F, C, L"),
    ],
)
def test_goals_that_do_not_exist_or_fit(goal, message):
    with pytest.raises(ConfigurationError, match=message):
        TrainConfig.make({"network": {"goal": goal}})


@pytest.mark.parametrize(
    ("content", "message"),
    [("preset: [", "not valid YAML"), ("- 1", "must hold sections"), ("network: 3", "network"), ("\xff", None)],
)
def test_files_that_are_no_configuration(tmp_path, content, message):
    (tmp_path / "c.yaml").write_bytes(content.encode("latin-1"))
    with pytest.raises(ConfigurationError, match=message or "cannot be read"):
        TrainConfig.load(tmp_path / "c.yaml")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        TrainConfig.load(tmp_path / "none.yaml")


_SECTIONS = {name: setting_names(name) for name in sorted(presets())}
_NUMBERS = sorted({(name, path) for name, paths in _SECTIONS.items() for path in paths if isinstance(_default(name, path), int | float)})


@pytest.mark.parametrize(("name", "path"), [(n, p) for n, p in _NUMBERS if not p.endswith("hidden_bias")])
def test_every_number_has_bounds_on_both_sides(name, path):
    for value in (10**30, -(10**30), float("nan"), float("inf"), -float("inf"), 10**400, True, "many", [1], None):
        if value is None and path == "network.soft_epochs":
            continue
        with pytest.raises(ConfigurationError) as caught:
            TrainConfig.make({"preset": name}, given={path: value})
        assert str(caught.value).startswith(f"`{path}` must "), str(caught.value)
        assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("preset", "path", "value", "message"),
    [
        ("setup-1", "network.bins", 9223372036854775807, "must be less than or equal to 65536"),
        ("bars", "data.size", 4611686018427387904, "must be less than or equal to 1000"),
        ("memory", "network.softness", 1e-300, "from 1e-09 to 100"),
        ("memory", "network.soft_epochs", 10**9, "must be less than or equal to"),
        ("setup-1", "network.bin_range", [0, 1e-300], "must be wide enough for single precision"),
        ("setup-1", "network.bin_range", [1e8, 1e8 + 1], "must be wide enough for single precision"),
        ("setup-1", "network.bin_range", [-1e30, 1e30], "must be within"),
        ("setup-1", "network.bin_range", [1], "`network.bin_range.1` must be given"),
        ("setup-1", "network.bin_range", [True, 2], "`network.bin_range.0` must be a number; got True"),
        ("setup-1", "network.hidden_optimizer", 5, "must be a mapping from settings to values; got 5"),
        ("setup-1", "data.dataset", 5, "`data.dataset` must be a valid string; got 5"),
    ],
)
def test_values_beyond_what_can_be_computed(preset, path, value, message):
    with pytest.raises(ConfigurationError, match=message):
        TrainConfig.make({"preset": preset}, given={path: value})


@pytest.mark.parametrize(
    ("override", "meant"),
    [
        ("lr=0.1", "'network.readout_optimizer.learning_rate' or 'network.hidden_optimizer.learning_rate'"),
        ("training.lr=0.1", "'network.readout_optimizer.learning_rate' or 'network.hidden_optimizer.learning_rate'"),
        ("batch_size=3", "'training.batch_size'"),
        ("network.batch_size=3", "'training.batch_size'"),
        ("device=cuda", "'training.device'"),
    ],
)
def test_a_setting_of_another_section_is_suggested(override, meant):
    with pytest.raises(ConfigurationError, match=re.escape(f"Did you mean {meant}?")):
        TrainConfig.make({}, [override])


def test_values_are_quoted_to_a_bounded_length():
    for given in ({"preset": [["x"] * 1000] * 1000}, {"training.epochs": "9" * 10**6}, {"x" * 10**6: 1}, {"network": ["x"] * 10**6}):
        with pytest.raises(ConfigurationError) as caught:
            TrainConfig.make(given=given)
        assert len(str(caught.value)) < 1000


def test_options_are_values_and_not_text_of_yaml():
    config = TrainConfig.make({"preset": "readout"}, ["training.seed=3"], {"data.dataset": "folder:{a: b} # c", "training.epochs": 2})
    assert (config.data.dataset, config.training.epochs, config.training.seed) == ("folder:{a: b} # c", 2, 3)
    assert TrainConfig.make({}, ["data.dataset=folder:a # b"]).data.dataset == "folder:a # b"
    assert TrainConfig.make({}, ["data.dataset=folder:a: b"]).data.dataset == "folder:a: b"


def test_each_setting_is_set_once_on_a_command_line():
    check_each_once(["network.hidden=3", "training.seed=1"], ["training.epochs"])
    for overrides, given in ((["training.seed=1", "training.seed =2"], []), (["training.epochs=1"], ["training.epochs"])):
        with pytest.raises(ConfigurationError, match="must be set once"):
            check_each_once(overrides, given)
