"""Layers of a small network. Every one has one method: forward.

`y, back = layer.forward(x)` gives the answer and the way back. `back(dy)`, with dy the gradient of a loss to y, adds
to the gradient of each parameter and returns the gradient to x; being a closure it belongs to this forward pass and
to no other. Gradients add up until the optimiser takes them, so that two losses on one layer need no further thought.

Arrays are (rows, features), a row a sample, and stay in the dtype of the parameters throughout.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from actfn.experiments.initialisers import Initialiser
    from actfn.functions.function import Function

Floats = NDArray[Any]
Back = Callable[[Floats], Floats]


class Parameter:
    """An array that learns, and the gradient of the loss to it so far."""

    def __init__(self, value: Floats) -> None:
        self.value = value
        self.gradient = np.zeros_like(value)


class Layer(Protocol):
    """What can stand in a network."""

    @property
    def parameters(self) -> list[Parameter]:
        """What learns in it, the layers it contains included."""

    def forward(self, x: Floats) -> tuple[Floats, Back]:
        """The answer to x, and the way back."""


class Dense:
    """x W + b, from (rows, inputs) to (rows, outputs). The bias begins at 0."""

    def __init__(
        self, inputs: int, outputs: int, initialiser: Initialiser, rng: np.random.Generator, dtype: str = "float64"
    ) -> None:
        self.weight = Parameter(initialiser.weights(rng, inputs, outputs, dtype))
        self.bias = Parameter(np.zeros(outputs, dtype))

    @property
    def parameters(self) -> list[Parameter]:
        return [self.weight, self.bias]

    def forward(self, x: Floats) -> tuple[Floats, Back]:
        def back(gradient: Floats) -> Floats:
            self.weight.gradient += x.T @ gradient
            self.bias.gradient += gradient.sum(axis=0)
            return gradient @ self.weight.value.T

        return x @ self.weight.value + self.bias.value, back


class Activate:
    """A function of one number, element by element; on the way back its own derivative."""

    parameters: list[Parameter] = []  # noqa: RUF012 - it has none, and nobody adds one

    def __init__(self, function: Function) -> None:
        self.function = function
        self.slope = function.derivative()

    def forward(self, x: Floats) -> tuple[Floats, Back]:
        return self.function(x), lambda gradient: gradient * self.slope(x)


class Chain:
    """Layers, one after the other."""

    def __init__(self, *layers: Layer) -> None:
        self.layers = layers

    @property
    def parameters(self) -> list[Parameter]:
        return [parameter for layer in self.layers for parameter in layer.parameters]

    def forward(self, x: Floats) -> tuple[Floats, Back]:
        backs = []
        for layer in self.layers:
            x, back = layer.forward(x)
            backs.append(back)

        def backwards(gradient: Floats) -> Floats:
            for back in reversed(backs):
                gradient = back(gradient)
            return gradient

        return x, backwards


class Residual:
    """x + f(x): the stream goes on, the inner layer adds to it."""

    def __init__(self, inner: Layer) -> None:
        self.inner = inner

    @property
    def parameters(self) -> list[Parameter]:
        return self.inner.parameters

    def forward(self, x: Floats) -> tuple[Floats, Back]:
        y, back = self.inner.forward(x)
        return x + y, lambda gradient: gradient + back(gradient)


class Beside:
    """Several layers on the same input, their answers side by side: columns, each with its own head."""

    def __init__(self, *heads: Layer) -> None:
        self.heads = heads

    @property
    def parameters(self) -> list[Parameter]:
        return [parameter for head in self.heads for parameter in head.parameters]

    def forward(self, x: Floats) -> tuple[Floats, Back]:
        answers, backs = zip(*(head.forward(x) for head in self.heads), strict=True)
        ends = np.cumsum([answer.shape[1] for answer in answers])[:-1]

        def backwards(gradient: Floats) -> Floats:
            parts = np.split(gradient, ends, axis=1)
            return sum((back(part) for back, part in zip(backs, parts, strict=True)), np.zeros_like(x))

        return np.concatenate(answers, axis=1), backwards


def perceptron(
    sizes: list[int], function: Function, initialiser: Initialiser, rng: np.random.Generator, dtype: str = "float64"
) -> Chain:
    """Dense layers of these sizes with the function between them, and none after the last."""
    layers: list[Layer] = []
    for inputs, outputs in pairwise(sizes):
        layers += [Dense(inputs, outputs, initialiser, rng, dtype), Activate(function)]
    return Chain(*layers[:-1])
