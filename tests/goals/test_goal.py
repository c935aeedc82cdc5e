"""Goals: reading, writing, equality, coefficients and meanings."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infomorphic.errors import AntichainError, GoalError, InfomorphicError, UnknownAtomError, UnknownGoalError
from infomorphic.goals import RESIDUAL_ENTROPY, AtomMapping, Goal, GoalTerm, default_sources, published_goals
from infomorphic.pid.lattice import redundancy_lattice

finite = st.floats(allow_nan=False, allow_infinity=False, width=64)


@st.composite
def goals(draw: st.DrawFn) -> Goal:
    sources = draw(st.sampled_from(["F", "FC", "FL", "CL", "FCL", "FX", "FCLA"]))
    labels = redundancy_lattice(len(sources)).labels(sources)
    weights = draw(st.dictionaries(st.sampled_from(labels), finite, max_size=6))
    return Goal.from_weights(weights, draw(finite), sources)


@given(goal=goals())
def test_parse_of_str_is_the_goal(goal: Goal) -> None:
    assert Goal.parse(str(goal)) == goal
    assert hash(Goal.parse(str(goal))) == hash(goal)


@pytest.mark.parametrize("name", [goal.name for goal in published_goals()])
def test_published_goals_survive_text_and_pickle(name: str) -> None:
    goal = Goal.published(name)
    assert Goal.resolve(name) == Goal.resolve(str(goal)) == pickle.loads(pickle.dumps(goal)) == goal


def test_published_names_and_sources() -> None:
    names = {goal.name: goal.source for goal in published_goals()}
    assert "arXiv:2412.02482" in names["trivariate/optimized-tpe-1"]
    assert "arXiv:2511.02584" in names["memory/optimized-1"]
    assert Goal.published("trivariate/optimized-tpe-1").sources == "FCL"
    assert Goal.published("lateral/heuristic").sources == "FL"
    memory = Goal.published("memory/optimized-1")
    assert memory == Goal.parse("-0.27 {F} - 0.68 {C} + 0.68 {F}{C} - 0.77 {FC} - 0.8 H_res")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("0.33 {F}{C}{L} + {F}{C} - {F}{L} - {FC}{FL} + 0.1 H_res", "0.33 {F}{C}{L} + {F}{C} - {F}{L} - {FC}{FL} + 0.1 H_res"),
        ("−{L}{F}−1e-3*{CF}", "-{F}{L} - 0.001 {FC}"),
        ("  + 2*{F} {C}-.5{C, F}", "2 {F}{C} - 0.5 {FC}"),
        ("{Z}{F}", "{F}{Z}"),
        ("0 {F}", "0 {F}"),
        ("3e−2 {C}", "0.03 {C}"),
    ],
)
def test_what_is_read_and_printed(text: str, printed: str) -> None:
    assert str(Goal.parse(text)) == printed


def test_default_order_of_sources() -> None:
    assert Goal.parse("{L}{A}{C}{F}").sources == "FCLA"
    assert default_sources(4) == "FCLA"
    assert Goal.parse("{F}", sources="LCF").sources == "LCF"


def test_lookup_accepts_any_spelling() -> None:
    weights = Goal.parse("{F}{CL}").weights
    assert weights["{F}{CL}"] == weights["{LC}{F}"] == weights["{1}{23}"] == 1
    assert "{1}{2}{3}" in weights
    assert "{F}{X}" not in weights
    assert len(weights) == 18
    with pytest.raises(UnknownAtomError, match="names the source 'X'"):
        weights["{X}"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be a sum of weighted atoms"),
        ("{F} {C} {L} {", "cannot read '{'"),
        ("2 {F} 3 {C}", '"\\+" or "-" is missing before \'3 {C}\''),
        ("{F} + - {C}", "cannot read '\\+ - {C}'"),
        ("{F}{C} + {C}{F}", "appears twice"),
        ("{F} + {F}", "appears twice"),
        ("H_res + H_res", "appears twice"),
        ("H_res", "`weights` must name a source"),
        ("{1}{2}", "`weights` must name a source"),
        ("1e999 {F}", "must be a finite number"),
        ("nan {F}", "cannot read 'nan {F}'"),
        ("inf {F}", "cannot read 'inf {F}'"),
        ("1" * 400 + "{F}", "must be a finite number; '1111"),
        ("1e-400 {F}", "must be a finite number; '1e-400' is too large or too small"),
        ("1٣ {F}", "cannot read"),
        ("H_residual", "cannot read"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(GoalError, match=message):
        Goal.parse(text)


def test_other_refusals() -> None:
    with pytest.raises(AntichainError, match="contains"):
        Goal.parse("{F}{FC}")
    with pytest.raises(AntichainError, match="names the source 'L'"):
        Goal.parse("{F}{L}", sources="FC")
    with pytest.raises(UnknownGoalError, match='Did you mean "trivariate/optimized-tpe-1"'):
        Goal.resolve("trivariate/optimised-tpe-1")
    with pytest.raises(GoalError, match="`sources` must be one distinct letter per source"):
        Goal.parse("{F}", sources="FF")
    with pytest.raises(GoalError, match="given once"):
        Goal.from_weights({"{F}": 1, "H_res": 1}, residual_entropy=1)
    with pytest.raises(GoalError, match="finite number"):
        Goal.from_weights({"{F}": float("nan")})


@given(goal=goals())
def test_redundancy_coefficients_are_the_folded_inversion(goal: Goal) -> None:
    mobius = redundancy_lattice(len(goal.sources)).mobius.dense
    gamma = np.array(list(goal.weights.values()))
    if np.abs(gamma).max() > 1e100:
        return
    expected = mobius.T @ gamma
    expected[-1] -= goal.residual_entropy
    scale = max(1.0, np.abs(gamma).max(), abs(goal.residual_entropy))
    np.testing.assert_allclose(goal.redundancy_coefficients() / scale, expected / scale, atol=1e-12)


def test_one_atom_needs_few_redundancies() -> None:
    assert np.count_nonzero(Goal.parse("{F}{C}", sources="FCL").redundancy_coefficients()) == 2


def test_five_sources() -> None:
    goal = Goal.parse("{A}{B}{C}{D}{E} - 2 {ABCDE}")
    assert len(goal.weights) == 7579
    assert Goal.parse(str(goal)) == goal


def test_meanings() -> None:
    described = {d.label: d for d in Goal.parse("{F}{C} - {L} + 0.5 H_res").terms()}
    assert len(described) == 19
    both = "redundant information of the feedforward and context inputs, but not of the lateral input"
    assert described["{F}{C}"] == GoalTerm("{F}{C}", 1.0, both, both)
    assert described["{L}"].weight == -1
    assert described["{L}"].phrase == "unique information of the lateral input"
    assert described["{L}"].meaning == "unique information of the lateral input: no other input provides it"
    assert described["{F}{C}{L}"].meaning == "redundant information of the feedforward, context and lateral inputs"
    assert described["{FCL}"].meaning == (
        "synergy of the feedforward, context and lateral inputs: information that only all of them together provide"
    )
    assert described["{FC}{FL}"].meaning == (
        "redundant information of the synergy of the feedforward and context inputs and of the synergy of the feedforward and lateral inputs"
    )
    assert described[RESIDUAL_ENTROPY].weight == 0.5
    assert len({d.meaning for d in Goal.parse("0 {ABCD}").terms()}) == 167
    assert Goal.parse("{F}").terms()[0].meaning == "information of the feedforward input"


def test_a_goal_that_is_one_already_is_taken_if_it_has_these_sources() -> None:
    goal = Goal.parse("{F}{C}", "FC")
    assert Goal.resolve(goal) is Goal.resolve(goal, "FC") is goal
    with pytest.raises(GoalError, match="for neurons with the sources F, C, L must be text or a `Goal` with these sources"):
        Goal.resolve(goal, "FCL")
    with pytest.raises(GoalError, match=r"a goal must be text or a `Goal`; got 3\.5"):
        Goal.resolve(3.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "{F} + " * 100_000 + "{F}",
        " + ".join(f"{k} {{F}}{' ' * k}{{C}}" for k in range(3000)),
        "{" * 500_000,
        "{" * 100_000 + "F" + "}" * 100_000,
        "1" * 900_000 + " F",
        " " * 900_000 + "F",
        "{" + "F," * 100_000 + "}",
        "{F}" * 100_000,
        "{F}{C} + " + "{A}{B}" * 1000,
        "{ABCDEFGHIJ}",
        "{F} " * 1_000_000,
        "x" * 2_000_000,
        "H_res" + "_" * 100_000,
        "saved/" + "x" * 100_000,
    ],
    ids=lambda text: f"{text[:8]} {len(text)}",
)
def test_huge_expressions_are_refused_in_one_bounded_sentence(text: str) -> None:
    with pytest.raises(InfomorphicError) as caught:
        Goal.resolve(text)
    assert len(str(caught.value)) < 600
    assert "\n" not in str(caught.value)


def test_the_longest_goal_can_be_read() -> None:
    labels = redundancy_lattice(5).labels("FCLAB")
    goal = Goal.from_weights({label: -0.12345678901234567e-9 * (k + 1) for k, label in enumerate(labels)}, sources="FCLAB")
    assert Goal.parse(str(goal)) == goal


def test_weights_that_cannot_be_trained_with() -> None:
    Goal.parse("1e6 {F}").check_trainable()
    for text in ("1e300 {F} - 1e300 {C}", "{F} + 2e6 H_res"):
        with pytest.raises(GoalError, match=r"to train with must be between -1e\+06 and 1e\+06; got 1e\+300 for {F}|2e\+06 for H_res"):
            Goal.parse(text).check_trainable()


def test_the_order_of_sources_is_no_part_of_what_a_goal_means() -> None:
    goal = Goal.parse("{F} - 0.5 {FC} + 0.1 H_res", sources="CF")
    assert Goal.resolve(goal, "FC") == Goal.parse(str(goal), "FC") == goal.in_order("FC")
    assert goal.in_order("FC").weights["{F}"] == 1
    assert goal.in_order("CF") is goal
    assert Goal.resolve("context/optimized-1", "CF").weights["{F}"] == Goal.published("context/optimized-1").weights["{F}"]
    with pytest.raises(GoalError, match="must be the sources of the goal, C, F, in any order; got F, L"):
        goal.in_order("FL")


def test_repr_is_an_expression() -> None:
    goal = Goal.parse("{F}{C} - {F}{L}")
    assert repr(goal) == "Goal.parse('{F}{C} - {F}{L}', sources='FCL')"
    assert eval(repr(goal)) == goal


def test_meanings_name_the_sources_that_an_atom_excludes() -> None:
    meanings = {d.label: d.meaning for d in Goal.parse("0 {FCLA}").terms()}
    assert meanings["{F}{C}"] == "redundant information of the feedforward and context inputs, but not of the lateral and A inputs"
    assert meanings["{F}{CL}"].endswith("of the synergy of the context and lateral inputs, but not of the A input")
    assert "but not" not in meanings["{F}{C}{L}{A}"] + meanings["{F}"] + meanings["{FC}"]
    assert "but not" not in "".join(d.meaning for d in Goal.parse("{F}{C}").terms())


def test_the_value_of_a_goal_from_its_terms():
    goal = Goal.parse("{F}{C} - 0.5 {FC} + 2 H_res")
    terms = AtomMapping("FC", [1.0, 10.0, 100.0, 8.0], {"H_res": 1000.0})
    assert goal.value(terms) == 1 - 0.5 * 8 + 2 * 1000
    assert goal.value({label: np.full(3, value) for label, value in terms.items()}).tolist() == [1997.0] * 3
