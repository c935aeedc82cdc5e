"""Published results as tables, for comparison with ours. The source of each is given here."""

from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

SOURCES = {
    "error_by_size": (
        "arXiv:2412.02482, Fig. 2B and Fig. 8: median, minimum and maximum error of 10 runs on MNIST, read off the published vector figure, "
        "accurate to about 0.0005 at small errors"
    ),
    "ablation": (
        "arXiv:2412.02482, Fig. 5B: median validation accuracy on MNIST of 10 runs with 100 neurons, from the notebook output published "
        "with the paper"
    ),
    "memory_capacity": "arXiv:2511.02584: largest load with a mean score of at least 0.95, 20 sets of patterns, 100 neurons",
}


def published(name: str) -> "pd.DataFrame":
    """A published table: `error_by_size`, `ablation` or `memory_capacity`."""
    import pandas as pd

    with (files(__name__) / f"{name}.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)
