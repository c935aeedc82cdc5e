"""Make examples/neuron.csv: 6000 observations of a simulated neuron. Run from the root: python examples/make_neuron_table.py

The neuron receives a stimulus. A cue (context) indicates which sign of the stimulus matters in this trial, a neighbor receives the
same stimulus with independent noise, and the animal is either still or running, which inverts how the cue is used.
"""

from pathlib import Path

import numpy as np
import pandas as pd

OBSERVATIONS = 6000


def main() -> None:
    """Simulate with seed 0 and write the table next to this file."""
    rng = np.random.default_rng(0)
    stimulus = rng.normal(size=OBSERVATIONS)
    # The cue is right about the sign of the stimulus in three of four trials.
    cue = np.where(rng.random(OBSERVATIONS) < 0.75, np.sign(stimulus), -np.sign(stimulus))
    neighbor = rng.random(OBSERVATIONS) < 1 / (1 + np.exp(-2 * stimulus))
    running = rng.random(OBSERVATIONS) < 0.5
    drive = 1.5 * stimulus + 0.8 * cue * np.where(running, -1, 1) + 0.4 * (2 * neighbor - 1)
    spike = rng.random(OBSERVATIONS) < 1 / (1 + np.exp(-2 * drive))
    table = pd.DataFrame(
        {
            "stimulus": stimulus.round(3),
            "context": np.where(cue > 0, "high", "low"),
            "neighbor": neighbor.astype(int),
            "running": running.astype(int),
            "spike": spike.astype(int),
        }
    )
    table.to_csv(Path(__file__).parent / "neuron.csv", index=False)


if __name__ == "__main__":
    main()
