"""The import graph of the package, and what importing it must not do."""

import subprocess
import sys

import grimp


def test_no_module_imports_itself_through_others():
    # Imports within functions and for type checkers count too: whoever reads them has to follow them.
    graph = grimp.build_graph("infomorphic", exclude_type_checking_imports=False)
    ordered: set[str] = set()
    left = set(graph.modules)
    while ready := {module for module in left if graph.find_modules_directly_imported_by(module) <= ordered}:
        ordered |= ready
        left -= ready
    assert not left, f"import cycles among {sorted(left)}"


def test_importing_plots_chooses_no_backend():
    code = "import sys, infomorphic.plots; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_plots_import_where_array_like_is_made_of_alias_statements():
    # As in numpy 2.5, which needs Python 3.12: jaxtyping cannot evaluate a shape of such an alias.
    code = (
        "import numpy.typing\n"
        "from typing_extensions import TypeAliasType, TypeVar\n"
        "T = TypeVar('T')\n"
        "Nested = TypeAliasType('Nested', list[T] | T, type_params=(T,))\n"
        "numpy.typing.ArrayLike = TypeAliasType('ArrayLike', bytes | Nested[float])\n"
        "from infomorphic import plots\n"
        "[getattr(plots, name) for name in plots.__all__]"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
