"""The data sets, one module each. To add one, add a file; there is no list to edit.

A module has a `NAME`, which is `kind:PATH` if users give a path, and `load(path, progress)`. There `path` is the user's path
or the folder of all data sets. See `infomorphic.data.loading.CatalogueModule`.
"""
