"""A goal in a few sentences."""

from collections.abc import Sequence

from infomorphic.goals.meaning import GoalTerm


def describe_terms(terms: Sequence[GoalTerm], most: int) -> str:
    """What the terms reward, then what they punish, each with its weight, then the size of the other weights.

    The page "Goals" of the playground joins the same phrases by the same rule, in `goal.js`.

    Args:
        terms: terms of weights other than zero, the largest first.
        most: the number of terms to name. A single term beyond them is named too.
    """
    if not terms:
        return "The goal rewards nothing: all weights are 0."
    named = terms if len(terms) <= most + 1 else terms[:most]
    # Where all weights have one size, numbers would add nothing.
    numbered = len({abs(term.weight) for term in terms}) > 1
    sentences: list[str] = []
    for verb, sign in (("rewards", 1), ("punishes", -1)):
        phrases: list[str] = []
        for term in (t for t in named if t.weight * sign > 0):
            word = "" if sentences or phrases else "weight "
            phrases.append(f"{term.phrase} ({word}{rounded(term.weight)})" if numbered else term.phrase)
        if phrases:
            # Phrases contain "and", so a comma separates two of them as well.
            *first, last = phrases
            listed = f"{', '.join(first)}, and {last}" if first else last
            sentences.append(f"{'It' if sentences else 'The goal'} {verb} {listed}.")
    if rest := terms[len(named) :]:
        sentences.append(f"The other {len(rest)} weights are at most {rounded(abs(rest[0].weight))} in size.")
    return " ".join(sentences)


def leading_terms_text(terms: Sequence[GoalTerm], most: int) -> str:
    """The first terms with their signed weights, and the number of the others, such as "+1 {F}{C} -0.5 {F}{L} and 2 more"."""
    shown = " ".join(f"{term.weight:+.3g} {term.label}" for term in terms[:most]) or "all weights are 0"
    return shown + (f" and {len(terms) - most} more" if len(terms) > most else "")


def terms_of_weight_zero(number: int, after_others: bool) -> str:
    """The terms of weight zero, counted: "and 18 terms of weight 0"; without "and" if no others come before them; "" for none."""
    return f"{'and ' if after_others else ''}{number} {'term' if number == 1 else 'terms'} of weight 0" if number else ""


def rounded(weight: float) -> str:
    """The weight with two significant digits."""
    return f"{float(f'{weight:.2g}'):g}"
