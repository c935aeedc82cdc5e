"""Kinds of studies of one task, which they know by name: one module each. Modules are discovered, as in `infomorphic.studies.kinds`."""
