"""The terms of a goal as steps that add up to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infomorphic.reports.waterfall import UNITS_PER_BIT, waterfall

BITS = st.floats(-3, 3)


def test_the_largest_terms_come_first_and_the_rest_is_one_step():
    found = waterfall({"{F}": 0.01, "{C}": -0.3, "{F}{C}": 0.5, "{FC}": 0.02}, most=2)
    assert found == {"terms": [["{F}{C}", 5000], ["{C}", -3000]], "others": 2, "rest": 300, "goal": 2300}


def test_a_single_term_is_not_the_rest():
    found = waterfall({"{F}": 0.5, "{C}": 0.25, "{FC}": 0.125}, most=2)
    assert found == {"terms": [["{F}", 5000], ["{C}", 2500], ["{FC}", 1250]], "others": 0, "rest": 0, "goal": 8750}


@given(st.dictionaries(st.text("FCL{}", min_size=1, max_size=6), BITS, min_size=1, max_size=19))
def test_steps_add_up_exactly_and_each_is_right_to_one_unit(contributions):
    found = waterfall(contributions)
    assert sum(step for _, step in found["terms"]) + found["rest"] == found["goal"]
    assert found["goal"] == pytest.approx(UNITS_PER_BIT * sum(contributions.values()), abs=0.51)
    assert all(abs(step - UNITS_PER_BIT * contributions[label]) <= 1.01 for label, step in found["terms"])
    assert len(found["terms"]) + found["others"] == len(contributions)
