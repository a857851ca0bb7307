"""Evenly spaced numbers, against fractions."""

from fractions import Fraction

import pytest

from actfn.numerics.spacing import evenly, exact


@pytest.mark.parametrize(
    ("low", "high", "count"),
    [("-1", "1", 21), ("0.1", "0.7", 7), ("-1e300", "1e300", 5), ("1/3", "2", 10), ("2", "2", 1)],
)
def test_each_is_the_float_nearest_to_its_place(low, high, count):
    low, high = Fraction(low), Fraction(high)
    places = [low + (high - low) * place / max(count - 1, 1) for place in range(count)]
    assert evenly(low, high, count).tolist() == list(map(float, places))
    assert evenly(low, high, count, range(count // 2, count)).tolist() == list(map(float, places[count // 2 :]))


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [("0.1", 0.1, Fraction(1, 10)), ("0x1p-3", 0.125, Fraction(1, 8)), ("1e-99999999", 0.0, Fraction(0))],
)
def test_a_text_is_the_decimal_number_that_it_spells(text, value, expected):
    assert exact(text, value) == expected
