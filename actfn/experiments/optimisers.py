"""How parameters learn from their gradients. A step uses the gradients up: they begin at 0 again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from actfn.experiments.choices import Method

if TYPE_CHECKING:
    from actfn.experiments.network import Parameter


class Optimiser(Protocol):
    """What takes steps."""

    def step(self) -> None:
        """Change every parameter in place, against its gradient."""


class SGD:
    """Gradient descent: value -= rate * velocity, where the velocity remembers a share `momentum` of itself."""

    def __init__(self, parameters: list[Parameter], rate: float, momentum: float = 0.0) -> None:
        self.parameters = parameters
        self.rate = rate
        self.momentum = momentum
        self.velocities = [np.zeros_like(parameter.value) for parameter in parameters]

    def step(self) -> None:
        for parameter, velocity in zip(self.parameters, self.velocities, strict=True):
            velocity[:] = self.momentum * velocity + parameter.gradient
            parameter.value -= self.rate * velocity
            parameter.gradient[:] = 0


class Adam:
    """Steps of about `rate` whatever the gradient's size (Kingma & Ba 2015, arXiv:1412.6980)."""

    def __init__(
        self,
        parameters: list[Parameter],
        rate: float,
        decays: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
    ) -> None:
        self.parameters = parameters
        self.rate = rate
        self.decays = decays
        self.epsilon = epsilon
        self.steps = 0
        self.means = [np.zeros_like(parameter.value) for parameter in parameters]
        self.squares = [np.zeros_like(parameter.value) for parameter in parameters]

    def step(self) -> None:
        self.steps += 1
        first, second = self.decays
        # both averages begin at 0: divided by what they can have reached
        rate = self.rate / (1 - first**self.steps)
        reached = (1 - second**self.steps) ** -0.5
        for parameter, mean, square in zip(self.parameters, self.means, self.squares, strict=True):
            gradient = parameter.gradient
            mean[:] = first * mean + (1 - first) * gradient
            square[:] = second * square + (1 - second) * gradient * gradient
            parameter.value -= rate * mean / (np.sqrt(square) * reached + self.epsilon)
            gradient[:] = 0


RATES = {Method.ADAM: 0.01, Method.SGD: 0.1}  # that suit small networks
_MOMENTUM = 0.9


def optimiser(method: Method, parameters: list[Parameter], rate: float) -> Optimiser:
    """The optimiser of that name; gradient descent with momentum."""
    return Adam(parameters, rate) if method is Method.ADAM else SGD(parameters, rate, _MOMENTUM)
