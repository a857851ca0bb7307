"""Kernels of functions of a vector, over the last axis, and their Jacobians.

`f(x, **parameters)` takes x of shape (..., n), n >= 1, and returns (..., m); `f_jacobian` returns (..., m, n), row i
the slopes of element i. Raises DataError where a vector has a length that the function cannot part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actfn.errors import DataError, UsageError
from actfn.numerics import kernels, normal

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.numerics.kernels import Array

    Kernel = Callable[[Array], Array]


def _below_max(x: Array) -> tuple[Array, Array]:
    """X minus the largest element, and where the largest is infinite and not alone, so that there is no limit."""
    largest = np.max(x, axis=-1, keepdims=True)
    top = x == largest
    ambiguous = np.isinf(largest) & (np.sum(top, axis=-1, keepdims=True) > 1)
    return np.where(top, 0.0, x - largest), ambiguous


def _diagonal(x: Array) -> Array:
    """(..., n) to the (..., n, n) matrices that have it as their diagonal."""
    return np.asarray(x)[..., None] * np.eye(np.shape(x)[-1])


def softmax(x: Array) -> Array:
    """exp(x_i)/sum_j exp(x_j). The largest element is subtracted first, so that no exponential overflows.

    One +inf takes all; several, or nothing but -inf, give nan.
    """
    shifted, ambiguous = _below_max(x)
    e = np.exp(shifted)
    return np.where(ambiguous, np.nan, e / np.sum(e, axis=-1, keepdims=True))


def softmax_jacobian(x: Array) -> Array:
    """s_i (delta_ij - s_j); on the diagonal s_i times the sum of the others, which cannot cancel."""
    s = softmax(x)
    eye = np.eye(x.shape[-1])
    others = np.sum(s[..., None, :] * (1 - eye), axis=-1)
    return np.where(eye != 0, (s * others)[..., None], -s[..., :, None] * s[..., None, :])


def log_softmax(x: Array) -> Array:
    """x_i - log(sum_j exp(x_j)), the sum's largest term kept out of the logarithm: log1p of the others.

    Infinities as in `softmax`.
    """
    shifted, ambiguous = _below_max(x)
    e = np.exp(shifted)
    first = np.arange(x.shape[-1]) == np.argmax(shifted, axis=-1)[..., None]
    others = np.sum(np.where(first, 0.0, e), axis=-1, keepdims=True)
    return np.where(ambiguous, np.nan, shifted - np.log1p(others))


def log_softmax_jacobian(x: Array) -> Array:
    """delta_ij - s_j; on the diagonal the sum of the others."""
    s = softmax(x)
    eye = np.eye(x.shape[-1])
    others = np.sum(s[..., None, :] * (1 - eye), axis=-1)
    return np.where(eye != 0, others[..., None], np.broadcast_to(-s[..., None, :], (*s.shape, s.shape[-1])))


def softmin(x: Array) -> Array:
    """softmax(-x)."""
    return softmax(-x)


def softmin_jacobian(x: Array) -> Array:
    """The chain rule on softmax(-x)."""
    return -softmax_jacobian(-x)


def beta_softmax(x: Array, beta: float) -> Array:
    """softmax(beta x); beta is one over the temperature."""
    return softmax(beta * x)


def beta_softmax_jacobian(x: Array, beta: float) -> Array:
    """The chain rule on softmax(beta x)."""
    return beta * softmax_jacobian(beta * x)


def gumbel_softmax(x: Array, tau: float) -> Array:
    """softmax(x/tau): the sample with no noise."""
    return softmax(x / tau)


def gumbel_softmax_jacobian(x: Array, tau: float) -> Array:
    """The chain rule on softmax(x/tau)."""
    return softmax_jacobian(x / tau) / tau


def gumbel_softmax_sample(x: Array, rng: np.random.Generator, tau: float) -> Array:
    """softmax((x + g)/tau), g drawn from the Gumbel distribution (Jang, Gu & Poole 2016)."""
    return softmax((x + rng.gumbel(size=x.shape)) / tau)


def _with_zero(x: Array) -> Array:
    return np.concatenate([x, np.zeros((*x.shape[:-1], 1))], axis=-1)


def quiet_softmax(x: Array) -> Array:
    """exp(x_i)/(1 + sum_j exp(x_j)): a softmax that may choose nothing, which is a further element 0."""
    return softmax(_with_zero(x))[..., :-1]


def quiet_softmax_jacobian(x: Array) -> Array:
    """That of softmax without the further element."""
    return softmax_jacobian(_with_zero(x))[..., :-1, :-1]


def sparsemax(x: Array) -> Array:
    """The nearest point of the probability simplex: max(x_i - t, 0) with t such that they add up to 1."""
    shifted, ambiguous = _below_max(x)
    descending = -np.sort(-shifted, axis=-1)
    sums = np.cumsum(descending, axis=-1)
    count = np.arange(1, x.shape[-1] + 1)
    size = np.sum(1 + count * descending > sums, axis=-1, keepdims=True)
    level = (np.take_along_axis(sums, np.maximum(size, 1) - 1, axis=-1) - 1) / size
    unknown = ambiguous + np.isnan(x).any(axis=-1, keepdims=True)
    return np.where(unknown > 0, np.nan, np.maximum(shifted - level, 0.0))


def sparsemax_jacobian(x: Array) -> Array:
    """delta_ij - 1/|S| for i and j of the support S, 0 elsewhere."""
    value = sparsemax(x)
    support = np.where(np.isnan(value), np.nan, value > 0)
    size = np.sum(support, axis=-1, keepdims=True)[..., None]
    return _diagonal(support) - support[..., :, None] * support[..., None, :] / size


def hardmax(x: Array) -> Array:
    """1 at the first of the largest elements, 0 elsewhere."""
    first = np.arange(x.shape[-1]) == np.argmax(x, axis=-1)[..., None]
    return np.where(np.isnan(x).any(axis=-1, keepdims=True), np.nan, first.astype(np.float64))


def hardmax_jacobian(x: Array) -> Array:
    """0: the function is constant between its jumps."""
    return np.zeros((*x.shape, x.shape[-1]))


def sqmax(x: Array, c: float) -> Array:
    """(x_i + c)^2/sum_j (x_j + c)^2, scaled by the largest so that no square overflows; nan where all are 0."""
    y, _ = _scaled_by_largest(x + c)
    return y * y / np.sum(y * y, axis=-1, keepdims=True)


def sqmax_jacobian(x: Array, c: float) -> Array:
    """2 (y_i delta_ij - s_i y_j)/sum_k y_k^2 with y = x + c and s the value."""
    y, largest = _scaled_by_largest(x + c)
    total = np.sum(y * y, axis=-1, keepdims=True)
    s = y * y / total
    return 2 * (_diagonal(y) - s[..., :, None] * y[..., None, :]) / (total * largest)[..., None]


def _scaled_by_largest(y: Array) -> tuple[Array, Array]:
    """Y divided by its largest absolute value, and that; infinite elements become ±1 and the finite ones 0."""
    largest = np.max(np.abs(y), axis=-1, keepdims=True)
    directions = np.where(np.isinf(y), np.sign(y), 0.0)
    return np.where(np.isinf(largest), directions, y / largest), largest


def _direction_and_norm(x: Array) -> tuple[Array, Array]:
    """x/|x| (0 at 0) and |x|, without the squares that overflow."""
    scaled, largest = _scaled_by_largest(x)
    length = np.sqrt(np.sum(scaled * scaled, axis=-1, keepdims=True))
    return np.where(largest == 0, 0.0, scaled / length), np.where(largest == 0, 0.0, largest * length)


def squash(x: Array, c: float) -> Array:
    """X |x|/(c + |x|^2): the direction of x, times 1/(1 + c/|x|^2)."""
    direction, norm = _direction_and_norm(x)
    return np.where(norm == 0, 0.0, direction / (1 + (np.sqrt(c) / norm) ** 2))


def squash_jacobian(x: Array, c: float) -> Array:
    """G I + u u^T n g'(n) with u the direction, n the norm, g = n/(c + n^2) = 1/(c/n + n)."""
    direction, norm = _direction_and_norm(x)
    gain = np.where(norm == 0, 0.0, 1 / (c / norm + norm))[..., None]
    turn = np.where(norm == 0, 0.0, 1 - 2 / (1 + (np.sqrt(c) / norm) ** 2))[..., None]
    return gain * (np.eye(x.shape[-1]) + turn * direction[..., :, None] * direction[..., None, :])


def _halves(x: Array) -> tuple[Array, Array]:
    if x.shape[-1] % 2:
        message = f"a vector of {x.shape[-1]} numbers cannot be parted into two halves"
        raise DataError(message, hint="give an even number of them: first a, then b")
    a, b = np.split(x, 2, axis=-1)
    return a, b


def _product(first: tuple[Kernel, Kernel], second: tuple[Kernel, Kernel]) -> tuple[Kernel, Kernel]:
    """The first half of x through one function, times the second half through another; and its Jacobian.

    Args:
        first: a function of a number, and its slope.
        second: the same.
    """
    (f, f_slope), (g, g_slope) = first, second

    def value(x: Array) -> Array:
        a, b = _halves(x)
        return np.asarray(f(a) * g(b))

    def jacobian(x: Array) -> Array:
        a, b = _halves(x)
        return np.concatenate([_diagonal(f_slope(a) * g(b)), _diagonal(f(a) * g_slope(b))], axis=-1)

    return value, jacobian


def _itself(x: Array) -> Array:
    return x


def _relu_slope(x: Array) -> Array:
    return np.where(np.isnan(x), np.nan, x > 0)


_LARGEST = 2.0**53  # of whole numbers that floats count
_ITSELF = (_itself, np.ones_like)
_SIGMOID = (kernels.sigmoid, kernels.sigmoid_slope)

glu, glu_jacobian = _product(_ITSELF, _SIGMOID)
reglu, reglu_jacobian = _product((kernels.relu, _relu_slope), _ITSELF)
geglu, geglu_jacobian = _product((normal.gelu, normal.gelu_slope), _ITSELF)
swiglu, swiglu_jacobian = _product((kernels.silu, kernels.silu_slope), _ITSELF)
gtu, gtu_jacobian = _product((kernels.tanh, kernels.tanh_slope), _SIGMOID)
bilinear_glu, bilinear_glu_jacobian = _product(_ITSELF, _ITSELF)


def dual_relu(x: Array) -> Array:
    """relu(a) - relu(b), a and b the halves of x."""
    a, b = _halves(x)
    return kernels.relu(a) - kernels.relu(b)


def dual_relu_jacobian(x: Array) -> Array:
    """Two diagonal blocks of slopes of relu, which is 0 at 0."""
    a, b = _halves(x)
    return np.concatenate([_diagonal(_relu_slope(a)), -_diagonal(_relu_slope(b))], axis=-1)


def crelu(x: Array) -> Array:
    """relu(x), then relu(-x)."""
    return np.concatenate([kernels.relu(x), kernels.relu(-x)], axis=-1)


def crelu_jacobian(x: Array) -> Array:
    """The two blocks one below the other."""
    return np.concatenate([_diagonal(_relu_slope(x)), -_diagonal(_relu_slope(-x))], axis=-2)


def ncrelu(x: Array) -> Array:
    """relu(x), then -relu(-x)."""
    return np.concatenate([kernels.relu(x), -kernels.relu(-x)], axis=-1)


def ncrelu_jacobian(x: Array) -> Array:
    """The two blocks one below the other."""
    return np.concatenate([_diagonal(_relu_slope(x)), _diagonal(_relu_slope(-x))], axis=-2)


def bipolar_relu(x: Array) -> Array:
    """relu(x_i) for the first, third, ... element, -relu(-x_i) for the others."""
    return np.where(np.arange(x.shape[-1]) % 2 == 0, kernels.relu(x), -kernels.relu(-x))


def bipolar_relu_jacobian(x: Array) -> Array:
    """A diagonal of zeros and ones."""
    return _diagonal(np.where(np.arange(x.shape[-1]) % 2 == 0, _relu_slope(x), _relu_slope(-x)))


def _groups(x: Array, size: float) -> Array:
    """(..., n) to (..., n/size, size)."""
    whole = _whole(size, "k")
    if x.shape[-1] % whole:
        message = f"a vector of {x.shape[-1]} numbers cannot be parted into groups of {whole}"
        raise DataError(message, hint=f"give a multiple of {whole} numbers, or another size with -p k=…")
    return x.reshape(*x.shape[:-1], -1, whole)


def _whole(value: float, name: str) -> int:
    if not (1 <= value < _LARGEST and value == int(value)):
        message = f"{name} is a number of elements: 1, 2, …, not {value:g}"
        raise UsageError(message, hint=f"write -p {name}=2")
    return int(value)


def maxout(x: Array, k: float) -> Array:
    """The largest of each k neighbours: (..., n) to (..., n/k)."""
    return np.asarray(np.max(_groups(x, k), axis=-1))


def maxout_jacobian(x: Array, k: float) -> Array:
    """1 at the largest of a group; a tie is shared."""
    groups = _groups(x, k)
    top = groups == np.max(groups, axis=-1, keepdims=True)
    share = np.where(np.isnan(np.max(groups, axis=-1, keepdims=True)), np.nan, top / np.sum(top, -1, keepdims=True))
    spread = share[..., None, :] * np.eye(groups.shape[-2])[..., None]  # (..., group, group of x, place in it)
    return spread.reshape(*spread.shape[:-2], x.shape[-1])


def oplu(x: Array) -> Array:
    """Each pair as its larger, then its smaller."""
    _halves(x)
    return np.asarray(-np.sort(-_groups(x, 2), axis=-1).reshape(x.shape))


def oplu_jacobian(x: Array) -> Array:
    """A permutation: pairs that are not in order are swapped."""
    _halves(x)
    pairs = _groups(x, 2)
    swapped = np.repeat(pairs[..., 0] < pairs[..., 1], 2, axis=-1)
    places = np.arange(x.shape[-1])
    source = np.where(swapped, places ^ 1, places)
    return np.where(np.isnan(x)[..., None], np.nan, source[..., None] == places)


def kwta(x: Array, k: float) -> Array:
    """The k largest elements as they are, the others 0. Of equal ones the first win."""
    return np.where(_winners(x, k) | np.isnan(x), x, 0.0)


def kwta_jacobian(x: Array, k: float) -> Array:
    """1 for the winners, on the diagonal."""
    return _diagonal(np.where(np.isnan(x), np.nan, _winners(x, k)))


def _winners(x: Array, k: float) -> Array:
    order = np.argsort(-x, axis=-1, kind="stable")
    rank = np.argsort(order, axis=-1)
    return np.asarray(rank < _whole(k, "k"))
