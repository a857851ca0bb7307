"""A folder of wrong expressions, each with the whole message that it gets.

A file is the expression, a line of three dashes, the message. The catalogue's names may be called.
"""

from pathlib import Path

import pytest

import actfn
from actfn.errors import ActfnError

CASES = sorted((Path(__file__).parent / "errors").glob("*.txt"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_whole_message(path):
    source, expected = path.read_text(encoding="utf-8").split("\n---\n")
    with pytest.raises(ActfnError) as caught:
        actfn.function(source)
    assert str(caught.value) == expected.rstrip("\n")


def test_there_are_cases():
    assert len(CASES) >= 40
