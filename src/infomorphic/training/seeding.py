"""Random numbers by purpose, under the name that training has had for them."""

from infomorphic.seeding import generator_for

__all__ = ["generator_for"]
