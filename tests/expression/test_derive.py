"""The symbolic derivative: what it prints, and that SymPy means the same."""

import numpy as np
import pytest
import sympy

from actfn.catalogue.lookup import CatalogueNames
from actfn.errors import ActfnError
from actfn.expression.derive import derivative
from actfn.expression.evaluate import evaluate
from actfn.expression.parser import parse
from actfn.expression.printer import latex, shared, text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("sigmoid(x)", "sigmoid(x)*sigmoid(-x)"),
        ("tanh(x)", "sech(x)**2"),
        ("gelu(x)", "ndtr(x) + x*npdf(x)"),
        ("silu(x)", "sigmoid(x)*(1 + x*sigmoid(-x))"),
        ("softplus(x)", "sigmoid(x)"),
        ("1.2**max(0, x - 2)", "where(x < 2, 0, where(x > 2, log(1.2)*1.2**(x - 2), 0.5*log(1.2)))"),
        ("x**3", "3*x**2"),
        ("1/(1 + exp(-x))", "exp(-x)/(1 + exp(-x))**2"),
        ("abs(x)", "sign(x)"),
        ("relu(x)", "where(x <= 0, 0, 1)"),
        ("leaky_relu(x, alpha=0.2)", "where(x > 0, 1, 0.2)"),
        ("elu(x)", "where(x > 0, 1, exp(x))"),
        ("hard_swish(x)", "where(x <= -3, 0, where(x >= 3, 1, (2*x + 3)/6))"),
        ("x if x >= 500 else 0", "where(x >= 500, 1, 0)"),
        ("max(x, 0)**2", "where(x > 0, 2*x, 0)"),
        ("floor(x) + x % 2 + step(x)", "1"),
        ("2**x", "log(2)*2**x"),
        ("log(x)", "1/x"),
        ("sqrt(x)", "0.5/sqrt(x)"),
        ("x/(1 + abs(x))", "1/(1 + abs(x)) - x*sign(x)/(1 + abs(x))**2"),
        ("x*sigmoid(1.702*x)", "sigmoid(1.702*x) + 1.702*x*sigmoid(1.702*x)*sigmoid(-1.702*x)"),
        ("pi", "0"),
        ("exp(y)", "0"),
    ],
)
def test_what_a_student_reads(source, expected):
    assert text(derivative(parse(source, CatalogueNames()), "x")) == expected


@pytest.mark.parametrize(
    ("source", "order", "expected"),
    [
        ("gelu(x)", 2, "2*npdf(x) - x**2*npdf(x)"),
        ("gelu(x)", 3, "x**3*npdf(x) - 4*x*npdf(x)"),
        ("x**4", 4, "24"),
        ("x**4", 5, "0"),
        ("sigmoid(x)", 2, "sigmoid(-x)**2*sigmoid(x) - sigmoid(x)**2*sigmoid(-x)"),
        ("x**2", 0, "x**2"),
    ],
)
def test_higher_orders(source, order, expected):
    assert text(derivative(parse(source), "x", order)) == expected


def test_a_long_result_names_its_parts_and_reads_back():
    tree = derivative(parse("mish(x)"), "x", 4)
    shown = shared(tree)
    assert shown.startswith("let ")
    assert len(shown) < len(text(tree)) / 3
    assert parse(shown) is tree


def test_latex_of_a_derivative():
    assert latex(derivative(parse("gelu(x)"), "x")) == r"\Phi\left(x\right) + x \cdot \varphi\left(x\right)"


SYMPY = {
    "relu": lambda x: sympy.Max(x, 0), "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)), "sech": sympy.sech,
    "softplus": lambda x: sympy.log(1 + sympy.exp(x)), "ndtr": lambda x: (1 + sympy.erf(x / sympy.sqrt(2))) / 2,
    "npdf": lambda x: sympy.exp(-(x**2) / 2) / sympy.sqrt(2 * sympy.pi), "gaussian": lambda x: sympy.exp(-(x**2)),
    "gelu": lambda x: x * (1 + sympy.erf(x / sympy.sqrt(2))) / 2, "silu": lambda x: x / (1 + sympy.exp(-x)),
    "mish": lambda x: x * sympy.tanh(sympy.log(1 + sympy.exp(x))),
    "log_sigmoid": lambda x: -sympy.log(1 + sympy.exp(-x)),
    "tanhshrink": lambda x: x - sympy.tanh(x), "cbrt": sympy.cbrt, "e": sympy.E, "pi": sympy.pi,
    "expm1": lambda x: sympy.exp(x) - 1, "log1p": lambda x: sympy.log(1 + x), "log2": lambda x: sympy.log(x, 2),
    "log10": lambda x: sympy.log(x, 10),
}  # fmt: skip


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize(
    "source",
    ["sigmoid(x)", "tanh(x)", "gelu(x)", "silu(x)", "mish(x)", "softplus(x)", "log_sigmoid(x)", "tanhshrink(x)",
     "ndtr(x)", "gaussian(x)", "npdf(x)", "sech(x)", "erf(x)", "erfc(x)", "exp(x)*sin(x)/x", "x**x", "log(1 + x**2)",
     "cbrt(x)", "asinh(x) + acosh(1 + x) + atanh(x/3)", "asin(x/3)*acos(x/4)", "sqrt(1 + x)*tan(x)", "sinh(x)*cosh(x)",
     "log2(x)", "log10(x) + log1p(x) + expm1(x)", "(1 + x)**(2*x)", "atan2(x, 2)", "x*sigmoid(1.702*x)",
     "2/(1 + exp(-2*x)) - 1"],
)  # fmt: skip
def test_against_sympy(source, order):
    x = sympy.Symbol("x", positive=True)
    expression = sympy.sympify(source, locals={**SYMPY, "x": x}).diff(x, order)
    expected = [float(expression.subs(x, sympy.Rational(str(point))).evalf(30)) for point in (0.3, 0.9)]
    printed = parse(text(derivative(parse(source), "x", order)))
    computed = evaluate(printed, {"x": np.array([0.3, 0.9])})
    np.testing.assert_allclose(computed, expected, rtol=1e-11)


def test_a_formula_that_nobody_reads_is_refused():
    with pytest.raises(ActfnError, match="too long"):
        derivative(parse("silu(x)"), "x", 20)
    shown = shared(derivative(parse("silu(x)"), "x", 7))
    assert parse(shown) is derivative(parse("silu(x)"), "x", 7)
