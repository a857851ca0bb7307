"""Data that is generated, not loaded: every set from a seeded generator, in float64."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actfn.experiments.choices import Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from actfn.experiments.network import Floats


class Labelled(NamedTuple):
    """Points, (rows, features), and the class of each, (rows,)."""

    points: Floats
    labels: NDArray[np.int64]


def spirals(rng: np.random.Generator, rows: int, turns: float = 1.5, noise: float = 0.02) -> Labelled:
    """Two arms around each other."""
    labels = rng.integers(0, 2, rows)
    along = np.sqrt(rng.uniform(0.01, 1, rows))
    angle = 2 * np.pi * turns * along + np.pi * labels
    points = 0.95 * along[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return Labelled(points + noise * rng.standard_normal((rows, 2)), labels)


def xor(rng: np.random.Generator, rows: int) -> Labelled:
    """Whether the two coordinates have different signs."""
    points = rng.uniform(-1, 1, (rows, 2))
    points += 0.05 * np.sign(points)
    return Labelled(points / 1.05, ((points[:, 0] > 0) != (points[:, 1] > 0)).astype(np.int64))


def rings(rng: np.random.Generator, rows: int, noise: float = 0.04) -> Labelled:
    """A ring, and within it another."""
    labels = rng.integers(0, 2, rows)
    angle = rng.uniform(0, 2 * np.pi, rows)
    radius = np.where(labels == 1, 0.8, 0.4) + noise * rng.standard_normal(rows)
    return Labelled(radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), labels)


def sine(rng: np.random.Generator, rows: int) -> Labelled:
    """Above or below a sine of three half-waves."""
    points = rng.uniform(-1, 1, (rows, 2))
    return Labelled(points, (points[:, 1] > 0.5 * np.sin(1.5 * np.pi * points[:, 0])).astype(np.int64))


def mixed(rng: np.random.Generator, rows: int, easy: float = 0.6) -> Labelled:
    """Spirals, with a share of easy points: of each class a cloud of its own, to the left and to the right of them."""
    hard = spirals(rng, rows, turns=3.0)
    centre = np.column_stack([np.where(hard.labels == 1, 2.0, -2.0), np.zeros(rows)])
    cloud = centre + 0.3 * rng.standard_normal((rows, 2))
    is_easy = rng.random(rows) < easy
    return Labelled(np.where(is_easy[:, None], cloud, hard.points), hard.labels)


SHAPES: dict[Shape, Callable[[np.random.Generator, int], Labelled]] = {
    Shape.SPIRALS: spirals,
    Shape.XOR: xor,
    Shape.RINGS: rings,
    Shape.SINE: sine,
}
