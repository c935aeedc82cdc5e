"""Find the best goal of hidden neurons on digits: GridSearchCV over goals, one CSV and one figure.

python benchmarks/grid_search_goals.py --out results/scikit-learn/digits-goal-search.csv --figure docs/images/digits-goal-search.png

A fifth of the digits is held out; the goals are compared by 4-fold cross-validation on the rest. Only the winner, retrained on
all of the rest, is evaluated on the held-out fifth.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import time
from importlib.metadata import version
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, StratifiedKFold, train_test_split

from infomorphic.sklearn import InfomorphicClassifier

GOALS = [
    "trivariate/optimized-tpe-1",
    "trivariate/four-atoms",
    "trivariate/heuristic",
    "{F}{C} - {F}{L}",
    "{F}{C}{L}",
    "{F}",
]
HIDDEN, EPOCHS, BATCH, FOLDS, SEED = 30, 60, 128, 4, 0


def search():
    """The fitted search, and the accuracy of its winner on the held-out digits."""
    X, y = load_digits(return_X_y=True)
    X, X_test, y, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=SEED)
    model = InfomorphicClassifier(HIDDEN, max_iter=EPOCHS, batch_size=BATCH, random_state=SEED)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    found = GridSearchCV(model, {"goal": GOALS}, cv=folds, verbose=2).fit(X, y)
    return found, found.score(X_test, y_test)


def write(found, test_accuracy, path, seconds):
    """Write one row per goal, and a JSON file with the provenance."""
    results = found.cv_results_
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["goal", *[f"fold_{i}" for i in range(FOLDS)], "mean_accuracy", "rank", "test_accuracy_of_the_winner"])
        for i, goal in enumerate(GOALS):
            accuracies = [round(float(results[f"split{fold}_test_score"][i]), 5) for fold in range(FOLDS)]
            best = round(float(test_accuracy), 5) if i == found.best_index_ else ""
            writer.writerow([goal, *accuracies, round(float(np.mean(accuracies)), 5), int(results["rank_test_score"][i]), best])
    made_by = {
        "command": "python benchmarks/grid_search_goals.py",
        "settings": {"hidden": HIDDEN, "epochs": EPOCHS, "batch_size": BATCH, "folds": FOLDS, "seed": SEED},
        "seconds": round(seconds, 1),
        "commit": subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout.strip(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("scikit-learn", "torch", "numpy", "numba")},
        "platform": platform.platform(),
        "cores": os.cpu_count(),
    }
    path.with_suffix(".json").write_text(json.dumps(made_by, indent=1) + "\n", encoding="utf-8")


def draw(path, figure):
    """Dots for the folds, a bar for their mean, best on top."""
    with path.open(encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: float(row["mean_accuracy"]))
    fig, ax = plt.subplots(figsize=(7, 2.8), layout="constrained")
    for position, row in enumerate(rows):
        accuracies = [100 * float(v) for k, v in row.items() if k.startswith("fold_")]
        ax.plot(accuracies, [position] * len(accuracies), "o", color="#0072B2", alpha=0.5, markeredgewidth=0, zorder=2)
        ax.plot([100 * float(row["mean_accuracy"])] * 2, [position - 0.3, position + 0.3], color="black", linewidth=1.5, zorder=3)
        ax.annotate(f"{100 * float(row['mean_accuracy']):.1f}", (1.01, position), xycoords=("axes fraction", "data"), va="center")
    ax.set_yticks(range(len(rows)), [row["goal"] for row in rows])
    ax.set_ylim(-0.6, len(rows) - 0.4)
    ax.set_xlabel("accuracy on held-out fold (%)")
    ax.grid(axis="x", alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)
    fig.savefig(figure, dpi=150)
    plt.close(fig)


def main():
    """Search, write, draw; with `--draw-only`, only draw the figure from the existing CSV."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("results/scikit-learn/digits-goal-search.csv"))
    parser.add_argument("--figure", type=Path, default=Path("docs/images/digits-goal-search.png"))
    parser.add_argument("--draw-only", action="store_true")
    options = parser.parse_args()
    if not options.draw_only:
        started = time.perf_counter()
        found, test_accuracy = search()
        write(found, test_accuracy, options.out, time.perf_counter() - started)
        print(f"best: {found.best_params_['goal']}, test accuracy {test_accuracy:.4f}")
    draw(options.out, options.figure)


if __name__ == "__main__":
    main()
