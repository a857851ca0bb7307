import math
from decimal import Decimal
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from mpmath import mp

import actfn
from actfn.catalogue import lookup
from actfn.catalogue.activation import Activation
from actfn.catalogue.rows import ROWS
from actfn.errors import UsageError
from actfn.exact import value
from actfn.exact.differences import by_differences
from actfn.exact.number import Status
from actfn.expression.jet import derivatives
from actfn.expression.parser import parse
from actfn.expression.primitives import TABLE
from actfn.expression.printer import text
from actfn.numerics.formats import FORMATS
from tests import oracle


def of(source, x, digits=20):
    return value.value(parse(source), {"x": x}, digits)


def shown(source, x, digits=25):
    return of(source, x, digits).text


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
        ("log(x)", -1.0, "nan"),
        ("x**0.5", -1.0, "nan"),
        ("erfc(x)", 1e6, "3.159347612599429433659294e-434294481910"),
        ("exp(exp(x))", 9.0, "1.332404666072781241049331e+3519"),
        ("x % 3", 1e40, "1.0"),
        ("x % -3", 1e40, "-2.0"),
        ("x % inf", 1.0, "1.0"),
        ("6/x - 3", 2.0, "0.0"),
        ("x % inf", -1.0, "inf"),
        ("max(x**0.5, 1) - x**0.5 - sin(x)", -1.0, "nan"),
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
    result = of(source, 2.5)
    assert (result.status, float(result)) == (Status.NUMBER, expected)


@pytest.mark.parametrize("source", ["sin(x)**2 + cos(x)**2 - 1", "sqrt(2)**2 - 2 + 0*x", "exp(log(3)) - 3 + 0*x"])
def test_total_cancellation_is_told_and_not_called_zero(source):
    result = of(source, 1.0)
    assert result.status is Status.UNRESOLVED
    assert 0 < mpmath.mpf(result.bound) < mpmath.mpf(10) ** -6000
    assert result.text == "nan"


SAME = ["2 if e < e else 1", "1 if sin(x) >= sin(x) else 2", "2 if log(-x) == log(-x) else 1"]


@pytest.mark.parametrize("source", SAME)
def test_what_is_compared_with_itself_is_certain(source):
    assert of(source, 0.3).text == "1.0"


def test_an_undecidable_condition_is_not_decided():
    assert not of("where(sqrt(2)**2 == 2, 1, 0) + 0*x", 1.0).certain
    assert of("where(sqrt(2)**2 >= 1.9, 1, 0) + 0*x", 1.0).certain


def test_two_conditions_that_are_not_decided_are_two_numbers():
    assert not of("(sqrt(2)**2 > 2) - (sqrt(2)**2 < 2) + 0*x", 1.0).certain
    assert not of("sin(exp(exp(x))) - cos(exp(exp(x)))", 20.0).certain


@pytest.mark.parametrize(
    ("source", "part", "sides"),
    [
        ("floor(log10(1000)) + x", "floor(log10(1000))", ["3.0", "4.0"]),
        ("where(sqrt(2)**2 >= 2, 5, 7)*x", "sqrt(2)**2 >= 2", ["5.0", "7.0"]),
        ("where(x < 0, floor(log10(1e5)), floor(log10(1000)))", "floor(log10(1000))", ["2.0", "3.0"]),
    ],
)
def test_the_condition_that_no_digit_decides_is_named_with_its_sides(source, part, sides):
    found = value.undecided(parse(source), "x", 1.0)
    assert text(found.part) == part
    assert sorted(each.text for each in found.values) == sides


@pytest.mark.parametrize(
    ("source", "x"),
    [
        ("exp(exp(exp(x)))", 10.0),
        ("log(exp(exp(exp(x))))", 10.0),
        ("1/log(exp(exp(exp(x))))", 10.0),
        ("exp(exp(exp(exp(x))))", 3.0),
        ("sin(exp(x))", 1e5),
    ],
)
def test_what_is_too_large_to_be_computed_is_not_called_infinite(source, x):
    assert not of(source, x).certain


@pytest.mark.parametrize(
    ("source", "x", "expected"),
    [
        ("log(x)", 0.0, "-inf"),
        ("atanh(x)", 1.0, "inf"),
        ("1/log(x)", 0.0, "0.0"),
        ("log(x) - exp(1)", 0.0, "-inf"),
        ("sqrt(2) - log(x)/pi", 0.0, "inf"),
        ("log(x) - log(x)*exp(1)", 0.0, "nan"),
        ("tanh(log(1 + exp(x)))", 1e300, "1.0"),
        ("1/(1 + exp(-x))", 1e300, "1.0"),
        ("exp(x) > 3", 1e300, "1.0"),
        ("exp(exp(exp(x))) > 3", 10.0, "1.0"),
        ("tanh(exp(exp(exp(x))))", 10.0, "1.0"),
        ("exp(x) - exp(x)", 1e300, "0.0"),
        ("exp(x) == exp(2*x)", 1e300, "0.0"),
    ],
)
def test_what_is_infinite_or_goes_on_from_something_large_is_certain(source, x, expected):
    assert shown(source, x, 20) == expected


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [
        (1 + 2.0**-52, 2e19, "exp(2e19*log1p(mpf(2)**-52))"),
        (-1 - 2.0**-52, 2e19, "exp(2e19*log1p(mpf(2)**-52))"),  # so large a float is even
        (-3.0, 1e12 + 1, "-(mpf(3)**(10**12 + 1))"),
    ],
)
def test_powers_with_astronomical_exponents(base, exponent, expected):
    with mpmath.workdps(60):
        true = eval(expected, vars(mpmath))  # noqa: S307 - ours
        assert abs(oracle.number(of(f"x**({exponent!r})", base, 30)) / true - 1) < mpmath.mpf(10) ** -29


def test_powers_that_are_tiny_huge_or_undefined():
    assert of("x**1e300", 3.0).is_at_least(1e308)
    assert of("x**-1e300", -3.0).is_below(5e-324)
    assert of("x**(1e12 + 0.5)", -2.0).status is Status.UNDEFINED


@pytest.mark.parametrize("digits", [1, 5, 50, 400])
def test_digits(digits):
    text = shown("1/x", 7.0, digits)
    assert text == mpmath.nstr(mpmath.mpf(1) / 7, digits) or len(text.replace("0.", "")) == digits


def test_results_do_not_depend_on_the_callers_precision():
    with mpmath.workdps(5):
        assert shown("sigmoid(x)", 40.0) == "0.9999999999999999957516457"


def test_constants_of_a_formula_have_the_precision_that_is_asked_for():
    found = {digits: shown("x*sqrt(2)", 1.0, digits) for digits in (20, 60, 20, 40)}
    with mpmath.workdps(80):
        for digits, said in found.items():
            assert abs(mpmath.mpf(said) - mpmath.sqrt(2)) < mpmath.mpf(10) ** (1 - digits)


@pytest.mark.parametrize("order", [0, 1, 2, 3, 5])
@pytest.mark.parametrize("source", [
    "where(x > 0, x**2*exp(x), x)", "sqrt(max(0, x))", "x**3 - x", "max(x, 2*x)*sin(x)", "5 + 0*x", "abs(x)**1.5",
])  # fmt: skip
@pytest.mark.parametrize("x", [-0.75, 1.25])
def test_derivatives_are_those_of_floats_and_of_differences(source, order, x):
    tree = parse(source)
    exact = value.derivative(tree, "x", x, order, 30)
    assert float(exact) == pytest.approx(derivatives(tree, "x", np.array([x]), order)[order, 0], rel=1e-12)
    assert float(exact) == pytest.approx(float(by_differences(tree, "x", x, order)), rel=1e-12)


@pytest.mark.parametrize("row", [row for row in TABLE if row.definition], ids=lambda row: row.name)
def test_composite_rows_are_their_definitions(row):
    arguments = {name: 0.25 + place for place, name in enumerate(row.arguments)}
    node = parse(f"{row.name}({', '.join(row.arguments)})", variables=row.arguments)
    computed = row.kernel(*map(np.float64, arguments.values()))
    assert float(value.value(node, arguments, 20)) == pytest.approx(float(computed), rel=1e-15)


def test_functions_and_derivatives_of_any_order():
    gelu = actfn.function("gelu")
    assert gelu.exact(3.0, 40).text == "2.995950305905109716420044555697215067867"
    with mpmath.workdps(60):
        fourth = mpmath.diff(lambda x: x * mpmath.ncdf(x), mpmath.mpf("0.5"), 4)
        assert abs(oracle.number(gelu.derivative(4).exact(0.5, 30)) - fourth) < mpmath.mpf(10) ** -28
    with mpmath.workdps(30):
        far = mpmath.exp(-800) / (1 + mpmath.exp(-800)) ** 2
        assert abs(oracle.number(actfn.function("sigmoid").derivative().exact(800.0, 20)) / far - 1) < 1e-19
    assert float(actfn.function("silu").exact(-math.inf)) == 0
    assert float(actfn.function("tanh").derivative().exact(math.inf)) == 0
    high = actfn.function("sigmoid").derivative(12)
    assert high(0.5) == pytest.approx(float(high.exact(0.5, 25)), rel=1e-12)


@pytest.mark.parametrize("digits", [0, -5, 2.5])
def test_a_number_of_digits_is_a_whole_number(digits):
    with pytest.raises(UsageError, match="number of digits"):
        actfn.function("gelu").exact(3.0, digits)


@pytest.mark.parametrize(
    ("computed", "source", "dtype", "ulp"),
    [
        (1.0, "sigmoid(40) + 0*x", "float64", 0.0382644),
        (1.0, "1 + 0*x", "float64", 0.0),
        (1.0 + 2**-52, "1 + 0*x", "float64", 1.0),
        (0.0, "10**(-400) + 0*x", "float64", 0.0),
        (5e-324, "0*x", "float64", 1.0),
        (math.nan, "1 + 0*x", "float64", math.inf),
        (math.nan, "log(-x)", "float64", 0.0),
        (1.0, "log(-x)", "float64", math.inf),
        (math.inf, "1 + 0*x", "float64", math.inf),
        (math.inf, "10**400 + 0*x", "float64", 0.0),
        (-math.inf, "10**400 + 0*x", "float64", math.inf),
        (math.inf, "-log(0*x)", "float64", 0.0),
        (1.7976931348623157e308, "-log(0*x)", "float64", math.inf),
        (1.0, "1.0009765625 + 0*x", "float16", 1.0),
        (math.inf, "70000 + 0*x", "float16", 0.0),
        (math.inf, "65504 + 0*x", "float16", math.inf),
    ],
)
def test_ulp_error(computed, source, dtype, ulp):
    assert of(source, 1.0).ulp_error(computed, FORMATS[dtype]) == pytest.approx(ulp, rel=1e-4)


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
        assert lookup.function(name).exact(-1.0, 50).text == expected


@pytest.mark.parametrize("name", [row.name for row in ROWS if isinstance(row, Activation)])
def test_an_exact_slope_has_no_rounded_constant(name):
    function = lookup.function(name)
    slope = oracle.number(function.derivative().exact(0.3, 40))
    differences = oracle.number(by_differences(function.tree, function.variable, 0.3, 1, 40))
    with mp.workdps(50):
        assert abs(slope - differences) <= abs(differences) * mp.mpf(10) ** -32


@pytest.mark.parametrize(
    ("source", "x"),
    [
        ("exp(-x)", 1e300),
        ("1/(1 + exp(x))", 1e300),
        ("exp(-x)**x", 1e20),
        ("sech(x)", 1e100),
        ("log1p(exp(-x))", 1e100),
    ],
)
def test_numbers_far_below_the_floats_are_computed_with(source, x):
    found = of(source, x)
    assert (found.status, found.sign, float(found)) == (Status.NUMBER, 1, 0.0)
    with mpmath.workdps(30):
        true = -mpmath.mpf(x) * (mpmath.mpf(x) if "**x" in source else 1) / mpmath.log(10)
        assert mpmath.mpf(found.text.partition("e")[2]) == pytest.approx(true, rel=1e-12)


@pytest.mark.parametrize("source", ["exp(-exp(exp(x)))", "1/exp(exp(exp(x)))"])
def test_what_is_too_small_to_be_computed_with_is_no_0(source):
    found = of(source, 10.0)
    assert (found.status, found.tiny, found.rounded()) == (Status.UNRESOLVED, True, 0.0)


@pytest.mark.parametrize("source", ["0*exp(-x)", "max(0, -x)*exp(-x)", "x - x", "floor(exp(-1))*x"])
def test_0_is_0(source):
    assert of(source, 1e300).is_zero


def test_what_is_too_small_is_lost_beside_a_number():
    assert shown("1 + exp(-x)", 1e300, 20) == "1.0"
    assert shown("exp(exp(-x))", 1e300, 20) == "1.0"


@pytest.mark.parametrize("digits", [1, 3, 5, 20])
def test_floats_have_all_their_bits_whatever_is_asked_for(digits):
    found = of("x - 0.1", 0.10000000000000003, digits)
    assert float(found) == pytest.approx(0.10000000000000003 - 0.1, rel=10**-digits)


def test_a_power_of_a_negative_number_is_none_beside_a_whole_exponent():
    assert of("(-2)**tanh(x)", 60.0, 8).status is Status.UNDEFINED
    assert of("x**(3 + 1e-300)", -2.0, 8).status is Status.UNDEFINED


def test_a_branch_that_is_not_taken_is_no_loss():
    source = "where(1 + exp(-x) > 1, 5, exp(exp(x)) - exp(exp(x)))"
    assert shown(source, 100.0) == "5.0"


@pytest.mark.parametrize("source", ["(1 - e)**x", "log(1 - e)*x", "sqrt(1 - e) + x", "acos(e)*x"])
def test_no_value_is_told_at_once(source):
    found = of(source, 0.7)
    assert (found.defined, found.certain) == (False, True)


@pytest.mark.parametrize(("source", "x"), [("1/x", 3.0), ("-exp(x)", 1.0), ("x", 0.25), ("x*x - x*x", 0.1)])
def test_bounds_hold_the_value(source, x):
    found = of(source, x, 30)
    with mp.workdps(60):
        true = oracle.by_mpmath(parse(source), {"x": x}, 200)
        assert mp.mpf(str(found.lower)) <= true <= mp.mpf(str(found.upper))
    assert found.upper - found.lower <= abs(found.upper) * Decimal("1e-29")


def test_bounds_of_what_is_no_number():
    assert of("log(x)", 0.0).upper == Decimal("-Infinity")
    assert of("exp(exp(exp(x)))", 10.0).lower > Decimal("1e300")
    with pytest.raises(ValueError, match="undefined"):
        _ = of("log(x)", -1.0).lower


@pytest.mark.parametrize(
    ("source", "x", "lower", "upper"),
    [
        ("exp(-x)", 1e300, "0", "1E-999999999999999999"),
        ("-exp(-x)", 1e300, "-1E-999999999999999999", "0"),
        ("exp(x)", 1e300, "1E+999999999999999999", "Infinity"),
        ("-exp(x)", 1e300, "-Infinity", "-1E+999999999999999999"),
        ("x - x", 3.0, "0", "0"),
    ],
)
def test_bounds_beyond_the_exponents_of_a_decimal_hold(source, x, lower, upper):
    found = of(source, x)
    assert (found.lower, found.upper) == (Decimal(lower), Decimal(upper))


def test_bounds_have_more_digits_than_python_lets_a_whole_number_have():
    third = of("x/3", 1.0, 5000)
    assert Fraction(third.lower) < Fraction(1, 3) < Fraction(third.upper)
    assert len(third.lower.as_tuple().digits) > 5000


def test_a_value_too_large_to_be_computed_rounds_to_infinity():
    assert [of(source, 1e4).rounded() for source in ("exp(exp(exp(x)))", "-exp(exp(exp(x)))")] == [math.inf, -math.inf]
