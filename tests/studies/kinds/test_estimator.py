"""Estimator: the bias of terms over bins and batch sizes."""

from infomorphic.studies import Study, embedded, table, work
from infomorphic.studies.kinds import estimator
from studies.kinds.tiny import TINY


def test_a_small_study_from_its_definition_to_its_report(check_small_study):
    check_small_study(
        "estimator",
        ("dataset=digits", "epochs=1", "hidden=3", "bins=4,6", "batch_sizes=256,512", "presentations=1,2", "seeds=0", "repeats=2"),
        trials=8,
        figures={"estimator"},
    )


def test_biases_and_large_batches_have_names_of_their_own():
    assert estimator.BIAS != estimator.LARGE


def test_the_bias_of_a_batch_that_is_the_large_batch_is_small(memory_path):
    # With all training images in every batch only the sampling of outputs differs.
    same = (*TINY, "hidden=3", "bins=4", "presentations=2", "seeds=0", "repeats=4")
    found = []
    for name, batch in (("small", 64), ("large", 1150)):
        study = Study.create(name, "estimator", [*same, f"batch_sizes={batch}"], url=embedded(memory_path))
        work(study)
        found.append(table(study)["absolute_bias"].iloc[0])
    assert found[1] < 0.3 * found[0]
