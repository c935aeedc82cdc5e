"""The benchmark: the same network, trained by backpropagation of a global loss."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from infomorphic.layers import LayerOutput
from infomorphic.networks.network import Classifier, InfomorphicNetwork


class Backpropagated(Classifier):
    """A network of the same architecture whose layers descend the cross entropy of the readout's feedforward currents.

    Hidden outputs ±1 are sampled in the forward pass; the backward pass goes straight through them where the activation is in [−1, 1].
    Which surrogate the publication used is not said: this one gives its accuracy, the gradient of the expectation a point more.

    Source: arXiv:2412.02482, A.3 and A.8.
    """

    def __init__(self, network: InfomorphicNetwork, num_classes: int, readout: str = "readout"):
        super().__init__(network, num_classes, readout)
        network.requires_grad_(True)

    def learn(
        self, images: Float[Tensor, "batch features"], labels: Int64[Tensor, " batch"], generator: torch.Generator | None = None
    ) -> Float[Tensor, "batch classes"]:
        """Fill the gradients for one batch and return the readout's class probabilities."""
        logits = self.network.present(self.inputs(images, labels), generator, "straight-through")[self.readout].layer.currents[0]
        nn.functional.cross_entropy(logits, labels).backward()
        return logits.detach().softmax(-1)

    def settle_signs(self, mean_firing_prob: Float[Tensor, " classes"]) -> None:
        """Cross entropy knows the sign: nothing to settle."""

    def settle_signs_by_label(self, images: Float[Tensor, "samples features"], labels: Int64[Tensor, " samples"]) -> None:
        """Cross entropy knows the sign: nothing to settle."""

    def reading(self, readout: LayerOutput) -> Float[Tensor, "batch classes"]:
        """The class probabilities."""
        return readout.currents[0].softmax(-1)
