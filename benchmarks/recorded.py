"""Write the table of a result. Its first lines are comments with the command, the seed, the versions and the machine."""

import csv

from infomorphic.training.run import environment_of_process

_KEPT = ("infomorphic", "commit", "python", "numpy", "platform", "processor", "cores")


def significant(value, digits=5):
    """A number for a table, to a number of significant digits."""
    return float(f"{value:.{digits}g}")


def write(rows, path, command, seed):
    """Write one row per dictionary, below the comments. `pandas.read_csv(path, comment="#")` reads it."""
    environment = environment_of_process()
    origin = {"command": command, "seed": seed, **{name: environment[name] for name in _KEPT}, "threads": 1}
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(f"# {name}: {value}\n" for name, value in origin.items())
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} rows in {path}")
