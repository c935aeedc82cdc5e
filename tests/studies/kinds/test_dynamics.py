"""Dynamics: how far weights move during training."""

from infomorphic.studies.kinds import dynamics


def test_a_small_study_from_its_definition_to_its_report(check_small_study):
    check_small_study(
        "dynamics",
        ("dataset=digits", "epochs=2", "training.batch_size=512", "sizes=3,4", "seeds=0"),
        trials=4,
        figures={"self-cosine-distance"},
    )


def test_the_distance_is_that_of_the_hidden_layer():
    assert dynamics.DISTANCE.startswith("hidden.")
