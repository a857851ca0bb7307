"""Properties against closed forms, of named functions, typed ones and derivatives."""

import math

import mpmath
import numpy as np
import pytest

import actfn
from actfn.analysis.landscape import nearest_to_0
from actfn.analysis.properties import Curvature, Parity, Trend, properties
from actfn.analysis.relatives import relatives
from actfn.expression.evaluate import _plan
from actfn.expression.primitives import FUNCTIONS
from actfn.output.described import described

W = 0.2784645427610738  # Lambert's W(1/e): minus the minimum of silu
ABOVE = math.nextafter(0.1, 1)


def of(text, **parameters):
    return properties(actfn.function(text, **parameters))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sigmoid", (0, 1, False, False)),
        ("1/(1 + exp(-x))", (0, 1, False, False)),
        ("silu", (-W, math.inf, True, False)),
        ("relu6", (0, 6, True, True)),
        ("1.2**max(0, g - 2)", (1, math.inf, True, False)),
        ("sin(x)", (-1, 1, True, True)),
        ("x*cos(x)", (-math.inf, math.inf, False, False)),
        ("1/x", (-math.inf, math.inf, False, False)),
        ("tan(x)", (-math.inf, math.inf, False, False)),
        ("1/(x - 1)**2", (0, math.inf, False, False)),
        ("sqrt(x)", (0, math.inf, True, False)),
        ("step", (0, 1, True, True)),
        ("x", (-math.inf, math.inf, False, False)),
        ("3", (3, 3, True, True)),
        ("where(x > 0, x + 1, x)", (-math.inf, math.inf, False, False)),
        ("cloglog", (0, 1, False, False)),
        ("talu", (-math.tanh(1), math.inf, True, False)),
    ],
)
def test_range(text, expected):
    found = of(text).range
    assert (found.low, found.high) == pytest.approx(expected[:2], rel=1e-12)
    assert (found.low_in, found.high_in) == expected[2:]


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("tanh", "(-inf, inf)"),
        ("log(x)", "(0, inf)"),
        ("sqrt(x)", "[0, inf)"),
        ("sqrt(1 - x**2)", "[-1, 1]"),
        ("sqrt(x**2 - 1)", "(-inf, -1], [1, inf)"),
        ("sqrt((x - 1)**2 - 1e-6)", "(-inf, 0.999], [1.001, inf)"),
        ("sqrt(1e-6 - (x - 1)**2)", "[0.999, 1.001]"),
        ("x/abs(x)", "(-inf, inf) without 0"),
        ("1/(x**2 - 1)", "(-inf, inf) without -1, 1"),
        ("1/(3*x - 1)**2", "(-inf, inf)"),  # a third is no float
        ("sqrt(x)/(x - 4)", "[0, inf) without 4"),
        ("x**x", "[0, inf)"),
        ("log(-1 - x**2)", "nowhere"),
    ],
)
def test_domain(text, domain):
    assert described(of(text))["domain"] == domain


@pytest.mark.parametrize(
    ("text", "zeros"),
    [("x**2 - 2", [-math.sqrt(2), math.sqrt(2)]), ("x**3", [0]), ("exp(x)", []), ("sigmoid", []),
     ("x - x**3", [-1, 0, 1]), ("log(x)", [1]), ("where(x < 0, -1, 1)", []), ("(x - 1)**2", [1]), ("1/x", []),
     ("gelu", [0]), ("bent_identity", [0]), ("sqrt(x)", [0]), ("sqrt(4 - x*x)", [-2, 2]), ("acos(x)", [1]),
     ("(x - 0.1)**2", [0.1]), ("abs(x**2 - 2)", [-1.414213562373095, 1.414213562373095]), ("abs(x - 1/3)", [1/3]),
     ("abs(log(x))", [1]), ("sqrt(x)*(x - 3)", [0, 3]), ("sqrt(x) + 1", []), ("1/sqrt(x)", [])],
)  # fmt: skip
def test_zeros(text, zeros):
    found = of(text).zeros
    assert all(each.low == each.high for each in found)
    assert [each.low for each in found] == pytest.approx(zeros, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "stretches"),
    [("relu", [(-math.inf, 0)]), ("softshrink", [(-0.5, 0.5)]), ("relu(x)**3", [(-math.inf, 0)]), ("sigmoid", []),
     ("max(0, x - 5) + min(0, x + 5)", [(-5, 5)]), ("exp(-x**2)", []), ("softplus", [])],
)  # fmt: skip
def test_flat_stretches(text, stretches):
    assert [(each.low, each.high) for each in of(text).flat] == stretches


@pytest.mark.parametrize(
    ("text", "extrema"),
    [
        ("silu", [(-1 - W, -W, False)]),
        ("x - x**3", [(-1 / math.sqrt(3), -2 / math.sqrt(27), False), (1 / math.sqrt(3), 2 / math.sqrt(27), True)]),
        ("abs(x - 3)", [(3, 0, False)]),
        ("exp(-x**2)", [(0, 1, True)]),
        ("sigmoid", []),
        ("relu", []),
        ("max(0, abs(x) - 1)", [(-1, 0, False)]),
        ("1/x**2", []),
    ],
)
def test_extrema(text, extrema):
    found = of(text).extrema
    assert [each.is_maximum for each in found] == [is_maximum for *_, is_maximum in extrema]
    for each, (x, value, _) in zip(found, extrema, strict=True):
        assert (each.x, each.value) == pytest.approx((x, value), rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "trend", "curvature", "parity"),
    [
        ("exp(x)", Trend.INCREASING, Curvature.CONVEX, Parity.NEITHER),
        ("-exp(x)", Trend.DECREASING, Curvature.CONCAVE, Parity.NEITHER),
        ("relu", Trend.NON_DECREASING, Curvature.CONVEX, Parity.NEITHER),
        ("-relu(x)", Trend.NON_INCREASING, Curvature.CONCAVE, Parity.NEITHER),
        ("2*x + 1", Trend.INCREASING, Curvature.AFFINE, Parity.NEITHER),
        ("7", Trend.CONSTANT, Curvature.AFFINE, Parity.EVEN),
        ("x**2", Trend.NEITHER, Curvature.CONVEX, Parity.EVEN),
        ("tanh", Trend.INCREASING, Curvature.NEITHER, Parity.ODD),
        ("step", Trend.NON_DECREASING, Curvature.NEITHER, Parity.NEITHER),
    ],
)
def test_shape(text, trend, curvature, parity):
    found = of(text)
    assert (found.trend, found.curvature, found.parity) == (trend, curvature, parity)


@pytest.mark.parametrize(
    ("text", "steepest", "at"),
    [
        ("sigmoid", 0.25, 0),
        ("tanh", 1, 0),
        ("relu", 1, 0),
        ("softplus", 1, None),
        ("gaussian", math.sqrt(2 / math.e), 1 / math.sqrt(2)),
        ("gelu", 0.5 * math.erfc(-1) + math.exp(-1) / math.sqrt(math.pi), math.sqrt(2)),
        ("exp(x)", math.inf, None),
        ("step", math.inf, 0),
        ("sqrt(x)", math.inf, None),
        ("3*x", 3, 0),
        ("asin(sin(x))", 1, 0),
        ("cbrt(x)*cos(x)", math.inf, None),
        ("asinh(x)/(2 + sin(x))", math.inf, None),
    ],
)
def test_steepest_slope(text, steepest, at):
    found = of(text)
    assert found.steepest == pytest.approx(steepest, rel=1e-12)
    if at is None:
        assert math.isnan(found.steepest_at)
    else:
        assert abs(found.steepest_at) == pytest.approx(at, abs=1e-6)


def test_a_slope_that_is_as_steep_nearly_everywhere():
    found = of("acos(cos(x))")
    assert found.steepest == pytest.approx(1, rel=1e-12)
    assert abs(float(actfn.function("acos(cos(x))").derivative().exact(found.steepest_at))) == 1


@pytest.mark.parametrize("frequency", [3e9, 5e9, 7e9, 11e9])
def test_of_two_steepest_places_the_right_one_is_given_whatever_the_last_bits(frequency, monkeypatch):
    gaussian = FUNCTIONS["gaussian"]
    kernel = gaussian.kernel
    monkeypatch.setitem(vars(gaussian), "kernel", lambda x: kernel(x) * (1 + (np.sin(frequency * x) > 0) * 2.0**-52))
    _plan.cache_clear()  # which has the kernels in it
    try:
        assert of("wave").steepest_at == pytest.approx(0.5602319, abs=1e-6)
    finally:
        _plan.cache_clear()


@pytest.mark.parametrize(
    ("places", "nearest"),
    [([-0.1, ABOVE], ABOVE), ([0.1, -ABOVE], 0.1), ([0.2, -0.1], -0.1), ([0.0], 0.0), ([3.0, -2.0, 2.0], 2.0)],
)
def test_the_place_nearest_to_0(places, nearest):
    assert nearest_to_0(places) == nearest
    assert nearest_to_0(places[::-1]) == nearest


@pytest.mark.parametrize(
    ("name", "formula", "near"),
    [
        ("gelu", mpmath.ncdf, 1.4),
        ("silu", lambda x: 1 / (1 + mpmath.exp(-x)), 2.4),
        ("mish", lambda x: mpmath.tanh(mpmath.log1p(mpmath.exp(x))), 1.5),
    ],
)
def test_the_steepest_place_is_known_to_more_digits_than_the_slope_tells(name, formula, near):
    with mpmath.workdps(60):
        root = mpmath.findroot(lambda x: mpmath.diff(lambda t: t * formula(t), x, 2), (near, near + 0.1), tol=1e-35)
    assert of(name).steepest_at == pytest.approx(float(root), rel=1e-14)


@pytest.mark.parametrize(
    ("text", "order"),
    [("sigmoid", None), ("relu", 0), ("step", -1), ("elu", 1), ("siglu", 2), ("relu(x)**3", 2), ("softsign", 1),
     ("abs(x)*x**3", 3), ("1/x", None), ("cbrt(x)", 0), ("log(x)", None),
     ("tan(x)", None), ("exp(exp(x))", None), ("max(x, tanh(x))", 2)],
)  # fmt: skip
def test_smoothness(text, order):
    assert of(text).smoothness == order


def test_limits_and_values_at_0():
    found = of("elu", alpha=0.5)
    assert found.limits == (-0.5, math.inf)
    assert (found.value_at_0, found.slope_at_0) == (0, 0.5)
    assert all(map(math.isnan, of("sin(x)").limits))


def test_a_derivative_has_properties_too():
    found = properties(actfn.function("sigmoid").derivative())
    assert found.parity is Parity.EVEN
    assert (found.range.low, found.range.high) == (0, 0.25)
    assert found.steepest == pytest.approx(1 / (6 * math.sqrt(3)), rel=1e-9)


def test_a_function_without_a_value_is_said_to_be_nowhere():
    assert described(of("log(-1 - x**2)")) == {"domain": "nowhere"}


def test_poles_are_told():
    assert of("1/(x**2 - 4)").poles == pytest.approx((-2, 2))
    assert described(of("1/(x - 3)"))["poles"] == "3"
    assert of("where(x < 0, -1, 1)").poles == ()


@pytest.mark.parametrize("text", ["log(abs(x))", "1/abs(x)", "abs(x)**-0.5"])
def test_a_pole_is_no_kink(text):
    assert "kinks" not in described(of(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("abs(x - 3) + abs(x - 5)", "minimum 2 from 3 to 5"),
        ("clip(x*x, 1, 4)", "minimum 1 from -1 to 1"),
        ("hat", "maximum 1 at 0"),
    ],
)
def test_a_plateau_is_told_with_both_ends(text, words):
    assert described(of(text))["extrema"] == words


def test_of_many_jumps_the_nearest_are_told():
    words = described(of("floor(x)"))
    assert words["jumps"].startswith("-3, -2, -1, 0, 1, 2 and ")
    assert words["steepest"] == "inf at 0"
    assert words["zeros"] == "[0, 1)"


def test_many_zeros_are_cut_in_words():
    words = described(of("sin(x)"))
    assert words["zeros"].endswith("more")
    assert words["limits"] == "none at -inf, none at inf"
    assert "curvature" not in words


def test_equal_functions_and_relatives():
    equal, near = relatives(actfn.function("x*sigmoid(x)"))
    assert equal[:2] == ["silu", "swish"]
    assert near[0].distance == min(each.distance for each in near)
    equal, near = relatives(actfn.function("gelu"))
    assert "gelu" not in equal
    assert [each.name for each in near[:2]] == ["gelu_tanh", "quick_gelu"]  # gelu_10 is gelu from -5 to 5
    assert near[0].distance == pytest.approx(4.732e-4, rel=1e-3)
    assert relatives(actfn.function("x**7 + 3")) == ([], [])


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [("gelu_tanh", "gelu", "pgelu"), ("thlu", "signrelu", "polu"), ("relu", "leaky_relu", "lelelu")],
)
def test_relatives_that_are_equally_near_are_in_the_order_of_the_catalogue(name, first, second):
    _, near = relatives(actfn.function(name))
    found = {each.name: each.distance for each in near}
    assert found[first] == pytest.approx(found[second], rel=1e-12)
    assert list(found).index(first) < list(found).index(second)


@pytest.mark.parametrize("text", ["1/x", "log(x)", "exp(x)**99"])
def test_what_is_not_finite_everywhere_has_no_relatives(text):
    assert relatives(actfn.function(text)) == ([], [])


@pytest.mark.parametrize(("name", "zeros"), [("sym_msaf", [-0.5]), ("cloglogm", [0.009837976])])
def test_a_zero_about_which_some_floats_are_rounded_to_0_is_one(name, zeros):
    found = properties(actfn.function(name)).zeros
    assert [each.low for each in found] == pytest.approx(zeros)


@pytest.mark.parametrize(
    ("text", "place"),
    [("abs(x - 2)", 2), ("abs(log(x))", 1), ("abs(x**2 - 2)", 2**0.5), ("relu(x - 1) + relu(1 - x)", 1),
     ("abs(exp(x) - 2)", math.log(2)), ("(x - 0.1)**2", 0.1), ("abs(x - 1/3)", 1/3)],
)  # fmt: skip
def test_a_least_value_of_0_is_0(text, place):
    found = of(text)
    assert (found.range.low, found.range.low_in) == (0, True)
    assert (place, 0) in [(pytest.approx(each.x, rel=1e-15), each.value) for each in found.extrema]


def test_what_is_narrow_near_0_is_seen():
    assert [each.x for each in of("where(abs(x - 0.1) < 1e-3, 1, 0)").breaks] == pytest.approx(
        [0.099, 0.101], rel=1e-15
    )
    assert [each.x for each in of("max(0, 0.001 - abs(x - 0.1))").breaks] == pytest.approx(
        [0.099, 0.1, 0.101], rel=1e-15
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1/max(0, x)", ("(0, inf)", "(0, inf)", "none at -inf, 0 at inf")),
        ("log(max(0, x))", ("(0, inf)", "(-inf, inf)", "none at -inf, inf at inf")),
        ("1/step(x)", ("[0, inf)", "[1, 1]", "none at -inf, 1 at inf")),
        ("1/floor(x)", ("(-inf, 0), [1, inf)", "[-1, 1]", "0 at -inf, 0 at inf")),
        ("1/(x > 2)", ("(2, inf)", "[1, 1]", "none at -inf, 1 at inf")),
        ("inf if x > 3 else x", ("(-inf, inf)", "(-inf, inf)", "-inf at -inf, inf at inf")),
    ],
)
def test_where_a_constant_is_divided_by_0_there_is_no_value(text, words):
    found = described(of(text))
    assert (found["domain"], found["range"], found["limits"]) == words
    assert "-0" not in found.get("jumps", "").split(", ")


@pytest.mark.parametrize(
    "text", ["log(1 + abs(x))*sin(x)", "asinh(x)/(2 + sin(x))", "log1p(x*x)*cos(x)", "cbrt(x)*cos(x)"]
)
def test_an_oscillation_that_grows_slowly_has_no_bounds(text):
    assert described(of(text))["range"] == "(-inf, inf)"


@pytest.mark.parametrize(
    ("text", "bound"), [("tanh(x) + 0.1*sin(x)", 1.1), ("sin(x)*(1 - 1/(1 + abs(x)))", 1), ("sin(x)", 1)]
)
def test_an_oscillation_that_does_not_has_bounds(text, bound):
    found = of(text).range
    assert (found.low, found.high) == pytest.approx((-bound, bound), rel=1e-3)
