"""A decomposition as a tidy data frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from infomorphic.pid._arrays import Array, is_torch
from infomorphic.pid.lattice import RedundancyLattice
from infomorphic.pid.names import Names
from infomorphic.pid.words import meaning

if TYPE_CHECKING:
    import pandas as pd


def frame_of(lattice: RedundancyLattice, names: Names, values: Mapping[str, Float[Array, "*batch antichains"]]) -> pd.DataFrame:
    """One row per atom with its label, names and meaning, and a column per entry of `values`.

    For a batch there is a row for each atom of each distribution; the first columns, `batch_0`, `batch_1`, …, are its indices.
    """
    import pandas as pd

    plain = {name: _plain(array) for name, array in values.items()}
    batch = next(iter(plain.values())).shape[:-1]
    repeats = int(np.prod(batch))
    indices = np.indices(batch).reshape(len(batch), repeats)
    columns: dict[str, object] = {f"batch_{axis}": np.repeat(index, len(lattice)) for axis, index in enumerate(indices)}
    columns["antichain"] = list(lattice.labels()) * repeats
    columns["names"] = [names.antichain(antichain) for antichain in lattice.antichains] * repeats
    columns["meaning"] = [meaning(antichain, names.sources) for antichain in lattice.antichains] * repeats
    return pd.DataFrame(columns | {name: array.reshape(-1) for name, array in plain.items()})


def _plain(values: Float[Array, "*batch antichains"]) -> np.ndarray:
    return values.detach().cpu().numpy() if is_torch(values) else np.asarray(values)
