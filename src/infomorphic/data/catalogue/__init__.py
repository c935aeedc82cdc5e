"""The data sets: one module each, found by looking here, so that a new one is a new file and nothing else.

A module has a `NAME`, which is `kind:PATH` if users name a path, and `load(path, progress)`, where `path` is that path or
else the folder of all data sets. See `infomorphic.data.loading.CatalogueModule`.
"""
