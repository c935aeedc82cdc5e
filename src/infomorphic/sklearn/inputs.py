"""Inputs checked by scikit-learn: dense, finite floating-point numbers, with the features seen in `fit`."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

# scikit-learn's own annotations declare arrays as text.
_validate_data: Any = validate_data
_FLOATS = (np.float64, np.float32)


def checked_features(estimator: BaseEstimator, X: ArrayLike, reset: bool) -> np.ndarray:
    """Samples (samples, features) in single or double precision; with `reset`, the estimator stores the number and names of features."""
    return _validate_data(estimator, X, dtype=_FLOATS, reset=reset)


def checked_features_and_labels(estimator: BaseEstimator, X: ArrayLike, y: ArrayLike, reset: bool) -> tuple[np.ndarray, np.ndarray]:
    """Samples and as many class labels."""
    features, labels = _validate_data(estimator, X, y, dtype=_FLOATS, reset=reset)
    check_classification_targets(labels)
    return features, labels
