"""Checks every annotated shape and type of the package while the tests run; users do not pay for it.

`install` adds the decorator `check_shapes` to each function and class of the package when it is imported. Functions compiled by numba are not
checked: the decorators in `infomorphic.compiled` remove the check, because numba compiles neither checks nor annotations.
"""

import ast
import dataclasses
import inspect
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from typing import Any, get_args, get_type_hints

import numpy as np
import pytest
import typer
from beartype import BeartypeConf, FrozenDict, beartype
from jaxtyping import AbstractArray, jaxtyped
from pydantic import ValidationInfo


class Mismatch(UserWarning):
    """An argument or a result does not match its annotation. Warnings are errors in tests."""


wrong_on_purpose = pytest.mark.filterwarnings("ignore::shape_checking.Mismatch")
"""Marks a test that passes what annotations forbid, as users do, in order to test the package's own error."""

_types = beartype(
    conf=BeartypeConf(
        violation_type=Mismatch,
        is_random=False,  # of a list, the first item is checked; a random one would change the state of `random`
        hint_overrides=FrozenDict(
            {
                int: int | np.integer,
                float: float | int | np.floating | np.integer,
                typer.Context: Any,  # typer passes an instance of the class from which this one is derived
                ValidationInfo: Any,  # pydantic's protocol, which `isinstance` refuses
            }
        ),
    )
)


def install() -> None:
    """Check all modules of the package that are imported from now on."""
    assert "infomorphic" not in sys.modules
    sys.meta_path.insert(0, _Finder())


def check_shapes(thing: Any) -> Any:
    """A function, or the `__init__` of a dataclass, that raises an error if an argument or the result does not match its annotation."""
    if inspect.isclass(thing):
        if dataclasses.is_dataclass(thing) and "__init__" in vars(thing) and not hasattr(thing.__init__, "__wrapped__"):
            thing.__init__ = check_shapes(thing.__init__)
        return thing
    if not inspect.isfunction(thing):
        return thing
    thing.__annotations__ = {name: _checkable(hint, thing) for name, hint in thing.__annotations__.items()}
    # jaxtyping compares the shapes of all arguments, which takes time. Other functions do not need it.
    if any(True for hint in thing.__annotations__.values() for _ in _arrays_in(hint)):
        return jaxtyped(thing, typechecker=_types)
    return _types(thing)


def _checkable(hint: Any, function: Any) -> Any:
    """The annotation, evaluated; `Any` if it has a name that only type checkers import, or the shape of an `ArrayLike`: lists have none."""

    if isinstance(hint, str) and "[ArrayLike," in hint:
        return Any  # from numpy 2.5 on, it cannot be evaluated either

    def annotated(x):
        pass

    annotated.__annotations__ = {"x": hint}
    try:
        evaluated = get_type_hints(annotated, function.__globals__, include_extras=True)["x"]
    except NameError:
        return Any
    return evaluated if all(array.array_type.__name__ in ("ndarray", "Tensor", "Any") for array in _arrays_in(evaluated)) else Any


def _arrays_in(hint: Any) -> Iterator[type[AbstractArray]]:
    """The shapes in an annotation."""
    if inspect.isclass(hint) and issubclass(hint, AbstractArray):
        yield hint
    for part in get_args(hint):
        yield from _arrays_in(part)


class _Finder(PathFinder):
    """Finds modules as usual, and has them loaded with checks."""

    @classmethod
    def find_spec(cls, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] != "infomorphic":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    def path_stats(self, path: Any) -> Any:
        raise OSError  # so that the code with checks is neither kept on disk nor replaced by code without

    def exec_module(self, module: Any) -> None:
        vars(module)[check_shapes.__name__] = check_shapes
        super().exec_module(module)

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> Any:
        tree = ast.parse(data, path)
        _Decorate().visit(tree)
        return compile(ast.fix_missing_locations(tree), path, "exec", dont_inherit=True, optimize=_optimize)


class _Decorate(ast.NodeVisitor):
    """Adds the decorator, except to functions inside of functions, which would be decorated in every call."""

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        node.decorator_list.insert(0, _decorator(node))
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        node.decorator_list.append(_decorator(node))


def _decorator(node: ast.AST) -> ast.expr:
    return ast.copy_location(ast.Name(check_shapes.__name__, ast.Load()), node)
