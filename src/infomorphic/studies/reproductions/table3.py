"""Table 3: the four indispensable terms of the goal."""

from typing import TYPE_CHECKING

from infomorphic.studies.kinds.ablation import order_of_effect
from infomorphic.studies.reproductions import Stage

if TYPE_CHECKING:
    import pandas as pd


def stages(quick: bool) -> list[Stage]:
    """Each term at zero, then all of them in the order of their effect; ten seeds. Quick: one seed, digits, few neurons."""
    small = ("dataset=digits", "hidden=10", "seeds=0", "epochs=20", "training.batch_size=128") if quick else ()
    return [
        Stage("ablation-single", "ablation", ("part=single", *small)),
        Stage("ablation-cumulative", "ablation", ("part=cumulative", *small), continued=_in_order),
    ]


def _in_order(single: "pd.DataFrame") -> tuple[str, ...]:
    return (f"order={','.join(order_of_effect(single))}",)
