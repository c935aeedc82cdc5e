"""What a report shows of a memory: its patterns, recall from noisy cues step by step, and how much noise it tolerates."""

from infomorphic.tasks.memory.couplings import Couplings
from infomorphic.tasks.memory.noisy_recall import Recalled, recall_pictures, recall_with_noise
from infomorphic.tasks.memory.patterns import Stored
from infomorphic.training.exhibits import Chart, Exhibit, Films, Frame, Gallery
from infomorphic.training.results import BitPicture

_MOST_PICTURES = 48
"""Of more patterns, the first ones are shown."""
_MOST_WRONG = 0.3
"""The largest fraction of wrong bits in the basin."""
_NOISE = 0.05
_SEEDS = range(5)
"""Draws of the wrong bits, over which the basin is averaged."""


def exhibits(couplings: Couplings, stored: Stored) -> list[Exhibit]:
    """The patterns, recall of each of them, and the basin."""
    count, neurons = stored.patterns.shape
    first = f"The first {_MOST_PICTURES} of {count} patterns. " if count > _MOST_PICTURES else ""
    shown = Stored(stored.patterns[:_MOST_PICTURES], stored.names[:_MOST_PICTURES], stored.width)
    clean = recall_with_noise(couplings, shown)
    wrong = max(1, round(_NOISE * neurons))
    noisy = recall_with_noise(couplings, shown, wrong / neurons, keep_trajectory=True)
    bits = f"{wrong} of {neurons} {'bit is' if wrong == 1 else 'bits are'} flipped"
    return [
        Gallery(
            title="Stored patterns",
            text=f"{first}Dark: +1, light: −1. Below each, what recall from the pattern itself ends in; bits that then differ are red.",
            pictures=[_ending(clean, number) for number in range(len(shown.patterns))],
        ),
        Films(
            title="Recall",
            text=f"In each cue {bits}. All neurons then update at once, again and again, without external input. Bits that differ from the "
            f"pattern are red. {int(noisy.is_right.sum())} of these {len(shown.patterns)} patterns are recalled.",
            films={f"{name}{'' if right else ' (not recalled)'}": _film(noisy, number) for number, (name, right) in _named(noisy)},
        ),
        _basin(couplings, stored),
    ]


def _named(recalled: Recalled) -> list[tuple[int, tuple[str, bool]]]:
    return list(enumerate(zip(recalled.stored.names, recalled.is_right.tolist(), strict=True)))


def _ending(recalled: Recalled, number: int) -> BitPicture:
    """The pattern, with the bits that recall changes."""
    pattern, state = recalled.stored.patterns[number], recalled.found.states[number]
    differs = state != pattern
    caption = "recalled" if not bool(differs.any()) else f"{int(differs.sum())} wrong"
    return BitPicture(recalled.stored.names[number], caption, state, differs, recalled.stored.width)


def _film(recalled: Recalled, number: int) -> list[Frame]:
    """The states from the cue on, each beside the pattern."""
    *states, pattern = recall_pictures(recalled, number)
    return [Frame(state.title, [state._replace(title="state"), pattern._replace(caption="")]) for state in states]


def _basin(couplings: Couplings, stored: Stored) -> Chart:
    count, neurons = stored.patterns.shape
    most = max(1, int(_MOST_WRONG * neurons))
    wrong = sorted({round(i * most / min(most, 15)) for i in range(min(most, 15) + 1)})
    recalls = [[recall_with_noise(couplings, stored, n / neurons, seed) for seed in _SEEDS] for n in wrong]
    return Chart(
        title="How much noise it tolerates",
        text=f"All {count} patterns, each from {len(_SEEDS)} cues with as many bits flipped at random.",
        quantity=f"flipped bits of a cue, of {neurons}",
        values=wrong,
        lines={
            "patterns recalled without an error": [
                sum(float(r.is_right.double().mean()) for r in of_noise) / len(_SEEDS) for of_noise in recalls
            ],
            "score (mean cosine similarity)": [sum(r.score for r in of_noise) / len(_SEEDS) for of_noise in recalls],
        },
    )
