"""Atoms in words: what an antichain means, and one sentence per atom of a decomposition.

Source: the reading of atoms as redundancies of synergies, Williams and Beer 2010, sec. 4.
"""

from collections.abc import Sequence

from infomorphic.pid.antichains import Antichain
from infomorphic.pid.names import Names
from infomorphic.text import percent

SMALLEST = 5e-5
"""Bits below which a value is shown as zero."""


def meaning(antichain: Antichain, names: Sequence[str], noun: str | None = None) -> str:
    """The `phrase` of an atom and, after a colon, what "unique" or "synergy" means. The parameters are those of `phrase`."""
    explanation = ""
    if len(antichain) == 1 and len(names) > 1:
        size = len(antichain[0])
        together = "both" if size == 2 else "all"
        explanation = (
            f": information that only {together} of them together provide" if size > 1 else f": no other {noun or 'source'} provides it"
        )
    return phrase(antichain, names, noun) + explanation


def phrase(antichain: Antichain, names: Sequence[str], noun: str | None = None) -> str:
    """The information of an atom as a part of a sentence: which sources provide it uniquely, redundantly or in synergy, and which do not.

    Args:
        antichain: the sets of sources.
        names: the name of each source.
        noun: what the sources are, for example `input` for "the context and lateral inputs"; by default names stand alone.
    """
    carriers = [[names[i] for i in members] for members in antichain]
    if len(carriers) == 1:
        (words,) = carriers
        kind = "synergy" if len(words) > 1 else "unique information" if len(names) > 1 else "information"
        return f"{kind} of {_listed(words, noun)}"
    if all(len(words) == 1 for words in carriers):
        redundant = f"redundant information of {_listed([words[0] for words in carriers], noun)}"
    else:
        each = [f"the synergy of {_listed(words, noun)}" if len(words) > 1 else _listed(words, noun) for words in carriers]
        redundant = f"redundant information of {joined(each, 'and of')}"
    others = _not_named(antichain, names)
    return f"{redundant}, but not of {_listed(others, noun)}" if others else redundant


def sentence(antichain: Antichain, names: Names, bits: float, parts: tuple[float, float] | None = None, remark: str = "") -> str:
    """One sentence on an atom, with its value in bits. Negative and vanishing atoms are said to be so.

    Args:
        antichain: the sets of sources.
        names: the names of sources and target.
        bits: the value of the atom.
        parts: its informative and misinformative part, if the measure defines them.
        remark: what to add in brackets.
    """
    end = f" ({remark})." if remark else "."
    carriers = [_combined([names.sources[i] for i in members]) for members in antichain]
    others = _not_named(antichain, names.sources)
    if len(antichain) == 1:
        (members,) = antichain
        several = len(members) > 1
        who = f"{'only ' if len(names.sources) > 1 else ''}{joined([names.sources[i] for i in members])}{' together' if several else ''}"
        verb, how = "provide" if several else "provides", ""
        kind = ": synergy" if several else ": unique information" if others else ""
    else:
        # With a combination among them, the names alone would not show which belong together.
        has_combination = any(len(members) > 1 for members in antichain)
        who = f"{', '.join(carriers[:-1])}, and {carriers[-1]}," if has_combination else joined(carriers)
        who += f"{'' if has_combination else ','} but not {joined(others, 'or')}," if others else ""
        verb, how, kind = "provide", " redundantly", ""
    if bits >= SMALLEST:
        said = f"{who} {verb} {format_bits(bits)} bits about {names.target}{how}{kind}{end}"
        # Names are shown as they are written.
        return said[0].upper() + said[1:] if said.startswith(("only ", "the combination ")) else said
    clause = f"what {who} {verb} about {names.target}{how} is {format_bits(bits)} bits"
    if bits > -SMALLEST:
        return f"Zero: {clause}{end}"
    if parts is None:
        return f"Negative: {clause}{end}"
    informative, misinformative = map(format_bits, parts)
    return f"Misinformative: {clause}, {informative} informative minus {misinformative} misinformative{end}"


def total_sentence(names: Names, information: float, entropy: float | None) -> str:
    """One sentence on the mutual information of all sources, in bits and, given the entropy of the target, as a fraction of it."""
    if entropy is not None and entropy < SMALLEST:
        return f"{names.target} has one value only, so nothing can be known about it."
    several = len(names.sources) > 1
    said = f"{joined(names.sources)}{' together' if several else ''} provide{'' if several else 's'} {format_bits(information)} bits about "
    if entropy is None:
        return f"{said}{names.target}."
    share, rest = percent(information / entropy), format_bits(entropy - information)
    return f"{said}{names.target}, {share} of its entropy of {format_bits(entropy)} bits; {rest} bits are not explained."


def format_bits(value: float) -> str:
    """A number of bits with four decimals."""
    # Rounding noise of exact zeros would print as -0.0000.
    return f"{value if abs(value) >= SMALLEST else 0.0:.4f}"


def joined(words: Sequence[str], last: str = "and") -> str:
    """The words with commas and, before the last, `last`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _not_named(antichain: Antichain, names: Sequence[str]) -> list[str]:
    """The sources in no set of the antichain. Information that they provide too belongs to another atom."""
    named = {i for members in antichain for i in members}
    return [name for i, name in enumerate(names) if i not in named]


def _combined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"the combination of {joined(words)}"


def _listed(words: Sequence[str], noun: str | None) -> str:
    return f"the {joined(words)} {noun}{'s' if len(words) > 1 else ''}" if noun else joined(words)
