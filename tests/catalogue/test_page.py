"""The properties of every row: the catalogue page says what is computed, and other places have found the same."""

import re

import pytest

from actfn.analysis.properties import Trend
from actfn.catalogue.rows import FAMILIES, ROWS
from tests.catalogue.page import PAGE, computed, line, page
from tests.catalogue.sources import IN_SOURCES, SOURCES

TEXT = PAGE.read_text(encoding="utf-8")
LINES = {name: text for text in TEXT.splitlines() for name in re.findall(r"^\| \*\*(\w+)\*\*", text)}


# C3 by Taylor's formula at 0, where a difference quotient saw a jump of the second derivative;
# the others are said to break where the difference is below 1e-6, or at parameters that make both branches one
SMOOTHER = {"rational_tanh", "sigmoid_algebraic", "puaf", "rp_relu", "xielu"}
# no minimum, but the least of the values that were looked at there
FLAT_MINIMUM = {"calu", "new_sigmoid", "root2sigmoid", "hclsh", "inv", "logit", "pan", "ml_relu"}
STEEP_ENDS = {"sbaf"}  # smooth inside its domain, but of infinite slope at the ends


@pytest.fixture(scope="module", params=ROWS, ids=lambda row: row.name)
def row(request):
    """Both tests of a row come one after the other, so that its properties are computed once."""
    return request.param


def test_a_line_is_what_is_computed(row):
    assert LINES[row.name] == line(row), "see the difference, then: python -m tests.catalogue.page"


def test_computed_properties_are_those_found_elsewhere(row):
    name = row.name
    if name not in IN_SOURCES:
        return
    line, found = SOURCES[name], computed(name)
    low, _, high = line["range"].strip("[]()").partition(", ")
    try:
        ends = float(low), float(high)
    except ValueError:  # in words, or in parameters
        ends = None
    if ends and name != "eanaf":  # measured there on a part of the line
        assert (found.range.low, found.range.high) == pytest.approx(ends, rel=1e-5, abs=1e-9)
        if name != "ml_relu":
            assert (found.range.low_in, found.range.high_in) == (line["range"][0] == "[", line["range"][-1] == "]")
    if line["monotone"]:
        assert (found.trend is not Trend.NEITHER) == (line["monotone"] == "y")
    if name not in SMOOTHER | STEEP_ENDS:
        classes = {"discontinuous": -1, "C0": 0, "C1": 1, "C2": 2, "Cinf": None}
        assert found.smoothness == classes[line["smoothness"]]
    if line["minimum"] and name not in FLAT_MINIMUM:
        minima = [each.x for each in found.extrema if not each.is_maximum]
        assert any(x == pytest.approx(float(line["minimum"]), abs=1e-4) for x in minima)


def test_the_rest_of_the_page():
    assert page(LINES) == TEXT
    assert len(LINES) == len(ROWS) == sum(map(len, FAMILIES.values()))
