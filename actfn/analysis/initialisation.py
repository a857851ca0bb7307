"""What a function does to a standard normal input, and how weights before it are to be scaled.

Expectations over z ~ N(0, 1) are integrals of f(z) times the normal density, cut at the function's kinks and jumps and
halved until Gauss's rule agrees with itself to 12 digits. Where it does not, as at a pole that is not integrable, the
expectation is nan; where the function grows faster than the density falls, it is infinite.

In a deep network of layers x -> f(W x), without biases, with independent weights of mean 0 and variance s/n for n
inputs, the variance of what enters f goes from q to s E[f(z sqrt(q))^2], and that of the gradient is multiplied by
s E[f'(z sqrt(q))^2] at every layer (Poole et al. 2016, Schoenholz et al. 2017). He's scale is s = 2, LeCun's 1, and
Glorot's, for layers of equal width, 1 as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.labels import BITS, constant_by_definition
from actfn.analysis.landscape import is_constant
from actfn.functions import kinks
from actfn.numerics.normal import ndtr, npdf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from actfn.functions.function import Function
    from actfn.numerics.kernels import Array

DEPTH = 50  # layers that signal and gradient are followed through
SCALES = {"He": 2.0, "Glorot": 1.0, "LeCun": 1.0}

_END = 38.5  # the density is no normal number from here on
_CUTS = (-_END, -24.0, -16.0, -11.0, -8.0, -6.0, -4.0, -3.0, -2.0, -1.0, 0.0)
_NODES, _FEW_NODES, _MANY = 20, 8, 500  # the pieces between so many corners are narrow
_TOLERANCE = 1e-13  # of the whole, which a piece may be wrong by
_AGREE = 1e-10  # of the whole: beyond, nothing is said
_NOTHING = 1e-14  # of the integral of the absolute value: rounding, as the mean of an odd function
_HALVINGS = 60
_ENDLESSLY = 12  # halvings that add the same or more: it goes on like that
_PATIENCE = 5  # halvings after which a piece without a value, or that overflows all over, is not one single point
_MOST_PIECES = 20_000
_CORNERED, _MOST_CUTS = 12.0, 5000  # corners further out count for less than 1e-30
_REACH, _MOST_CORNERS = 100.0, 500  # of corners that are minded in deep networks
_STEADY = 1e-12  # relative change of a variance that changes no more
_WITHIN = np.array([0.2, 0.45, 0.8])  # of a piece: where it is looked at
_MOST_STILL = 8  # pieces that are looked at for a constant
_LOST, _WILD = 1e-3, 1e3  # what is left of a variance of 1 after DEPTH layers: beyond, it has faded or exploded


class Fate(StrEnum):
    """What becomes of a variance through many layers."""

    SURVIVES = "survives"
    FADES = "fades"
    EXPLODES = "explodes"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Passage:
    """What is left of a variance of 1 after `DEPTH` layers at one scale of the weights.

    Attributes:
        scale: whose scale it is.
        signal: the variance of what enters the last layer's function.
        gradient: by how much the variance of the gradient is multiplied on the way back.
    """

    scale: str
    signal: float
    gradient: float

    @property
    def fates(self) -> tuple[Fate, Fate]:
        """Of the signal and of the gradient: lost below 0.001, exploded above 1000."""
        return _fate(self.signal), _fate(self.gradient)


@dataclass(frozen=True)
class Initialisation:
    """A function at a standard normal input; nan where an expectation cannot be told.

    Attributes:
        mean: E[f(z)].
        mean_square: E[f(z)^2].
        mean_square_slope: E[f'(z)^2]; what a jump would add is not counted.
        flat: the probability of a point where the function is constant by definition, so that its slope is 0.
        passages: through deep networks, a record for each of `SCALES`.
    """

    mean: float
    mean_square: float
    mean_square_slope: float
    flat: float
    passages: tuple[Passage, ...]

    @property
    def gain(self) -> float:
        """sqrt(1/E[f(z)^2]): weights of standard deviation gain/sqrt(n) keep the variance of the signal."""
        if np.isnan(self.mean_square):
            return float("nan")
        with np.errstate(divide="ignore"):
            return float(np.sqrt(1 / np.float64(self.mean_square)))


@np.errstate(all="ignore")  # infinities and nan are answers
def initialisation(function: Function) -> Initialisation:
    """All of it, for a function that is no derivative."""
    slope = function.derivative()
    corners = kinks.places(function.tree, function.variable, -_CORNERED, _CORNERED, _MOST_CUTS)

    def mean(value: Callable[[Array], Array]) -> float:
        return expectation(value, corners)

    squares = mean(lambda z: _square(function.values(z))), mean(lambda z: _square(slope.values(z)))
    network = _Network(function, slope, kinks.places(function.tree, function.variable, -_REACH, _REACH, _MOST_CORNERS))
    ends = {weights: network.passage(weights, *squares) for weights in SCALES.values()}
    return Initialisation(
        mean(function.values),
        *squares,
        _flat_share(function, corners),
        tuple(Passage(name, *ends[weights]) for name, weights in SCALES.items()),
    )


def expectation(value: Callable[[Array], Array], corners: Array) -> float:
    """E[value(z)] for z ~ N(0, 1).

    Args:
        value: float64 array to such an array.
        corners: where it is not smooth.

    Returns:
        The expectation to 10 digits; inf or -inf where the values outgrow the density, nan where none can be told.
    """
    from numpy.polynomial.legendre import leggauss

    nodes, weights = leggauss(_NODES if corners.size < _MANY else _FEW_NODES)

    def integrals(low: Array, high: Array) -> Array:
        half = (high - low) / 2
        z = (low + high)[:, None] / 2 + half[:, None] * nodes
        with np.errstate(all="ignore"):
            return np.asarray(half * np.sum(weights * _weighted(value, z), axis=1))

    grows = _outgrows(value)
    if grows:
        return grows
    edges = np.unique(np.concatenate([_CUTS, np.negative(_CUTS), corners[np.abs(corners) < _END]]))
    low, high = edges[:-1], edges[1:]
    whole = integrals(low, high)
    total, size, doubt = 0.0, 0.0, 0.0
    settled: list[float] = []  # what became certain with each halving
    for halving in range(_HALVINGS):
        middle = (low + high) / 2
        left, right = integrals(low, middle), integrals(middle, high)
        both = left + right
        if halving > _PATIENCE and np.any(np.isnan(both) | (np.isinf(left) & np.isinf(right))):
            return float("nan")
        with np.errstate(invalid="ignore"):
            error = np.abs(both - whole)
            rough = ~(error <= _TOLERANCE * (size + float(np.nansum(np.abs(both)))))
        settled.append(float(np.sum(both[~rough])))
        total += settled[-1]
        size += float(np.sum(np.abs(both[~rough])))
        doubt += float(np.sum(error[~rough]))
        if not np.any(rough):
            break
        low, high = np.concatenate([low[rough], middle[rough]]), np.concatenate([middle[rough], high[rough]])
        whole = np.concatenate([left[rough], right[rough]])
        if low.size > _MOST_PIECES:
            return float("nan")
        if _diverges(settled) and (np.all(whole > 0) or np.all(whole < 0)):
            return float(np.copysign(np.inf, whole[0]))
    else:
        doubt += float(np.sum(np.abs(whole)))
    if doubt > _AGREE * size:
        return float("nan")
    return total if not np.isfinite(size) or abs(total) > _NOTHING * size else 0.0


def _diverges(settled: Sequence[float]) -> bool:
    """Whether each of many halvings towards a point adds at least what the one before added, as of 1/x towards 0."""
    last = np.array(settled[-_ENDLESSLY:])
    return bool(
        last.size == _ENDLESSLY
        and last[0] != 0
        and np.all(np.abs(last[1:]) >= (1 - _AGREE) * np.abs(last[:-1]))
        and np.all(np.sign(last) == np.sign(last[0]))
    )


def _weighted(value: Callable[[Array], Array], z: Array) -> Array:
    """The value times the density: 0 where both are, infinity kept where the value is."""
    values = value(z.ravel()).reshape(z.shape)
    return np.where(values == 0, 0.0, values * npdf(z))


def _outgrows(value: Callable[[Array], Array]) -> float:
    """The infinity that an integral over the tails would have; 0 if they count for nothing."""
    z = np.array([20.0, 30.0, 38.0])
    for side in (-1, 1):
        with np.errstate(all="ignore"):
            tail = np.abs(_weighted(value, side * z))
        if tail[0] > 0 and np.all(tail[1:] >= tail[:-1] * 0.99):
            return float(np.copysign(np.inf, value(side * z)[-1]))
    return 0.0


def _square(values: Array) -> Array:
    with np.errstate(over="ignore"):
        return np.square(values)


def _flat_share(function: Function, corners: Array) -> float:
    """The probability of the pieces between corners on which the function is constant."""
    edges = np.concatenate([[-np.inf], corners, [np.inf]])
    inside = np.clip(edges, -_END, _END)
    flat = np.array(np.broadcast_to(constant_by_definition(function, (inside[:-1] + inside[1:]) / 2), corners.size + 1))
    if not function.named and not np.all(flat):
        within = inside[:-1, None] + np.diff(inside)[:, None] * _WITHIN
        still = ~flat & np.all(function.derivative().values(within) == 0, axis=1)
        for piece in np.flatnonzero(still)[:_MOST_STILL].tolist():
            flat[piece] = _is_flat(function, within[piece].tolist())
    return float(np.sum(np.diff(ndtr(edges))[flat]))


def _is_flat(function: Function, places: list[float]) -> bool:
    """Whether a function whose computed slopes are 0 is constant, as x/abs(x) is on both sides of 0."""
    slopes = [function.derivative().exact(x, 5, BITS) for x in places]
    return not any(each.sign for each in slopes) and is_constant(function, *places)


@dataclass(frozen=True, eq=False)
class _Network:
    """A deep network of one function: its two variances, followed from layer to layer."""

    function: Function
    slope: Function
    corners: Array

    def squares(self, variance: float) -> tuple[float, float]:
        """The mean squares of value and slope: Gauss's rule between corners, without halving."""
        from numpy.polynomial.legendre import leggauss

        nodes, weights = leggauss(_NODES)
        spread = float(np.sqrt(variance))
        corners = self.corners / spread
        edges = np.unique(np.concatenate([np.linspace(-9.0, 9.0, 13), corners[np.abs(corners) < 9]]))
        half = np.diff(edges)[:, None] / 2
        z = (edges[:-1, None] + half + half * nodes).ravel()
        density = (half * weights).ravel() * npdf(z)
        with np.errstate(all="ignore"):
            value, slope = (np.sum(density * _square(f.values(spread * z))) for f in (self.function, self.slope))
        return float(value), float(slope)

    def passage(self, weights: float, mean_square: float, mean_square_slope: float) -> tuple[float, float]:
        """What is left of variances of 1 after `DEPTH` layers of weights of variance weights/n.

        nan where the simpler rule that is used here does not give the mean squares that the careful one gave for a
        variance of 1. Where that of the slope is infinite, so is the gradient.
        """
        value, slope = self.squares(1.0)
        endless = mean_square_slope == np.inf
        if not (
            np.isclose(value, mean_square, rtol=1e-3) and (endless or np.isclose(slope, mean_square_slope, rtol=1e-3))
        ):
            return np.nan, np.nan
        signal, gradient = self._followed(weights)
        return signal, np.inf if endless else gradient

    def _followed(self, weights: float) -> tuple[float, float]:
        signal, gradient = 1.0, 1.0
        for layer in range(DEPTH):
            value, slope = self.squares(signal)
            following, factor = weights * value, weights * slope
            if abs(following - signal) <= _STEADY * signal:
                with np.errstate(over="ignore"):
                    return following, gradient * float(np.power(factor, DEPTH - layer))
            signal, gradient = following, gradient * factor
            if not 0 < signal < np.inf:
                break
        return signal, gradient


def _fate(variance: float) -> Fate:
    if np.isnan(variance):
        return Fate.UNKNOWN
    return Fate.FADES if variance < _LOST else Fate.EXPLODES if variance > _WILD else Fate.SURVIVES
