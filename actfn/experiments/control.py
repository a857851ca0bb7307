"""Two small tasks of continuous control; many copies of a task run side by side, a row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from actfn.experiments.choices import TaskName

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actfn.experiments.network import Floats


class Task(Protocol):
    """What can be controlled by one number. States are (rows, features), actions and rewards (rows,)."""

    @property
    def features(self) -> int:
        """How many numbers a state has."""

    @property
    def horizon(self) -> int:
        """Steps of an episode, at most."""

    @property
    def reach(self) -> float:
        """Actions of about this size matter."""

    def start(self, rng: np.random.Generator, rows: int) -> Floats:
        """Where episodes begin."""

    def step(
        self, states: Floats, actions: Floats, rng: np.random.Generator
    ) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """The next states, the rewards, and which episodes have come to their goal."""

    def seen(self, states: Floats) -> Floats:
        """The states in units of about 1, as a network likes them."""


@dataclass(frozen=True)
class LinearQuadratic:
    """x' = a x + b u + noise; every step costs x^2 + price u^2. The best control is known: u = -gain x."""

    a: float = 0.9
    b: float = 0.5
    noise: float = 0.1
    price: float = 0.1
    horizon: int = 20
    features: int = 1
    reach: float = 1.0

    def start(self, rng: np.random.Generator, rows: int) -> Floats:
        return rng.standard_normal((rows, 1))

    def step(
        self, states: Floats, actions: Floats, rng: np.random.Generator
    ) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        x = states[:, 0]
        rewards = -(x * x + self.price * actions * actions)
        moved = self.a * x + self.b * actions + self.noise * rng.standard_normal(len(x))
        return moved[:, None], rewards, np.zeros(len(x), bool)

    def seen(self, states: Floats) -> Floats:
        return states

    def gains(self) -> Floats:
        """The best gain at each step of an episode, by Riccati's recursion backwards from its end."""
        value, gains = 0.0, []
        for _ in range(self.horizon):
            gain = self.a * self.b * value / (self.price + self.b**2 * value)
            value = 1 + self.price * gain**2 + (self.a - self.b * gain) ** 2 * value
            gains.append(gain)
        return np.array(gains[::-1])


@dataclass(frozen=True)
class MountainCar:
    """A car in a valley whose motor is weaker than the slope: it must swing (after Moore 1990).

    Position -1.2 to 0.6, the valley's ground at -pi/6, the goal at 0.45. The reward is the energy gained, 10 from the
    ground to the goal, and 10 for the goal, less what the motor takes: paid at the goal alone, nothing would be learnt
    within seconds.
    """

    horizon: int = 200
    features: int = 2
    reach: float = 1.0

    def start(self, rng: np.random.Generator, rows: int) -> Floats:
        return np.column_stack([rng.uniform(-0.6, -0.4, rows), np.zeros(rows)])

    def step(
        self, states: Floats, actions: Floats, rng: np.random.Generator
    ) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        del rng  # nothing is random but where it begins
        position, speed = states.T
        push = np.clip(actions, -1, 1)
        faster = np.clip(speed + 0.0015 * push - 0.0025 * np.cos(3 * position), -0.07, 0.07)
        moved = np.clip(position + faster, -1.2, 0.6)
        faster = np.where((moved == -1.2) & (faster < 0), 0.0, faster)
        there = moved >= 0.45
        gained = _energy(moved, faster) - _energy(position, speed)
        rewards = 10 * gained / (_energy(0.45, 0.0) - _energy(-np.pi / 6, 0.0)) + 10.0 * there - 0.05 * push * push
        return np.column_stack([moved, faster]), rewards, there

    def seen(self, states: Floats) -> Floats:
        return (states - [-0.5, 0.0]) / [0.5, 0.03]


def _energy(position: Floats | float, speed: Floats | float) -> Floats | float:
    return 0.5 * np.square(speed) + 0.0025 * np.sin(3 * np.asarray(position)) / 3


TASKS: dict[TaskName, Task] = {TaskName.LINEAR: LinearQuadratic(), TaskName.CAR: MountainCar()}
