import pytest

from infomorphic.errors import GoalError, UnknownGoalError
from infomorphic.goals import Goal
from infomorphic.goals.saved import save_goal, saved_goals


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setenv("INFOMORPHIC_GOALS", str(tmp_path / "deep" / "goals.json"))
    return tmp_path / "deep" / "goals.json"


def test_saved_goals_are_goals():
    assert saved_goals() == []
    assert save_goal("b", "{F}{C} - 0.5 {F}", "a test") == "saved/b"
    assert save_goal("saved/a", "{F}", "another") == "saved/a"
    assert [(g.name, g.source) for g in saved_goals()] == [("saved/a", "another"), ("saved/b", "a test")]
    assert Goal.resolve("saved/b") == Goal.parse("{F}{C} - 0.5 {F}")


def test_a_name_never_changes_its_meaning():
    save_goal("a", "{F}", "x")
    save_goal("a", "{F}", "said again")
    with pytest.raises(GoalError, match=r"saved/a is another goal already: \{F\}\. Choose another name"):
        save_goal("a", "{C}", "y")
    assert Goal.resolve("saved/a") == Goal.parse("{F}")


@pytest.mark.parametrize("name", ["", "a b", "../a", "-a"])
def test_names(name):
    with pytest.raises(GoalError, match="the name of a goal must have letters"):
        save_goal(name, "{F}", "x")


def test_what_was_not_saved():
    with pytest.raises(UnknownGoalError, match="no goal was saved as 'saved/a'; none was saved yet"):
        Goal.resolve("saved/a")
    save_goal("b", "{F}", "x")
    with pytest.raises(UnknownGoalError, match="there are saved/b"):
        Goal.resolve("saved/a")


def test_a_damaged_file(file):
    file.parent.mkdir()
    file.write_text("{")
    with pytest.raises(GoalError, match=r"goals\.json cannot be read"):
        saved_goals()
