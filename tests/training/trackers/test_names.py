"""Names and values for trackers."""

import pytest

from infomorphic.errors import TrackerError
from infomorphic.training.trackers.names import flat, imported, numbers, tag


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hidden.{F}{CL}", "hidden/F_CL"),
        ("hidden.{FC}{FL}{CL}", "hidden/FC_FL_CL"),
        ("readout.H_res", "readout/H_res"),
        ("validation_accuracy", "validation_accuracy"),
    ],
)
def test_tags(name, expected):
    assert tag(name) == expected


def test_different_atoms_have_different_tags():
    from infomorphic.pid.lattice import redundancy_lattice

    labels = redundancy_lattice(3).labels("FCL")
    assert len({tag(label) for label in labels}) == 18


def test_only_finite_numbers_are_numbers():
    values = {"a": 1, "b": 0.5, "c": float("nan"), "d": None, "e": "text", "f": True}
    assert numbers(values) == {"a": 1.0, "b": 0.5}


def test_sections_are_flattened():
    assert flat({"network": {"optimizer": {"rate": 1}, "hidden": 2}, "seed": None}) == {
        "network.optimizer.rate": 1,
        "network.hidden": 2,
        "seed": None,
    }


def test_a_missing_package_is_said_with_what_to_install():
    with pytest.raises(TrackerError, match=r"pip install 'infomorphic\[wandb\]'"):
        imported("a_package_that_does_not_exist", "wandb")
