"""Pictures in a terminal: states of a memory as squares of bits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from infomorphic.tasks.memory.run import Recalled

_MOST_STEPS = 5


def draw_recall(result: Recalled, number: int, out: Any) -> None:
    """Draw a cue, each state on the way, the recalled state and the pattern; bits that differ from the pattern are marked."""
    from rich.columns import Columns
    from rich.panel import Panel
    from rich.text import Text

    assert result.found.trajectory is not None
    pattern, steps = result.patterns[number], int(result.found.steps[number])
    states = result.found.trajectory[:, number]
    shown = [("cue", result.cues[number])]
    shown += [(f"step {i}", states[i]) for i in range(1, min(steps, _MOST_STEPS))]
    period = int(result.found.period[number])
    ended = {1: "fixed point", 2: "2-cycle", 0: "no end"}[period]
    shown += [(f"step {steps}: {ended}", result.found.states[number]), ("pattern", pattern)]
    panels = [
        Panel.fit(_square(state, pattern), title=name, subtitle=f"{int((state != pattern).sum())} wrong", padding=(0, 1))
        for name, state in shown
    ]
    out.print(Columns(panels))
    out.print("█ +1   · −1   ", Text("▒", style="red"), " a bit that differs from the pattern", sep="")


def _square(state: Tensor, pattern: Tensor) -> Any:
    """The bits row by row, two characters each, so that a square of bits looks square."""
    from rich.text import Text

    width = math.ceil(math.sqrt(len(state)))
    text = Text()
    for i, (bit, right) in enumerate(zip(state.tolist(), pattern.tolist(), strict=True)):
        if i and i % width == 0:
            text.append("\n")
        text.append("▒▒" if bit != right else "██" if bit > 0 else "· ", style="red" if bit != right else None)
    return text
