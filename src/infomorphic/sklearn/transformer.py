"""`InfomorphicTransformer`: features that neurons learn without labels."""

import copy
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted
from torch import Tensor

from infomorphic.estimation import LargestMagnitude
from infomorphic.goals import Goal
from infomorphic.layers import AllOthers, AllToAll, Bivariate, InfomorphicLayer, RandomOthers
from infomorphic.limits import MOST_BINS, MOST_NEURONS, MOST_PRESENTATIONS
from infomorphic.networks.epoch import batches
from infomorphic.networks.evaluation import EVALUATION_BATCH
from infomorphic.networks.network import InfomorphicNetwork, Wiring
from infomorphic.seeding import generator_for
from infomorphic.sklearn.checks import check_choice, check_count, check_not_negative, check_number, check_positive
from infomorphic.sklearn.finite import finite_weights
from infomorphic.sklearn.inputs import checked_features
from infomorphic.sklearn.standardization import STANDARDIZE, Standardization, Standardize


class InfomorphicTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Features from one layer of neurons that receive the input (F) and the outputs of the other neurons (L), but no label.

    With the goal {F} each neuron maximizes information about the input that the others do not carry. `transform` gives the firing
    probabilities, between 0 and 1, with expected outputs as lateral input: it is deterministic.

    Args:
        n_components: number of neurons.
        goal: their goal, a published name or an expression of F and L.
        lateral: "all", or a maximum number of connections per neuron.
        k1: parameter of the activation A = F [ k1 + (1 − k1) · 2 σ(k2 F L) ].
        k2: likewise.
        bins: number of bins per current, over ± the neuron's largest magnitude in the batch.
        presentations: how often a batch is presented in a step.
        max_iter: epochs.
        batch_size: samples that a goal is estimated from; all samples if there are fewer.
        learning_rate: of Adam.
        weight_decay: L2 in the gradient.
        standardize: as for `InfomorphicClassifier`.
        random_state: seed of the weights, the order of samples and the outputs of neurons.

    Attributes:
        n_features_in_, feature_names_in_: as in any scikit-learn estimator.
        network_: the `InfomorphicNetwork` with the single layer `units`, whose input is standardized.
        goal_: the goal.
        n_iter_: total number of trained epochs.

    Source: the goal and the two sources as for the bars of arXiv:2306.02149; the rest are the published values of bivariate hidden
    neurons in arXiv:2412.02482.

    Example:
        >>> features = InfomorphicTransformer(8, random_state=0).fit_transform(X)
    """

    network_: InfomorphicNetwork

    def __init__(
        self,
        n_components: int = 100,
        *,
        goal: str | Goal = "{F}",
        lateral: Literal["all"] | int = "all",
        k1: float = 0.9,
        k2: float = 2.0,
        bins: int = 20,
        presentations: int = 2,
        max_iter: int = 100,
        batch_size: int = 1024,
        learning_rate: float = 2e-3,
        weight_decay: float = 0.0,
        standardize: Standardize = "features",
        random_state: int | np.random.RandomState | None = None,
    ):
        self.n_components = n_components
        self.goal = goal
        self.lateral = lateral
        self.k1 = k1
        self.k2 = k2
        self.bins = bins
        self.presentations = presentations
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.standardize = standardize
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: Any = None) -> "InfomorphicTransformer":
        """Train from the start for `max_iter` epochs. `y` is ignored."""
        max_iter = check_count("max_iter", self.max_iter)
        features = checked_features(self, X, reset=True)
        self._start(features)
        inputs = self._standardization(features, torch.float32)
        for _ in range(max_iter):
            self._train_epoch(inputs)
        return self

    def partial_fit(self, X: ArrayLike, y: Any = None) -> "InfomorphicTransformer":
        """Train for one epoch on these samples, standardized with the statistics of the first call. `y` is ignored."""
        first = not hasattr(self, "network_")
        features = checked_features(self, X, reset=first)
        if first:
            self._start(features)
        self._train_epoch(self._standardization(features, torch.float32))
        return self

    def transform(self, X: ArrayLike) -> Float[np.ndarray, "samples components"]:
        """Firing probabilities, in the precision of `X`."""
        check_is_fitted(self)
        features = checked_features(self, X, reset=False)
        single = features.dtype == np.float32
        inputs = self._standardization(features, torch.float32 if single else torch.float64)
        network = self.network_ if single else copy.deepcopy(self.network_).double()
        presented = [network({"input": batch}, None, "expected")["units"].firing_prob for batch in inputs.split(EVALUATION_BATCH)]
        return torch.cat(presented).numpy()

    @property
    def _n_features_out(self) -> int:
        return self.network_.layer("units").layer.num_neurons

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def _start(self, features: Float[np.ndarray, "samples features"]) -> None:
        standardize = check_choice("standardize", self.standardize, STANDARDIZE)
        components = check_count("n_components", self.n_components, most=MOST_NEURONS)
        if self.lateral == "all":
            lateral = AllOthers()
        else:
            lateral = RandomOthers(check_count("lateral", self.lateral, most=MOST_NEURONS))
        self.goal_ = Goal.resolve(self.goal, "FL")
        self._seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        self._standardization = Standardization.of(features, standardize)
        layer = InfomorphicLayer(
            components,
            {"F": AllToAll(features.shape[1]), "L": lateral},
            Bivariate(check_number("k1", self.k1), check_number("k2", self.k2)),
            generator=generator_for(self._seed, "weights"),
        )
        wiring = Wiring({"F": "input", "L": "units"}, self.goal_, LargestMagnitude(check_count("bins", self.bins, most=MOST_BINS)))
        self.network_ = InfomorphicNetwork(
            {"units": layer}, {"units": wiring}, check_count("presentations", self.presentations, most=MOST_PRESENTATIONS)
        )
        rate, decay = check_positive("learning_rate", self.learning_rate), check_not_negative("weight_decay", self.weight_decay)
        self._optimizer = torch.optim.Adam(self.network_.parameters(), lr=rate, weight_decay=decay, fused=True)
        self.n_iter_ = 0

    def _train_epoch(self, inputs: Float[Tensor, "samples features"]) -> None:
        epoch = self.n_iter_ + 1
        batch_size = check_count("batch_size", self.batch_size, 2)
        order = torch.randperm(len(inputs), generator=generator_for(self._seed, "order", epoch))
        outputs = generator_for(self._seed, "outputs", epoch)
        with finite_weights(self.network_, epoch):
            for chosen in batches(order, batch_size):
                self._optimizer.zero_grad(set_to_none=True)
                self.network_.learn({"input": inputs[chosen]}, outputs)
                self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self.n_iter_ = epoch
