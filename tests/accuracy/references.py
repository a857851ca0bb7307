"""Exact values and derivatives of the smooth functions, written with mpmath and independent of the package's table.

For float64 and float32 they are taken at some thousand points: every binary exponent, both signs, dense at 0, at roots
of the derivative and in the tails. Kept are the nearest float64 and, in units of its last place, the rest. For the
formats of 16 bits and fewer they are taken at every float and rounded once: kept is a digest of the results.
"""

import hashlib
import json
from multiprocessing import Pool
from pathlib import Path

import mpmath
import numpy as np

from actfn.numerics.formats import FORMATS

mp = mpmath.mp
HERE = Path(__file__).parent
SMALL = ("float16", "bfloat16", "float8_e4m3fn", "float8_e5m2")
BITS = 160


def sigmoid(x):
    return 1 / (1 + mp.exp(-x)) if x > -40 else mp.exp(x) / (1 + mp.exp(x))


def sigmoid_slope(x):
    e = mp.exp(-abs(x))
    return e / (1 + e) ** 2


def softplus(x):
    return max(x, mp.zero) + mp.log1p(mp.exp(-abs(x)))


def phi(x):
    return mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi)


def ndtr(x):
    if abs(x) > 1e5:  # mpmath's erfc takes no larger ones
        return mp.mpf(x > 0)
    return mp.erfc(-x / mp.sqrt(2)) / 2


def mish(x):
    t = 1 + mp.exp(x) if x < 0 else mp.exp(-x)
    if x < 0:
        e = mp.exp(x)
        return x * e * (2 + e) / (2 + e * (2 + e))
    return x * (1 + 2 * t) / (1 + 2 * t + 2 * t * t)


def mish_slope(x):
    if x < 0:
        e = mp.exp(x)
        d = 2 + e * (2 + e)
        return e * (2 + e) / d + x * 4 * e * (1 + e) / d**2
    t = mp.exp(-x)
    d = 1 + 2 * t + 2 * t * t
    return (1 + 2 * t) / d + x * 4 * t**2 * (1 + t) / d**2


def gate(x, u, du):
    """x*sigmoid(u) and its slope, where u' = du."""
    return x * sigmoid(u), sigmoid(u) + x * sigmoid_slope(u) * du


ROOT = 2 * mp.sqrt(2 / mp.pi)
QUICK, CUBIC = 1.702, 0.044715
ALPHA, SCALE = 1.6732632423543772, 1.0507009873554805


def gelu_tanh(x):
    with mp.workprec(BITS + 80):
        root, cubic = 2 * mp.sqrt(2 / mp.pi), mp.mpf(CUBIC)
        return gate(x, root * (x + cubic * x**3), root * (1 + 3 * cubic * x**2))


def tanh_slope(x):
    e = mp.exp(-2 * abs(x))
    return 4 * e / (1 + e) ** 2


def tanhshrink(x):
    with mp.workprec(BITS + 2 * max(0, -int(mp.mag(x))) + 10 if x else BITS):
        return x - mp.tanh(x)


# name to value and derivative
EXACT = {
    "sigmoid": lambda x: (sigmoid(x), sigmoid_slope(x)),
    "log_sigmoid": lambda x: (-softplus(-x), sigmoid(-x)),
    "tanh": lambda x: (mp.tanh(x), tanh_slope(x)),
    "softplus": lambda x: (softplus(x), sigmoid(x)),
    "softsign": lambda x: (x / (1 + abs(x)), 1 / (1 + abs(x)) ** 2),
    "silu": lambda x: gate(x, x, 1),
    "quick_gelu": lambda x: gate(x, mp.mpf(QUICK) * x, mp.mpf(QUICK)),
    "gelu": lambda x: (x * ndtr(x), ndtr(x) + x * phi(x)),
    "gelu_tanh": gelu_tanh,
    "mish": lambda x: (mish(x), mish_slope(x)),
    "elu": lambda x: (x, mp.one) if x > 0 else (mp.expm1(x), mp.exp(x)),
    "selu": lambda x: (SCALE * x, mp.mpf(SCALE)) if x > 0 else (
        mp.mpf(SCALE) * ALPHA * mp.expm1(x), mp.mpf(SCALE) * ALPHA * mp.exp(x)),
    "celu": lambda x: (x, mp.one) if x > 0 else (mp.expm1(x), mp.exp(x)),
    "hard_sigmoid": lambda x: (
        min(max(x / 6 + mp.mpf(1) / 2, mp.zero), mp.one), mp.mpf(1) / 6 if abs(x) < 3 else mp.zero),
    "tanhshrink": lambda x: (tanhshrink(x), mp.tanh(x) ** 2),
    "erf": lambda x: (mp.erf(x), 2 / mp.sqrt(mp.pi) * mp.exp(-x * x)),
    "ndtr": lambda x: (ndtr(x), phi(x)),
    "gaussian": lambda x: (mp.exp(-x * x), -2 * x * mp.exp(-x * x)),
    "exponential": lambda x: (mp.exp(x), mp.exp(x)),
    "sine": lambda x: (mp.sin(x), mp.cos(x)),
}  # fmt: skip


HARD = [  # found among a million points: where rounding errors add up most
    ("gelu", 0, -36.41782490070899), ("gelu", 0, -37.527905661105365), ("gelu", 0, -1.8563577708335313),
    ("gelu", 1, -2.2331530981905505), ("gelu", 1, -37.56511382588675), ("gelu", 1, -1.2611165046691895),
    ("gelu_tanh", 0, -21.156423568725586), ("gelu_tanh", 1, -1.6354907937366843), ("gelu_tanh", 1, -2.2519383881727153),
    ("silu", 0, -2.00070944410209), ("silu", 1, -0.5398977028784554), ("mish", 1, -0.2033849749976837),
    ("mish", 1, -0.6763737595687556), ("tanhshrink", 1, -0.3653397262096405),
    ("softsign", 1, 3.095242176417028), ("erf", 1, 3.0310825396993266),
]  # fmt: skip


def points(seed=2026):
    """Some thousand numbers, about half of them float32's as well; see the module."""
    generator = np.random.default_rng(seed)
    exponents = np.arange(-1074, 1024, 4)
    every = np.ldexp(generator.uniform(1, 2, exponents.size), exponents)
    roots = np.array([-1.2784645427610738, -0.7517915246935645, -1.1924312145154952, -0.7524614220710162])
    parts = [
        every, -every, generator.uniform(-1, 1, 250), generator.uniform(-8, 8, 500), generator.uniform(-40, 40, 300),
        generator.uniform(-750, -700, 100), generator.uniform(700, 750, 50), generator.uniform(-39, -36, 60),
        generator.uniform(-28, -20, 60), (roots[:, None] + generator.uniform(-0.3, 0.3, 20)).ravel(),
        [0.0, 3.0, -3.0, 1.0, -1.0],
    ]  # fmt: skip
    x = np.concatenate(parts)
    with np.errstate(all="ignore"):
        single = x.astype(np.float32).astype(np.float64)
    return np.unique(np.concatenate([x, single[np.isfinite(single)]]))


def nearest(exact):
    """The nearest float64, and the rest in units of its last place."""
    form = FORMATS["float64"]
    high = float(exact)
    if not np.isfinite(high):
        return high, 0.0
    return high, float((exact - mp.mpf(high)) / mp.mpf(float(form.spacing(np.float64(high)))))


def every_float(form):
    """Every finite number of a small format, ascending; both zeros are one."""
    return form.from_ordinal(np.arange(-form.max_ordinal, form.max_ordinal + 1))


def rounded_once(exact, form):
    """An mpmath number rounded into a format, ties to even, as a float."""
    if not exact:
        return 0.0
    with mp.workprec(BITS):
        spacing = mp.ldexp(1, max(int(mp.mag(exact)) - 1, form.min_exponent) - form.precision + 1)
        result = float(mp.nint(exact / spacing) * spacing)
    if abs(result) > form.max:
        return float(np.copysign(np.inf if form.has_infinity else np.nan, result))
    return result


def digest(values):
    """A digest of numbers, both zeros and all nans alike."""
    return hashlib.sha256((np.where(np.isnan(values), np.nan, values) + 0.0).tobytes()).hexdigest()[:16]


def references(name, x):
    """For each point the nearest floats to value and derivative and, in units of their last places, the rests."""
    with mp.workprec(BITS):
        return np.array([[nearest(each) for each in EXACT[name](mp.mpf(at))] for at in x.tolist()])


def reference(name):
    mp.prec = BITS
    table = references(name, points())
    digests = {}
    for small in SMALL:
        form = FORMATS[small]
        results = [EXACT[name](mp.mpf(x)) for x in every_float(form).tolist()]
        for quantity, place in (("value", 0), ("derivative", 1)):
            digests[f"{name} {small} {quantity}"] = digest(np.array([rounded_once(r[place], form) for r in results]))
    return name, table, digests


def main():
    """Make both files."""
    arrays, digests = {}, {}
    with Pool(2) as pool:
        for name, table, found in pool.imap(reference, EXACT):
            arrays[f"{name}_nearest"] = table[:, :, 0]
            arrays[f"{name}_rest"] = table[:, :, 1].astype(np.float16)
            digests |= found
            print(name, flush=True)  # noqa: T201
    np.savez_compressed(HERE / "references.npz", **arrays)
    (HERE / "digests.json").write_text(json.dumps(digests, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
