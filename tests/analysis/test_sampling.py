import numpy as np
import pytest

import actfn
from actfn.analysis.sampling import limits, look, opened, range_of, sample, together
from actfn.numerics.formats import FORMATS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sigmoid", (-5, 5)),
        ("relu", (-5, 5)),
        ("x", (-5, 5)),
        ("floor(x)", (-5, 5)),
        ("1/x", (-5, 5)),
        ("step(x - 20)", (-5, 26)),
        ("score if score >= 500 else 0", (-5, 630)),
        ("max(-50, min(x, 70))", (-80, 100)),
        ("sigmoid(x/50)", (-200, 200)),
        ("tanh(x/5)", (-10, 10)),
        ("softsign", (-5, 5)),
        ("sqrt(x - 30)", (-50, 50)),
        ("tanh(200*x)", (-0.1, 0.1)),
        ("exp(-1e4*x**2)", (-0.1, 0.1)),
        ("x*tanh(100*x)", (-5, 5)),
        ("max(x, x*sigmoid(x))", (-5, 5)),
        ("log(-abs(x) - 1)", (-5, 5)),
    ],
)
def test_the_range_a_person_would_look_at(text, expected):
    low, high = range_of([actfn.function(text)])
    assert low == pytest.approx(expected[0], rel=0.5)
    assert high == pytest.approx(expected[1], rel=0.5)


@pytest.mark.parametrize("text", ["score if score >= 500 else 0", "max(-50, min(x, 70))", "step(x - 20)", "hard_swish"])
def test_kinks_are_in_sight(text):
    function = actfn.function(text)
    low, high = range_of([function])
    assert all(low < kink.x < high for kink in function.kinks(-1000, 1000))


def test_values_in_sight():
    def seen(text, low=-5, high=5):
        return limits(actfn.function(text), (low, high))

    assert seen("sigmoid") == (0, 1)  # the asymptotes, not the values at -5 and 5
    assert seen("tanh") == (-1, 1)
    assert seen("relu") == (0, 5)
    assert seen("exp") == pytest.approx((0, np.exp(5)))
    low, high = seen("1/x")
    assert -20 < low < -2
    assert 2 < high < 20
    assert seen("log(-1 - abs(x))") is None
    assert seen("exp(x)", -100, 10_000) is not None  # overflow
    assert limits(actfn.function("exp"), (-5, 20), FORMATS["float16"])[1] < np.inf


def test_one_high_curve_does_not_flatten_the_others():
    assert together([(0, 1), (-1, 1)]) == (-1, 1)
    assert together([(0, 1), None]) == (0, 1)
    assert together([None]) is None
    assert together([(0, 1), (-1, 1), (0, 1e6)]) == (-1, 2)
    assert together([(0, 1), (0, 4)]) == (0, 4)
    assert together([(2, 2), (0, 1)]) == (0, 2)
    assert opened((1, 1)) == (0.5, 1.5)
    assert opened((0, 0)) == (-1, 1)


def test_a_pole_is_a_gap_and_its_branches_reach_the_frame():
    for text, pole in (("1/x", 0.0), ("1/(x - 1)", 1.0), ("tan(x)", np.pi / 2), ("1/(3*x - 2)", 2 / 3)):
        x, y = sample(actfn.function(text), (-2, 2), 321, y_limits=(-10, 10))
        left, right = (side & (np.abs(x - pole) < 0.1) for side in (x < pole, x > pole))
        assert np.nanmax(np.abs(y[left])) > 10
        assert np.nanmax(np.abs(y[right])) > 10
        crossing = np.sign(y[:-1]) * np.sign(y[1:]) < 0
        assert not np.any(crossing & (np.abs(x[:-1] - pole) < 0.1))


def test_a_jump_is_where_it_is_and_joined():
    x, y = sample(actfn.function("step(x - 0.3)"), (-2, 2), 100)
    assert set(y) == {0, 1}
    place = int(np.flatnonzero(np.diff(y))[0])
    assert (x[place], x[place + 1]) == (np.nextafter(0.3, 0), 0.3)


def test_steep_places_get_more_points_and_a_wild_function_not_endlessly_many():
    x, y = sample(actfn.function("tanh(1000*(x - 0.1))"), (-1, 1), 100)
    assert np.max(np.abs(np.diff(y))) < 0.05
    assert x.size < 300
    x, y = sample(actfn.function("sin(1e5*x)"), (-1, 1), 100)
    assert x.size < 3000


def test_the_edge_of_the_domain_is_found():
    x, y = sample(actfn.function("sqrt(x - 0.123456)"), (-1, 1), 100)
    assert x[np.flatnonzero(np.isfinite(y))[0]] == pytest.approx(0.123456, abs=1e-8)


@pytest.mark.parametrize(
    "text", ["sigmoid", "1/x", "log(x)", "floor(x)", "exp(x)**9", "nan*x", "3", "x**9999", "1/(x*x)", "sin(1/x)"]
)
@pytest.mark.parametrize("form", ["float64", "float16", "float8_e4m3fn"])
def test_points_ascend_and_are_enough(text, form):
    for ends in ((-5.0, 5.0), (0.0, 1e-3), (-1e308, 1e308)):
        x, y = sample(actfn.function(text), ends, 320, FORMATS[form])
        assert x.shape == y.shape
        assert np.all(np.diff(x) >= 0)
        assert x.size == 0 or form != "float64" or x.size >= 320
        assert x.size < 20_000


def test_a_look_at_several():
    seen = look([actfn.function("sigmoid"), actfn.function("sigmoid").derivative()], 100)
    assert seen.x_limits == (-5, 5)
    assert seen.y_limits == pytest.approx((-0.04, 1.04))
    assert [x.size >= 100 for x, _ in seen.points] == [True, True]
    assert look([actfn.function("nan*x")], 10).y_limits is None
    x, _ = look([actfn.function("x")], 10, x_limits=(1, 1000), log=True).points[0]
    assert x[3] == pytest.approx(10)
