"""`InfomorphicLayer`: neurons with any number of named source classes, as an ordinary torch module."""

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor, nn

from infomorphic.errors import ConfigurationError
from infomorphic.layers.activations import Activation, Modulated
from infomorphic.layers.alphabet import PLUS_MINUS_ONE, Alphabet
from infomorphic.layers.connections import Connection, Connectivity
from infomorphic.layers.response import Response


class InfomorphicLayer(nn.Module):
    """A layer of neurons that receive several classes of input and fire with a probability that depends on all of them.

        X_s = w_s · x_s + b_s   for each source s,      θ = σ(A(X_1, …, X_n)),      y = +1 with probability θ, else −1

    Symbols: x_s are the inputs of source s; X_s is its current (F, C, L for feedforward, context and lateral); A is the
    activation. The first source drives, the others modulate. The layer does not depend on goals: pass its output to
    `infomorphic.objective.LocalGoal` and call `backward` on the value to get gradients of the layer's own weights.

    Args:
        num_neurons: number of neurons in the layer.
        sources: the connectivity of each source, by its one-letter name.
        activation: A; by default `Modulated()`, the trivariate activation of arXiv:2412.02482 for any number of sources.
        alphabet: the values of the output; by default `Binary()`, ±1.
        generator: random generator for the initial weights.

    Shapes:
        forward(F=(batch, inputs), C=…, …) → `Response` with currents and θ of shape (batch, neurons). A source that is
        None or left out is withheld: its input is zero and its current is its bias.

    Example:
        >>> layer = InfomorphicLayer(100, {"F": AllToAll(784), "C": AllToAll(10), "L": AllOthers()})
        >>> layer(F=torch.randn(32, 784)).firing_prob.shape
        torch.Size([32, 100])

    Source: arXiv:2412.02482, sec. 2 and A.4.
    """

    def __init__(
        self,
        num_neurons: int,
        sources: Mapping[str, Connectivity],
        activation: Activation | None = None,
        *,
        alphabet: Alphabet = PLUS_MINUS_ONE,
        generator: torch.Generator | None = None,
    ):
        super().__init__()
        if num_neurons < 1:
            raise ConfigurationError(f"`num_neurons` must be at least 1; got {num_neurons}.")
        if not sources or not all(len(name) == 1 and name.isalpha() for name in sources):
            raise ConfigurationError(f"`sources` must name at least one source, each with one letter; got {list(sources)}.")
        self.num_neurons = num_neurons
        self.activation = activation or Modulated()
        self.activation.check(len(sources))
        self.alphabet = alphabet
        self.connections = nn.ModuleDict({name: c.build(num_neurons, generator) for name, c in sources.items()})

    @property
    def sources(self) -> str:
        """The one-letter names of the source classes, the driving source first."""
        return "".join(self.connections)

    def connection(self, source: str) -> Connection:
        """The weights of a source.

        Raises:
            ConfigurationError: if there is no such source, or its connectivity built a module that is not a `Connection`.
        """
        if source not in self.connections:
            raise ConfigurationError(f"the layer has no source {source!r}; its sources are {', '.join(self.sources)}.")
        found = self.connections[source]
        if not isinstance(found, Connection):
            raise ConfigurationError(
                f"the weights of source {source!r} cannot be read: {type(found).__name__} is not a Connection. Derive it from one."
            )
        return found

    def learned_weight(self, source: str) -> Float[Tensor, "neurons inputs"] | None:
        """The weights of a source as a matrix, with zeros where nothing is connected, without a gradient; None if it has none that are learned."""
        if source not in self.connections or not isinstance(found := self.connections[source], Connection):
            return None
        return found.dense_weight().detach() if found.is_learned else None

    def forward(self, **inputs: Float[Tensor, "batch _"] | None) -> Response:
        """Currents and the distribution of the outputs, given the inputs of each source."""
        currents = self.currents(**inputs)
        return Response(currents, self.alphabet.of_currents(self.activation, currents), self.alphabet, self.sources)

    def currents(self, **inputs: Float[Tensor, "batch _"] | None) -> tuple[Float[Tensor, "batch neurons"], ...]:
        """The current of each source."""
        unknown = [name for name in inputs if name not in self.connections]
        if unknown:
            raise ConfigurationError(f"the layer has no source {unknown[0]!r}; its sources are {', '.join(self.sources)}.")
        given = [x for x in inputs.values() if x is not None]
        if not given:
            raise ConfigurationError(f"the layer needs the input of at least one of its sources {', '.join(self.sources)}.")
        return tuple(
            connection(x) if (x := inputs.get(name)) is not None else self.withheld(name, given[0])
            for name, connection in self.connections.items()
        )

    def withheld(self, source: str, like: Float[Tensor, "batch ..."]) -> Float[Tensor, "batch neurons"]:
        """The current of a source whose input is zero: its bias. `like` sets batch size, dtype and device."""
        bias = getattr(self.connections[source], "bias", None)
        current = like.new_zeros(self.num_neurons) if bias is None else bias
        return current[:, None].expand(self.num_neurons, like.shape[0]).T
