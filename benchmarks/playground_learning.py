"""Measure how well the network of the playground learns in node: bars and digits, several goals and seeds.

python benchmarks/playground_learning.py --out results/playground-learning.csv

A row is one training after a number of steps. `right` is the share of the 8 bars that a neuron codes, or of the 359 test images of digits
whose label the readout finds (chance: 0.1). `cpu_ms_per_step` is the processor time of the whole training over its steps.
"""

import argparse
import json
import shutil
import subprocess
from pathlib import Path

from recorded import significant, write

import infomorphic
from infomorphic.goals import Goal
from infomorphic.playground.digits import packed_digits

SCRIPT = Path(infomorphic.__file__).parent / "playground" / "static" / "learning.js"
MEASURED = {
    "bars": (range(10), (50, 100, 200, 400), ("{F}", "{F}{C}", "{FC}")),
    "digits": (range(5), (500, 1000, 2000, 4000), ("trivariate/optimized-tpe-1", "{F}{C} - {F}{L}", "{F}{C}", "{FC}", "{FCL}")),
}
TRAIN = """
const learning = require(process.argv[1]), given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const found = given.trainings.map(({task, seed, goal, counts}) => {
  const training = learning.create({task, seed, goal, digits: given.digits}), right = [];
  const start = process.cpuUsage();
  for (const count of counts) {
    while (training.steps < count) training.step();
    right.push(training.accuracy().value);
  }
  return {right, cpu: process.cpuUsage(start).user / 1000 / training.steps};
});
console.log(JSON.stringify(found));
"""


def trainings():
    """The trainings, each with what the script needs."""
    for task, (seeds, counts, goals) in MEASURED.items():
        for text in goals:
            goal = Goal.resolve(text, "FC" if task == "bars" else "FCL")
            described = {"weights": dict(goal.weights), "residualEntropy": goal.residual_entropy}
            for seed in seeds:
                yield text, {"task": task, "seed": seed, "goal": described, "counts": list(counts)}


def rows():
    """One row per training and number of steps."""
    node = shutil.which("node")
    if node is None:
        raise SystemExit("node must be installed; it is not on PATH.")
    chosen = list(trainings())
    given = json.dumps({"digits": packed_digits(), "trainings": [training for _, training in chosen]})
    done = subprocess.run([node, "-e", TRAIN, str(SCRIPT)], input=given, capture_output=True, text=True, check=True)
    for (text, training), found in zip(chosen, json.loads(done.stdout), strict=True):
        for count, right in zip(training["counts"], found["right"], strict=True):
            yield {
                "task": training["task"],
                "goal": text,
                "seed": training["seed"],
                "steps": count,
                "right": significant(right),
                "cpu_ms_per_step": significant(found["cpu"], 3),
            }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("results/playground-learning.csv"))
    out = parser.parse_args().out
    write(list(rows()), out, "python benchmarks/playground_learning.py", "0 to 9 for bars, 0 to 4 for digits")
