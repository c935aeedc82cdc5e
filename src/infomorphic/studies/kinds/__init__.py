"""The kinds of studies of the publications: one module each. Modules are discovered, so adding a kind means adding a file.

A module has a first line that describes it, `Settings`, `OBJECTIVE`, `space`, `report`, and `config` or `run` and `cost`, which
become the fields of a `Kind`.
"""
