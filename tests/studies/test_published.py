"""Published tables, beside which reports put results."""

from infomorphic.studies.published import published


def test_published_tables():
    sizes, single = published("error_by_size"), published("ablation")
    assert set(sizes["split"]) == {"test", "train"}
    assert len(single) == 19
    assert single["median_validation_accuracy"].is_monotonic_decreasing
