"""What theory expects of a deep random network, without drawing one.

Of a wide layer with random weights each sum is nearly normal, so the layer below enters only through two numbers: over
the units of one sample, the mean and the mean square of its activations (Poole et al. 2016, arXiv:1606.05340;
Schoenholz et al. 2017, arXiv:1611.01232). Weights whose own mean is not 0, as rand() gives them, move the mean of all
sums together; that is followed too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from actfn.experiments.initialisers import Initialiser
    from actfn.experiments.network import Floats
    from actfn.functions.function import Function

_NODES = np.linspace(-7, 7, 1600)  # standard deviations: dense enough for slopes far narrower than the sums, none at 0
_WEIGHTS = np.exp(-(_NODES**2) / 2) / np.exp(-(_NODES**2) / 2).sum()


@dataclass(frozen=True, eq=False)
class Expected:
    """What is expected of each layer, first to last, over the units and samples.

    Attributes:
        mean, std: of the sums (pre-activations).
        activation_mean, activation_std: of the activations.
        gradient: the norm of the loss's gradient to a layer's sums, where that to the last activations has norm 1.
    """

    mean: Floats
    std: Floats
    activation_mean: Floats
    activation_std: Floats
    gradient: Floats

    @property
    def std_ratio(self) -> float:
        """The last layer's spread of sums over the first's."""
        return ratio(float(self.std[-1]), float(self.std[0]))

    @property
    def gradient_ratio(self) -> float:
        """The first layer's gradient over the last's."""
        return ratio(float(self.gradient[0]), float(self.gradient[-1]))


def ratio(a: float, b: float) -> float:
    """a/b; nan where one of them is no finite number, or b is 0."""
    return a / b if b and np.isfinite(a) and np.isfinite(b) else float("nan")


def expected(function: Function, initialiser: Initialiser, inputs: Floats, depth: int, width: int) -> Expected:
    """The expectation for a network of `depth` layers of `width` units on these inputs, (samples, features).

    Each of its arrays is (depth,); nan or infinite from the layer on at which the network leaves the floats.
    """
    slope_of = function.derivative()
    inputs = np.asarray(inputs, np.float64)
    first, second = inputs.mean(axis=1), (inputs * inputs).mean(axis=1)
    fan_in = inputs.shape[1]
    rows, slopes = [], []
    with np.errstate(all="ignore"):
        for _ in range(depth):
            centre = fan_in * initialiser.mean * first
            spread = np.sqrt(fan_in * second) * initialiser.std(fan_in, width)
            z = centre[:, None] + spread[:, None] * _NODES
            y, slope = function.values(z), slope_of.values(z)
            first, second = y @ _WEIGHTS, (y * y) @ _WEIGHTS
            slopes.append((slope @ _WEIGHTS, (slope * slope) @ _WEIGHTS))
            rows.append((*_overall(centre, centre**2 + spread**2), *_overall(first, second)))
            fan_in = width
        gradient = _gradients(slopes, initialiser, width)
    mean, std, activation_mean, activation_std = np.array(rows).T
    return Expected(mean, std, activation_mean, activation_std, gradient)


def _overall(first: Floats, second: Floats) -> tuple[float, float]:
    """Mean and standard deviation over all samples, from each sample's mean and mean square."""
    mean = float(first.mean())
    return mean, float(np.sqrt(max(0.0, second.mean() - mean * mean)))


def _gradients(slopes: list[tuple[Floats, Floats]], initialiser: Initialiser, width: int) -> Floats:
    """The norm of the gradient to each layer's sums, from the last layer to the first and given in layer order.

    `common` is the square of what all units share, `total` the whole mean square: weights of mean m carry the shared
    part on n m times, weights of spread s the whole sqrt(n) s times.
    """
    m, s = initialiser.mean, initialiser.std(width, width)
    common, total = np.zeros_like(slopes[0][0]), np.full_like(slopes[0][0], 1 / width)
    norms = []
    for place, (slope, square) in enumerate(reversed(slopes)):
        if place:
            shared, own = (width * m) ** 2 * common, width * s * s * total
        else:
            shared, own = common, total
        common = shared * slope**2 + own * square / width
        total = (shared + own) * square
        norms.append(np.sqrt(width * total.mean()))
    return np.array(norms[::-1])
