"""What is counted of a stream, in one piece or in several."""

import math

import numpy as np
import pytest

import actfn
from actfn.analysis.alarms import OK, Tally
from actfn.analysis.sentences import sentences
from actfn.numerics.formats import FORMATS

FLOAT32, FLOAT64 = FORMATS["float32"], FORMATS["float64"]


def counted(text, points, form=FLOAT64):
    """The tally of a function at points, and their statuses."""
    function = actfn.function(text)
    tally, x = Tally(function, form), form.round(np.array(points))
    return tally, tally.add(x, function.values(x, form), np.array(points))


def test_two_parts_of_a_stream_are_counted_as_the_whole_is():
    points = [0.5, 20.0, 1.0, -200.0, 30.0, 1e300, -300.0]
    whole, _ = counted("tanh(x)*exp(x)", points, FLOAT32)
    first, _ = counted("tanh(x)*exp(x)", points[:3], FLOAT32)
    later, _ = counted("tanh(x)*exp(x)", points[3:], FLOAT32)
    first.merge(later.counted)
    assert first.counted == whole.counted
    assert len(whole.counts) >= 2
    assert sentences(first) == sentences(whole)


def test_levels_of_all_parts_are_told():
    first, second = (counted("tanh", [x])[0] for x in (-40.0, 40.0))
    first.merge(second.counted)
    assert first.levels == {"saturated": {-1.0, 1.0}}
    assert first.first["saturated"] == (-40.0, -1.0)
    assert "exactly -1 or 1" in sentences(first)[0]


def test_a_vector_with_an_answer_of_another_length_is_told_by_its_strangest_element():
    maxout = actfn.function("maxout")
    x = np.array([1.0, 3.0, 2.0, 4.0])
    assert maxout(x).shape != x.shape
    tally = Tally(maxout, FLOAT64)
    assert tally.worst(x, maxout(x), x) == OK
    tally = Tally(maxout, FLOAT32)
    given = np.array([1.0, 1e300, 2.0, 4.0])
    assert tally.worst(FLOAT32.round(given), maxout(FLOAT32.round(given)), given) == "outside"
    assert tally.first["outside"][0] == 1.0


def test_of_a_derivative_without_a_formula_only_what_is_no_number_is_told():
    function = actfn.function("silu(x)").derivative(20)
    x = np.array([1.0, 2.0, 800.0])
    tally = Tally(function, FLOAT64)
    assert [*tally.add(x, np.array([1.0, math.nan, 0.0]))] == [OK, "undefined", OK]
    assert tally.counts == {"undefined": 1}


@pytest.mark.parametrize("text", ["softmax", "sparsemax"])
def test_a_vector_holds_no_infinity_that_was_not_given(text):
    tally = Tally(actfn.function(text), FLOAT64)
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert tally.add_lines(x, np.array([[0.5, 0.5], [0.5, math.nan]]), x) == [OK, "undefined"]
    assert (tally.points, tally.counts) == (4, {"undefined": 1})


@pytest.mark.parametrize(
    ("text", "expected"), [("sqrt(-1) + x", "undefined"), ("nan", OK), ("x - x", OK), ("3 + 0*x", OK)]
)
def test_what_is_nan_everywhere_is_told_but_for_nan_itself(text, expected):
    function, x = actfn.function(text), np.array([1.0])
    assert [*Tally(function, FLOAT64).add(x, function.values(x))] == [expected]


@pytest.mark.parametrize(
    ("text", "order", "x", "status", "true"),
    [
        ("asin(sin(x))", 1, math.pi / 2, "overflow", "is infinite in float64 at 1 of 1 point (from x = 1.570796): the"),
        ("1/(x - 1)", 0, 1.0, "undefined", "has no value"),
        ("1/(x - 1)", 0, 1.0 + 2**-52, OK, None),
        ("exp(x - 700)/(x - 0.75) - exp(x - 700)/(x - 0.75)", 0, 0.75, "undefined", "has no value"),
    ],
)
def test_one_float_that_is_no_number_among_ordinary_ones(text, order, x, status, true):
    function = actfn.function(text).derivative(order)
    tally = Tally(function, FLOAT64)
    point = np.array([x])
    assert list(tally.add(point, function.values(point))) == [status]
    assert true is None or true in sentences(tally)[0]


@pytest.mark.parametrize(
    ("text", "x", "status"),
    [
        ("log(abs(x - 1))", 1.0, "undefined"),
        ("1/max(0, x)", -1.0, "undefined"),
        ("sqrt(min(x, -1))", 0.0, "undefined"),
        ("where(x > 0, inf, 0)", 1.0, OK),
        ("where(x > 0, nan, 0)", 1.0, OK),
        ("max(0, x)", -1.0, OK),
    ],
)
def test_a_constant_that_is_no_number_is_meant_where_it_is_written(text, x, status):
    assert list(counted(text, [x])[1]) == [status]


def test_many_points_of_few_stretches():
    x = np.random.default_rng(0).normal(size=200_000)
    function = actfn.function("sqrt(x)")
    tally = Tally(function, FLOAT64)
    statuses = tally.add(x, function.values(x))
    assert tally.counts == {"undefined": np.count_nonzero(x < 0)}
    assert [statuses[place] == "undefined" for place in range(1000)] == (x[:1000] < 0).tolist()
