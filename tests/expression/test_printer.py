import pytest
from hypothesis import HealthCheck, given, settings

from actfn.errors import ActfnError
from actfn.expression.parser import parse
from actfn.expression.primitives import TABLE
from actfn.expression.printer import latex, text
from actfn.expression.tree import apply, variable
from tests.expression import random_expressions
from tests.expression.strategies import trees


def test_what_is_printed_of_many_trees_reads_back_as_the_same():
    for tree in random_expressions.trees(3000):
        assert parse(text(tree)) is tree, text(tree)


@settings(max_examples=500, suppress_health_check=list(HealthCheck))
@given(trees())
def test_what_is_printed_reads_back_as_the_same_tree(tree):
    assert parse(text(tree)) is tree
    check_balance(latex(tree))


def test_latex_of_many_trees_is_balanced():
    for tree in random_expressions.trees(2000, seed=23):
        check_balance(latex(tree))


def check_balance(shown):
    assert shown.count("{") == shown.count("}")
    assert shown.count(r"\left") == shown.count(r"\right")
    assert shown.count(r"\begin{cases}") == shown.count(r"\end{cases}")
    assert "<u>" not in shown


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("1.2^max(0,g-2)", "1.2**max(0, g - 2)"),
        ("(x-(y-z))-1", "x - (y - z) - 1"),
        ("(x**2)**3", "(x**2)**3"),
        ("x**(2**3)", "x**2**3"),
        ("x/(y*z)", "x/(y*z)"),
        ("(-2)**2", "(-2)**2"),
        ("not (a or b)", "not (a or b)"),
        ("(0<x)<1", "(0 < x) < 1"),
        ("0<x and x<1", "0 < x < 1"),
        ("score if score >= 500 else 0", "where(score >= 500, score, 0)"),
        ("1e5*x", "100000*x"),
        ("1e-7", "1e-07"),
    ],
)
def test_parentheses_only_where_they_are_needed(source, printed):
    assert text(parse(source)) == printed


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("x/(1+exp(-x))", r"\frac{x}{1 + e^{-x}}"),
        ("1.2**max(0, g-2)", r"1.2^{\max\left(0, g - 2\right)}"),
        ("(x/2)**2", r"\left(\frac{x}{2}\right)^{2}"),
        ("where(x>0,x,a*x)", r"\begin{cases}{x} & \text{if } {x > 0} \\ {a \cdot x} & \text{otherwise}\end{cases}"),
        ("sigmoid(w_1*x)*pi", r"\sigma\left(w_{1} \cdot x\right) \cdot \pi"),
        ("log_sigmoid(-inf)", r"\operatorname{log\_sigmoid}\left(-\infty\right)"),
        ("1e-7*sqrt(x)", r"1 \cdot 10^{-7} \cdot \sqrt{x}"),
    ],
)  # fmt: skip
def test_latex(source, printed):
    assert latex(parse(source)) == printed


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_every_row_prints_and_has_latex(row):
    node = apply(row, *(variable(name) for name in row.arguments))
    assert parse(text(node), variables=row.arguments) is node
    assert latex(node)


def test_nested_chains_print_without_writing_their_middle_twice():
    source = "x"
    for _ in range(60):
        source = f"0 < ({source}) < 1" if len(source) > 1 else "0 < x < 1"
    assert text(parse(source)) == source
    assert len(latex(parse(source))) < 5000


def test_an_expression_too_long_to_write_out_is_refused():
    tree = variable("x")
    for _ in range(40):
        tree = apply(parse("x*y").row, tree, tree)
    with pytest.raises(ActfnError, match="longer than"):
        text(tree)
