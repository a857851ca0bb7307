"""The bar, and that no kernel gets worse than its record.

In float64 values and first derivatives are within 4.5 ULP wherever the exact result is a normal number (within 0.5 of
a root of the derivative: within 2 * 2^-53 absolutely), within 2 spacings where it is subnormal. In the narrower formats
they are correctly rounded.
"""

import json
from itertools import product

import mpmath
import numpy as np
import pytest

import actfn
from actfn.numerics.formats import FORMATS
from tests.accuracy.measure import BARS, HERE, MEASURED, QUANTITIES, beyond, recorded, replaced, row
from tests.accuracy.references import BITS, EXACT, HARD, SMALL, digest, every_float, points, references, rounded_once
from tests.levels import level

DIGESTS = json.loads((HERE / "digests.json").read_text(encoding="utf-8"))
RECORDED = {tuple(line[key] for key in ("level", "function", "format", "quantity")): line for line in recorded()}
# other versions of NumPy and of the C library differ at the same level, by less than this
ELSEWHERE = 0.6


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize("dtype", MEASURED)
@pytest.mark.parametrize("name", EXACT)
def test_meets_the_bar_and_its_record(name, dtype, quantity):
    measured = row(name, dtype, QUANTITIES.index(quantity))
    assert not beyond(measured), measured
    line = RECORDED.get((level(), name, dtype, quantity))
    for column in BARS["float64"] if line else ():  # a level that was never measured has no record
        assert float(measured[column]) <= float(line[column]) + ELSEWHERE, (measured, line)


def test_the_record_has_every_function_at_every_level():
    levels = {level for level, *_ in RECORDED}
    assert set(RECORDED) == {(each, *key) for each in levels for key in product(EXACT, MEASURED, QUANTITIES)}
    assert {"x86_64-v4", "x86_64-v3", "x86_64"} <= levels
    assert points().size >= 3990


def test_a_measurement_replaces_the_lines_of_its_own_levels_only():
    before = [{"level": "x86_64", "ulp": "1"}, {"level": "aarch64", "ulp": "2"}, {"level": "x86_64-v3", "ulp": "3"}]
    found = [{"level": "x86_64-v3", "ulp": "4"}, {"level": "x86_64-v3", "ulp": "5"}]
    assert [(line["level"], line["ulp"]) for line in replaced(before, found)] == [
        ("aarch64", "2"), ("x86_64", "1"), ("x86_64-v3", "4"), ("x86_64-v3", "5"),
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "order", "x"), HARD)
def test_the_bar_is_met_at_the_hardest_points(name, order, x):
    at = np.array([x])
    measured = row(name, "float64", order, (at, references(name, at)[:, order]))
    assert not beyond(measured), measured


@pytest.mark.parametrize("dtype", SMALL)
@pytest.mark.parametrize("name", EXACT)
def test_every_float_of_a_small_format_is_correctly_rounded(name, dtype):
    form = FORMATS[dtype]
    x = every_float(form)
    for order, quantity in enumerate(("value", "derivative")):
        computed = actfn.function(name).derivative(order).values(x, form)
        if digest(computed) == DIGESTS[f"{name} {dtype} {quantity}"]:
            continue
        for place, result in enumerate(computed.tolist()):
            with mpmath.workprec(BITS):
                expected = rounded_once(EXACT[name](mpmath.mpf(float(x[place])))[order], form)
            assert result == expected or (np.isnan(result) and np.isnan(expected)), (x[place], result, expected)


def test_a_kernel_that_gets_worse_is_found():
    from actfn.expression.evaluate import _plan
    from actfn.expression.primitives import FUNCTIONS

    silu = FUNCTIONS["silu"]
    kernel = silu.kernel
    object.__setattr__(silu, "kernel", lambda x, beta: x / (1 + np.exp(-beta * x)))
    _plan.cache_clear()  # which has the kernels in it
    try:
        assert float(row("silu", "float64", 0)["ulp"]) > 4.5
    finally:
        object.__setattr__(silu, "kernel", kernel)
        _plan.cache_clear()


EDGES = {
    "relu": (-0.0, 0.0), "silu": (-0.0, -0.0), "gelu": (-0.0, -0.0), "tanh": (-0.0, -0.0), "softsign": (-0.0, -0.0),
    "sigmoid": (-np.inf, 0.0), "mish": (-np.inf, -0.0), "quick_gelu": (-np.inf, -0.0), "log_sigmoid": (np.inf, -0.0),
    "tanhshrink": (-0.0, -0.0), "softplus": (-np.inf, 0.0), "erf": (-0.0, -0.0), "sine": (-0.0, -0.0),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
def test_signed_zeros(name):
    x, expected = EDGES[name]
    value = actfn.function(name)(x)
    assert value == expected
    assert np.signbit(value) == np.signbit(expected)
