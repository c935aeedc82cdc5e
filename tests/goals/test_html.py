"""Goals as HTML for notebooks."""

from xml.etree import ElementTree

from infomorphic.goals import Goal


def parsed(goal):
    return ElementTree.fromstring(goal._repr_html_())


def test_a_goal_is_shown_with_its_sentences_and_its_terms():
    goal = Goal.parse("-0.5 {F}{L} + {F}{C}")
    name, sentences, table, rest = parsed(goal)
    assert "".join(name.itertext()) == "-0.5 {F}{L} + {F}{C}"
    assert sentences.text == goal.describe()
    assert [[cell.text for cell in row][:2] for row in table.iter("tr")] == [["term", "weight"], ["{F}{C}", "1"], ["{F}{L}", "-0.5"]]
    assert rest.text == "and 17 terms of weight 0"


def test_a_goal_without_weights_has_no_table():
    assert [part.tag for part in parsed(Goal.parse("0 {FC}"))] == ["div"] * 3
