"""The couplings of the neurons of a memory, learned by any rule."""

from typing import NamedTuple

from jaxtyping import Float
from torch import Tensor


class Couplings(NamedTuple):
    """The recurrent weights of N neurons. The field of neuron i in state s is h_i = Σ_j weight_ij s_j + bias_i."""

    weight: Float[Tensor, "neurons neurons"]
    """Row i has the weights that neuron i receives. The diagonal is zero: neurons do not receive their own output."""
    bias: Float[Tensor, " neurons"] | None = None

    def field(self, state: Float[Tensor, "batch neurons"]) -> Float[Tensor, "batch neurons"]:
        """The field of every neuron, in the type of the weights."""
        field = state.to(self.weight.dtype) @ self.weight.T
        return field if self.bias is None else field + self.bias
