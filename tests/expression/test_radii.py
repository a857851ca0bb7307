"""Bounds of what small radii do, against the rows themselves at other points within them."""

import random

import mpmath
import pytest

from actfn.expression import radii
from actfn.expression.operations import operate
from actfn.expression.primitives import FUNCTIONS, INFIX
from actfn.expression.tree import apply, variable

GENERATOR = random.Random(7)  # noqa: S311
UNARY = dict.fromkeys(
    ["sin", "cos", "tanh", "atan", "asinh", "exp", "expm1", "sinh", "cosh", "sech", "logcosh", "log_sigmoid", "log1p",
     "softplus", "erf", "erfc", "ndtr"], True)  # fmt: skip
UNARY |= {"log": False, "sqrt": False}


def node(name):
    """The row applied to variables, and to its parameters."""
    if name == "**":
        return apply(INFIX["**"], variable("u"), variable("v"))
    return apply(FUNCTIONS[name], variable("u"), *map(variable, FUNCTIONS[name].defaults))


def number(*, signed):
    """A number of any usual size."""
    size = mpmath.mpf(10) ** GENERATOR.uniform(-30, 2)
    return -size if signed and GENERATOR.random() < 0.5 else size


def parameters(name):
    """The parameters of a row, which are exact."""
    return [(mpmath.mpf(value), mpmath.mpf(0)) for value in ({} if name == "**" else FUNCTIONS[name].defaults).values()]


def arguments(name):
    """Numbers and their radii: far smaller than they are, and 0 now and then."""
    if name == "**":
        u = mpmath.mpf(GENERATOR.choice([1, 1, 2, 1e-9, 1e9])) + number(signed=False)
        middles = [u, number(signed=True)]
    else:
        middles = [number(signed=UNARY[name])]
    radii_of = [abs(each) * mpmath.mpf(2) ** -GENERATOR.uniform(11, 300) for each in middles]
    moved = [GENERATOR.choice([radius, radius, radius, mpmath.mpf(0)]) for radius in radii_of]
    return [*zip(middles, moved, strict=True), *parameters(name)]


def test_every_smooth_row_is_tried():
    assert {*UNARY, "**"} == radii.SMOOTH


@pytest.mark.parametrize("name", [*UNARY, "**"])
def test_no_point_within_the_radii_is_farther(name):
    row, told = node(name), 0
    with mpmath.workdps(250):
        for _ in range(300):
            args = arguments(name)
            result = operate(row, [middle for middle, _ in args])
            bound = radii.moved(row, args, result)
            if bound is None:
                continue
            told += 1
            for _ in range(4):
                point = [
                    middle + radius * GENERATOR.choice([-1, 1, GENERATOR.uniform(-1, 1)]) for middle, radius in args
                ]
                assert abs(operate(row, point) - result) <= bound
    assert told > 100


@pytest.mark.parametrize("name", [*UNARY, "**"])
def test_the_bound_is_not_much_farther(name):
    row = node(name)
    with mpmath.workdps(250):
        radius = mpmath.mpf(2) ** -200
        args = [(mpmath.mpf(0.4), radius)] + [(mpmath.mpf(3), radius)] * (name == "**") + parameters(name)
        points = [[middle + sign * radius for middle, radius in args] for sign in (-1, 1)]
        result = operate(row, [middle for middle, _ in args])
        farthest = max(abs(operate(row, point) - result) for point in points)
        assert radii.moved(row, args, result) <= 3 * farthest


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("log", [(0, 1e-300)]),
        ("log", [(1e-9, 1e-9)]),
        ("exp", [(50, 0.5)]),
        ("sqrt", [(-1, 1e-300)]),
        ("**", [(-2, 1e-300), (0.5, 0)]),
        ("**", [(2, 1e-300), (1e9, 1e-2)]),
        ("tanh", [(mpmath.inf, 0)]),
        ("log1p", [(-0.9999, 1e-5)]),
        ("softplus", [(1, 1e-300), (2, 0)]),
        ("softplus", [(1, 1e-300), (1, 1e-300)]),
    ],
)
def test_what_is_not_told(name, args):
    args = [(mpmath.mpf(middle), mpmath.mpf(radius)) for middle, radius in args]
    assert radii.moved(node(name), args, operate(node(name), [middle for middle, _ in args])) is None
