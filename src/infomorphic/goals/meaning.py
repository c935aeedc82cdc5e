"""The meaning of an atom in words, for any antichain."""

from infomorphic.pid.antichains import Antichain

_WORDS = {"F": "feedforward", "C": "context", "L": "lateral"}

_WITHOUT = ", but not of the {}"
RESIDUAL_ENTROPY_MEANING = "the part of the output's entropy that no input explains"


def meaning(antichain: Antichain, sources: str) -> str:
    """One phrase: which inputs provide the information of the atom uniquely, redundantly or in synergy, and which do not.

    Source: the reading of atoms as redundancies of synergies, Williams and Beer 2010, sec. 4; arXiv:2412.02482, Table 2.
    """
    rest = _WITHOUT.format(_inputs(others)) if (others := _not_named(antichain, sources)) and len(antichain) > 1 else ""
    return _carried(antichain, sources) + rest


def _carried(antichain: Antichain, sources: str) -> str:
    carriers = [[_WORDS.get(sources[i], sources[i]) for i in members] for members in antichain]
    if len(carriers) == 1:
        words = carriers[0]
        if len(words) > 1:
            together = "both" if len(words) == 2 else "all"
            return f"synergy of the {_inputs(words)}: information that only {together} of them together provide"
        if len(sources) == 1:
            return f"information of the {_inputs(words)}"
        return f"unique information of the {_inputs(words)}: no other input provides it"
    if all(len(words) == 1 for words in carriers):
        return f"redundant information of the {_inputs([words[0] for words in carriers])}"
    phrases = [f"the synergy of the {_inputs(words)}" if len(words) > 1 else f"the {_inputs(words)}" for words in carriers]
    return f"redundant information of {_joined(phrases, 'and of')}"


def _not_named(antichain: Antichain, sources: str) -> list[str]:
    """The sources in no set of the antichain. Information that they provide too belongs to another atom."""
    named = {i for members in antichain for i in members}
    return [_WORDS.get(name, name) for i, name in enumerate(sources) if i not in named]


def _joined(words: list[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _inputs(words: list[str]) -> str:
    return f"{_joined(words)} input{'s' if len(words) > 1 else ''}"
