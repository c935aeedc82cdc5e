"""The information diagram as a template that a page fills."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from infomorphic.errors import TooManySourcesError
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.plots.diagram_geometry import RIM, diagram_geometry
from infomorphic.reports.diagram import diagram_template


@pytest.mark.parametrize("sources", ["F", "FC", "FCL"])
def test_every_atom_has_a_region_and_a_place_for_its_value(sources):
    svg = ET.fromstring(diagram_template(sources))
    labels = {*redundancy_lattice(len(sources)).labels(sources), "H_res"}
    assert {e.get("data-atom") for e in svg.iter() if e.get("data-atom")} == labels
    values = [e.get("data-value") for e in svg.iter() if e.get("data-value")]
    assert sorted(values) == sorted(labels)


def test_shapes_are_painted_from_the_top_of_the_lattice_down():
    """So that no region is covered by one that belongs above it: the redundancy of all sources comes last."""
    svg = ET.fromstring(diagram_template("FCL"))
    painted = [e.get("data-atom") for e in svg.iter() if e.get("data-atom")]
    assert painted[:2] == ["H_res", "{FCL}"]
    assert painted[-1] == "{F}{C}{L}"


def test_values_stand_in_their_regions():
    lattice, geometry = redundancy_lattice(3), diagram_geometry(3)
    upset = dict(zip(lattice.labels("FCL"), lattice.upsets, strict=True))
    for e in ET.fromstring(diagram_template("FCL")).iter("tspan"):
        label = e.get("data-value")
        if label in upset:
            x, y = float(e.get("x")), -float(e.get("y"))
            assert geometry.upset_at(np.array([x]), np.array([y + 0.01])) == upset[label], label
            assert x**2 + y**2 < RIM**2


def test_more_than_three_sources_have_no_diagram():
    with pytest.raises(TooManySourcesError):
        diagram_template("FCLM")
