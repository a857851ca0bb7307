"""The catalogue page says what the program computes: it is the record of all computed properties."""

import re

import pytest

from actfn.catalogue.rows import FAMILIES, ROWS
from tests.catalogue.page import PAGE, line, page

TEXT = PAGE.read_text(encoding="utf-8")
LINES = {name: text for text in TEXT.splitlines() for name in re.findall(r"^\| \*\*(\w+)\*\*", text)}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_line_is_what_is_computed(row):
    assert LINES[row.name] == line(row), "see the difference, then: python -m tests.catalogue.page"


def test_the_rest_of_the_page():
    assert page(LINES) == TEXT
    assert len(LINES) == len(ROWS) == sum(map(len, FAMILIES.values()))
