"""Where floats stop telling the truth: thresholds from elsewhere, every float of small formats, random formulas."""

import csv
import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

import actfn
from actfn.analysis.regime import Regime
from actfn.analysis.saturation import classify, earliest, stretches
from actfn.catalogue.activation import Activation
from actfn.catalogue.rows import ROWS
from actfn.exact.number import Status
from actfn.numerics.formats import FLOAT64, FORMATS
from tests.expression.random_expressions import expressions

THRESHOLDS = list(csv.DictReader((Path(__file__).parent / "thresholds.csv").read_text(encoding="utf-8").splitlines()))
NAIVE = {"sigmoid": "1/(1+exp(-x))", "tanh": "(exp(x)-exp(-x))/(exp(x)+exp(-x))", "softplus": "log(1+exp(x))"}
S, V, U = Regime.SATURATED, Regime.VANISHED, Regime.UNDERFLOW
M, O, I = Regime.MERGED, Regime.OVERFLOW, Regime.INVALID
# what the quantity of a threshold is called here: order of the derivative, regime, value there
MEANING = {
    "a_value_is_1": (0, S, 1.0), "a_value_is_-1": (0, S, -1.0), "a_value_is_0": (0, U, 0.0),
    "a_value_is_x": (0, M, None),
    "a_value_subnormal": (0, U, None), "c_deriv_is_0": (1, V, 0.0), "c_deriv_subnormal": (1, U, None),
    "c_deriv_is_1": (1, S, 1.0), "d_exp_overflow": (0, O, math.inf), "d_exp_subnormal": (0, U, None),
    "d_exp_zero": (0, U, 0.0), "b_naive_is_1": (0, S, 1.0), "b_naive_is_0": (0, None, 0.0),
    "d_naive_inf_or_nan": (0, None, None), "b_naive_is_x": (0, None, None),
}  # fmt: skip


def borders(function, form):
    return [stretch for stretch in stretches(function, form) if stretch.regime is not Regime.OK]


@pytest.mark.parametrize("line", THRESHOLDS, ids=lambda line: "-".join([*line.values()][:4]))
def test_thresholds(line):
    order, regime, value = MEANING[line["quantity"]]
    naive = "naive" in line["quantity"]
    source = NAIVE[line["function"]] if naive else line["function"]
    form = FORMATS[line["format"]]
    expected = float.fromhex(line["x_hex"])
    function = actfn.function(source).derivative(order)
    found = [each for each in borders(function, form) if (each.first > 0) == (expected > 0)]
    if (line["function"], line["quantity"]) in (("tanh", "b_naive_is_1"), ("softplus", "b_naive_is_x")):
        # not for good: exp overflows further out, so that the plateau does not reach the end of the line
        x = form.from_ordinal(form.ordinal(expected) + np.array([-1, 0]))
        limit = 1.0 if value else x
        assert (function.values(x, form) == limit).tolist() == [False, True]
        return
    near = [
        each for each in found
        if abs(int(form.ordinal(each.first)) - int(form.ordinal(expected))) <= (4 if line["format"] == "float64" else 0)
    ]  # fmt: skip
    assert len(near) == 1, [(each.regime, each.first) for each in found]
    assert regime is None or near[0].regime is regime
    assert value is None or near[0].value == value


# known from elsewhere: the first float, going outwards
SMALL = [
    ("sigmoid", "float16", 0, S, 8.3203125), ("sigmoid", "bfloat16", 0, S, 6.25), ("tanh", "float16", 0, S, 4.5078125),
    ("tanh", "bfloat16", 0, S, 3.46875), ("softplus", "float16", 0, M, 6.23828125),
    ("softplus", "bfloat16", 0, M, 4.15625),
    ("1/(1+exp(-x))", "float16", 0, S, 7.625), ("1/(1+exp(-x))", "bfloat16", 0, S, 5.5625),
    ("sigmoid", "float16", 1, V, 17.34375), ("sigmoid", "bfloat16", 1, V, 93.0),
]  # fmt: skip


@pytest.mark.parametrize(("source", "dtype", "order", "regime", "first"), SMALL)
def test_thresholds_of_small_formats(source, dtype, order, regime, first):
    found = borders(actfn.function(source).derivative(order), FORMATS[dtype])
    assert first in [each.first for each in found if each.regime is regime]


@pytest.mark.parametrize(
    ("source", "dtype", "expected"),
    [
        ("relu", "float64", []), ("hard_sigmoid", "float32", []), ("identity", "float64", []), ("sin", "float64", []),
        ("cos", "float64", []), ("relu6", "float16", []), ("step", "float64", []), ("floor", "float64", []),
        ("1.2**max(0, x-2)", "float32", [O]), ("elu", "float64", [S]), ("log", "float64", [Regime.UNDEFINED]),
        ("log(1+exp(x))", "float64", [S, O]), ("exp(x)/exp(x)", "float64", [I, I]), ("abs(x) + 1", "float32", []),
        ("x - x", "float64", []), ("tanh(1/x)", "float64", [U, S, S, U]),
        ("sqrt(x)", "float64", [Regime.UNDEFINED]), ("x/abs(x)", "float64", []), ("x/x", "float32", []),
        ("x/sqrt(x**2)", "float64", [S, O, O, S]), ("tanh(1e9+x)", "float64", [S, S]),
    ],
)  # fmt: skip
def test_flat_by_definition_is_not_saturated(source, dtype, expected):
    found = [each.regime for each in borders(actfn.function(source), FORMATS[dtype])]
    assert [regime for regime in found if regime is not Regime.UNDEFINED or Regime.UNDEFINED in expected] == expected


# exp(-exp(x)) is beyond what an exact number can be written in, and underflows at ordinary points
SOME = [row.name for row in ROWS if isinstance(row, Activation) and "loglog" not in row.formula][::12]


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_every_float_of_a_small_format(name, dtype):
    """The claim of each stretch, at floats spread over it, against the exact value."""
    form = FORMATS[dtype]
    function = actfn.function(name)
    cut = stretches(function, form)
    assert form.ordinal(cut[0].low) == -form.max_ordinal
    assert form.ordinal(cut[-1].high) == form.max_ordinal
    for left, right in pairwise(cut):
        assert form.ordinal(right.low) == form.ordinal(left.high) + 1
    for stretch in cut:
        low, high = (int(form.ordinal(end)) for end in (stretch.low, stretch.high))
        for x in form.from_ordinal(np.unique(np.linspace(low, high, 12).astype(np.int64))).tolist():
            check_claim(function, form, stretch.regime, x)


def check_claim(function, form, regime, x):
    if abs(x) > (20 if regime in (S, M) else 700):
        return  # further out the exact value is as good as its limit
    computed = float(function.values(np.asarray(x), form))
    exact = function.exact(x, 400 if regime in (S, M) else 20)
    tiny = exact.is_below(form.smallest_normal) and not exact.is_zero
    claims = {
        Regime.OK: not math.isnan(computed) or not exact.defined,
        S: not exact.equals(computed) and exact.defined,
        U: tiny or not exact.certain,
        V: computed == 0 and not exact.is_zero,
        M: not exact.equals(computed),
        O: math.isinf(computed) and exact.status is Status.NUMBER,
        I: math.isnan(computed) and exact.defined,
        Regime.UNDEFINED: exact.status in (Status.UNDEFINED, Status.INFINITE),
    }
    assert claims[regime], (regime, x, computed, exact)
    if regime is Regime.OK and computed == 0:
        assert exact.is_zero or not exact.certain


@pytest.mark.parametrize("source", expressions(60, seed=8, depth=2))
def test_claimed_borders_of_random_expressions(source):
    function = actfn.function(source) if "x" in source else actfn.function(f"{source} + 0*x")
    form = FORMATS["float32"]
    for stretch in borders(function, form)[:6]:
        check_claim(function, form, stretch.regime, stretch.first)


def test_where_it_happens_first_and_from_where_it_stays():
    form = FORMATS["float32"]
    function = actfn.function("log(1+exp(x)) if x < 80 else softplus(x)")
    (merged,) = [each for each in borders(function, form) if each.regime is M]
    assert merged.first == 14.672588348388672
    assert earliest(function, form, merged) == 14.491943359375
    named = actfn.function("tanh")
    stretch = borders(named, form)[-1]
    assert earliest(named, form, stretch) == stretch.first


def test_what_is_said_of_a_point_does_not_depend_on_others():
    form = FORMATS["float64"]
    source = "where(abs(x) < 700, sin(x)**2 + cos(x)**2 - 1, exp(-abs(x)))"
    alone = classify(actfn.function(source), form, np.array([750.0]))[-1]
    after = classify(actfn.function(f"({source})"), form, np.append(np.arange(1.0, 61.0), 750.0))[-1]
    assert alone.regime is after.regime is Regime.UNDERFLOW


def test_what_no_digits_tell_is_nothing_that_is_so_further_out():
    source = "1 if x < 1 else x*(sqrt(2)*sqrt(5) - sqrt(10)) if x < 800 else exp(-x) if x < 900 else 1"
    inner, outer = classify(actfn.function(source), FORMATS["float64"], np.array([5.0, 850.0]))
    assert (inner.regime, outer.regime) == (Regime.OK, Regime.UNDERFLOW)


@pytest.mark.parametrize("name", SOME)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_ordinary_points_are_ok(name, dtype):
    """A false alarm is a defect as much as silence."""
    form = FORMATS[dtype]
    x = form.round(np.concatenate([np.linspace(-6, 6, 241), np.linspace(0.01, 0.99, 50)]))
    found = {stretch.regime for stretch in classify(actfn.function(name), form, x)}
    early = {S} if name == "erf" else set()  # erf(5.93) is 1 in float64
    assert found <= {Regime.OK, Regime.MERGED} | early


def test_a_limit_at_0_begins_away_from_0():
    left, right = (each for each in borders(actfn.function("tanh(1/x)"), FORMATS["float64"]) if each.regime is S)
    assert (left.first, left.value, left.value_before) == (-right.first, -1.0, -0.9999999999999999)
    assert right.first == pytest.approx(1 / 19.061547465398498, rel=1e-12)
    assert (right.value, right.value_before) == (1.0, 0.9999999999999999)
    # beside it the slope is rounded into the subnormal numbers, and that is no limit of it
    assert S not in [each.regime for each in borders(actfn.function("tanh(1/x)").derivative(), FORMATS["float64"])]


def test_what_is_too_large_even_for_the_exact_engine_overflows():
    function = actfn.function("exp(exp(exp(x)))")
    assert [each.regime for each in classify(function, FORMATS["float64"], np.array([1.0, 3.0, 10.0]))] == ["ok", O, O]


@pytest.mark.parametrize(
    ("source", "first"),
    [
        ("exp(x)/(1 + exp(x))", [37.429914071996805]),
        ("(exp(x) - exp(-x))/(exp(x) + exp(-x))", [-18.714973875118524, 18.714973875118524]),
        ("(exp(2*x) - 1)/(exp(2*x) + 1)", [-18.714973875118524, 18.714973875118524]),
        ("x*x/(1 + x*x)", [-1.1e8, 1.1e8]),
        ("x/sqrt(1 + x*x)", [-8.1e7, 8.1e7]),
    ],
)
def test_a_limit_that_is_met_before_the_formula_overflows(source, first):
    function = actfn.function(source)
    found = [each for each in stretches(function, FLOAT64) if each.regime is S and abs(each.value) == 1]
    assert [each.first for each in found] == pytest.approx(first, rel=0.05)
    for each in found:
        check_claim(function, FLOAT64, each.regime, each.first)
        assert abs(each.value_before) < 1


def test_what_is_nan_further_out_is_invalid_to_the_end():
    last = stretches(actfn.function("exp(x)/(1 + exp(x))"), FLOAT64)[-1]
    assert (last.regime, last.first, last.high) == (I, 709.7827128933841, FLOAT64.max)


def test_a_function_that_only_passes_a_constant_is_not_at_a_limit():
    found = stretches(actfn.function("(1 + sin(x)/x) if x < 1e300 else log(-x)"), FLOAT64)
    assert all(abs(each.first) > 1e15 for each in found if each.regime is S and each.value == 1)
