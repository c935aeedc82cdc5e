"""A goal as an HTML table, for notebooks."""

from collections.abc import Sequence
from html import escape

from infomorphic.goals.description import terms_of_weight_zero
from infomorphic.goals.meaning import GoalTerm
from infomorphic.pid.html import BarRow, block, table_of_bars


def html_of(written: str, sentences: str, terms: Sequence[GoalTerm], of_all: int) -> str:
    """The goal as it was written, in words, and term by term with bars.

    Args:
        written: a published name or an expression.
        sentences: the description of the goal.
        terms: the terms of weights other than zero, in the order to show.
        of_all: the number of all terms.
    """
    rows = [BarRow(t.label, t.weight, f"{t.weight:.3g}", t.meaning) for t in terms]
    table = table_of_bars(("term", "weight"), rows) if rows else ""
    rest = terms_of_weight_zero(of_all - len(terms), bool(terms))
    return block(f"<div><b>{escape(written)}</b></div><div>{escape(sentences)}</div>{table}<div>{rest}</div>")
