"""Units of information."""

BITS_PER_NAT = 1.4426950408889634
"""log2(e). Information is given in bits everywhere."""
