import math

import numpy as np
import pytest

import actfn
from actfn.errors import UnknownNameError, UsageError
from actfn.numerics.formats import FORMATS, find_format


@pytest.mark.parametrize("order", [-1, 171, 1.5])
def test_an_order_that_is_none(order):
    with pytest.raises(UsageError, match="a whole number from 0 to 170"):
        actfn.function("gelu").derivative(order)


def test_orders_add_up_to_170_at_most():
    with pytest.raises(UsageError, match="not 171"):
        actfn.function("gelu").derivative(100).derivative(71)


def test_a_parameter_may_have_any_name():
    assert actfn.function("x*text", text=2)(3.0) == 6


def test_a_derivative_is_a_function_again():
    gelu = actfn.function("gelu")
    second = gelu.derivative(2)
    assert second(0.0) == pytest.approx(math.sqrt(2 / math.pi), rel=1e-15)
    assert gelu.derivative().derivative()(0.5) == second(0.5)
    assert second.formula == "2*npdf(x) - x**2*npdf(x)"
    assert gelu.derivative(0)(1.5) == gelu(1.5)
    assert second(np.zeros((2, 2), np.float32)).dtype == np.float32
    assert repr(second).startswith("<actfn function gelu'': ")


@pytest.mark.parametrize(
    ("name", "order", "low", "high"),
    [
        ("swish", 0, -0.0, math.inf), ("swish", 1, 0.0, 1.0), ("quick_gelu", 0, -0.0, math.inf), ("gelu", 2, 0.0, 0.0),
        ("mish", 3, 0.0, 0.0), ("sin", 0, math.nan, math.nan), ("identity", 1, 1.0, 1.0), ("tanh", 2, 0.0, 0.0),
        ("softplus", 2, 0.0, 0.0), ("selu", 1, 0.0, 1.0507009873554805), ("exp", 3, 0.0, math.inf),
    ],
)  # fmt: skip
def test_named_functions_have_their_limits(name, order, low, high):
    function = actfn.function(name).derivative(order)
    assert function(np.array([-math.inf, math.inf])).tolist() == pytest.approx([low, high], nan_ok=True)


def test_a_typed_expression_is_executed_as_typed():
    assert math.isnan(actfn.function("x*sigmoid(x)")(-math.inf))
    assert actfn.function("sigmoid(x)").named
    assert not actfn.function("x + 1").named
    assert not actfn.function("leaky_relu(x, alpha=x)").named


def test_derivatives_in_a_small_format():
    sigmoid = actfn.function("sigmoid").derivative()
    assert sigmoid(20.0, dtype="float32") == np.float32(math.exp(-20) / (1 + math.exp(-20)) ** 2)
    assert sigmoid(18.0, dtype="float16") == 0


def test_formulas_of_numbers_in_latex():
    assert actfn.function("sigmoid").derivative().latex() == r"\sigma\left(x\right) \cdot \sigma\left(-x\right)"


@pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))
def test_a_format_is_found_under_each_of_its_names(form):
    for name in (form.name, *form.aliases):
        assert find_format(name) is find_format(name.upper()) is find_format(f"torch.{name}") is form


def test_a_format_that_is_not_there():
    with pytest.raises(UnknownNameError) as caught:
        find_format("torch.float12")
    assert str(caught.value) == "unknown float format 'torch.float12'\nhint: did you mean 'float32' or 'float16'?"


@pytest.mark.parametrize(
    ("source", "x"),
    [
        ("log(x)", -1),
        ("log1p(x)", -2),
        ("log1p(x)", -1 - 2**-52),
        ("sqrt(x)", -1),
        ("asin(x)", 2),
        ("1/x", 0),
        ("sin(x)/x", 0),
    ],
)
def test_where_there_is_no_value_there_is_no_exact_slope(source, x):
    assert not actfn.function(source).derivative().exact(float(x)).defined


@pytest.mark.parametrize(
    ("source", "slope"),
    [
        ("where(x == 0, 1, expm1(x)/x)", 0.5),
        ("where(x, expm1(x)/x, 1)", 0.5),
        ("where(not x, 1, expm1(x)/x)", 0.5),
        ("x and x + x", 2.0),
        ("tan(2*x) or x", 2.0),
        ("where(sign(x), sin(x)/x + x, 1)", 1.0),
    ],
)
def test_where_a_condition_fails_at_one_point_the_slope_is_that_of_both_sides(source, slope):
    derivative = actfn.function(source).derivative()
    assert derivative(0.0) == slope
    assert float(derivative.exact(0.0)) == slope
