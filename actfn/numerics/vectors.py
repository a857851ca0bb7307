"""Kernels of functions of a vector, over the last axis, and their Jacobians."""

import numpy as np

from actfn.numerics.kernels import Array


def _below_max(x: Array) -> tuple[Array, Array]:
    """X minus the largest element, and where the largest is infinite and not alone, so that there is no limit."""
    largest = np.max(x, axis=-1, keepdims=True)
    top = x == largest
    ambiguous = np.isinf(largest) & (np.sum(top, axis=-1, keepdims=True) > 1)
    return np.where(top, 0.0, x - largest), ambiguous


def softmax(x: Array) -> Array:
    """exp(x_i)/sum_j exp(x_j). The largest element is subtracted first, so that no exponential overflows.

    x: (..., n), n >= 1; returns the same shape. One +inf takes all; several, or nothing but -inf, give nan.
    """
    shifted, ambiguous = _below_max(x)
    e = np.exp(shifted)
    return np.where(ambiguous, np.nan, e / np.sum(e, axis=-1, keepdims=True))


def log_softmax(x: Array) -> Array:
    """x_i - log(sum_j exp(x_j)), the sum's largest term kept out of the logarithm: log1p of the others.

    x: (..., n), n >= 1; returns the same shape. Infinities as in `softmax`.
    """
    shifted, ambiguous = _below_max(x)
    e = np.exp(shifted)
    first = np.arange(x.shape[-1]) == np.argmax(shifted, axis=-1)[..., None]
    others = np.sum(np.where(first, 0.0, e), axis=-1, keepdims=True)
    return np.where(ambiguous, np.nan, shifted - np.log1p(others))


def softmax_jacobian(x: Array) -> Array:
    """D softmax_i / d x_j = s_i (delta_ij - s_j); on the diagonal s_i times the sum of the others, which cannot cancel.

    x: (..., n); returns (..., n, n), rows i.
    """
    s = softmax(x)
    eye = np.eye(x.shape[-1])
    others = np.sum(s[..., None, :] * (1 - eye), axis=-1)
    return np.where(eye != 0, (s * others)[..., None], -s[..., :, None] * s[..., None, :])


def log_softmax_jacobian(x: Array) -> Array:
    """D log_softmax_i / d x_j = delta_ij - s_j, on the diagonal the sum of the others. Shapes as `softmax_jacobian`."""
    s = softmax(x)
    eye = np.eye(x.shape[-1])
    others = np.sum(s[..., None, :] * (1 - eye), axis=-1)
    return np.where(eye != 0, others[..., None], np.broadcast_to(-s[..., None, :], (*s.shape, s.shape[-1])))
