import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actfn.numerics.formats import FORMATS
from actfn.output import numbers


@given(st.floats())
def test_float64_reads_back(value):
    shown = numbers.text(value)
    assert float(shown) == value or (math.isnan(value) and shown == "nan")


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_small_formats_are_short_and_read_back(name):
    form = FORMATS[name]
    values = form.from_ordinal(np.arange(-form.max_ordinal, form.max_ordinal + 1, 1 + form.max_ordinal // 3000))
    shown = numbers.texts(values, form)
    assert np.array_equal(form.round(np.array(shown, float)), values)
    assert max(len(each.split("e")[0].strip("-").replace(".", "").strip("0")) for each in shown) <= 5


@pytest.mark.parametrize("name", ["float8_e4m3fn", "float8_e5m2"])
def test_numbers_of_8_bits_are_written_exactly(name):
    form = FORMATS[name]
    values = form.from_ordinal(np.arange(-form.max_ordinal, form.max_ordinal + 1))
    assert np.array_equal(np.array(numbers.texts(values, form), float), values)
    assert numbers.text(0.75, form) == "0.75"


def test_float32_is_written_as_float32():
    assert numbers.text(0.9999999403953552, FORMATS["float32"]) == "0.99999994"
    assert numbers.text(float(np.float32(0.1)), FORMATS["float32"]) == "0.1"
    assert numbers.text(float(np.float16(0.1)), FORMATS["float16"]) == "0.1"


@pytest.mark.parametrize(
    ("value", "shown"), [(math.inf, "inf"), (-math.inf, "-inf"), (math.nan, "nan"), (-0.0, "-0.0")]
)
@pytest.mark.parametrize("name", FORMATS)
def test_special_values(value, shown, name):
    assert numbers.text(value, FORMATS[name]) == shown


def test_nothing_is_nothing():
    assert numbers.texts(np.empty(0)) == []


@pytest.mark.parametrize("name", ["float16", "bfloat16", "float8_e4m3fn"])
def test_a_number_that_the_format_does_not_hold_is_told_in_full(name):
    assert numbers.text(0.1000000001, FORMATS[name]) == "0.1000000001"
    assert numbers.text(1 / 3, FORMATS[name]) == repr(1 / 3)
