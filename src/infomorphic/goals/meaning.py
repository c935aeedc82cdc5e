"""What an atom stands for, in words, for any antichain."""

from infomorphic.pid.antichains import Antichain

_WORDS = {"F": "feedforward", "C": "context", "L": "lateral"}

_WITHOUT = ", but not of the {} input"
RESIDUAL_ENTROPY_MEANING = "the part of the output's entropy that no input accounts for"


def meaning(antichain: Antichain, sources: str) -> str:
    """One phrase saying which inputs carry the information of the atom, alone, alike or only together, and which do not.

    Source: the reading of atoms as redundancies of synergies, Williams and Beer 2010, sec. 4; arXiv:2412.02482, Table 2.
    """
    rest = _WITHOUT.format(_joined(others)) if (others := _not_named(antichain, sources)) and len(antichain) > 1 else ""
    return _carried(antichain, sources) + rest


def _carried(antichain: Antichain, sources: str) -> str:
    carriers = [[_WORDS.get(sources[i], sources[i]) for i in members] for members in antichain]
    if len(carriers) == 1:
        words = carriers[0]
        if len(words) > 1:
            return f"synergy: information carried only by {_joined(words)} input together"
        only = "only " if len(sources) > 1 else ""
        return f"unique information of the {words[0]} input, carried {only}by it"
    if all(len(words) == 1 for words in carriers):
        between = "between" if len(carriers) == 2 else "among"
        return f"redundant information {between} {_joined([words[0] for words in carriers])} input"
    phrases = [f"the synergy of {_joined(words)} input" if len(words) > 1 else f"the {words[0]} input" for words in carriers]
    each = "both by" if len(phrases) == 2 else "alike by"
    return f"redundant information carried {each} {_joined(phrases, 'and by')}"


def _not_named(antichain: Antichain, sources: str) -> list[str]:
    """The sources in no set of the antichain: what they carry too is another atom."""
    named = {i for members in antichain for i in members}
    return [_WORDS.get(name, name) for i, name in enumerate(sources) if i not in named]


def _joined(words: list[str], last: str = "and") -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
