"""Goals in words."""

import pytest

from infomorphic.goals import Goal
from infomorphic.goals.description import leading_terms_text, rounded, terms_of_weight_zero

F_AND_C = "redundant information of the feedforward and context inputs, but not of the lateral input"
F_AND_L = "redundant information of the feedforward and lateral inputs, but not of the context input"
ALL = "redundant information of the feedforward, context and lateral inputs"
SYNERGIES = (
    "redundant information of the synergy of the feedforward and context inputs and of the synergy of the feedforward and lateral inputs"
)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("trivariate/heuristic", f"The goal rewards {F_AND_C}."),
        ("{F}{C} - {F}{L}", f"The goal rewards {F_AND_C}. It punishes {F_AND_L}."),
        ("-{F}", "The goal punishes information of the feedforward input."),
        (
            "trivariate/four-atoms",
            f"The goal rewards {F_AND_C} (weight 1), and {ALL} (0.33). It punishes {F_AND_L} (-1), and {SYNERGIES} (-1).",
        ),
        (
            "trivariate/optimized-tpe-1",
            f"The goal rewards {F_AND_C} (weight 0.98), and synergy of the feedforward and context inputs (0.97). "
            f"It punishes {F_AND_L} (-0.99), and {SYNERGIES} (-0.97). The other 15 weights are at most 0.95 in size.",
        ),
        (
            "lateral/optimized-2",
            "The goal rewards unique information of the feedforward input (weight 0.81), synergy of the feedforward and lateral inputs "
            "(0.56), and redundant information of the feedforward and lateral inputs (0.54). It punishes unique information of the "
            "lateral input (-0.41), and the part of the output's entropy that no input explains (-0.0097).",
        ),
        ("0 {FC}", "The goal rewards nothing: all weights are 0."),
    ],
)
def test_sentences(text, sentences):
    assert Goal.resolve(text).describe() == sentences


def test_the_number_of_named_terms():
    goal = Goal.parse("{F}{C} - 0.5 {F} + 0.25 {C} + 0.125 H_res")
    assert goal.describe(most=1) == (
        "The goal rewards redundant information of the feedforward and context inputs (weight 1). The other 3 weights are at most 0.5 in size."
    )
    # One term takes no more words than the sentence on the rest.
    assert goal.describe(most=3) == goal.describe(most=10)


def test_leading_terms_are_sorted_by_the_size_of_their_weights():
    assert [t.label for t in Goal.parse("0.1 {F}{C} - {F}{L} + 0.5 H_res").leading_terms()] == ["{F}{L}", "H_res", "{F}{C}"]


def test_leading_terms_as_text():
    terms = Goal.parse("0.1 {F}{C} - {F}{L} + 0.123456 H_res").leading_terms()
    assert leading_terms_text(terms, 2) == "-1 {F}{L} +0.123 H_res and 1 more"
    assert leading_terms_text(terms, 3) == "-1 {F}{L} +0.123 H_res +0.1 {F}{C}"
    assert leading_terms_text([], 3) == "all weights are 0"


@pytest.mark.parametrize(("weight", "text"), [(0.9780761, "0.98"), (-1.0, "-1"), (0.0097, "0.0097"), (1234.0, "1200"), (1e-9, "1e-09")])
def test_rounded_weights(weight, text):
    assert rounded(weight) == text


def test_terms_of_weight_zero():
    assert [terms_of_weight_zero(n, other) for n, other in ((18, True), (1, True), (5, False), (0, True))] == [
        "and 18 terms of weight 0",
        "and 1 term of weight 0",
        "5 terms of weight 0",
        "",
    ]
