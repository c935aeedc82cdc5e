"""Goal transfer: goals on other data sets."""

from infomorphic.studies import published_networks
from infomorphic.studies.kinds import goal_transfer


def test_a_small_study_from_its_definition_to_its_report(check_small_study):
    check_small_study(
        "goal-transfer",
        ("datasets=digits", "epochs=1", "hidden=3", "training.batch_size=512", "seeds=0"),
        trials=4,
        figures={"goal-transfer"},
    )


def test_the_models_with_published_results_are_trained():
    assert all(m in goal_transfer.Settings().models for m, _ in published_networks.TRANSFER)
