"""The gallery of goals: every entry is complete, and every number is that of its source."""

import csv
import json
import re
from importlib.resources import files
from pathlib import Path
from statistics import fmean, median

import pytest

from infomorphic.errors import UnknownGoalError
from infomorphic.goals import Goal, gallery_goals, published_goals, quantities
from infomorphic.goals.gallery import CONTRIBUTED, MeasuredResult, PublishedResult, contributed_goal
from infomorphic.goals.saved import find_goal, without_own_name
from infomorphic.studies.published import published
from infomorphic.training import preset

ROOT = Path(__file__).parents[2]
CARDS = {card.name: card for card in gallery_goals()}
CONTRIBUTED_NAMES = [name for name in CARDS if name.startswith(CONTRIBUTED)]


def test_every_published_goal_is_in_the_gallery():
    assert [name for name in CARDS if name not in CONTRIBUTED_NAMES] == [g.name for g in published_goals()]
    assert CARDS["trivariate/four-atoms"].goal == Goal.published("trivariate/four-atoms")
    assert CARDS["trivariate/four-atoms"].goal.written == "trivariate/four-atoms"


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_entries_are_complete(card):
    assert preset(card.preset).name == card.preset
    assert card.quantity in quantities()
    assert (card.by is None) == (card.name not in CONTRIBUTED_NAMES)


@pytest.mark.parametrize("name", CONTRIBUTED_NAMES)
def test_contributed_goals_follow_the_format(name):
    entry = json.loads((files("infomorphic.goals") / "gallery.json").read_text(encoding="utf-8"))["contributed"][
        name.removeprefix(CONTRIBUTED)
    ]
    assert set(entry) - {"measured", "published"} == {"goal", "sources", "by", "about", "source", "preset", "quantity"}
    assert re.fullmatch(r"contributed/[a-z0-9]+(-[a-z0-9]+)*", name)
    card = CARDS[name]
    card.goal.check_trainable()
    assert card.goal.leading_terms()
    assert re.fullmatch(r"[A-Z].{9,199}\.", card.about)
    assert card.by
    assert card.source.startswith(("https://", "arXiv:", "doi:")) or (ROOT / card.source).is_file()
    same = [other.name for other in CARDS.values() if other.goal == card.goal]
    assert same == [name]


@pytest.mark.parametrize("card", [c for c in CARDS.values() if c.measured], ids=lambda card: card.name)
def test_measured_results_are_those_of_the_file(card):
    measured = card.measured
    with (ROOT / measured.file).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    first = next(row for row in rows if measured.command in (row.get("command"), row.get("study")))
    if card.quantity == "memory":
        rows = [row for row in rows if row["method"] == first["method"] and row["neurons"] == "100"]
        assert first["method"].partition(",")[0] == card.name
        scores: dict[float, list[float]] = {}
        for row in rows:
            scores.setdefault(float(row["load"]), []).append(float(row["score"]))
        assert max(load for load, values in scores.items() if fmean(values) >= 0.95) == measured.value
        rows = [row for row in rows if float(row["load"]) == measured.value]
    else:
        names = {card.name, str(card.goal), card.goal.written, f"{card.preset}:{card.name}"}
        rows = [
            row
            for row in rows
            if row.get("goal", row.get("model")) in names
            and (row.get("preset") or card.preset) == card.preset
            and (row.get("hidden") or row.get("size")) == ("0" if card.quantity == "readout" else "100")
        ]
        assert round(median(float(row["test_accuracy"]) for row in rows), 5) == measured.value
    assert first in rows or "study" in first
    assert (measured.runs, measured.commit) == (len(rows), ", ".join(sorted({row["commit"] for row in rows})))


def test_published_results_are_those_of_the_published_tables():
    sizes = published("error_by_size").query("hidden_neurons == 100 and split == 'test'").set_index("model")
    curves = {
        "trivariate/optimized-tpe-1": "trivariate-dense",
        "trivariate/heuristic": "trivariate-heuristic",
        "context/heuristic": "context-heuristic",
        "context/optimized-2": "context-optimized",
        "lateral/heuristic": "lateral-heuristic",
        "lateral/optimized-2": "lateral-optimized",
    }
    for name, model in curves.items():
        given = CARDS[name].published
        assert given is not None
        error = sizes.loc[model]
        assert given.value == round(1 - error["median_error"], 4)
        assert given.range == (round(1 - error["max_error"], 4), round(1 - error["min_error"], 4))
    memories = {row["method"]: row["capacity"] for row in published("memory_capacity").to_dict("records") if row["method"] in CARDS}
    assert {name: card.published and card.published.value for name, card in CARDS.items() if card.quantity == "memory"} == memories
    others = {name for name, card in CARDS.items() if card.published and card.quantity != "memory"} - set(curves)
    assert others == {"trivariate/optimized-cifar10", "readout/heuristic"}


def test_results_as_text():
    accuracy, capacity = CARDS["readout/heuristic"], CARDS["memory/redundancy"]
    assert accuracy.shown(PublishedResult(0.9185, "a paper")) == "91.9 %"
    assert capacity.shown(MeasuredResult(1.6, 20, "a file", "a command", "a commit")) == "1.60"
    assert capacity.shown(None) == "–"


def test_contributed_goals_are_found_where_users_name_them():
    goal = Goal.parse("{F}{C} - {F}{L}")
    assert contributed_goal("contributed/avoid-neighbors") == find_goal("contributed/avoid-neighbors", "FCL") == goal
    assert without_own_name("contributed/avoid-neighbors") == "{F}{C} - {F}{L}"
    with pytest.raises(UnknownGoalError, match=r"^a contributed goal must be one of .*; got 'contributed/avoid'\. Did you mean"):
        find_goal("contributed/avoid")
