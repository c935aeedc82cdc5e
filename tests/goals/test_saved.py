"""Goals saved under a name: where they are, and what happens to damaged files."""

import json
import os
import subprocess
import sys

import pytest

from infomorphic.errors import GoalError, InfomorphicError, UnknownGoalError
from infomorphic.goals import Goal
from infomorphic.goals.saved import delete_goal, find_goal, save_goal, saved_goals
from shape_checking import wrong_on_purpose


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("INFOMORPHIC_GOALS", str(tmp_path / "deep" / "goals.json"))
    return tmp_path / "deep" / "goals.json"


def test_saved_goals_are_goals():
    assert saved_goals() == []
    assert save_goal("b", "{F}{C} - 0.5 {F}", "a test") == "saved/b"
    assert save_goal("saved/a", "{F}", "another") == "saved/a"
    assert [(g.name, g.source) for g in saved_goals()] == [("saved/a", "another"), ("saved/b", "a test")]
    assert find_goal("saved/b") == Goal.parse("{F}{C} - 0.5 {F}")


def test_a_name_never_changes_its_meaning():
    save_goal("a", "{F}", "x")
    save_goal("a", "{F}", "said again")
    with pytest.raises(GoalError, match=r"saved/a is already another goal: \{F\}\. Choose another name"):
        save_goal("a", "{C}", "y")
    assert find_goal("saved/a") == Goal.parse("{F}")


@pytest.mark.parametrize(
    "name", ["", "a b", "../a", "-a", "a/b", "[bold]", "it's", '"', "a\n", "saved/", "saved/saved/a", "x" * 101, "x" * 100_000]
)
def test_names(name):
    with pytest.raises(GoalError, match="the name of a goal must be at most 100 letters"):
        save_goal(name, "{F}", "x")


def test_what_was_not_saved():
    with pytest.raises(UnknownGoalError, match="no goal is saved as 'saved/a'; no goal is saved yet"):
        find_goal("saved/a")
    save_goal("b", "{F}", "x")
    with pytest.raises(UnknownGoalError, match="there are saved/b"):
        find_goal("saved/a")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "Expecting property name"),
        (b"", "it is empty"),
        (b'["a"]', "it must map names to goals; it is a list"),
        (b"null", "it is a NoneType"),
        (b'{"a": {}}', "a must have a `goal` and a `source`, which are text"),
        (b'{"a": "{F}"}', "a must have a `goal`"),
        (b'{"a": {"goal": 1, "source": "x"}}', "a must have a `goal`"),
        (b'{"a": {"goal": "{F}", "source": []}}', "a must have a `goal`"),
        (b'{"a": {"goal": "{F}{FC}", "source": "x"}}', "is not an antichain"),
        (b'{"a": {"goal": "1e999 {F}", "source": "x"}}', "must be a finite number"),
        (b'{"a": {"goal": "{F}", "source": "x", "sources": "FF"}}', "`sources` must be one distinct letter"),
        (b'{"a": {"goal": "{F}", "source": "x", "sources": 3}}', "the `sources` of a must be text"),
        (b'{"a": {"goal": "{F}", "source": "x", "sources": "CL"}}', "names the source 'F'"),
        (b'{"a": {"goal": "{ABCDEF}", "source": "x"}}', "the number of sources must be between 1 and 5"),
        (b'{"[/s]": {"goal": "{F}", "source": "x"}}', r"'\[/s\]' is not the name of a goal"),
        (b'{"a": {"goal": "{F}", "source": "x"}, "a": {"goal": "{C}", "source": "x"}}', "it has 'a' twice"),
        (b'{"a": ' + b"[" * 200_000, "recursion"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "Exceeds the limit"),
        (b'{"a": "\xff"}', "'utf-8' codec"),
        (b'{"' + b"x" * 100_000 + b'": 1}', "is not the name of a goal"),
        (b" " * 11_000_000, "11000000 bytes"),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else None,
)
def test_a_damaged_file(file, content, why):
    file.parent.mkdir()
    file.write_bytes(content)
    for use in (saved_goals, lambda: find_goal("saved/a"), lambda: save_goal("b", "{F}", "x"), lambda: delete_goal("a")):
        with pytest.raises(GoalError, match=rf"(?s)goals\.json cannot be read.*{why}.*Repair the file, or move it away") as caught:
            use()
        assert len(str(caught.value)) < 700
    assert file.read_bytes() == content
    assert Goal.resolve("trivariate/heuristic").sources == "FCL"


def test_a_folder_is_no_file(file):
    file.mkdir(parents=True)
    with pytest.raises(GoalError, match="it is not a file"):
        saved_goals()


def test_a_place_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("INFOMORPHIC_GOALS", str(tmp_path / "taken" / "goals.json"))
    with pytest.raises(InfomorphicError, match=r"cannot be (changed|written|read)"):
        save_goal("a", "{F}", "x")


def test_no_home(monkeypatch):
    monkeypatch.delenv("INFOMORPHIC_GOALS")
    monkeypatch.setenv("INFOMORPHIC_GOALS", "~nobody-of-this-name/goals.json")
    with pytest.raises(GoalError, match=r"home folder for saved goals cannot be found\. Set INFOMORPHIC_GOALS"):
        saved_goals()


def test_saved_goals_keep_their_sources(file):
    save_goal("a", Goal.parse("{F}{C}", "FCL"), "x")
    save_goal("b", Goal.parse("{F} - {C}", "CF"), "x")
    assert json.loads(file.read_text())["a"]["sources"] == "FCL"
    assert find_goal("saved/a") == Goal.parse("{F}{C}", "FCL")
    with pytest.raises(GoalError, match="the goal saved/a has the sources F, C, L; these neurons have F, C"):
        find_goal("saved/a", "FC")
    assert find_goal("saved/b") == Goal.parse("{F} - {C}", "CF")
    assert find_goal("saved/b", "FC").weights["{F}"] == 1


def test_the_same_expression_of_other_sources_is_another_goal():
    save_goal("a", Goal.parse("{F}{C}", "FC"), "x")
    with pytest.raises(GoalError, match="already another goal"):
        save_goal("a", Goal.parse("{F}{C}", "FCL"), "x")


@wrong_on_purpose
@pytest.mark.parametrize("goal", ["", "H_res", "{F}{FC}", "none/such", "{F", 3])
def test_only_goals_are_saved(file, goal):
    with pytest.raises(InfomorphicError):
        save_goal("a", goal, "x")
    assert not file.exists()


def test_sources_are_text_of_users(file):
    save_goal("a", "{F}", "[/bold] \udcff <b> \u2229")
    assert saved_goals()[0].source == "[/bold] ? <b> \u2229"


def test_deletion():
    save_goal("a", "{F}", "x")
    save_goal("b", "{F}", "x")
    assert delete_goal("saved/a").goal == "{F}"
    assert [g.name for g in saved_goals()] == ["saved/b"]
    with pytest.raises(UnknownGoalError, match="no goal is saved as 'a'; there are saved/b"):
        delete_goal("a")
    save_goal("a", "{C}", "x")


def test_what_several_processes_save_at_once_is_all_kept(file):
    code = "import sys; from infomorphic.goals.saved import save_goal\nfor k in range(8): save_goal(f'{sys.argv[1]}-{k}', '{F}', 'x')"
    others = [subprocess.Popen([sys.executable, "-c", code, f"p{i}"], env=dict(os.environ)) for i in range(4)]
    assert [p.wait() for p in others] == [0] * 4
    assert len(saved_goals()) == 32
