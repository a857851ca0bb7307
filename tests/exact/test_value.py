import math

import mpmath
import numpy as np
import pytest
from actfn.expression.digits import exact_text
from mpmath import mp

import actfn
from actfn.catalogue import lookup
from actfn.catalogue.activation import Activation
from actfn.catalogue.rows import ROWS
from actfn.expression import exact
from actfn.expression.parser import parse
from actfn.expression.primitives import TABLE
from actfn.numerics.formats import FORMATS


def shown(source, x, digits=25):
    return exact_text(exact.value(parse(source), {"x": x}, digits).value, digits)


@pytest.mark.parametrize(
    ("source", "x", "expected"),
    [
        ("sigmoid(x)", 40.0, "0.9999999999999999957516457"),
        ("1/(1 + exp(-x))", 40.0, "0.9999999999999999957516457"),
        ("0.5*x*(1 + erf(x/sqrt(2)))", -9.0, "-1.015729565358456582961952e-18"),
        ("gelu(x)", -38.0, "-1.096462776826138037173369e-314"),
        ("tanh(x) - 1", 50.0, "-7.440151952041671925919392e-44"),
        ("(1 + x) - 1", 1e-30, "1.000000000000000083336421e-30"),
        ("log(1 + exp(x))", -1e4, "1.135483865314736098540939e-4343"),
        ("x - x", 3.0, "0.0"),
        ("max(0, x)", -5.0, "0.0"),
        ("relu(x)", 2.5, "2.5"),
        ("x/3", 1.0, "0.3333333333333333333333333"),
        ("9**9**9 + 0*x", 1.0, "4.281247731757470480369871e+369693099"),
        ("exp(x)", 1e6, "3.033215396802087545086402e+434294"),
        ("exp(-x)", 1e6, "3.296831478088558578968908e-434295"),
        ("floor(x)", 2.9999999999999996, "2.0"),
        ("sin(x)", 1e22, "-0.8522008497671888017727059"),
        ("where(x > 0.1, 1, 2)", 0.1, "2.0"),
        ("log(x)", 0.0, "-inf"),
        ("exp(exp(exp(exp(x))))", 3.0, "inf"),
        ("log(x)", -1.0, "nan"),
        ("x**0.5", -1.0, "nan"),
        ("erfc(x)", 1e300, "0.0"),
        ("x % 3", 1e40, "1.0"),
        ("x % -3", 1e40, "-2.0"),
        ("x % inf", 1.0, "1.0"),
        ("6/x - 3", 2.0, "0.0"),
        ("x % inf", -1.0, "inf"),
        ("max(x**0.5, 1) - x**0.5 - sin(x)", -1.0, "nan"),
        ("softplus(x) - x", 1e300, "0.0"),
        ("log_sigmoid(x) - x", -1e300, "0.0"),
        ("1 if x == 0.5 else 0", 0.5, "1.0"),
        ("pi + 0*x", 0.0, "3.141592653589793238462643"),
    ],
)
def test_as_many_digits_as_asked_for(source, x, expected):
    assert shown(source, x) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [("max(x**x, 1) - x**x", 0), ("min(exp(x), 99) - exp(x)", 0), ("abs(sin(x))/sin(x)", 1), ("6/(x - 0.5) - 3", 0)],
)
def test_a_number_and_itself_is_certain(source, expected):
    result = exact.value(parse(source), {"x": 2.5}, 20)
    assert (result.certain, result.value) == (True, expected)


@pytest.mark.parametrize("source", ["sin(x)**2 + cos(x)**2 - 1", "sqrt(2)**2 - 2 + 0*x", "exp(log(3)) - 3 + 0*x"])
def test_total_cancellation_is_told_and_not_called_zero(source):
    result = exact.value(parse(source), {"x": 1.0}, 20)
    assert not result.certain
    assert result.bound < mpmath.mpf(10) ** -6000


SAME = ["2 if e < e else 1", "1 if sin(x) >= sin(x) else 2", "2 if log(-x) == log(-x) else 1"]


@pytest.mark.parametrize("source", SAME)
def test_what_is_compared_with_itself_is_certain(source):
    result = exact.value(parse(source), {"x": 0.3}, 20)
    assert (result.value, result.certain) == (1, True)


def test_an_undecidable_condition_is_not_decided():
    assert not exact.value(parse("where(sqrt(2)**2 == 2, 1, 0) + 0*x"), {"x": 1.0}, 20).certain
    assert exact.value(parse("where(sqrt(2)**2 >= 1.9, 1, 0) + 0*x"), {"x": 1.0}, 20).certain


@pytest.mark.parametrize(
    ("source", "x"),
    [
        ("exp(exp(exp(x)))", 10.0),
        ("log(exp(exp(exp(x))))", 10.0),
        ("1/log(exp(exp(exp(x))))", 10.0),
        ("exp(x) - exp(x)", 1e300),
        ("exp(x) == exp(2*x)", 1e300),
        ("log(1 + exp(x))", 1e300),
        ("sinh(x)", -1e300),
        ("sin(exp(x))", 1e5),
    ],
)
def test_what_is_too_large_to_be_computed_is_not_called_infinite(source, x):
    assert not exact.value(parse(source), {"x": x}, 20).certain


@pytest.mark.parametrize(
    ("source", "x", "expected"),
    [
        ("log(x)", 0.0, "-inf"),
        ("atanh(x)", 1.0, "inf"),
        ("1/log(x)", 0.0, "0.0"),
        ("tanh(log(1 + exp(x)))", 1e300, "1.0"),
        ("1/(1 + exp(-x))", 1e300, "1.0"),
        ("exp(x) > 3", 1e300, "1.0"),
    ],
)
def test_what_is_infinite_or_goes_on_from_something_large_is_certain(source, x, expected):
    result = exact.value(parse(source), {"x": x}, 20)
    assert result.certain
    assert exact_text(result.value, 20) == expected


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [
        (1 + 2.0**-52, 2e19, "exp(2e19*log1p(mpf(2)**-52))"),
        (-1 - 2.0**-52, 2e19, "exp(2e19*log1p(mpf(2)**-52))"),  # so large a float is even
        (3.0, 1e300, "inf"),
        (-3.0, 1e12 + 1, "-inf"),
        (-3.0, -1e300, "mpf(0)"),
        (-2.0, 1e12 + 0.5, "nan"),
    ],
)
def test_powers_with_astronomical_exponents(base, exponent, expected):
    value = actfn.function(f"x**({exponent!r})").exact(base, 30)
    with mpmath.workdps(60):
        true = eval(expected, vars(mpmath))  # noqa: S307 - ours
    assert mpmath.nstr(value, 25) == mpmath.nstr(true, 25)


@pytest.mark.parametrize("digits", [1, 5, 50, 400])
def test_digits(digits):
    text = shown("1/x", 7.0, digits)
    assert text == mpmath.nstr(mpmath.mpf(1) / 7, digits) or len(text.replace("0.", "")) == digits


def test_results_do_not_depend_on_the_callers_precision():
    with mpmath.workdps(5):
        assert shown("sigmoid(x)", 40.0) == "0.9999999999999999957516457"


@pytest.mark.parametrize("row", [row for row in TABLE if row.definition], ids=lambda row: row.name)
def test_composite_rows_are_their_definitions(row):
    arguments = {name: 0.25 + place for place, name in enumerate(row.arguments)}
    node = parse(f"{row.name}({', '.join(row.arguments)})", variables=row.arguments)
    result = exact.value(node, arguments, 20)
    computed = row.kernel(*(np.float64(value) for value in arguments.values()))
    assert float(result.value) == pytest.approx(float(computed), rel=1e-15)


def test_functions_and_derivatives_of_any_order():
    gelu = actfn.function("gelu")
    assert exact_text(gelu.exact(3.0, 40), 40) == "2.995950305905109716420044555697215067867"
    with mpmath.workdps(60):
        second = mpmath.diff(lambda x: x * mpmath.ncdf(x), mpmath.mpf("0.5"), 4)
        assert abs(gelu.derivative(4).exact(0.5, 30) - second) < mpmath.mpf(10) ** -28
    with mpmath.workdps(30):
        far = mpmath.exp(-800) / (1 + mpmath.exp(-800)) ** 2
        assert abs(actfn.function("sigmoid").derivative().exact(800.0, 20) / far - 1) < 1e-19
    assert float(actfn.function("silu").exact(-math.inf)) == 0
    high = actfn.function("sigmoid").derivative(12)
    assert high(0.5) == pytest.approx(float(high.exact(0.5, 25)), rel=1e-12)
    assert actfn.function("tanh").derivative().exact(math.inf) == 0


@pytest.mark.parametrize(
    ("computed", "value", "dtype", "ulp"),
    [
        (1.0, "0.9999999999999999957516457447", "float64", 0.0382644),
        (1.0, "1", "float64", 0.0),
        (1.0 + 2**-52, "1", "float64", 1.0),
        (0.0, "1e-400", "float64", 0.0),
        (5e-324, "0", "float64", 1.0),
        (math.nan, "1", "float64", math.inf),
        (math.nan, "nan", "float64", 0.0),
        (1.0, "nan", "float64", math.inf),
        (math.inf, "1", "float64", math.inf),
        (math.inf, "1e400", "float64", 0.0),
        (-math.inf, "1e400", "float64", math.inf),
        (math.inf, "inf", "float64", 0.0),
        (1.7976931348623157e308, "inf", "float64", math.inf),
        (1.0, "1.0009765625", "float16", 1.0),
        (math.inf, "70000", "float16", 0.0),
        (math.inf, "65504", "float16", math.inf),
    ],
)
def test_ulp_error(computed, value, dtype, ulp):
    with mpmath.workdps(40):
        assert exact.ulp_error(computed, mpmath.mpf(value), FORMATS[dtype]) == pytest.approx(ulp, rel=1e-4)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("where(exp(x) > 1, 1, 2)", "1.0"),
        ("1 if exp(x) else 2", "1.0"),
        ("sign(exp(x))", "1.0"),
        ("step(exp(x))", "1.0"),
        ("log2(exp(x))", "144269.5040888963407359925"),
        ("log1p(exp(x))", "100000.0"),
        ("atan(exp(x))", "1.570796326794896619231322"),
        ("max(x, hypot(exp(x), 1))/exp(x)", "1.0"),
    ],
)
def test_numbers_far_beyond_the_floats_are_compared_and_computed_with(source, expected):
    assert shown(source, 1e5) == expected


@pytest.mark.parametrize(
    ("name", "compute"),
    [
        ("gelu_tanh", lambda x: x / 2 * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mp.mpf(0.044715) * x**3)))),
        ("quick_gelu", lambda x: x / (1 + mp.exp(-mp.mpf(1.702) * x))),
        ("selu", lambda x: mp.mpf(1.0507009873554805) * mp.mpf(1.6732632423543772) * mp.expm1(x)),
        ("gelu", lambda x: x * mp.ncdf(x)),
    ],
)
def test_written_numbers_are_floats_and_pi_has_all_digits(name, compute):
    with mp.workdps(70):
        expected = mp.nstr(compute(mp.mpf(-1)), 50)
        assert mp.nstr(lookup.function(name).exact_value(-1.0, 50).value, 50) == expected


@pytest.mark.parametrize("name", [row.name for row in ROWS if isinstance(row, Activation)])
def test_an_exact_slope_has_no_rounded_constant(name):
    function = lookup.function(name)
    slope = function.derivative().exact_value(0.3, 40).value
    differences = exact.by_differences(function.expression_tree(), function.variable, 0.3, 1, 40).value
    with mp.workdps(50):
        assert abs(slope - differences) <= abs(differences) * mp.mpf(10) ** -32


@pytest.mark.parametrize(
    ("source", "x", "tiny"),
    [
        ("exp(-x)", 1e300, True),
        ("1/(1 + exp(x))", 1e300, True),
        ("exp(-x)**x", 1e20, True),
        ("erfc(x)*x", 1e200, True),
        ("sech(x)", 1e100, True),
        ("log1p(exp(-x))", 1e100, True),
        ("0*exp(-x)", 1e300, False),
        ("max(0, -x)*exp(-x)", 1e300, False),
        ("x - x", 1e300, False),
        ("floor(exp(-1))*x", 1e300, False),
    ],
)
def test_0_is_told_from_what_is_too_small(source, x, tiny):
    found = exact.value(parse(source), {"x": x}, 20)
    assert (found.value, found.tiny, found.certain) == (0, tiny, not tiny)


def test_what_is_too_small_is_lost_beside_a_number():
    assert exact.value(parse("1 + exp(-x)"), {"x": 1e300}, 20).value == 1
    assert exact.value(parse("exp(exp(-x))"), {"x": 1e300}, 20).certain


@pytest.mark.parametrize("digits", [1, 3, 5, 20])
def test_floats_have_all_their_bits_whatever_is_asked_for(digits):
    found = exact.value(parse("x - 0.1"), {"x": 0.10000000000000003}, digits)
    assert float(found.value) == pytest.approx(0.10000000000000003 - 0.1, rel=10**-digits)


def test_a_power_of_a_negative_number_is_none_beside_a_whole_exponent():
    assert mp.isnan(exact.value(parse("(-2)**tanh(x)"), {"x": 60.0}, 8).value)
    assert not exact.value(parse("x**(3 + 1e-300)"), {"x": -2.0}, 8).certain or mp.isnan(
        exact.value(parse("x**(3 + 1e-300)"), {"x": -2.0}, 8).value
    )


def test_a_branch_that_is_not_taken_is_no_loss():
    source = "where(1 + exp(-x) > 1, 5, exp(exp(x)) - exp(exp(x)))"
    assert exact.value(parse(source), {"x": 100.0}, 20).value == 5


@pytest.mark.parametrize("source", ["(1 - e)**x", "log(1 - e)*x", "sqrt(1 - e) + x", "acos(e)*x"])
def test_no_value_is_told_at_once(source):
    found = exact.value(parse(source), {"x": 0.7}, 20)
    assert (found.defined, found.certain) == (False, True)
