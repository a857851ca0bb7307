"""Where weights begin: one row for each way, with the mean and the spread that theory needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from actfn.errors import UnknownNameError, suggestion

if TYPE_CHECKING:
    from actfn.experiments.network import Floats


class Distribution(Enum):
    """The distribution that weights are drawn from."""

    UNIFORM = "uniform"
    NORMAL = "normal"
    ORTHOGONAL = "orthogonal"  # columns, or rows, that are at right angles: lengths are kept


class Fan(Enum):
    """The count that the variance of a weight goes down with."""

    NONE = "1"
    INPUTS = "inputs"
    MEAN = "(inputs + outputs)/2"
    LARGER = "max(inputs, outputs)"

    def count(self, inputs: int, outputs: int) -> float:
        """How many that is."""
        return {
            Fan.NONE: 1.0,
            Fan.INPUTS: float(inputs),
            Fan.MEAN: (inputs + outputs) / 2,
            Fan.LARGER: float(max(inputs, outputs)),
        }[self]


@dataclass(frozen=True)
class Initialiser:
    """A way to draw the weights of a layer.

    Attributes:
        name: as it is asked for.
        distribution: the distribution.
        gain: the standard deviation of a weight is gain/sqrt(fan).
        fan: which count that is.
        formula: what it is, for reading.
        mean: the mean of a weight.
    """

    name: str
    distribution: Distribution
    gain: float
    fan: Fan
    formula: str
    mean: float = 0.0

    def std(self, inputs: int, outputs: int) -> float:
        """The standard deviation of a weight between so many inputs and outputs."""
        return self.gain / sqrt(self.fan.count(inputs, outputs))

    def weights(self, rng: np.random.Generator, inputs: int, outputs: int, dtype: str = "float64") -> Floats:
        """Weights, (inputs, outputs), drawn in float64 and rounded once: a seed means the same in every dtype."""
        std, size = self.std(inputs, outputs), (inputs, outputs)
        if self.distribution is Distribution.UNIFORM:
            drawn = self.mean + sqrt(3) * std * rng.uniform(-1, 1, size)
        elif self.distribution is Distribution.NORMAL:
            drawn = self.mean + std * rng.standard_normal(size)
        else:
            drawn = self.gain * _orthogonal(rng, inputs, outputs)
        return drawn.astype(dtype)


def _orthogonal(rng: np.random.Generator, inputs: int, outputs: int) -> Floats:
    """Of the longer side's many directions as many as the shorter side has, uniformly at random."""
    q, r = np.linalg.qr(rng.standard_normal((max(inputs, outputs), min(inputs, outputs))))
    q *= np.where(np.diag(r) < 0, -1.0, 1.0)  # LAPACK's signs are not uniform
    return q if inputs >= outputs else q.T


INITIALISERS = {
    row.name: row
    for row in (
        Initialiser("uniform01", Distribution.UNIFORM, 1 / sqrt(12), Fan.NONE, "uniform on [0, 1), as rand() is",
                    mean=0.5),
        Initialiser("normal", Distribution.NORMAL, 1.0, Fan.NONE, "std 1"),
        Initialiser("small", Distribution.UNIFORM, 0.01 / sqrt(3), Fan.NONE, "uniform on ±0.01"),
        # Glorot & Bengio 2010
        Initialiser("glorot", Distribution.UNIFORM, 1.0, Fan.MEAN, "std sqrt(2/(inputs + outputs))"),
        Initialiser("he", Distribution.NORMAL, sqrt(2), Fan.INPUTS, "std sqrt(2/inputs)"),  # He et al. 2015
        Initialiser("lecun", Distribution.NORMAL, 1.0, Fan.INPUTS, "std sqrt(1/inputs)"),  # LeCun et al. 1998
        # Saxe, McClelland & Ganguli 2014
        Initialiser("orthogonal", Distribution.ORTHOGONAL, 1.0, Fan.LARGER, "right angles, lengths are kept"),
    )
}  # fmt: skip


def find(name: str) -> Initialiser:
    """The initialiser of that name. Raises UnknownNameError."""
    found = INITIALISERS.get(name.casefold())
    if found is None:
        hint = suggestion(name, list(INITIALISERS)) or f"there are: {', '.join(INITIALISERS)}"
        raise UnknownNameError(f"unknown initialiser {name!r}", hint=hint)
    return found


def scaled(std: float) -> Initialiser:
    """Normal weights of a standard deviation."""
    return Initialiser(f"scale {std:g}", Distribution.NORMAL, std, Fan.NONE, "normal weights")
