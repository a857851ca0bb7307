"""How far a wrong answer is off, in words."""

import pytest

from actfn.grading.judge import Apart
from actfn.grading.report import Miss, Outcome, Verdict
from actfn.output.outcomes import difference, message, place


@pytest.mark.parametrize(
    ("apart", "shown"),
    [
        (Apart(0.5, 3, 1e-9, None), "0.5 (3 ULP); allowed: 1e-09"),
        (Apart(0.5, 12345678, None, 4), "0.5 (1.2e+07 ULP); allowed: 4 ULP"),
        (Apart(1e-9, 9, 1e-12, 0), "1e-09 (9 ULP); allowed: 1e-12 or 0 ULP"),
        (Apart(1.00000004e-9, 9, 1e-9, None), "1.00000004e-09 (9 ULP); allowed: 1e-09"),
        (None, ""),
    ],
)
def test_a_difference_is_told_in_as_many_digits_as_it_takes(apart, shown):
    outcome = Outcome("a", Verdict.FAILED, 1, miss=Miss((1.0,), None, 1.0, "", 2.0, "", apart))
    assert difference(outcome) == shown
    assert message(outcome) == "at x = 1.0: expected 1.0, got 2.0" + (f"; differs by {shown}" if shown else "")


def test_what_was_not_asked_has_neither():
    skipped = Outcome("a", Verdict.SKIPPED, 1, reason="needs 'b' to pass")
    assert (difference(skipped), place(skipped), message(skipped)) == ("", "", "needs 'b' to pass")
