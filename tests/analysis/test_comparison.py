import numpy as np
import pytest

from actfn.analysis.comparison import Bounds, difference, distances
from actfn.numerics.formats import FORMATS

X = np.array([1.0, 2.0, 3.0, 4.0])
FIRST = np.array([1.0, 2.0, 0.0, 100.0])


def compared(second, **bounds):
    return difference(X, FIRST, np.asarray(second, np.float64), Bounds(**bounds))


def test_the_largest_of_each_kind_and_where():
    found = compared([1 + 2**-52, 2.5, 0, 101])
    assert (found.points, found.equal, found.beyond) == (4, 1, 0)
    assert (found.absolute.value, found.absolute.at.x) == (1, 4)
    assert (found.relative.value, found.relative.at.x) == (0.25, 2)
    assert found.ulp.at.x == 2
    assert found.ulp.value == 2**50
    assert (found.absolute.at.first, found.absolute.at.second) == (100, 101)


def test_the_gate_names_the_first_and_the_worst():
    found = compared([1, 2.5, 0, 101], absolute=0.1)
    assert (found.beyond, found.first.x, found.worst.x) == (2, 2, 4)
    relative = compared([1, 2.5, 0, 101], relative=1e-3)
    assert (relative.beyond, relative.first.x, relative.worst.x) == (2, 2, 2)
    assert compared([1, 2.5, 0, 101], absolute=1).beyond == 0
    assert compared([1 + 2**-51, 2, 0, 100], ulp=2).beyond == 0
    assert compared([1 + 2**-51, 2, 0, 100], ulp=1).beyond == 1


def test_a_point_within_one_of_the_bounds_passes():
    assert compared([1, 2, 1e-9, 100.5], absolute=1e-6, relative=0.01).beyond == 0
    assert compared([1, 2, 1e-9, 100.5], relative=0.01).beyond == 1


def test_zero_is_a_tolerance_and_none_is_not():
    assert not Bounds()
    assert Bounds(absolute=0)
    assert compared([1, 2, 0, 100.5], absolute=0).beyond == 1
    assert compared([1, 2, 0, 100.5]).beyond == 0
    assert str(Bounds(1e-9, 0.1, 4)) == "1e-09 and 0.1 of its value and 4 ulp"


@pytest.mark.parametrize("bounds", [{"absolute": 1e300}, {"relative": 1e300}, {"ulp": 1e300}])
def test_a_number_against_none_is_beyond_any_tolerance(bounds):
    for second in (np.nan, np.inf):
        assert compared([1, 2, 0, second], **bounds).beyond == 1


def test_the_same_infinity_is_the_same_and_no_value_twice_is_no_point():
    first = np.array([np.inf, np.nan, 1.0, 0.0])
    found = difference(X, first, np.array([np.inf, np.nan, 1.0, -0.0]), Bounds(absolute=0))
    assert (found.points, found.equal, found.beyond) == (3, 3, 0)
    nothing = difference(X, np.full(4, np.nan), np.full(4, np.nan), Bounds(ulp=0))
    assert (nothing.points, nothing.absolute) == (0, None)


def test_ulp_are_counted_in_the_format():
    form = FORMATS["float16"]
    ulp = distances(np.array([1.0, -0.0]), np.array([1 + 2**-9, 2**-24]), form)[2]
    assert ulp.tolist() == [2, 1]


@pytest.mark.parametrize("noise", [-1e-16, 0, 1e-16])
def test_of_equal_differences_the_plainest_point_is_given_whatever_the_last_bits(noise):
    x = np.array([-3.0, -2.0, 0.5, 2.0, 3.0])
    second = np.array([0.1, -0.7 - noise, 0.2, 0.7 + noise, 0.7])
    found = difference(x, np.zeros(5), second, Bounds(absolute=0.5))
    assert (found.absolute.at.x, found.worst.x) == (2, 2)
