"""In which epochs neurons are recorded."""

from infomorphic.training.epoch_records import is_recorded


def test_the_first_epochs_and_then_every_fifth():
    assert [e for e in range(32) if is_recorded(e)] == [*range(1, 11), 15, 20, 25, 30]
