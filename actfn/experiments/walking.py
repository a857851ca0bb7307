"""People walking, some with a stone in a shoe: what an accelerometer and a gyroscope at the hip would record.

A made-up model with the causes the right way round: who is heavier steps a little slower, presses harder into the
ground (a larger upward acceleration, of a duller shape) and turns the hip less; who is taller steps slower too. A stone
makes every second step shorter, weaker and later. Height is not told, and the sensors are noisy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actfn.experiments.network import Floats

SAMPLES = 60  # of each sensor
SECONDS = 3.0
MEAN_WEIGHT, SPREAD = 75.0, 12.0  # kg


class Walks(NamedTuple):
    """Recordings, a row a person.

    Attributes:
        signals: (rows, 2 * SAMPLES): upward acceleration in g, then the turn of the hip in rad/s.
        weights: (rows, 1), body weight in kg.
        stone: (rows,), who had a stone in the shoe.
    """

    signals: Floats
    weights: Floats
    stone: NDArray[np.bool_]


def walks(rng: np.random.Generator, rows: int) -> Walks:
    """Recordings of as many people, half of them with a stone."""
    weight = np.clip(MEAN_WEIGHT + SPREAD * rng.standard_normal(rows), 45, 120)
    height = rng.standard_normal(rows)
    stone = rng.random(rows) < 0.5
    heavy = (weight - MEAN_WEIGHT) / SPREAD
    steps = 1.85 - 0.06 * heavy - 0.05 * height + 0.02 * rng.standard_normal(rows)  # a second
    strength = 0.35 * np.exp(0.12 * heavy + 0.04 * rng.standard_normal(rows))
    turn = 1.1 * np.exp(-0.10 * heavy + 0.05 * height + 0.04 * rng.standard_normal(rows))
    limp = np.where(stone, rng.uniform(0.25, 0.45, rows), 0.0)

    time = np.linspace(0, SECONDS, SAMPLES)
    start = 2 * np.pi * rng.uniform(0, 0.05, rows)
    stride = np.pi * steps[:, None] * time + start[:, None]  # one turn is two steps
    stride = stride + limp[:, None] * np.sin(stride) ** 2 / 2
    uneven = 1 - limp[:, None] * (np.sin(stride) < 0)
    step = np.sin(2 * stride)
    up = strength[:, None] * uneven * (step + (0.3 - 0.1 * heavy[:, None]) * np.sin(4 * stride))
    hip = turn[:, None] * uneven * np.sin(stride)
    noise = 0.05 * rng.standard_normal((2, rows, SAMPLES))
    signals = np.concatenate([up + noise[0], hip + 2 * noise[1]], axis=1)
    return Walks(signals, weight[:, None], stone)
