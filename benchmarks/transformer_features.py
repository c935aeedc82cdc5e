"""Accuracy of a linear classifier on features of InfomorphicTransformer, compared with those of an untrained layer.

python benchmarks/transformer_features.py > results/scikit-learn/digits-features.csv

4-fold cross-validation on four fifths of the digits, logistic regression on standardized features; the last fifth is not used.
"""

import csv
import sys

from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from infomorphic.sklearn import InfomorphicTransformer

# A negligible learning rate: the layer keeps its initial weights.
LEARNING = {"trained": {"max_iter": 100, "batch_size": 256}, "untrained": {"max_iter": 1, "learning_rate": 1e-12}}


def main():
    """Write one row per number of neurons, seed and kind of layer, and one for the pixels themselves."""
    X, y = load_digits(return_X_y=True)
    X, _, y, _ = train_test_split(X, y, test_size=0.2, stratify=y, random_state=0)
    folds = StratifiedKFold(4, shuffle=True, random_state=0)

    def accuracy(*steps):
        return round(
            float(cross_val_score(make_pipeline(*steps, StandardScaler(), LogisticRegression(max_iter=500)), X, y, cv=folds).mean()), 5
        )

    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["features", "neurons", "seed", "accuracy", "command"])
    command = "python benchmarks/transformer_features.py"
    table.writerow(["pixels", "", "", accuracy(), command])
    for neurons in (10, 50):
        for seed in (0, 1, 2):
            for name, parameters in LEARNING.items():
                features = InfomorphicTransformer(neurons, random_state=seed, **parameters)
                table.writerow([name, neurons, seed, accuracy(features), command])


if __name__ == "__main__":
    main()
