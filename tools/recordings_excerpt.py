"""Make examples/recordings from the data files of the package nitime 0.12.1 (BSD-3).

python tools/recordings_excerpt.py FOLDER     FOLDER has the files that nitime keeps in nitime/data

Spike times and fMRI series are copied as they are. The amplitude of the sound, 200,000 samples every 50 µs, is averaged over each millisecond.
"""

import argparse
import gzip
import shutil
from pathlib import Path

import numpy as np

PLACE = Path(__file__).parents[1] / "examples" / "recordings"
SAMPLES_PER_MILLISECOND = 20


def amplitude(path: Path) -> np.ndarray:
    """The mean amplitude of a stimulus in each millisecond. Raises ValueError if it is not sampled every 50 µs."""
    with gzip.open(path, "rt") as file:
        microseconds, values = np.loadtxt(file, unpack=True)
    if not np.array_equal(microseconds, 50.0 * np.arange(len(values))):
        raise ValueError(f"{path} must have a sample every 50 µs, from 0.")
    return values.reshape(-1, SAMPLES_PER_MILLISECOND).mean(axis=1)


def main() -> None:
    """Write the files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    PLACE.mkdir(parents=True, exist_ok=True)
    for number in (1, 2):
        shutil.copyfile(folder / f"grasshopper_spike_times{number}.txt", PLACE / f"grasshopper-spikes-{number}.txt")
    shutil.copyfile(folder / "fmri_timeseries.csv", PLACE / "fmri.csv")
    shutil.copyfile(folder / "LICENSE", PLACE / "LICENSE.nitime")
    both = np.column_stack([amplitude(folder / f"grasshopper_stimulus{number}.txt.gz") for number in (1, 2)])
    rows = (f"{first:.4f},{second:.4f}\n" for first, second in both)
    (PLACE / "grasshopper-amplitude.csv").write_text("stimulus_1,stimulus_2\n" + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
