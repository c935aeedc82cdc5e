"""Terms of entropies in bits, 0 where a probability is 0. For NumPy arrays and torch tensors; differentiable."""

from jaxtyping import Float

from infomorphic.pid._arrays import Array, log2_where, namespace, ratio_log2


def entropy_terms(p: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """−p log2 p of every probability; an entropy is their sum."""
    return -p * log2_where(p > 0, p, namespace(p))


def binary_entropy(p: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """−p log2 p − (1 − p) log2 (1 − p): the entropy of a binary variable with probability p."""
    return entropy_terms(p) + entropy_terms(1 - p)


def divergence_terms(p: Float[Array, "*shape"], q: Float[Array, "*#shape"]) -> Float[Array, "*shape"]:
    """P log2 (p / q); mutual information is the sum for a joint pmf and the product of its marginals."""
    # A product of tiny probabilities may be rounded to zero where the joint probability is not.
    return p * ratio_log2((p > 0) & (q > 0), p, q, namespace(p))
