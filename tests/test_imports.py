"""The import graph of the package."""

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
