import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actfn.expression.evaluate import evaluate, evaluate_all
from actfn.expression.parser import parse
from actfn.expression.tree import variables
from actfn.numerics.formats import FORMATS
from tests.expression.strategies import trees

FLOAT32 = FORMATS["float32"]


@pytest.mark.parametrize(
    ("source", "x", "dtype", "expected"),
    [
        ("1/(1+exp(-x))", 16.6, "float32", 0.9999998807907104),
        ("1/(1+exp(-x))", 16.64, "float32", 1.0),
        ("1/(1+exp(-x))", 17.0, "float32", 1.0),
        ("sigmoid(x)", 17.0, "float32", 0.9999999403953552),
        ("sigmoid(x)", 17.33, "float32", 1.0),
        ("x + 1e-8", 1.0, "float32", 1.0),
        ("x*0.1", 3.0, "float32", float(np.float32(3) * np.float32(0.1))),
        ("x + 1", 2048.0, "float16", 2048.0),
        ("exp(x)", 89.0, "float32", math.inf),
        ("x", 0.1, "bfloat16", 0.10009765625),
        ("x*x", 30.0, "float8_e4m3fn", math.nan),
        ("x*x", 300.0, "float8_e5m2", math.inf),
    ],
)
def test_every_operation_is_rounded_into_the_format(source, x, dtype, expected):
    value = float(evaluate(parse(source), {"x": np.float64(x)}, FORMATS[dtype]))
    assert value == expected or (math.isnan(value) and math.isnan(expected))


@settings(max_examples=500, suppress_health_check=list(HealthCheck))
@given(trees(), st.sampled_from(list(FORMATS)))
def test_any_tree_has_a_value_in_any_format_and_raises_nothing(tree, dtype):
    form = FORMATS[dtype]
    x = np.array([-np.inf, -2.0, -0.0, 0.3, 800.0, np.nan])
    values = evaluate(tree, dict.fromkeys(variables(tree), x), form)
    assert values.dtype == np.float64
    assert np.array_equal(form.round(values), values, equal_nan=True)


def test_arithmetic_in_float32_is_numpys_own():
    x = np.random.default_rng(1).normal(size=1000).astype(np.float32)
    ours = evaluate(parse("(x*x + 1)/(x - 3) - sqrt(abs(x))"), {"x": x.astype(np.float64)}, FLOAT32)
    theirs = (x * x + np.float32(1)) / (x - np.float32(3)) - np.sqrt(np.abs(x))
    assert np.array_equal(ours, theirs.astype(np.float64))


@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 4), (70_000,), (2, 40_000)])
def test_shapes_are_kept_and_long_arrays_are_computed_in_blocks(shape):
    x = np.linspace(-3, 3, int(np.prod(shape))).reshape(shape)
    assert np.array_equal(evaluate(parse("max(0, x)**2 - 1"), {"x": x}), np.maximum(0, x) ** 2 - 1)
    assert evaluate(parse("pi"), {"x": x}).shape == shape


def test_a_parameter_is_exact_and_an_ordinary_constant_is_rounded():
    x = np.float64(1.0)
    assert float(evaluate(parse("softplus(x, beta=0.1)"), {"x": x}, FORMATS["bfloat16"])) == float(
        FORMATS["bfloat16"].round(evaluate(parse("softplus(x, beta=0.1)"), {"x": x}))
    )
    assert float(evaluate(parse("0.1*x"), {"x": x}, FORMATS["bfloat16"])) == 0.10009765625


def test_the_branch_not_taken_does_no_harm():
    values = evaluate(parse("where(x > 0, log(x), 1/x)"), {"x": np.array([-2.0, 0.0, 1.0])})
    assert values.tolist() == [-0.5, math.inf, 0.0]


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(st.lists(trees(), min_size=1, max_size=4))
def test_several_expressions_at_once_have_the_values_that_each_has_alone(found):
    x = np.array([[-2.0, -0.0, 0.3], [800.0, np.nan, np.inf]])
    values = {name: x for tree in found for name in variables(tree)} | {"x": x}
    together = evaluate_all(found, values)
    assert together.shape == (len(found), 2, 3)
    for tree, row in zip(found, together, strict=True):
        assert np.array_equal(evaluate(tree, values), row, equal_nan=True)


def test_parts_that_are_not_needed_any_more_take_no_memory():
    tree, x = parse("+".join(f"sin({k}*x)" for k in range(300))), np.linspace(-1, 1, 1 << 15)
    evaluate(tree, {"x": x})
    tracemalloc.start()
    evaluate(tree, {"x": x})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10 * x.nbytes
