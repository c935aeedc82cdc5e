"""Capacity of memories, beside the published one and over sizes."""

import pandas as pd
import pytest

from infomorphic.errors import StudyError
from infomorphic.studies.engine.kind import kind
from infomorphic.studies.engine.report import Report
from infomorphic.studies.task_kinds import capacity


def test_a_small_study_from_its_definition_to_its_report(check_small_study):
    check_small_study(
        "capacity",
        ("methods=hebb,{F}{C}", "neurons=20", "loads=0.05,0.1", "seeds=0,1", "epochs=60"),
        trials=8,
        figures={"capacity", "basin", "information-hebb"},
    )


def test_the_published_size():
    # Six other rules and four goals at forty loads with five seeds.
    assert len(capacity.space(capacity.Settings()).cells) == 10 * 40 * 5


def test_capacity_is_of_memories_alone():
    with pytest.raises(StudyError, match=r"no setting 'training.batch_size'; it does not train networks on images"):
        kind("capacity").make_settings(["training.batch_size=3"])
    with pytest.raises(StudyError, match=r"must name hebb, .* or a goal"):
        kind("capacity").make_settings(["methods=hebbian"])
    # At 20 neurons a load of 0.02 is less than half a pattern.
    space = kind("capacity").space(kind("capacity").make_settings(["neurons=20,100", "loads=0.02", "methods=hebb", "seeds=0"]))
    assert [cell["neurons"] for cell in space.cells] == [100]


def test_capacity_beside_the_published_one_and_over_sizes():
    def reported(*assignments, neurons=(100,)):
        cells = [(m, n, load, s) for m in ("hebb", "storkey") for n in neurons for load in (0.1, 0.2) for s in (0, 1)]
        rows = pd.DataFrame(cells, columns=["method", "neurons", "load", "seed"]).assign(
            correlation=0.0, score=lambda t: 1.1 - t["load"], basin=0.1, **dict.fromkeys(capacity._ATOMS, 0.5)
        )
        found = Report("memories")
        capacity.report(kind("capacity").make_settings(list(assignments)), rows, found)
        return found

    one = reported()
    assert "| hebb | 100 | 0 | 2 | 0.1 | 0.14 |\n| storkey | 100 | 0 | 2 | 0.1 |  |" in "\n".join(one.paragraphs)
    assert set(one.figures) == {"capacity", "basin", "information-hebb", "information-storkey"}
    # Published for this external weight alone.
    assert "| hebb | 100 | 0 | 2 | 0.1 |  |" in "\n".join(reported("external_weight=3").paragraphs)
    several = reported(neurons=(50, 100))
    assert {"capacity-hebb", "capacity-storkey", "capacity-50-0", "capacity-100-0"} <= set(several.figures)
    assert [line.get_label() for line in several.figures["capacity-hebb"].axes[0].lines][:2] == ["50 neurons", "100 neurons"]
