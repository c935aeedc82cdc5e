"""Standardization inside the estimators, so that currents start at the scale that the published bins are made for."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from infomorphic.errors import InvalidSamplesError

Standardize = Literal["features", "all"] | None
STANDARDIZE: tuple[Standardize, ...] = ("features", "all", None)


@dataclass(frozen=True, eq=False)
class Standardization:
    """(X − mean) / deviation, with the statistics of training data."""

    mean: Float[np.ndarray, "#features"]
    deviation: Float[np.ndarray, "#features"]

    @classmethod
    def of(cls, X: Float[np.ndarray, "samples features"], how: Standardize) -> "Standardization":
        """The statistics of each feature; of all values together, as published for images; or none (mean 0, deviation 1).

        A constant feature gets deviation 1, so that it becomes 0.
        """
        if how is None:
            return cls(np.zeros(1), np.ones(1))
        values = X if how == "features" else X.reshape(-1, 1)
        with np.errstate(over="ignore", invalid="ignore"):  # reported below
            mean, deviation = values.mean(0, dtype=np.float64), values.std(0, dtype=np.float64)
        if not (np.isfinite(mean).all() and np.isfinite(deviation).all()):
            raise InvalidSamplesError("values of `X` are too large: their standard deviation is not finite. Scale them down.")
        # Not by testing for a deviation of zero: equal values may give a rounding error instead.
        varies = (values.max(0) > values.min(0)) & (deviation > 0)
        return cls(np.where(varies, mean, values[0]).astype(np.float64), np.where(varies, deviation, 1.0))

    def __call__(self, X: Float[np.ndarray, "samples features"], dtype: torch.dtype) -> Float[Tensor, "samples features"]:
        """Standardized samples as a tensor of this type."""
        with np.errstate(over="ignore"):
            standardized = (X.astype(np.float64) - self.mean) / self.deviation
        tensor = torch.from_numpy(standardized).to(dtype)
        if not tensor.isfinite().all():
            raise InvalidSamplesError("values of `X` are too large for single precision after standardization. Scale them down.")
        return tensor
