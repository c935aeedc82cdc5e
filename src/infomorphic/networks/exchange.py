"""What a network needs of neurons that another process has. In one process, it needs nothing."""

from jaxtyping import Float
from torch import Tensor


class Exchange:
    """Gives what was computed for the neurons here as if for all neurons of their layer. In one process, all neurons are here."""

    def outputs(self, layer: str, output: Float[Tensor, "batch here"], *, is_drawn: bool) -> Float[Tensor, "batch neurons"]:
        """The outputs of all neurons of a layer in a presentation.

        Args:
            layer: the name of the layer.
            output: the outputs of the neurons here.
            is_drawn: whether each output is a value of the alphabet, and not an expectation.
        """
        return output

    def of_all(self, layer: str, values: Float[Tensor, "here ..."]) -> Float[Tensor, "neurons ..."]:
        """The values of all neurons of a layer.

        Args:
            layer: the name of the layer.
            values: those of the neurons here.
        """
        return values
