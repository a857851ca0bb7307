import math
from decimal import Decimal, localcontext
from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actfn.numerics.formats import FORMATS

ALL = pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
SMALL = pytest.mark.parametrize("form", [f for f in FORMATS.values() if f.precision < 24], ids=lambda f: f.name)


def every_number(form):
    """Every finite number of a format of 16 bits or fewer, ascending, from its bit patterns."""
    bits = form.dtype.itemsize * 8
    with np.errstate(invalid="ignore"):  # signalling nans
        patterns = np.arange(2**bits, dtype=f"uint{bits}").view(form.dtype).astype(np.float64)
    return np.unique(patterns[np.isfinite(patterns)])


@ALL
def test_constants_are_those_of_the_library(form):
    info = ml_dtypes.finfo(form.dtype)
    assert form.max == float(info.max)
    assert form.eps == float(info.eps)
    assert form.smallest_normal == float(info.smallest_normal)
    assert form.smallest_subnormal == float(info.smallest_subnormal)


@ALL
def test_rounding_is_the_librarys(form):
    generator = np.random.default_rng(3)
    x = generator.normal(size=50_000) * 10.0 ** generator.uniform(-50, 40, 50_000)
    x = np.concatenate(
        [x, [0.0, -0.0, math.inf, -math.inf, math.nan, form.max, -form.max, form.smallest_subnormal / 2]]
    )
    x = (
        np.concatenate([x, form.max * (1 + form.eps * np.array([0.2, 0.3, 0.45, 0.5, 0.55, 1.0]))])
        if form.max < 1e300
        else x
    )
    with np.errstate(all="ignore"):
        expected = x.astype(form.dtype).astype(np.float64)
    rounded = form.round(x)
    assert np.array_equal(rounded, expected, equal_nan=True)
    assert np.array_equal(np.signbit(rounded), np.signbit(expected) | np.isnan(rounded) & np.signbit(rounded))


@SMALL
def test_midpoints_round_to_even(form):
    numbers = every_number(form)
    middle = (numbers[:-1] + numbers[1:]) / 2
    with np.errstate(all="ignore"):
        assert np.array_equal(form.round(middle), middle.astype(form.dtype).astype(np.float64))


@SMALL
def test_ordinals_are_consecutive(form):
    numbers = every_number(form)
    assert np.array_equal(form.ordinal(numbers), np.arange(-form.max_ordinal, form.max_ordinal + 1))
    assert np.array_equal(form.from_ordinal(form.ordinal(numbers)), numbers)
    assert np.array_equal(form.neighbour(numbers[:-1]), numbers[1:])


@ALL
def test_beyond_the_largest_is_infinity(form):
    assert form.neighbour(form.max) == math.inf
    assert form.neighbour(-form.max, -3) == -math.inf
    assert form.ordinal(math.inf) == form.max_ordinal + 1


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_float64_neighbours_are_numpys(x):
    form = FORMATS["float64"]
    assert form.from_ordinal(form.ordinal(x)) == x
    assert form.neighbour(x) == math.nextafter(x, math.inf)
    assert form.neighbour(x, -1) == math.nextafter(x, -math.inf)


@ALL
def test_ulp_distance_counts_numbers(form):
    assert form.ulp_distance(1.0, 1.0 + form.eps) == 1
    assert form.ulp_distance(-form.smallest_subnormal, form.smallest_subnormal) == 2
    assert form.ulp_distance(0.0, -0.0) == 0
    assert form.ulp_distance(math.nan, 1.0) == -1
    most = form.ulp_distance(-form.max, form.max)
    assert most == min(2 * form.max_ordinal, 2**63 - 1)
    assert form.ulp_distance(form.max, np.array([-form.max, 1.0])).tolist()[0] == most


@ALL
def test_spacing(form):
    assert form.spacing(np.float64(1.0)) == form.eps
    assert form.spacing(np.float64(0.0)) == form.smallest_subnormal
    assert form.spacing(np.float64(form.smallest_normal)) == form.smallest_subnormal


def nearest(form, exact):
    """The number of a format nearest to a rational number that is not too large, ties to even."""
    binade = form.min_exponent
    while Fraction(2) ** (binade + 1) <= abs(exact):
        binade += 1
    spacing = Fraction(2) ** (binade - form.precision + 1)
    return float(round(exact / spacing) * spacing)


NARROW = [form for form in FORMATS.values() if form.name != "float64"]


@pytest.mark.parametrize("form", NARROW, ids=lambda form: form.name)
def test_what_is_read_is_rounded_once(form):
    x = form.from_ordinal(np.linspace(1, form.max_ordinal - 1, 41).astype(np.int64))
    middles = (x + form.neighbour(x)) / 2
    factors = [1 + Decimal(away) for away in ("0", "1e-30", "-1e-30")]
    with localcontext() as context:
        context.prec = 400
        texts = [str(middle * factor) for middle in map(Decimal, middles.tolist()) for factor in factors]
    for text in [*texts, *(f"-{text}" for text in texts)]:
        read = form.read(text, float(text))
        assert form.round(read) == nearest(form, Fraction(text)), text


@pytest.mark.parametrize("form", NARROW, ids=lambda form: form.name)
def test_other_numbers_are_not_moved(form):
    x = np.concatenate(
        [np.random.default_rng(1).normal(size=1000), [0.0, -0.0, 1.0, math.inf, -math.inf, math.nan, 0.1]]
    )

    def never(indices):
        raise AssertionError(indices)

    np.testing.assert_array_equal(form.off_ties(x, never), x)
