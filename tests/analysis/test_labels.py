"""Functions of which nothing has to be looked at, as they only choose."""

import pytest

import actfn
from actfn.analysis.labels import only_chooses
from actfn.analysis.regime import Regime
from actfn.analysis.saturation import stretches
from actfn.catalogue.activation import Activation
from actfn.catalogue.rows import ROWS
from actfn.numerics.formats import FLOAT64

SCALAR = [row.name for row in ROWS if isinstance(row, Activation)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("relu", True), ("abs", True), ("hard_tanh", True), ("max(0, x)", True), ("-x if x < 3 else 7", True),
        ("x >= 2 and not x == 5", True), ("leaky_relu", False), ("sigmoid", False), ("x % 2", False),
        ("x + 0.5", False), ("max(0, 2*x)", False), ("clip(x, -1, exp(x))", False),
    ],
)  # fmt: skip
def test_a_function_only_chooses_if_no_part_of_it_computes(source, expected):
    assert only_chooses(actfn.function(source)) is expected


CHOOSING = [name for name in SCALAR if only_chooses(actfn.function(name))]


@pytest.mark.parametrize("name", CHOOSING)
def test_where_a_function_only_chooses_floats_do_nothing_to_it(name):
    assert {stretch.regime for stretch in stretches(actfn.function(name), FLOAT64)} == {Regime.OK}


def test_a_derivative_that_only_chooses_does_too():
    assert only_chooses(actfn.function("relu").derivative())
    assert not only_chooses(actfn.function("sigmoid").derivative())
