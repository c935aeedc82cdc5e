"""Decompositions as data frames."""

import numpy as np
import pandas as pd
import pytest
import torch

from infomorphic.pid import decompose, gates
from pid.strategies import random_pmf


def test_one_distribution():
    d = decompose(gates.parity(2), names=("left", "right", "both"))
    frame = d.to_frame()
    assert list(frame.columns) == ["antichain", "names", "meaning", "bits", "informative", "misinformative", "redundancy"]
    assert frame["antichain"].tolist() == ["{1}{2}", "{1}", "{2}", "{12}"]
    assert frame["names"].tolist() == ["{left}{right}", "{left}", "{right}", "{left, right}"]
    assert frame["meaning"].iloc[0] == "redundant information of left and right"
    assert frame.set_index("antichain")["bits"].to_dict() == pytest.approx({label: float(d.atoms[label]) for label in d.atoms})
    np.testing.assert_allclose(frame["informative"] - frame["misinformative"], frame["bits"], atol=1e-12)
    np.testing.assert_array_equal(frame["redundancy"], d.redundancies.array)


def test_a_batch_has_a_row_for_each_atom_of_each_distribution():
    pmf = random_pmf(2, 3, 2, 2, 2, batch=2)
    d = decompose(pmf, 2)
    frame = d.to_frame()
    assert len(frame) == 2 * 3 * 4
    row = frame[(frame["batch_0"] == 1) & (frame["batch_1"] == 2) & (frame["antichain"] == "{12}")]
    assert row["bits"].tolist() == [d.atoms["{12}"][1, 2]]
    one = frame[(frame["batch_0"] == 1) & (frame["batch_1"] == 2)].drop(columns=["batch_0", "batch_1"])
    pd.testing.assert_frame_equal(one.reset_index(drop=True), decompose(pmf[1, 2]).to_frame())


def test_a_measure_without_parts_has_no_columns_for_them():
    assert list(decompose(gates.and_gate(), measure="mmi").to_frame().columns) == ["antichain", "names", "meaning", "bits", "redundancy"]


def test_tensors_with_gradients():
    pmf = torch.from_numpy(random_pmf(2, 2, 2)).requires_grad_()
    frame = decompose(pmf).to_frame()
    np.testing.assert_allclose(frame["bits"], decompose(pmf.detach().numpy()).atoms.array, atol=1e-12)
