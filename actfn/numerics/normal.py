"""The error function and the normal distribution. NumPy has none; the C library's erf and erfc, called per element, do.

The difficulty is never the function but its argument: a rounded x/sqrt(2) or x*x costs hundreds of ULP in the tail.
So the rounding error of the argument is computed exactly (Dekker's product) and put back to first order.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from actfn.numerics.kernels import product

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.numerics.kernels import Array

_ROOT_HALF = 0.7071067811865476
_ROOT_HALF_REST = -4.833646656726457e-17  # sqrt(1/2) minus its float
_PEAK, _PEAK_REST = 0.3989422804014327, -2.49232720227773e-17  # 1/sqrt(2 pi) as a float, and its rest
_NEARLY_0 = 1416.0  # exp of minus half of this is near the end of the normal numbers
_FAR = 40.0  # exp(-x^2/2) and all that is made of it is 0 from here on


def _per_element(function: Callable[[float], float]) -> Callable[[Array], Array]:
    def kernel(x: Array) -> Array:
        x = np.asarray(x)
        return np.fromiter(map(function, x.ravel().tolist()), np.float64, x.size).reshape(x.shape)

    return kernel


erf = _per_element(math.erf)
erfc = _per_element(math.erfc)


def gaussian(x: Array) -> Array:
    """exp(-x^2), the rest r of the square put back as the factor exp(-r) = 1 - r."""
    high, rest = product(*(np.minimum(np.abs(x), _FAR),) * 2)
    return np.exp(-high) * (1 - rest)


def gaussian_slope(x: Array) -> Array:
    """-2x exp(-x^2), the exponential in two halves where it would underflow before the product."""
    a = np.minimum(np.abs(x), _FAR)
    high, rest = product(a, a)
    h = np.exp(-0.5 * high)
    scale = -2 * np.copysign(a, x) * (1 - rest)
    return np.where(2 * high > _NEARLY_0, (scale * h) * h, scale * np.exp(-high))


def npdf(x: Array) -> Array:
    """The normal density exp(-x^2/2)/sqrt(2 pi)."""
    high, rest = product(*(np.minimum(np.abs(x), _FAR),) * 2)
    return np.exp(-0.5 * high) * _peak(0.5 * rest)


def _peak(less: Array) -> Array:
    """(1 - less)/sqrt(2 pi) for a small `less`, rounded once."""
    return _PEAK - (_PEAK * less - _PEAK_REST)


def ndtr(x: Array) -> Array:
    """The normal distribution function erfc(-x/sqrt(2))/2."""
    high, rest = _ndtr(x)
    return high + rest


def _ndtr(x: Array) -> tuple[Array, Array]:
    """Return ndtr as a float and its rest.

    With y the float nearest to -x/sqrt(2) and d the exact rest, erfc(y + d) = erfc(y) - d r erfc(y). For y > 0
    r = 2 exp(-y^2)/(sqrt(pi) erfc(y)) is y + sqrt(y^2 + 4/pi) to a few percent; for y <= 0 it does not matter.
    """
    clipped = np.clip(x, -_FAR, _FAR)
    y, rest = product(clipped, -_ROOT_HALF)
    d = rest - clipped * _ROOT_HALF_REST
    high = 0.5 * erfc(y)
    r = np.where(y > 0, y + np.sqrt(y * y + 4 / np.pi), 0.0)
    return high, -d * r * high


def gelu(x: Array) -> Array:
    """x*ndtr(x), the product rounded once. Below -36 ndtr is soon subnormal: there -npdf(a) a/(a + t), see `_mills`.

    a/(a + t) = 1 - t/(a + t) is joined with the rest of the square before anything is rounded.
    """
    near = np.clip(x, -36.0, _FAR)
    normal, normal_rest = _ndtr(near)
    high, rest = product(near, normal)
    value = np.where(x > _FAR, x, np.copysign(high + (rest + near * normal_rest), x))
    far = x < -36
    if not np.any(far):
        return value
    a = np.clip(-x, 36.0, _FAR)
    square, square_rest = product(a, a)
    t = _mills(a)
    share = t / (a + t)
    tail = -np.exp(-0.5 * square) * _peak(share + (1 - share) * (0.5 * square_rest))  # underflows after its product
    return np.where(far, tail, value)


def gelu_slope(x: Array) -> Array:
    """ndtr(x) + x*npdf(x) for x <= 0; gelu(x) = x + gelu(-x) gives 1 minus it to the right."""
    a = np.abs(x)
    near = np.minimum(a, 36.0)
    tail, tail_rest = _ndtr(-near)
    density, density_rest = _weighted_density(near)
    left = (tail - density) + (tail_rest - density_rest)
    if np.any(a > 36):
        b = np.clip(a, 36.0, _FAR)
        square, square_rest = product(b, b)
        scale = (1 / (b + _mills(b)) - b) * _peak(0.5 * square_rest)
        h = np.exp(-0.25 * square)  # exp(-square/2) underflows before the product
        far = np.where(square > _NEARLY_0, (scale * h) * h, scale * np.exp(-0.5 * square))
        left = np.where(a > 36, far, left)
    return np.where(x > 0, 1 - left, left)


def _weighted_density(a: Array) -> tuple[Array, Array]:
    """a*npdf(a) as a float and its rest, of which only the exponential is rounded: ndtr(-a) is of its size."""
    square, square_rest = product(a, a)
    scaled, scaled_rest = product(a, np.exp(-0.5 * square))
    high, rest = product(scaled, _PEAK)
    return high, rest + scaled * _PEAK_REST + _PEAK * (scaled_rest - scaled * (0.5 * square_rest))


def _mills(a: Array) -> Array:
    """Return t = npdf(a)/ndtr(-a) - a = 1/(a + 2/(a + 3/…)), right to the last digit for a >= 36 (Laplace)."""
    fraction = a
    for k in (5, 4, 3, 2):
        fraction = a + k / fraction
    return 1 / fraction


_A, _A_REST = 1.5957691216057308, -9.96930880911092e-17  # 2 sqrt(2/pi)
_B, _B_REST = 0.07135481627260025, -4.1218577217431825e-18  # the float 0.044715 times it
_3B, _3B_REST = 0.21406444881780073, 1.5122146425849084e-18


def _odd_cubic(a: Array, b: float, b_rest: float) -> tuple[Array, Array]:
    """a(A + b a^2) as a sum of two floats: rounded, it would cost exp(-2u) 1800 ULP in the tail."""
    square, square_rest = product(a, a)
    cubic, cubic_rest = product(square, b)
    inner = _A + cubic
    added = inner - _A
    inner_rest = (_A - (inner - added)) + (cubic - added) + (cubic_rest + square_rest * b + square * b_rest + _A_REST)
    high, rest = product(a, inner)
    return high, rest + a * inner_rest


def gelu_tanh(x: Array) -> Array:
    """x*sigmoid(2u), which is 0.5x(1+tanh(u)) without its cancellation to the left; x^3 is not formed far out."""
    a = np.minimum(np.abs(x), _FAR)
    e, left = _gelu_tanh_decay(a, lambda e: -a / (1 + e))
    return np.where(x < 0, left, x / (1 + e))


def gelu_tanh_slope(x: Array) -> Array:
    """For x <= 0, with e = exp(2u): e(1 + e + x(2u)')/(1+e)^2; 1 minus it to the right."""
    a = np.minimum(np.abs(x), _FAR)
    high, rest = _odd_cubic(a, _3B, _3B_REST)  # -x(2u)'
    _, left = _gelu_tanh_decay(a, lambda e: (((1 - high) + e) - rest) / (1 + e * (2 + e)))
    return np.where(x > 0, 1 - left, left)


def _gelu_tanh_decay(a: Array, factor: Callable[[Array], Array]) -> tuple[Array, Array]:
    """For a >= 0: e = exp(-2u), 2u = a(A + B a^2), and factor(e)*e, in two halves where e underflows before it."""
    high, rest = _odd_cubic(a, _B, _B_REST)
    e = np.exp(-high)
    e = e - e * rest
    scale = factor(e)
    half = np.exp(-0.5 * high)
    return e, np.where(high > 708, (scale * (1 - rest) * half) * half, scale * e)
