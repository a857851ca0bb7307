"""What a network is to make small: each loss with its gradient to what the network said.

All are means over the rows, and none takes the logarithm of a probability that was computed before: logarithms of
softmax are x - log(sum(exp(x))) with the largest taken out first, and densities are added as logarithms.
"""

from __future__ import annotations

from math import log, pi
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actfn.experiments.network import Floats

HALF_LOG_2PI = 0.5 * log(2 * pi)


class Loss(NamedTuple):
    """The mean over the rows, and its gradient to the prediction (of the prediction's shape)."""

    value: float
    gradient: Floats


class DensityLoss(NamedTuple):
    """The same for a normal distribution: the gradients to its mean and its width."""

    value: float
    mean: Floats
    width: Floats


class MixtureLoss(NamedTuple):
    """The same for a mixture of them: the gradients to logits, means and widths."""

    value: float
    logits: Floats
    means: Floats
    widths: Floats


def squared_error(prediction: Floats, target: Floats) -> Loss:
    """(y - t)^2, summed over the columns of a row. Both (rows, outputs)."""
    difference = prediction - target
    return Loss(float(np.sum(difference * difference)) / len(target), difference * (2 / len(target)))


def log_softmax(logits: Floats) -> Floats:
    """log(softmax(logits)) along the last axis, in the dtype of the logits: the catalogue's computes in float64."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def log_sum_exp(x: Floats) -> Floats:
    """log(sum(exp(x))) along the last axis, which is kept with one element."""
    largest = x.max(axis=-1, keepdims=True)
    return largest + np.log(np.exp(x - largest).sum(axis=-1, keepdims=True))


def cross_entropy(logits: Floats, labels: NDArray[np.int64]) -> Loss:
    """-log softmax(logits)[label]. logits (rows, classes), labels (rows,)."""
    logarithms = log_softmax(logits)
    rows = np.arange(len(labels))
    gradient = np.exp(logarithms)
    gradient[rows, labels] -= 1
    return Loss(-float(logarithms[rows, labels].sum()) / len(labels), gradient / len(labels))


def gaussian(mean: Floats, width: Floats, target: Floats, weights: Floats | float = 1.0) -> DensityLoss:
    """-log N(target; mean, width^2), summed over the columns. All (rows, outputs), widths positive.

    With weights, (rows, 1), each row counts as many times.
    """
    z = (target - mean) / width
    share = weights / len(target)
    value = float(np.sum(share * (0.5 * z * z + np.log(width) + HALF_LOG_2PI)))
    return DensityLoss(value, -share * z / width, share * (1 - z * z) / width)


def component_log_densities(means: Floats, widths: Floats, target: Floats) -> Floats:
    """The logarithm of N(target; mean_k, width_k^2 I) of each component: (rows, components).

    Args:
        means: (rows, components, outputs).
        widths: (rows, components), positive, the same in every direction.
        target: (rows, outputs).
    """
    z = (target[:, None, :] - means) / widths[..., None]
    outputs = target.shape[1]
    return -0.5 * np.sum(z * z, axis=-1) - outputs * (np.log(widths) + HALF_LOG_2PI)


def mixture(logits: Floats, means: Floats, widths: Floats, target: Floats) -> MixtureLoss:
    """-log(sum_k softmax(logits)_k N(target; mean_k, width_k^2 I)). Shapes as in `component_log_densities`.

    The gradients are those of the single normal distributions, each weighted by the share that the component has in
    the density at the target (Bishop 1994, Mixture Density Networks).
    """
    logarithms = log_softmax(logits)
    joint = logarithms + component_log_densities(means, widths, target)
    total = log_sum_exp(joint)
    share = np.exp(joint - total) / len(target)
    z = (target[:, None, :] - means) / widths[..., None]
    return MixtureLoss(
        -float(total.sum()) / len(target),
        np.exp(logarithms) / len(target) - share,
        -share[..., None] * z / widths[..., None],
        share * (target.shape[1] - np.sum(z * z, axis=-1)) / widths,
    )
