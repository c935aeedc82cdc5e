"""Table files with damaged bytes are read, or refused in a sentence."""

import numpy as np
import pandas as pd
import pytest
from scipy.io import savemat

from infomorphic.errors import TableError
from infomorphic.estimation import read_table

FRAME = pd.DataFrame({"x": np.linspace(-1, 1, 50), "n": np.arange(50) % 3, "cue": ["left", "right"] * 25})
WRITERS = {
    "csv": lambda path: FRAME.to_csv(path, index=False),
    "csv.gz": lambda path: FRAME.to_csv(path, index=False),
    "xlsx": lambda path: FRAME.to_excel(path, index=False),
    "npz": lambda path: np.savez_compressed(path, **{c: FRAME[c].to_numpy() for c in ("x", "n")}),
    "mat": lambda path: savemat(path, {c: FRAME[c].to_numpy() for c in ("x", "n")}, do_compression=True),
    "plain.mat": lambda path: savemat(path, {c: FRAME[c].to_numpy() for c in ("x", "n")}),
    "old.mat": lambda path: savemat(path, {c: FRAME[c].to_numpy() for c in ("x", "n")}, format="4"),
}
TRIES = 150


@pytest.mark.parametrize("suffix", WRITERS)
def test_damaged_tables(tmp_path, suffix):
    path = tmp_path / f"t.{suffix}"
    WRITERS[suffix](path)
    assert len(read_table(path)) == 50
    whole = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    rng = np.random.default_rng(0)
    messages = []
    for attempt in range(TRIES):
        damaged = whole.copy()
        if attempt % 3 == 0:
            damaged = damaged[: rng.integers(len(whole))]
        else:
            # Half of the damage is near the beginning, where the headers are.
            most = len(whole) if attempt % 3 == 1 else min(400, len(whole))
            damaged[rng.integers(most, size=rng.integers(1, 8))] = rng.integers(256)
        path.write_bytes(damaged.tobytes())
        try:
            read_table(path)
        except TableError as error:
            messages.append(str(error))
    assert len(messages) > TRIES // 4
    assert all(str(path) in message for message in messages)
