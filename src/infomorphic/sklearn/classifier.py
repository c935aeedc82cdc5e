"""`InfomorphicClassifier`: a network with local goals as a scikit-learn classifier."""

import copy
import math
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float, Int64
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted
from torch import Tensor

from infomorphic.data.stratified import stratified_indices
from infomorphic.errors import ConfigurationError, InvalidSamplesError
from infomorphic.goals import Goal
from infomorphic.limits import MOST_BINS
from infomorphic.networks.blind_sources import warn_of_blind_sources
from infomorphic.networks.epoch import PUBLISHED_BATCH, suitable_batch_size, train_epoch
from infomorphic.networks.evaluation import EVALUATION_BATCH, evaluate
from infomorphic.networks.network import Classifier, Inference
from infomorphic.networks.optimizer import adam
from infomorphic.networks.settings import Optimizer
from infomorphic.networks.stacked import Stack
from infomorphic.quoting import quoted
from infomorphic.seeding import generator_for
from infomorphic.sklearn.checks import check_choice, check_count, check_fraction, check_not_negative, check_number, check_positive
from infomorphic.sklearn.finite import finite_weights
from infomorphic.sklearn.inputs import checked_features, checked_features_and_labels
from infomorphic.sklearn.standardization import STANDARDIZE, Standardization, Standardize


class InfomorphicClassifier(ClassifierMixin, BaseEstimator):
    """A classifier whose neurons each maximize a local, information-theoretic goal; nothing is backpropagated.

    Hidden neurons have up to three classes of sources: F, the features or the layer below; C, the context; L, the other neurons of
    their layer. Every default is the published value of arXiv:2412.02482 (setup 1, 100 hidden neurons, 100 epochs), except
    `standardize`, which suits tables. Few samples get a smaller batch size than the published 1024.

    Args:
        hidden_layer_sizes: neurons of each hidden layer; a number is one layer.
        goal: the goal of hidden neurons, a published name or an expression such as "{F}{C} - {F}{L}"; None for the published
            goal of neurons with these sources.
        context: "label", "readout" (the readout's output one presentation ago) or None.
        lateral: "all", a maximum number of connections per neuron, or None.
        readout_goal: the goal of readout neurons.
        bins: number of bins per current of a hidden neuron.
        bin_range: their range; None for the published one, (−20, 20).
        readout_bins: number of bins per current of a readout neuron.
        presentations: how often a batch is presented in a step; None for the published two, or one without lateral or feedback input.
        max_iter: epochs.
        batch_size: samples that a goal is estimated from; all samples if there are fewer. None for a size with at least 16 steps per
            epoch of `fit`, between 32 and the published 1024; `partial_fit`, which does not know the total, uses 1024.
        learning_rate: of Adam in hidden layers.
        weight_decay: of hidden layers; None for the published 3.5e-4.
        readout_learning_rate: of Adam in the readout.
        readout_weight_decay: of the readout.
        standardize: "features" uses the mean and deviation of each feature in training; "all" those of all values together, as
            published for images; None for data that have mean 0 and deviation 1 already.
        inference: the output of hidden neurons in `predict`: "expected", their expectation, which is deterministic; or
            "sampled", one drawn output (the published protocol). Draws are the same in every call, but the draw for a
            sample depends on its row.
        samples: average over this many sampled runs.
        early_stopping: hold out a part of every class, stop when the accuracy on it has not risen for `n_iter_no_change`
            epochs, and restore the weights with the best one.
        validation_fraction: the fraction of held-out samples.
        n_iter_no_change: epochs to wait for an improvement.
        random_state: seed of the weights, the order of samples, the outputs of neurons and the validation part. The same
            number gives the same bits.

    Attributes:
        classes_: the labels.
        n_features_in_, feature_names_in_: as in any scikit-learn estimator.
        network_: the `infomorphic.networks.Classifier`, whose inputs are standardized.
        goal_: the goal of hidden neurons.
        n_iter_: total number of trained epochs.
        batch_size_: the batch size of training where `batch_size` is None.
        validation_scores_: with early stopping, the accuracy on the validation part after each epoch; else None.
        best_iter_: with early stopping, the epoch that the weights are from; else None.

    Training is in single precision; predictions are computed in the precision of `X`. Where sources are withheld in
    prediction, and why signs of readout neurons are calibrated: see `infomorphic.networks.Classifier`. Signs are calibrated with
    training labels here, not with mean firing as published, which cannot distinguish two classes.
    Sample weights are not supported, because the goals are estimated from counts; nor are sparse input and multi-label targets.

    Example:
        >>> from sklearn.datasets import load_digits
        >>> X, y = load_digits(return_X_y=True)
        >>> InfomorphicClassifier(30, max_iter=20, random_state=0).fit(X[:1000], y[:1000]).score(X[1000:], y[1000:])
    """

    network_: Classifier

    def __init__(
        self,
        hidden_layer_sizes: int | tuple[int, ...] = (100,),
        *,
        goal: str | Goal | None = None,
        context: Literal["label", "readout"] | None = "label",
        lateral: Literal["all"] | int | None = "all",
        readout_goal: str | Goal = "readout/heuristic",
        bins: int = 20,
        bin_range: tuple[float, float] | None = None,
        readout_bins: int = 20,
        presentations: int | None = None,
        max_iter: int = 100,
        batch_size: int | None = None,
        learning_rate: float = 2e-3,
        weight_decay: float | None = None,
        readout_learning_rate: float = 3e-3,
        readout_weight_decay: float = 1.5e-4,
        standardize: Standardize = "features",
        inference: Inference = "expected",
        samples: int = 1,
        early_stopping: bool = False,
        validation_fraction: float = 0.2,
        n_iter_no_change: int = 10,
        random_state: int | np.random.RandomState | None = None,
    ):
        self.hidden_layer_sizes = hidden_layer_sizes
        self.goal = goal
        self.context = context
        self.lateral = lateral
        self.readout_goal = readout_goal
        self.bins = bins
        self.bin_range = bin_range
        self.readout_bins = readout_bins
        self.presentations = presentations
        self.max_iter = max_iter
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.readout_learning_rate = readout_learning_rate
        self.readout_weight_decay = readout_weight_decay
        self.standardize = standardize
        self.inference = inference
        self.samples = samples
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: ArrayLike) -> "InfomorphicClassifier":
        """Train from the start for `max_iter` epochs, or until early stopping.

        Warns:
            BlindSourceWarning: if a source of hidden neurons falls into one bin, as with an odd number of wide bins.
        """
        max_iter = check_count("max_iter", self.max_iter)
        features, targets = checked_features_and_labels(self, X, y, reset=True)
        self.classes_, labels = np.unique(targets, return_inverse=True)
        self._seed = self._new_seed()
        all_labels = torch.from_numpy(labels.astype(np.int64))
        if self.early_stopping:
            fraction = check_fraction("validation_fraction", self.validation_fraction)
            if len(self.classes_) == len(labels):
                raise InvalidSamplesError(
                    f"`early_stopping` holds samples out, so some class must have at least two; got n_samples = {len(labels)} in as many classes."
                )
            chosen, held_out = stratified_indices(all_labels, fraction, self._seed)
        else:
            chosen, held_out = torch.arange(len(all_labels)), torch.arange(0)
        self._start(features[chosen.numpy()])
        self.batch_size_ = suitable_batch_size(len(chosen))
        inputs = self._standardization(features, torch.float32)
        if self.early_stopping:
            self._train_until_no_better(inputs[chosen], all_labels[chosen], inputs[held_out], all_labels[held_out], max_iter)
        else:
            self.validation_scores_, self.best_iter_ = None, None
            for _ in range(max_iter):
                self._train_epoch(inputs, all_labels)
            self.network_.settle_signs_by_label(inputs, all_labels)
        self._optimizer.zero_grad(set_to_none=True)
        return self

    def partial_fit(self, X: ArrayLike, y: ArrayLike, classes: ArrayLike | None = None) -> "InfomorphicClassifier":
        """Train for one epoch on these samples, continuing from the last call of `fit` or `partial_fit`.

        The statistics for standardization are those of the first call: changing them later would change what has been learned.

        Args:
            X: the samples.
            y: their labels.
            classes: all labels that will ever occur; required in the first call.
        """
        first = not hasattr(self, "network_")
        features, targets = checked_features_and_labels(self, X, y, reset=first)
        if first and classes is None:
            raise InvalidSamplesError("`classes` must be given in the first call of partial_fit. Pass all labels that will ever occur.")
        known = self.classes_ if classes is None else np.unique(classes)
        if not first and not np.array_equal(self.classes_, known):
            raise InvalidSamplesError(f"`classes` must be the same as in the first call, {self.classes_}; got {known}.")
        unknown = np.setdiff1d(targets, known)
        if len(unknown):
            raise InvalidSamplesError(f"`y` must contain only labels in `classes`, {known}; got {unknown}.")
        if first:
            self.classes_ = known
            self._seed = self._new_seed()
            self._start(features)
            self.batch_size_ = PUBLISHED_BATCH
            self.validation_scores_, self.best_iter_ = None, None
        labels = torch.from_numpy(np.searchsorted(self.classes_, targets).astype(np.int64))
        inputs = self._standardization(features, torch.float32)
        self._train_epoch(inputs, labels)
        self.network_.settle_signs_by_label(inputs, labels)
        self._optimizer.zero_grad(set_to_none=True)
        return self

    def predict(self, X: ArrayLike) -> np.ndarray:
        """The label of the readout neuron with the largest firing probability."""
        largest = self.predict_proba(X).argmax(1)
        return self.classes_[largest]

    def predict_proba(self, X: ArrayLike) -> Float[np.ndarray, "samples classes"]:
        """Firing probabilities of the readout neurons, divided by their sum. They are not calibrated."""
        check_is_fitted(self)
        inference = check_choice("inference", self.inference, ("expected", "sampled"))
        samples = check_count("samples", self.samples)
        features = checked_features(self, X, reset=False)
        single = features.dtype == np.float32
        inputs = self._standardization(features, torch.float32 if single else torch.float64)
        network = self.network_ if single else copy.deepcopy(self.network_).double()
        generator = generator_for(self._seed, "prediction")
        batches = inputs.split(EVALUATION_BATCH)
        firing_prob = torch.cat([network.predict_proba(batch, generator, inference, samples) for batch in batches]).numpy()
        return firing_prob / firing_prob.sum(1, keepdims=True)

    def report(self, out: str | Path, X: ArrayLike, y: ArrayLike, image_shape: tuple[int, ...] | None = None) -> Path:
        """Write a page about the network: what each neuron learned from the training data, and what it is worth.

        Args:
            out: the HTML file to write.
            X: samples to analyze the network on, such as test samples.
            y: their labels.
            image_shape: (height, width) or (height, width, channels) if the features are the pixels of images: receptive fields are
                then drawn.

        Returns:
            The file.

        Raises:
            RunError: if `out` cannot be a file.
            InvalidSamplesError: if `y` has other labels than `fit` had, or `image_shape` is not the shape of a sample.
        """
        # Reports need a page's machinery, which an estimator does without.
        from infomorphic.analysis import Trained
        from infomorphic.data import Split
        from infomorphic.reports import write_trained_report

        check_is_fitted(self)
        features, targets = checked_features_and_labels(self, X, y, reset=False)
        unknown = np.setdiff1d(targets, self.classes_)
        if len(unknown):
            raise InvalidSamplesError(f"`y` must contain only labels that `fit` had, {self.classes_}; got {unknown}.")
        if image_shape is not None and math.prod(image_shape) != features.shape[1]:
            raise InvalidSamplesError(f"`image_shape` must have {features.shape[1]} values; got {image_shape}.")
        inputs = self._standardization(features, torch.float32)
        labels = torch.from_numpy(np.searchsorted(self.classes_, targets).astype(np.int64))
        names = tuple(str(label) for label in self.classes_)
        # The estimator keeps no training samples; what is measured is measured on the given ones.
        data = Split("samples", inputs, labels, inputs[:0], labels[:0], inputs, labels, names, image_shape, 0.0, 1.0)
        batch_size = self.batch_size_ if self.batch_size is None else self.batch_size
        network = self.network_.network
        hidden = sum(placed.layer.num_neurons for placed in network.placed() if placed.name != self.network_.readout)
        settings = {
            "preset": type(self).__name__,
            "network": {"hidden": hidden, "bins": self.bins, "presentations": network.presentations},
            "training": {"seed": self._seed, "batch_size": batch_size},
        }
        trained = Trained(self.network_, data, inputs, labels, "test", self._seed, batch_size)
        return write_trained_report(trained, Path(out), settings)

    def _new_seed(self) -> int:
        return int(check_random_state(self.random_state).randint(2**31 - 1))

    def _start(self, features: Float[np.ndarray, "samples features"]) -> None:
        """Make the untrained network."""
        standardize = check_choice("standardize", self.standardize, STANDARDIZE)
        sizes: Any = self.hidden_layer_sizes
        stack = Stack(
            hidden_layer_sizes=tuple(sizes) if isinstance(sizes, tuple | list | np.ndarray) else (sizes,),
            context=self.context,
            lateral=self.lateral,
            goal=self.goal,
            readout_goal=self.readout_goal,
            bins=check_count("bins", self.bins, most=MOST_BINS),
            bin_range=_pair(self.bin_range),
            readout_bins=check_count("readout_bins", self.readout_bins, most=MOST_BINS),
            presentations=self.presentations,
        )
        self._standardization = Standardization.of(features, standardize)
        self.network_ = stack.build(features.shape[1], len(self.classes_), generator_for(self._seed, "weights"))
        self._optimizer = adam(self.network_.network.layers, self._optimizers(stack))
        self.goal_ = stack.hidden_goal
        self.n_iter_ = 0

    def _optimizers(self, stack: Stack) -> dict[str, Optimizer]:
        published = stack.optimizers()
        hidden = Optimizer(
            learning_rate=check_positive("learning_rate", self.learning_rate),
            weight_decay=published[stack.names[0]].weight_decay
            if self.weight_decay is None
            else check_not_negative("weight_decay", self.weight_decay),
        )
        readout = Optimizer(
            learning_rate=check_positive("readout_learning_rate", self.readout_learning_rate),
            weight_decay=check_not_negative("readout_weight_decay", self.readout_weight_decay),
        )
        return {**dict.fromkeys(stack.names, hidden), "readout": readout}

    def _train_epoch(self, inputs: Float[Tensor, "samples features"], labels: Int64[Tensor, " samples"]) -> None:
        epoch = self.n_iter_ + 1
        batch_size = self.batch_size_ if self.batch_size is None else check_count("batch_size", self.batch_size, 2)
        order = torch.randperm(len(labels), generator=generator_for(self._seed, "order", epoch))
        outputs = generator_for(self._seed, "outputs", epoch)
        if epoch == 1:
            some = order[:EVALUATION_BATCH]
            warn_of_blind_sources(self.network_, inputs[some], labels[some], generator_for(self._seed, "blind sources"))
        signs = self.network_.inverted.clone()
        with finite_weights(self.network_, epoch):
            train_epoch(self.network_, self._optimizer, inputs, labels, order, batch_size, outputs)
        # Signs by mean firing are not used here: a neuron whose class is not among these samples keeps its sign.
        self.network_.inverted.copy_(signs)
        self.n_iter_ = epoch

    def _train_until_no_better(self, inputs: Tensor, labels: Tensor, held_out: Tensor, held_out_labels: Tensor, max_iter: int) -> None:
        patience = check_count("n_iter_no_change", self.n_iter_no_change)
        self.validation_scores_, self.best_iter_ = [], 0
        best: tuple[dict[str, Any], dict[str, Any]] | None = None
        while self.n_iter_ < max_iter and self.n_iter_ - self.best_iter_ < patience:
            self._train_epoch(inputs, labels)
            self.network_.settle_signs_by_label(inputs, labels)
            score = evaluate(self.network_, held_out, held_out_labels, inference="expected").accuracy
            if best is None or score > max(self.validation_scores_):
                best = copy.deepcopy(self.network_.state_dict()), copy.deepcopy(self._optimizer.state_dict())
                self.best_iter_ = self.n_iter_
            self.validation_scores_.append(score)
        assert best is not None
        self.network_.load_state_dict(best[0])
        self._optimizer.load_state_dict(best[1])


def _pair(bin_range: Any) -> tuple[float, float] | None:
    if bin_range is None:
        return None
    if not isinstance(bin_range, tuple | list | np.ndarray) or len(bin_range) != 2:
        raise ConfigurationError(f"`bin_range` must be a pair (low, high) or None; got {quoted(bin_range)}.")
    return check_number("bin_range", bin_range[0]), check_number("bin_range", bin_range[1])
