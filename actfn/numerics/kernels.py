"""Kernels that keep their digits on the whole float64 line: one function, one identity, one reason.

Every kernel takes and returns float64 arrays (or NumPy scalars) of any one shape, gives the limit at ±inf and nan at
nan, and raises nothing; floating-point flags are the caller's affair. `f_slope` is the first derivative of `f`, kept
where composing the rule of the table would lose digits. Throughout, `e` is an exponential that cannot overflow.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_TAIL = -708.0  # exp is subnormal below: a product with it must underflow last
_FLAT = -1500.0  # far below every threshold; replaces -inf where it would meet a zero
_SETTLED = 40.0  # 1 + exp(-40) is 1
_SPLIT = 134217729.0  # 2^27 + 1
_LARGE, _SHARE = 1e300, 2.0**-64  # in an exact product this would overflow, and so much of it does not
_ALONE = 1e10  # 1 + t^2 is t^2
_MAX = float(np.finfo(np.float64).max)


def product(a: Array, b: Array | float) -> tuple[Array, Array]:
    """a*b as a rounded product and its exact rest, without a fused multiply-add (Dekker 1971)."""
    high = a * b
    t = _SPLIT * a
    a1 = t - (t - a)
    a2 = a - a1
    t = _SPLIT * np.asarray(b)
    b1 = t - (t - b)
    b2 = b - b1
    return high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2


def sigmoid(x: Array) -> Array:
    """1/(1+exp(-x)). exp(-|x|) never overflows. As 1 - e/(1+e) right of 0 it is 1 only where it rounds to 1."""
    return _sigmoid_of(x, np.exp(-np.abs(x)))


def _sigmoid_of(x: Array, e: Array) -> Array:
    """The sigmoid, given exp(-|x|): |0 - share| left of 0 and |1 - share| right of it: no choice is made."""
    share = e / (1 + e)
    return np.abs(np.asarray(x >= 0) - share)


def sigmoid_slope(x: Array) -> Array:
    """e/(1+e)^2, the square multiplied out: s(1-s) is 0 from 37, and (1+e)*(1+e) rounds three times near 1."""
    e = np.exp(-np.abs(x))
    return e / (1 + e * (2 + e))


def log_sigmoid(x: Array) -> Array:
    """-softplus(-x), so that neither tail sees a logarithm of a rounded number."""
    return -softplus(-x)


def _scaled(x: Array, beta: Array | float) -> tuple[Array, Array | float]:
    """beta*x as a rounded product and its rest, which an exponential would enlarge; the rest is 0 for beta = 1."""
    if np.ndim(beta) == 0 and beta == 1:
        return x, 0.0
    x = np.clip(x, -_MAX, _MAX)
    far = np.abs(x) > _LARGE
    if not np.any(far):
        high, rest = product(x, beta)
    else:
        share = np.where(far, _SHARE, 1.0)
        high, rest = (part / share for part in product(x * share, beta))
    return high, np.where(np.abs(high) < -_FLAT, rest, 0.0)


def _decay(high: Array, rest: Array | float) -> Array:
    """exp(-|high + rest|)."""
    return np.exp(-np.abs(high)) * (1 - np.copysign(1.0, high) * rest)


def softplus(x: Array, beta: Array | float = 1.0) -> Array:
    """log(1+exp(beta x))/beta = max(beta x, 0)/beta + log1p(exp(-|beta x|))/beta: no overflow, and no threshold."""
    ramp = np.where(np.asarray(beta) < 0, np.minimum(x, 0.0), np.maximum(x, 0.0))
    return ramp + np.log1p(_decay(*_scaled(x, beta))) / beta


def softplus_slope(x: Array, beta: Array | float = 1.0) -> Array:
    """sigmoid(beta x)."""
    high, rest = _scaled(x, beta)
    return _sigmoid_of(high, _decay(high, rest))


def sqrt_softplus(x: Array) -> Array:
    """sqrt(softplus(x)), left of -40 exp(x/2): softplus underflows where its root is far from it."""
    return np.where(x < -_SETTLED, np.exp(x / 2), np.sqrt(softplus(x)))


def sqrt_softplus_slope(x: Array) -> Array:
    """sigmoid(x)/(2 sqrt(softplus(x))), left of -40 half the value."""
    value = sqrt_softplus(x)
    return np.where(x < -_SETTLED, value / 2, sigmoid(x) / (2 * np.where(x < -_SETTLED, 1.0, value)))


def sech(x: Array) -> Array:
    """1/cosh(x) = 2e/(1+e^2): cosh overflows at 710 where sech is still a normal number."""
    e = np.exp(-np.abs(x))
    return 2 * e / (1 + e * e)


def tanh(x: Array) -> Array:
    """NumPy's, and far out 1 - 2q/(1+q) with q = exp(-2|x|), which is 1 only where tanh rounds to 1."""
    q = np.exp(-2 * np.abs(x))
    return np.where(np.abs(x) > 5, np.copysign(1 - 2 * q / (1 + q), x), np.tanh(x))


def tanh_slope(x: Array) -> Array:
    """4q/(1+q)^2 with q = exp(-2|x|): 1 - tanh^2 is 0 from 19. Far out q underflows before the slope does."""
    a = np.abs(x)
    q = np.exp(-2 * a)
    far = 2 * np.exp(-a)
    return np.where(a > 350, far * far, 4 * q / (1 + q * (2 + q)))


def tanhshrink(x: Array) -> Array:
    """X - tanh(x), near 0 as x^3/(K + x^2), K = 3 + z/(5 + z/(7 + …)), z = x^2.

    Lambert's fraction for tanh gives tanh(x) = xK/(K+z); subtracting it from x on paper leaves only positive terms.
    """
    z = np.minimum(x * x, 2.0)
    tail: Array | float = 25.0
    for odd in range(23, 1, -2):
        tail = odd + z / tail
    return np.where(np.abs(x) <= 1, x * (z / (tail + z)), x - np.tanh(x))


def tanhshrink_slope(x: Array) -> Array:
    """tanh^2, up to 1 as (x - tanhshrink(x))^2: NumPy's may be 2 ULP off, and the square doubles that."""
    t = np.where(np.abs(x) <= 1, x - tanhshrink(x), np.tanh(x))
    return t * t


def softsign(x: Array) -> Array:
    """x/(1+|x|), with ±inf taken as the largest floats, whose quotient is ±1."""
    x = np.clip(x, -_MAX, _MAX)
    return x / (1 + np.abs(x))


def softsign_slope(x: Array) -> Array:
    """1/(1+a)^2, the square multiplied out (see `sigmoid_slope`) until it would overflow."""
    a = np.abs(x)
    near = np.minimum(a, 1e150)
    far = 1 / (1 + a)
    return np.where(a > 1e150, far * far, 1 / (1 + near * (2 + near)))


def relu(x: Array) -> Array:
    """max(0, x), never -0."""
    y = np.maximum(x, 0.0)
    y += 0.0
    return y


def _through_tail(x: Array, factor: Array, e: Array, divisor: Array) -> Array:
    """factor*e/divisor with e = exp(x), x <= 0: below -708 in two halves, because e loses digits before the product."""
    h = np.exp(x / 2)
    return np.where(x < _TAIL, (factor * h) * h, factor * e / divisor)


def silu(x: Array, beta: Array | float = 1.0) -> Array:
    """x*sigmoid(beta x): with e = exp(-|beta x|), x/(1+e) where beta x > 0 and xe/(1+e) where it is not."""
    high, rest = _scaled(x, beta)
    a = np.maximum(-np.abs(high), _FLAT)
    e = np.exp(a) * (1 - np.copysign(1.0, high) * rest)
    finite = np.clip(x, -_MAX, _MAX)
    return np.where(high < 0, _through_tail(a, finite * (1 + rest), np.exp(a), 1 + e), x / (1 + e))


def silu_slope(x: Array, beta: Array | float = 1.0) -> Array:
    """With z = beta x: e((1+z)+e)/(1+e)^2 for z <= 0; silu(x) = x + silu(-x) gives 1 minus it for z > 0."""
    high, rest = _scaled(x, beta)
    a = np.maximum(-np.abs(high), _FLAT)
    less = -np.copysign(1.0, high) * rest
    e = np.exp(a) * (1 + less)
    left = _through_tail(a, ((1 + a) + e) * (1 + less), np.exp(a), 1 + e * (2 + e))
    return np.where(high > 0, 1 - left, left)


def mish(x: Array) -> Array:
    """x*tanh(softplus(x)) = x(1+2e)/(1+2e(1+e)) right of 0 and t - te(1+e)/(2+e(2+e)), t = xe, left of it."""
    a = np.maximum(-np.abs(x), _FLAT)
    e = np.exp(a)
    t = a * e
    h = np.exp(a / 2)
    left = np.where(a < _TAIL, (a * h) * h, t - t * e * (1 + e) / (2 + e * (2 + e)))
    return np.where(x < 0, left, x * ((1 + 2 * e) / (1 + 2 * e * (1 + e))))


def mish_slope(x: Array) -> Array:
    """e(2+e)/s + 4x e(1+e)/s^2 with e = exp(x), s = 2+e(2+e): tanh and sech^2 would lose all digits in the left tail.

    Right of 0 both are divided by e^2. Left of -0.7, where they cancel, they are multiplied out over s^2.
    """
    b = np.minimum(np.abs(x), -_FLAT)
    e = np.exp(-b)
    s = 1 + 2 * e * (1 + e)
    right = ((1 + 2 * e) + 4 * b * e * e * (1 + e) / s) / s
    s = 2 + e * (2 + e)
    middle = e / s * ((2 + e) - 4 * b * (1 + e) / s)
    numerator = 4 * (1 - b) + e * ((6 - 4 * b) + e * (4 + e))
    left = np.where(
        -b < _TAIL, _through_tail(-b, 1 - b, e, np.ones(())), e * numerator / (4 + e * (8 + e * (8 + e * (4 + e))))
    )
    return np.where(x < 0, np.where(x < -0.7, left, middle), right)


def tanhexp(x: Array) -> Array:
    """x*tanh(exp(x)): tanh is 1 long before exp overflows."""
    return np.maximum(x, _FLAT) * np.tanh(np.exp(np.minimum(x, _SETTLED)))


def tanhexp_slope(x: Array) -> Array:
    """tanh(t) + x t sech(t)^2 with t = exp(x), whose last product is 0 before t overflows."""
    t = np.exp(np.minimum(x, _SETTLED))
    return np.tanh(t) + np.clip(x, _FLAT, _SETTLED) * t * sech(t) ** 2


def isru(x: Array, alpha: Array | float = 1.0) -> Array:
    """x/sqrt(1+alpha x^2), without the square that overflows; for alpha < 0 as it stands."""
    root = np.sqrt(np.maximum(alpha, 0.0))
    scaled = root * x
    positive = np.where(np.abs(scaled) > _ALONE, np.copysign(1 / root, x), x / np.hypot(1, scaled))
    return np.where(np.less(alpha, 0), x / np.sqrt(1 + alpha * x * x), np.where(root == 0, x, positive))


def squareplus(x: Array, b: Array | float = 4.0) -> Array:
    """(x+sqrt(x^2+b))/2, left of 0 as b/(2(sqrt(x^2+b)-x)), where the sum would cancel."""
    root = np.hypot(x, np.sqrt(b))
    left = (np.asarray(b) / 4) / np.where(x < 0, root / 2 - x / 2, 1.0)
    return np.where(x < 0, left, x / 2 + root / 2)


def logcosh(x: Array) -> Array:
    """log(cosh(x)) = log1p(2 sinh(x/2)^2), and from 1 on |x| - log(2) + log1p(exp(-2|x|)), which cannot overflow."""
    a = np.abs(x)
    near = np.minimum(a, 1.0)
    return np.where(a < 1, np.log1p(2 * np.sinh(near / 2) ** 2), a - (np.log(2) - np.log1p(np.exp(-2 * a))))


def cbrt(x: Array) -> Array:
    """NumPy's y, a few ULP off on some processors, less (y^3 - x)/(3y^2) with the exact cube (Newton)."""
    finite = np.isfinite(x) & (x != 0)
    size = np.abs(np.where(finite, x, 1.0))
    third = np.where(size > 1, 2.0**-100, 2.0**100)  # of the scale, which keeps the cube and its rest normal numbers
    u = np.where(finite, x, 1.0) * third * third * third
    y = np.cbrt(u)
    square, square_rest = product(y, y)
    cube, cube_rest = product(square, y)
    y = y - ((cube - u) + (cube_rest + square_rest * y)) / (3 * square)
    return np.where(finite, y / third, x)


def sinc(x: Array) -> Array:
    """sin(pi x)/(pi x), 1 at 0 and 0 at ±inf: the sine is taken of x less its nearest integer, which is exact."""
    finite = np.clip(x, -_MAX, _MAX)
    whole = np.rint(finite)
    sine = np.sin(np.pi * (finite - whole)) * np.where(np.remainder(whole, 2) == 0, 1.0, -1.0)
    return np.where(x == 0, 1.0, np.where(np.isinf(x), 0.0, sine / (np.pi * np.where(x == 0, 1.0, finite))))


def sinc_slope(x: Array) -> Array:
    """(cos(pi x) - sinc(x))/x; up to 1/4 the series of the difference, which cancels there."""
    finite = np.clip(x, -_MAX, _MAX)
    z = np.square(np.pi * np.clip(finite, -0.25, 0.25))
    series = 0.0
    for k in range(9, 0, -1):  # sum of (-1)^k 2k z^k/(2k+1)!, without its first z
        series = (-1) ** k * 2 * k / math.factorial(2 * k + 1) + z * series
    whole = np.rint(finite)
    cosine = np.cos(np.pi * (finite - whole)) * np.where(np.remainder(whole, 2) == 0, 1.0, -1.0)
    far = (cosine - sinc(finite)) / np.where(x == 0, 1.0, finite)
    return np.where(np.abs(x) <= 0.25, np.pi**2 * finite * series, np.where(np.isinf(x), 0.0, far))
