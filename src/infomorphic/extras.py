"""Packages that only a part of infomorphic needs. Each belongs to an extra of the distribution, which one line installs.

`pip install infomorphic` has what decompositions, statistics, measures without a solver, tables in CSV, and plots need.
"""

import importlib.util

PACKAGES: dict[str, tuple[str, ...]] = {
    "measures": ("scipy", "clarabel"),
    "networks": (
        "torch",
        "numba",
        "pydantic",
        "safetensors",
        "yaml",
        "sklearn",
        "scipy",
        "pooch",
        "requests",
        "urllib3",
        "filelock",
        "PIL",
    ),
    "studies": ("optuna", "cmaes"),
    "reports": ("plotly",),
    "tables": ("openpyxl", "pyarrow", "scipy"),
    "onnx": ("onnx", "onnxscript"),
    "postgresql": ("psycopg",),
    "neo": ("neo",),
    "nwb": ("pynwb",),
    "pynapple": ("pynapple",),
    "mlflow": ("mlflow",),
    "tensorboard": ("tensorboard",),
    "wandb": ("wandb",),
}
"""The packages of each extra, by the names under which they are imported."""


def install_line(package: str, extra: str | None = None) -> str:
    """The line that installs a package: its extra of infomorphic or, if it belongs to none, the package itself.

    Args:
        package: the name under which it is imported.
        extra: the extra to name, or several with commas between them; by default the first one that holds the package.
    """
    found = extra or next((name for name, packages in PACKAGES.items() if package in packages), None)
    return f"pip install 'infomorphic[{found}]'" if found else f"pip install {package}"


def missing(what: str, *packages: str, extra: str | None = None) -> str | None:
    """A sentence about the first of some packages that is not installed, with the line that installs it; None if all are.

    Args:
        what: the subject of the sentence.
        packages: the names under which they are imported.
        extra: as in `install_line`.
    """
    for package in packages:
        if importlib.util.find_spec(package) is None:
            return f"{what} needs the package {package}, which is not installed. Install it: {install_line(package, extra)}"
    return None
