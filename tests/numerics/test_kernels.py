"""Kernels at the ends of the line: limits, nan, signed zeros; accuracy is tested where the table is."""

import math
from fractions import Fraction

import numpy as np
import pytest

from actfn.numerics import kernels, normal

LIMITS = {
    kernels.sigmoid: (0.0, 1.0), kernels.sigmoid_slope: (0.0, 0.0), kernels.log_sigmoid: (-math.inf, -0.0),
    kernels.softplus: (0.0, math.inf), kernels.sech: (0.0, 0.0), kernels.tanh_slope: (0.0, 0.0),
    kernels.tanhshrink: (-math.inf, math.inf), kernels.tanhshrink_slope: (1.0, 1.0), kernels.softsign: (-1.0, 1.0),
    kernels.softsign_slope: (0.0, 0.0), kernels.relu: (0.0, math.inf), kernels.silu: (-0.0, math.inf),
    kernels.silu_slope: (-0.0, 1.0), kernels.mish: (-0.0, math.inf), kernels.mish_slope: (-0.0, 1.0),
    normal.erf: (-1.0, 1.0), normal.erfc: (2.0, 0.0), normal.gaussian: (0.0, 0.0), normal.npdf: (0.0, 0.0),
    normal.ndtr: (0.0, 1.0), normal.gelu: (-0.0, math.inf), normal.gelu_slope: (-0.0, 1.0),
    normal.gelu_tanh: (-0.0, math.inf), normal.gelu_tanh_slope: (-0.0, 1.0), kernels.cbrt: (-math.inf, math.inf),
}  # fmt: skip
ODD = [kernels.tanhshrink, kernels.softsign, kernels.cbrt, normal.erf]
BY_NAME = {"ids": lambda kernel: kernel.__name__}


def same(value, expected):
    return value == expected and math.copysign(1, value) == math.copysign(1, expected)


@pytest.mark.parametrize("kernel", LIMITS, ids=lambda kernel: f"{kernel.__module__.split('.')[-1]}-{kernel.__name__}")
def test_limits_nan_and_no_accident_in_between(kernel):
    with np.errstate(all="ignore"):
        low, high, nan = kernel(np.array([-math.inf, math.inf, math.nan]))
        everywhere = np.array([*-np.geomspace(5e-324, 1.7e308, 4001), 0.0, *np.geomspace(5e-324, 1.7e308, 4001)])
        values = kernel(everywhere)
    assert same(low, LIMITS[kernel][0])
    assert same(high, LIMITS[kernel][1])
    assert math.isnan(nan)
    assert np.all(np.isfinite(values))


@pytest.mark.parametrize("kernel", ODD, **BY_NAME)
def test_odd_functions_are_odd_to_the_sign_of_zero(kernel):
    x = np.array([0.0, 5e-324, 1e-9, 0.3, 2.0, 40.0])
    assert np.array_equal(kernel(-x), -kernel(x))
    assert math.copysign(1, kernel(np.array([-0.0]))[0]) == -1


@pytest.mark.parametrize("kernel", LIMITS, ids=lambda kernel: kernel.__name__)
def test_scalars_and_arrays_of_any_shape(kernel):
    x = np.linspace(-45, 5, 12).reshape(3, 4)
    with np.errstate(all="ignore"):
        assert kernel(x).shape == (3, 4)
        assert np.shape(kernel(np.float64(0.5))) == ()
        assert kernel(np.empty(0)).shape == (0,)


def test_exact_product_is_exact():
    a, b = np.random.default_rng(5).normal(size=(2, 500))
    high, rest = kernels.product(a, b)
    assert all(
        Fraction(h) + Fraction(r) == Fraction(x) * Fraction(y) for h, r, x, y in zip(high, rest, a, b, strict=True)
    )


def test_softplus_with_a_beta_of_either_sign():
    with np.errstate(all="ignore"):
        assert kernels.softplus(np.array([-math.inf, math.inf]), -2.0).tolist() == [-math.inf, 0.0]
        assert kernels.softplus(np.array([-math.inf, math.inf]), 2.0).tolist() == [0.0, math.inf]


@pytest.mark.parametrize(
    ("kernel", "x", "parameter", "expected"),
    [
        (kernels.isru, 1e305, 0.0, 1e305),
        (kernels.isru, math.inf, 0.0, math.inf),
        (kernels.isru, -1e305, 1e300, -1e-150),
        (kernels.isru, math.inf, 4.0, 0.5),
        (kernels.isru, 3e10, 1.0, 1.0),
        (kernels.silu, -1e305, 5e-324, -5e304),
        (kernels.silu, 1e305, 5e-324, 5e304),
        (kernels.softplus, 1.5e308, 3.0, 1.5e308),
    ],
)
def test_what_is_huge_is_no_other_number(kernel, x, parameter, expected):
    with np.errstate(all="ignore"):
        assert float(kernel(np.array([x]), parameter)[0]) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("off", [-8, -1, 0, 1, 8])
def test_the_cube_root_is_right_whatever_numpy_gives(off, monkeypatch):
    cbrt = np.cbrt
    monkeypatch.setattr(np, "cbrt", lambda x: cbrt(x) * (1 + off * 2.0**-52))
    exponents = np.arange(-1074, 1024)
    x = np.ldexp(np.random.default_rng(3).uniform(1, 2, exponents.size), exponents)
    for number, root in zip(x.tolist(), kernels.cbrt(x).tolist(), strict=True):
        exact = Fraction(number)
        half = Fraction(math.ulp(root)) * 51 / 100
        assert (root - half) ** 3 <= exact <= (root + half) ** 3, number
    largest = np.array([1.7976931348623157e308, -5e-324])
    assert kernels.cbrt(largest).tolist() == [5.643803094122362e102, -1.7031839360032603e-108]
