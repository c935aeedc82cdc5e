"""`load_dataset`: find the catalogue module for the name that a user gives."""

import difflib
import importlib
import os
import pkgutil
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

from infomorphic import plugins
from infomorphic.data import catalogue
from infomorphic.data.dataset import Dataset, DatasetSize
from infomorphic.errors import DataError, InfomorphicError
from infomorphic.quoting import quoted, shortened

DATA_DIR_VARIABLE = "INFOMORPHIC_DATA"

GROUP = "infomorphic.datasets"
"""The group of entry points for data sets in installed packages: functions without arguments that return a `Dataset`."""


@runtime_checkable  # for runtime type checkers
class CatalogueModule(Protocol):
    """The contract of a module of `infomorphic.data.catalogue`. A module may also have a `SIZE`, a `DatasetSize`.

    A module of generated data with parameters, named `NAME:PARAMETERS`, has functions `variant` and `size_of` that take the parameters.
    """

    NAME: str
    """The name, or `kind:PATH` for data at a path given by the user."""

    def load(self, path: Path, progress: bool) -> Dataset:
        """The data set in or below `path`: the user's path or, if the name has no path, the folder of all data sets."""
        ...


def load_dataset(spec: str, data_dir: Path | str | None = None, progress: bool = True) -> Dataset:
    """Load the data set named by `spec`. Published data sets that are not in `data_dir` are downloaded first.

    Args:
        spec: one of `available_datasets()`, such as `mnist` or `folder:my/images`; generated data with parameters, such as
            `rhm:v8-n8-m4-L3`; or `FILE.py:NAME`, a function in your own file that returns a `Dataset`.
        data_dir: the folder of the published data sets, in torchvision's layout; `default_data_dir()` if None.
        progress: whether to show progress bars for long steps, on standard error if it is a terminal.

    Raises:
        DataError: if the data set does not exist, cannot be read or downloaded, or fails a check of `Dataset`.
    """
    modules = _modules()
    if spec not in modules and (found := plugins.find(spec, GROUP)) is not None:
        return _own(spec, found)
    kind, colon, path = spec.partition(":")
    if colon and (variant := getattr(modules.get(kind), "variant", None)) is not None:
        return variant(path)
    name = f"{kind}:PATH" if colon else spec
    if name not in modules:
        raise DataError(_unknown(spec, (*modules, *plugins.installed(GROUP))))
    if colon and not path:
        raise DataError(f"a data set {kind}: must have a path; got {quoted(spec)}. Write for example {kind}:my/data.")
    place = Path(path).expanduser() if colon else default_data_dir() if data_dir is None else Path(data_dir).expanduser()
    try:
        return modules[name].load(place, progress)
    except MemoryError as error:
        raise DataError(f"{shortened(spec)} does not fit into memory ({error}). Use fewer or smaller images.") from error
    except (OSError, ValueError) as error:  # a path with a zero byte raises ValueError
        if isinstance(error, DataError):
            raise
        raise DataError(f"{shortened(spec)} cannot be read: {shortened(str(error))}.") from error


@cache
def known_size(spec: str) -> DatasetSize | None:
    """The size of a data set without reading files of images: of a published or generated one, or of one that a function returns; else None."""
    modules = _modules()
    if spec in modules:
        return getattr(modules[spec], "SIZE", None)
    kind, colon, parameters = spec.partition(":")
    if colon and (size_of := getattr(modules.get(kind), "size_of", None)) is not None:
        with suppress(InfomorphicError):  # reported when the data are needed
            return size_of(parameters)
        return None
    if ":" in spec and not plugins.is_reference(spec):
        return None
    try:
        data = load_dataset(spec)
    except InfomorphicError:  # reported when the data are needed
        return None
    return DatasetSize(len(data.train_labels), data.num_classes, data.num_features, data.image_shape)


def is_at_path(spec: str) -> bool:
    """Whether a name says where a user's files are, such as `folder:my/images`."""
    kind, colon, _ = spec.partition(":")
    return bool(colon) and f"{kind}:PATH" in _modules()


def available_datasets() -> tuple[str, ...]:
    """The names that `load_dataset` accepts, with those of installed packages last. `PATH` is a placeholder for a path."""
    return (*_modules(), *plugins.installed(GROUP))


def _own(spec: str, load: Any) -> Dataset:
    """The data set returned by a function of a user or of an installed package."""
    with plugins.running(spec):
        found = load() if callable(load) else load
    if not isinstance(found, Dataset):
        raise DataError(f"{spec} must be a function without arguments that returns a Dataset; got a {type(found).__name__}.")
    return replace(found, name=spec)


def default_data_dir() -> Path:
    """The folder in the environment variable INFOMORPHIC_DATA, else one in the user's cache."""
    if named := os.environ.get(DATA_DIR_VARIABLE):
        return Path(named).expanduser()
    import pooch

    return Path(pooch.os_cache("infomorphic"))


def _modules() -> dict[str, CatalogueModule]:
    found = pkgutil.iter_modules(catalogue.__path__, f"{catalogue.__name__}.")
    modules = [cast(CatalogueModule, importlib.import_module(info.name)) for info in found]
    return {module.NAME: module for module in sorted(modules, key=lambda module: module.NAME)}


def _unknown(spec: str, names: tuple[str, ...]) -> str:
    listed = f"There are {', '.join(names)}."
    # Compare a name with a path without the path, which cannot resemble a known name.
    kind, colon, path = spec.partition(":")
    if not colon and os.path.exists(Path(spec).expanduser()):
        return (
            f"there is no data set {quoted(spec)}. Did you mean {'folder' if Path(spec).expanduser().is_dir() else 'npz'}:{spec}? {listed}"
        )
    candidates = {name.partition(":")[0]: name.replace("PATH", shortened(path) or "PATH") for name in names}
    near = difflib.get_close_matches(kind[:100].lower(), candidates, n=1)
    meant = f"Did you mean {candidates[near[0]]}? " if near else ""
    return f"there is no data set {quoted(spec)}. {meant}{listed}"
