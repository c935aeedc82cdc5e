import pytest

from infomorphic.errors import ConfigurationError
from infomorphic.goals.saved import save_goal
from infomorphic.networks.presets import presets
from infomorphic.training import TrainConfig


def test_defaults_are_the_published_values():
    config = TrainConfig.make()
    assert config.preset == "setup-1"
    assert config.network.model_dump() == {
        "readout_optimizer": {"learning_rate": 3e-3, "weight_decay": 1.5e-4},
        "readout_goal": "readout/heuristic",
        "readout_bins": 20,
        "hidden": 100,
        "bins": 20,
        "bin_range": (-20.0, 20.0),
        "presentations": 2,
        "hidden_bias": True,
        "hidden_optimizer": {"learning_rate": 2e-3, "weight_decay": 3.5e-4},
        "goal": "trivariate/optimized-tpe-1",
    }
    assert (config.training.epochs, config.training.batch_size, config.data.validation_fraction) == (100, 1024, 0.2)
    backprop = TrainConfig.make({"preset": "backprop"}).network
    assert backprop.optimizers()["hidden"].model_dump() == {"learning_rate": 1e-3, "weight_decay": 0.0}


@pytest.mark.parametrize("name", sorted(presets()))
def test_yaml_round_trip(name, tmp_path):
    optimizers = [field for field in presets()[name].module.Settings.model_fields if field.endswith("optimizer")]
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
    assert config.network.readout_goal == goal


def test_a_saved_goal_is_kept_as_its_expression(monkeypatch, tmp_path):
    monkeypatch.setenv("INFOMORPHIC_GOALS", str(tmp_path / "goals.json"))
    save_goal("mine", "{F}{C} - 0.5 {F}{L}", "a test")
    config = TrainConfig.make({"preset": "setup-1"}, ["network.goal=saved/mine"])
    assert config.network.goal == "{F}{C} - 0.5 {F}{L}"


def test_a_goal_may_be_an_expression():
    config = TrainConfig.make({}, ["network.goal='{F}{C} - {F}{L}'"])
    assert config.network.goal == "{F}{C} - {F}{L}"


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
