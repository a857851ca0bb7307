"""Tracebacks of Python programs, as they are printed."""

import pytest

from actfn.grading.submission import NOWHERE, Place
from actfn.grading.tracebacks import innermost

RAISED = """Traceback (most recent call last):
  File "/tmp/room/student.py", line 9, in <module>
    print(f(float(line)))
          ^^^^^^^^^^^^^^
  File "/tmp/room/student.py", line 4, in f
    return exp(-x) + g(x)
           ~~~~^^^
  File "/usr/lib/python3.11/somewhere.py", line 1, in g
    raise ValueError
ValueError
"""


@pytest.mark.parametrize(
    ("errors", "file", "place"),
    [
        (RAISED, "work/student.py", Place(4, "return exp(-x) + g(x)", (7, 14))),
        ('  File "a.py", line 2\n    x = (1\n        ^\nSyntaxError: x\n', "a.py", Place(2, "x = (1", (4, 5))),
        ('  File "a.py", line 2, in f\n    raise E\nE\n', "a.py", Place(2, "raise E", (0, 7))),
        ('  File "a.py", line 2, in f\n    x\n  ^^^^^^^^^\nE\n', "a.py", Place(2, "x", (0, 1))),
        ('  File "a.py", line 2, in f\nE\n', "a.py", NOWHERE),
        (RAISED, "other.py", NOWHERE),
        (RAISED, "", NOWHERE),
        ("no traceback", "a.py", NOWHERE),
    ],
)
def test_the_innermost_place_in_a_file(errors, file, place):
    assert innermost(errors, file) == place
