"""A neuron in words: every form of every clause."""

import pytest

from infomorphic.analysis import description
from infomorphic.analysis.lesions import Loss

DIGITS = [str(c) for c in range(10)]
PETS = ["cat", "dog", "hen"]


@pytest.mark.parametrize(
    ("preferred", "avoided", "text"),
    [
        ([], [], "it does not distinguish classes"),
        ([1, 7], [0, 2, 3, 4, 5], "it fires most for 1, 7"),
        ([0, 1, 3, 4, 5, 8, 9], [2, 6, 7], "it fires for all classes except 2, 6, 7"),
        ([0, 1, 3, 4, 5, 8], [2, 6, 7], "it fires least for 2, 6, 7"),
        ([0, 1, 3, 4], [2, 6, 7], "it fires for 0, 1, 3, 4 rather than for 2, 6, 7"),
    ],
)
def test_response(preferred, avoided, text):
    assert description.response(preferred, avoided, DIGITS) == text


@pytest.mark.parametrize(
    ("weights", "text"),
    [
        ([0.0, 0.0, 0.0], "the readout ignores it"),
        ([0.2, -1.0, 0.6], "the readout takes its firing as evidence for hen and against dog"),
        ([0.2, -1.0, 0.4], "the readout takes its firing as evidence against dog"),
        ([1.0, 0.5, 0.4], "the readout takes its firing as evidence for cat, dog"),
    ],
)
def test_evidence(weights, text):
    assert description.evidence(weights, PETS) == text


@pytest.mark.parametrize(
    ("goal", "contributions", "text"),
    [
        (0.039, {"{F}{L}": -0.0301, "{F}{C}{L}": 0.0264}, "its goal of 0.039 bits gains most from {F}{C}{L} (+0.026) and loses most to {F}{L} (−0.030)"),
        (-0.01, {"H_res": -0.01, "{F}": 0.0004}, "its goal of −0.010 bits loses most to the residual entropy (−0.010)"),
        (0.5, {"{F}{C}": 0.5}, "its goal of 0.500 bits gains most from {F}{C} (+0.500)"),
        (-0.0001, {"{F}{C}": -0.0001}, "its goal of 0.000 bits has only terms below 0.001 bits"),
    ],
)  # fmt: skip
def test_earnings(goal, contributions, text):
    assert description.earnings(goal, contributions) == text


@pytest.mark.parametrize(
    ("twin", "followers", "text"),
    [
        (2, [], "it is redundant with neuron 2 (r = −0.95)"),
        (None, [3], "neuron 3 is redundant with it (r = 0.91)"),
        (None, [2, 3], "neurons 2, 3 are redundant with it"),
        (None, [], "no other neuron is redundant with it (most similar: 1, r = 0.39)"),
    ],
)
def test_similarity(twin, followers, text):
    assert description.similarity(twin, followers, 1, [1.0, 0.386, -0.95, 0.91]) == text


@pytest.mark.parametrize(
    ("wrong", "right", "clause", "sentences"),
    [
        ((0, 0, 0), (0, 0, 0), "without it, no prediction changes", "Without it, the prediction changes for none of 400 images."),
        (
            (3, 0, 1),
            (1, 0, 1),
            "without it, accuracy changes by no more than chance",
            "Without it, the prediction changes for 6 of 400 images: 4 become wrong, 2 right. This is within chance (sign test, p = 0.69). "
            "The classes that lose most: cat (3 wrong, 1 right).",
        ),
        (
            (2, 9, 12),
            (1, 0, 0),
            "without it, accuracy falls by 5.50 points, most for hen, dog",
            "Without it, the prediction changes for 24 of 400 images: 23 become wrong, 1 right. "
            "The classes that lose most: hen (12 wrong, 0 right), dog (9 wrong, 0 right).",
        ),
        (
            (0, 0, 0),
            (4, 4, 0),
            "without it, accuracy rises by 2.00 points",
            "Without it, the prediction changes for 8 of 400 images: 0 become wrong, 8 right.",
        ),
    ],
)
def test_absence(wrong, right, clause, sentences):
    loss = Loss(wrong, right, 400)
    assert description.absence(loss, PETS) == clause
    assert description.absence_by_class(loss, PETS) == sentences
