"""The kinds of studies of the publications: one module each, found by looking here, so that a new one is a new file and nothing else.

A module has, besides a first line that says what it is, `Settings`, `OBJECTIVE`, `space`, `report`, and `config` or `run` and `cost`, which
become the fields of a `Kind`.
"""
