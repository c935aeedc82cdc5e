"""Sensitivity: goals with a changed weight."""

import pytest

from infomorphic.errors import StudyError
from infomorphic.studies.kinds import sensitivity
from studies.kinds.tiny import GOAL, TINY


def test_a_small_study_from_its_definition_to_its_report(check_small_study):
    check_small_study("sensitivity", (*TINY, "hidden=3", f"goal={GOAL}", "seeds=0"), trials=9, figures={"sensitivity"})


def test_the_published_size():
    # Four changes of each weight.
    assert len(sensitivity.space(sensitivity.Settings()).cells) == 10 * (1 + 19 * 4)


def test_changed_weights():
    assert sensitivity.changed(-0.5, "+10%") == pytest.approx(-0.55)
    assert sensitivity.changed(-0.5, "-0.1") == pytest.approx(-0.6)
    with pytest.raises(StudyError, match=r"like \+10% or -0\.1"):
        sensitivity.changed(1.0, "twice")
