import math
import subprocess
import sys

import numpy as np
import pytest

import actfn
from actfn.catalogue.activation import Activation, VectorActivation
from actfn.catalogue.lookup import CatalogueNames, concerned, known, parameters_of, sampler
from actfn.catalogue.rows import ROWS, normalised
from actfn.errors import ActfnError, ExpressionError, UnknownNameError, UsageError
from actfn.expression.parser import parse
from actfn.expression.printer import text
from actfn.functions.function import Function, VectorFunction

SCALAR = [row for row in ROWS if isinstance(row, Activation)]
FIRST_THIRTY = """
    identity step threshold relu relu6 leaky_relu elu celu selu gelu gelu_tanh quick_gelu silu swish mish sigmoid
    logistic log_sigmoid hard_sigmoid hard_swish hard_tanh tanh softplus softsign tanhshrink softshrink hardshrink
    exponential gaussian erf sine softmax log_softmax
""".split()  # noqa: SIM905 - a list of words


@pytest.mark.parametrize("name", FIRST_THIRTY)
def test_the_first_rows_are_there(name):
    assert actfn.function(name)


def test_names_and_aliases_are_unique():
    names = [normalised(name) for row in ROWS for name in (row.name, *row.aliases)]
    assert len(names) == len(set(names))


def test_what_a_text_has_values_for():
    assert parameters_of("leaky_relu") == ["alpha"]
    assert parameters_of("1.2**max(0, g-b)") == ["g", "b"]
    assert parameters_of("x") == ["x"]
    with pytest.raises(UnknownNameError) as caught:
        parameters_of("sigmiod")
    assert str(caught.value) == "unknown function 'sigmiod'\nhint: did you mean 'sigmoid' or 'psigmoid'?"


@pytest.mark.parametrize("row", SCALAR, ids=lambda row: row.name)
def test_a_row_is_callable_in_expressions_and_prints_as_itself(row):
    tree = parse(f"{row.name}(x)", CatalogueNames())
    assert tree.row is row.row
    assert text(tree) == f"{row.name}(x)"
    assert actfn.function(row.name)(0.7) == actfn.function(f"{row.name}(x)")(0.7)


@pytest.mark.parametrize("row", SCALAR, ids=lambda row: row.name)
def test_nan_stays_nan_and_every_ordinary_point_has_a_value(row):
    function = actfn.function(row.name)
    assert math.isnan(function(math.nan))
    if row.name not in ("logit", "sbaf"):
        assert np.all(np.isfinite(function(np.linspace(-50, 50, 1001))))


@pytest.mark.parametrize("spelling", ["HardSwish", "hard-swish", "hardswish", "Hard Swish", "h_swish", "HARD_SILU"])
def test_case_underscores_and_aliases_do_not_matter(spelling):
    assert actfn.function(spelling).name == "hard_swish"


@pytest.mark.parametrize(
    ("text_", "x", "expected"),
    [
        ("leaky_relu", -5, -0.05), ("relu6", 7, 6.0), ("elu", -1, math.expm1(-1)), ("hard_sigmoid", 1, 1 / 6 + 0.5),
        ("hard_swish", -math.inf, 0.0), ("hard_tanh", 3, 1.0), ("softshrink", -2, -1.5), ("softshrink", 0.2, 0.0),
        ("hardshrink", 0.5, 0.0), ("hardshrink", -0.6, -0.6), ("step", 0, 1.0), ("threshold", -1, 0.0),
        ("selu", 1, 1.0507009873554805), ("celu", -2, math.expm1(-2)), ("sine", 2, math.sin(2)),
        ("quick_gelu", 1, 1 / (1 + math.exp(-1.702))), ("ramp", -1, 0.0), ("exponential", 0, 1.0),
        ("1.2^max(0, g-2)", 3, 1.2), ("e", 5, math.e),
        ("score if score >= 500 else 0", 480, 0.0), ("sin", 1, math.sin(1)),
    ],
)  # fmt: skip
def test_values(text_, x, expected):
    assert actfn.function(text_)(x) == pytest.approx(expected, rel=1e-15)


def test_parameters_by_keyword_by_expression_and_of_expressions():
    assert actfn.function("leaky_relu", alpha=0.2)(-5) == -1
    assert actfn.function("leaky_relu(x, alpha=0.2) + 0*x")(-5) == -1
    assert actfn.function("a*x + b", a=2, b=1)(3) == 7
    assert actfn.function("a*x + b", x=2, b=1).variable == "a"
    assert actfn.function("swish").parameters == {"beta": 1.0}


@pytest.mark.parametrize(
    ("text_", "parameters", "error", "message"),
    [
        ("relu", {"alpha": 1}, UnknownNameError, "has no parameter 'alpha'"),
        ("leaky_relu", {"alhpa": 1}, UnknownNameError, "did you mean 'alpha'"),
        ("softmax", {"beta": 1}, UnknownNameError, "has no parameter"),
        ("a*x", {"b": 1}, UnknownNameError, "no name 'b'"),
        ("pi", {"b": 1}, UnknownNameError, "it has no names"),
        ("e*x", {"e": 1}, UsageError, "word of the language"),
        ("a*x", {}, ExpressionError, "which name is the variable"),
        ("max", {}, UsageError, "function of 2 arguments"),
    ],
)
def test_wrong_parameters(text_, parameters, error, message):
    with pytest.raises(error, match=message):
        actfn.function(text_, **parameters)


def test_functions_answer_in_the_dtype_of_the_array():
    gelu = actfn.function("gelu")
    assert isinstance(gelu(1), float)
    assert gelu(np.float32([1, 2])).dtype == np.float32
    assert gelu(np.array([1, 2])).dtype == np.float64
    assert gelu(1.0, dtype="bfloat16").dtype.name == "bfloat16"
    assert gelu(np.zeros((2, 3), np.float16)).shape == (2, 3)
    softmax = actfn.function("softmax")
    assert isinstance(softmax, VectorFunction)
    assert softmax(np.float32([[1, 2], [3, 4]])).dtype == np.float32
    with pytest.raises(UnknownNameError, match="did you mean 'bfloat16'"):
        gelu(1, dtype="bfloat15")


def test_formula_latex_and_repr():
    assert actfn.function("gelu").formula == "0.5*x*(1 + erf(x/sqrt(2)))"
    assert actfn.function("x*sigmoid(2*x)").formula == "x*sigmoid(2*x)"
    assert actfn.function("leaky_relu").formula == "where(x > 0, x, 0.01*x)"
    assert actfn.function("silu").latex() == r"\frac{x}{1 + e^{-x}}"
    assert repr(actfn.function("silu")) == "<actfn function silu: x/(1 + exp(-x))>"
    assert "softmax" in repr(actfn.function("softmax"))


def test_the_librarys_face():
    assert "gelu" in actfn.names()
    assert set(actfn.names()) <= set(known())
    assert actfn.parse("silu(x)") is parse("silu(x)")
    assert isinstance(actfn.function("x"), Function)
    assert dir(actfn) == sorted(actfn.__all__)
    assert issubclass(ExpressionError, ActfnError)


@pytest.mark.parametrize("row", [row for row in ROWS if isinstance(row, VectorActivation)], ids=lambda row: row.name)
def test_a_function_of_a_vector_has_kernel_and_jacobian(row):
    function = actfn.function(row.name)
    x = np.array([0.5, -1.0, 2.0, 0.25])
    assert function.jacobian_values(x).shape == (function(x).size, 4)
    assert np.isnan(function(np.array([0.5, math.nan, 2.0, 0.25]))).any()


def test_samples_have_the_distribution_they_are_said_to_have():
    x, rng = np.full(20_000, -1.0), np.random.default_rng(0)
    slopes = -sampler(actfn.function("rrelu"))(x, rng)
    assert 0.125 <= slopes.min() < 0.126
    assert 0.332 < slopes.max() < 1 / 3
    assert slopes.mean() == pytest.approx(-actfn.function("rrelu")(-1.0), abs=0.002)
    noise = sampler(actfn.function("probact", sigma=2.0))(x, rng)
    assert (noise.mean(), noise.std()) == pytest.approx((0, 2), abs=0.05)
    # the largest of logits with Gumbel noise is distributed as their softmax (Maddison, Mnih & Teh 2016)
    logits = np.tile([0.0, 1.0, 2.0], (20_000, 1))
    chosen = np.argmax(sampler(actfn.function("gumbel_softmax"))(logits, rng), axis=-1)
    shares = np.bincount(chosen) / 20_000
    assert shares == pytest.approx(actfn.function("softmax")(np.array([0.0, 1.0, 2.0])), abs=0.015)
    with pytest.raises(UsageError, match="draws nothing at random"):
        sampler(actfn.function("relu"))


def test_looking_a_function_up_parses_its_formula_only():
    code = (
        "import actfn; from actfn.expression import rules; actfn.function('hard_elish')(1.0);"
        "print(rules.definition.cache_info().misses)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"


def test_parameters_concern_the_texts_that_have_them():
    found = concerned(["leaky_relu", "a*x + alpha", "relu"], {"alpha": 0.5, "a": 2.0})
    assert found == {"leaky_relu": ["alpha"], "a*x + alpha": ["alpha", "a"], "relu": []}
    assert concerned([], {}) == {}
    with pytest.raises(UnknownNameError, match="'relu' has no parameter 'beta'"):
        concerned(["relu", "tanh"], {"beta": 1.0})


def test_a_variable_is_left():
    with pytest.raises(UsageError, match="every name of the expression has a value: nothing is left to vary") as caught:
        actfn.function("a*x", a=2, x=3)
    assert caught.value.hint == "leave out -p x=… and give its values as points"


def test_a_name_of_pasted_code():
    assert actfn.function("np.tanh").name == actfn.function("math.tanh").name == "tanh"
    with pytest.raises(ActfnError, match="unknown function 'np'"):
        actfn.function("np")


def test_a_part_that_is_0_by_a_parameter_loses_no_value():
    f = actfn.function("eis", gamma=3.0, theta=1000.0)  # delta is 0, and exp(-theta*x) beyond all floats
    x = np.linspace(-200, -1, 2000)
    values = f(x)
    assert np.isfinite(values).all()
    assert values[::100] == pytest.approx([float(f.exact(point)) for point in x[::100].tolist()], rel=1e-14)
