"""The goal of a neuron: G = Σ_α γ_α Π_α + γ_res H_res."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Float64

from infomorphic.errors import GoalError
from infomorphic.goals.atoms import AtomMapping, atom_position, check_sources, in_default_order
from infomorphic.goals.description import describe_terms
from infomorphic.goals.expression import RESIDUAL_ENTROPY, read_terms, write_terms
from infomorphic.goals.html import html_of
from infomorphic.goals.meaning import GoalTerm, atom_term, residual_entropy_term
from infomorphic.goals.published import published_weights
from infomorphic.pid.lattice import redundancy_lattice
from infomorphic.quoting import quoted

T = TypeVar("T")

_LARGEST_TRAINABLE_WEIGHT = 1e6
"""With larger weights, the sums in a gradient may exceed the range of single precision. Published weights are at most 1."""


@dataclass(frozen=True, eq=True)
class Goal:
    """The objective that a neuron maximizes: G = Σ_α γ_α Π_α + γ_res H_res, in bits.

    Π_α is the atom of antichain α: information of the neuron's sources about its output Y. H_res is H(Y | all sources). This
    object holds the weights γ. It is immutable, hashable and equal to any goal with the same sources and weights.

        >>> goal = Goal.parse("{F}{C} - 0.5 {F}{L}")
        >>> goal.sources, goal.weights["{C}{F}"], goal.weights["{FCL}"]
        ('FCL', 1.0, 0.0)
        >>> str(goal)
        '{F}{C} - 0.5 {F}{L}'

    Args:
        weights: weight by label, in any spelling. Atoms that are left out have weight zero. Stored as a mapping of every atom
            of `sources`.
        residual_entropy: the weight γ_res.
        sources: the one-letter names of the sources, in the neuron's order.

    Raises:
        GoalError: if a weight is not finite or an atom appears twice.
        AntichainError: if a label is not an antichain of `sources`.

    Source: arXiv:2412.02482, sec. 2; arXiv:2306.02149, eq. 4.
    """

    weights: Mapping[str, float]
    residual_entropy: float
    sources: str
    text: str | None = field(default=None, compare=False, repr=False)
    """The name or the expression that it was read from, if it was."""

    def __post_init__(self) -> None:
        check_sources(self.sources)
        values = [0.0] * len(redundancy_lattice(len(self.sources)))
        seen: set[int] = set()
        for label, weight in self.weights.items():
            position = atom_position(label, self.sources)
            if position in seen:
                raise GoalError(f"the atom {label} appears twice in the goal; write it once, with the sum of its weights.")
            seen.add(position)
            values[position] = _finite(weight, label)
        object.__setattr__(self, "weights", AtomMapping(self.sources, values))
        object.__setattr__(self, "residual_entropy", _finite(self.residual_entropy, RESIDUAL_ENTROPY))

    @property
    def written(self) -> str:
        """The goal as it was written: a published name or an expression. Read again for the same sources, it is the same goal."""
        return self.text or str(self)

    def value(self, terms: Mapping[str, T]) -> T:
        """G from its terms: the value of every atom by label, and of `H_res`. They may be numbers, arrays or tensors."""
        given: Mapping[str, Any] = terms
        return sum(weight * given[label] for label, weight in self.weights.items()) + self.residual_entropy * given[RESIDUAL_ENTROPY]

    def __hash__(self) -> int:
        return hash((self.sources, tuple(self.weights.values()), self.residual_entropy))

    @classmethod
    def parse(cls, text: str, sources: str | None = None) -> "Goal":
        """Parse an expression such as `0.33 {F}{C}{L} + {F}{C} - 0.1 H_res`.

        Args:
            text: a sum of terms, each an optional number, an optional `*` and an atom or `H_res`.
            sources: the names of the sources in order. By default the sources in `text`: first F, C and L, then the others
                alphabetically.

        Raises:
            GoalError: if `text` is not such a sum, repeats a term or has no source.
            AntichainError: if a label is not an antichain of the sources.
        """
        weights: dict[str, float] = {}
        for label, weight in read_terms(text):
            if label in weights:
                raise GoalError(
                    f"the term {quoted(label)[1:-1]} appears twice in {quoted(text)}; write it once, with the sum of its weights."
                )
            weights[label] = weight
        return replace(cls.from_weights(weights, sources=sources), text=" ".join(text.split()))

    @classmethod
    def from_weights(cls, weights: Mapping[str, float], residual_entropy: float = 0.0, sources: str | None = None) -> "Goal":
        """Build a goal from weights by label. The key `H_res` may replace `residual_entropy`.

        By default `sources` are the sources in the labels: first F, C and L, then the others alphabetically.
        """
        atoms = dict(weights)
        if RESIDUAL_ENTROPY in atoms:
            if residual_entropy:
                raise GoalError(f"`residual_entropy` must be given once; got it as an argument and as {RESIDUAL_ENTROPY!r} in the weights.")
            residual_entropy = atoms.pop(RESIDUAL_ENTROPY)
        if sources is None:
            named = {c for label in atoms for c in str(label) if c.isalnum()}
            if not named or any(c.isdigit() for c in named):
                raise GoalError(
                    f'`weights` must name a source, or `sources` must be given; got {quoted(list(weights))}. Pass, for example, sources="FCL".'
                )
            sources = in_default_order(named)
        return cls(weights=atoms, residual_entropy=residual_entropy, sources=sources)

    @classmethod
    def published(cls, name: str) -> "Goal":
        """A published goal by name, such as `trivariate/optimized-tpe-1`. `published_goals()` lists all.

        Raises:
            UnknownGoalError: if no published goal has this name; suggests the nearest.
        """
        return replace(cls.from_weights(published_weights(name)), text=name)

    @classmethod
    def resolve(cls, goal: "str | Goal", sources: str | None = None) -> "Goal":
        """Convert to a goal. Text with braces or `H_res` is an expression; other text is the name of a published goal.

        Saved goals are resolved elsewhere, by `infomorphic.goals.saved.find_goal`, where user input enters.

        Args:
            goal: text or a goal.
            sources: the sources of the neurons, in order. An expression is parsed with these sources. Any other goal must have
                the same sources, in any order.

        Raises:
            GoalError: if `goal` is neither text nor a goal, or does not have the given `sources`.
        """
        if not isinstance(goal, str):
            if isinstance(goal, Goal) and (sources is None or sorted(sources) == sorted(goal.sources)):
                return goal.in_order(sources or goal.sources)
            neurons = f" for neurons with the sources {', '.join(sources)}" if sources else ""
            raise GoalError(f"a goal{neurons} must be text or a `Goal`{' with these sources' if sources else ''}; got {quoted(goal)}.")
        if "{" in goal or RESIDUAL_ENTROPY in goal:
            return cls.parse(goal, sources=sources)
        return cls.published(goal).of_neurons(goal, sources)

    def of_neurons(self, name: str, sources: str | None) -> "Goal":
        """The goal for neurons with these sources, in their order; unchanged if `sources` is None. `name` is used in messages.

        Raises:
            GoalError: if the goal has other sources.
        """
        if sources is None:
            return self
        if sorted(sources) != sorted(self.sources):
            raise GoalError(f"the goal {name} has the sources {', '.join(self.sources)}; these neurons have {', '.join(sources)}.")
        return self.in_order(sources)

    def in_order(self, sources: str) -> "Goal":
        """The same goal with its sources in another order. Each weight stays with the atom of the same names.

        Raises:
            GoalError: if `sources` are not the sources of the goal.
        """
        if sources == self.sources:
            return self
        check_sources(sources)
        if sorted(sources) != sorted(self.sources):
            raise GoalError(
                f"`sources` must be the sources of the goal, {', '.join(self.sources)}, in any order; got {', '.join(sources)}."
            )
        return Goal(dict(self.weights), self.residual_entropy, sources, self.text)

    def check_trainable(self) -> None:
        """Raise unless the gradients of this goal fit into single precision.

        Raises:
            GoalError: if a weight is larger than a million.
        """
        for label, weight in (*self.weights.items(), (RESIDUAL_ENTROPY, self.residual_entropy)):
            if abs(weight) > _LARGEST_TRAINABLE_WEIGHT:
                raise GoalError(
                    f"the weights of a goal to train with must be between -{_LARGEST_TRAINABLE_WEIGHT:g} and {_LARGEST_TRAINABLE_WEIGHT:g}; "
                    f"got {weight:g} for {label}. Published weights are at most 1."
                )

    def __repr__(self) -> str:
        return f"Goal.parse({str(self)!r}, sources={self.sources!r})"

    def __str__(self) -> str:
        """The goal as an expression that names every source. `Goal.parse` returns the same goal, given the same `sources`."""
        terms = [(label, weight) for label, weight in self.weights.items() if weight]
        named = {c for label, _ in terms for c in label}
        unnamed = "".join(name for name in self.sources if name not in named)
        if unnamed:
            # A source without a weight must appear too: the atoms of two and of three sources differ.
            terms.append((f"{{{unnamed}}}", 0.0))
        if self.residual_entropy:
            terms.append((RESIDUAL_ENTROPY, self.residual_entropy))
        return write_terms(terms)

    def redundancy_coefficients(self) -> Float64[np.ndarray, " antichains"]:
        """The coefficients c in G = Σ_α c_α I_α + γ_res H(Y), from the Möbius inversion and H_res = H(Y) − I_{1…n}.

        In the order of `redundancy_lattice(n).antichains`. Coefficients that cancel are exactly zero, so that callers can skip
        them.
        """
        mobius = redundancy_lattice(len(self.sources)).mobius
        gamma = np.array(list(self.weights.values()))
        addends: list[list[float]] = [[] for _ in gamma]
        for row, column, value in zip(mobius.rows.tolist(), mobius.columns.tolist(), mobius.values.tolist(), strict=True):
            if gamma[row]:
                addends[column].append(value * gamma[row])
        addends[-1].append(-self.residual_entropy)
        # fsum rounds once, so 0.1 + 0.2 - 0.1 - 0.2 is zero in any order.
        return np.array([math.fsum(a) for a in addends])

    def terms(self) -> list[GoalTerm]:
        """Every term of the goal with its weight and its meaning in words, also those of weight zero; the residual entropy comes last."""
        antichains = redundancy_lattice(len(self.sources)).antichains
        atoms = [atom_term(label, w, a, self.sources) for (label, w), a in zip(self.weights.items(), antichains, strict=True)]
        return [*atoms, residual_entropy_term(RESIDUAL_ENTROPY, self.residual_entropy)]

    def leading_terms(self) -> list[GoalTerm]:
        """The terms of weights other than zero, the largest first."""
        return sorted((term for term in self.terms() if term.weight), key=lambda term: -abs(term.weight))

    def describe(self, *, most: int = 4) -> str:
        """The goal in a few sentences: what it rewards, what it punishes, and the size of the other weights.

            >>> Goal.parse("{F}{C} - 0.5 {F}").describe()
            'The goal rewards redundant information of the feedforward and context inputs (weight 1). It punishes unique information of the feedforward input (-0.5).'

        Args:
            most: the number of terms to name, those of the largest weights. A single term beyond them is named too.
        """
        return describe_terms(self.leading_terms(), most)

    def _repr_html_(self) -> str:
        return html_of(self.written, self.describe(), self.leading_terms(), len(self.weights) + 1)


def _finite(weight: float, label: str) -> float:
    try:
        number = float(weight)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise GoalError(f"the weight of {label} must be a finite number; got {quoted(weight)}.")
    return number + 0.0  # turns -0.0 into 0.0, which prints without a sign
