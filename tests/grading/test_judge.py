import numpy as np
import pytest

from actfn.grading.judge import Apart, Tolerance, judge
from actfn.grading.reference import Truth
from actfn.grading.submission import Place, Reply
from actfn.numerics.formats import FLOAT64, FORMATS


def truth(*values):
    numbers = np.array(values, np.float64)
    return Truth(numbers, numbers, numbers)


def is_right(expected, actual, form=FLOAT64, **tolerance):
    return not judge([truth(expected)], [Reply((actual,))], Tolerance(**tolerance), form)


NAN, INF = np.nan, np.inf


@pytest.mark.parametrize(
    ("expected", "actual", "tolerance", "right"),
    [
        (0.5, 0.5, {}, True),
        (0.0, -0.0, {"ulp": 0}, True),
        (NAN, NAN, {}, True),
        (NAN, 0.0, {}, False),
        (0.0, NAN, {"atol": 1e300}, False),
        (INF, INF, {"ulp": 0}, True),
        (INF, -INF, {}, False),
        (INF, 1.7e308, {"rtol": 1.0, "atol": 1e308}, False),
        (1.7e308, INF, {"rtol": 1.0}, False),
        (1.0, 1 + 1e-9, {}, True),
        (1.0, 1 + 1e-8, {}, False),
        (0.0, 1e-12, {}, True),
        (1e-14, 0.0, {}, True),
        (1e-11, 0.0, {}, False),
        (1e-14, 0.0, {"rtol": 1e-9}, False),
        (2.0, 2.1, {"atol": 0.11}, True),
        (2.0, 2.1, {"atol": 0.09}, False),
        (200.0, 201.0, {"rtol": 0.005}, True),
        (200.0, 201.1, {"rtol": 0.005}, False),
        (1.0, 1 + 4 * 2.0**-52, {"ulp": 4}, True),
        (1.0, 1 + 5 * 2.0**-52, {"ulp": 4}, False),
        (1.0, 1 + 5 * 2.0**-52, {"ulp": 4, "rtol": 1e-12}, True),
        (0.0, 5e-324, {"ulp": 0}, False),
        (5e-320, 0.0, {"rtol": 1e-9}, True),
        (5e-320, 0.0, {"ulp": 10}, False),
        (5e-320, 0.0, {"atol": 0.0}, False),
    ],
)
def test_what_is_near_enough(expected, actual, tolerance, right):
    assert is_right(expected, actual, **tolerance) is right


def test_in_a_narrower_format_the_answer_is_rounded_first():
    half = FORMATS["float16"]
    assert is_right(1.0, 1.0004, half, ulp=0)
    assert not is_right(1.0, 1.0006, half, ulp=0)
    assert is_right(65504.0, 65503.0, half, ulp=0)
    assert not is_right(65504.0, 1e6, half, ulp=1)
    assert is_right(1.0, 1.005, half)
    assert not is_right(1.0, 1.02, half)


def test_between_two_slopes_everything_is_right():
    kink = Truth(np.array([0.0]), np.array([0.0]), np.array([1.0]))
    wrong = judge([kink] * 5, [Reply((slope,)) for slope in (0.0, 0.5, 1.0, 1.1, -0.1)], Tolerance(), FLOAT64)
    assert [finding.question for finding in wrong] == [3, 4]


def test_what_is_told_of_a_wrong_answer():
    truths = [truth(1.0), truth(2.0), truth(1.0, 2.0, 3.0), truth(1.0, 2.0), truth(5.0)]
    replies = [Reply(values) for values in ((1.0,), (2.0 + 2.0**-50,), (1.0, 2.5, 9.0), (1.0,))]
    replies.append(Reply(None, "raised E", Place(7)))
    findings = judge(truths, replies, Tolerance(ulp=1), FLOAT64)
    assert [each.question for each in findings] == [1, 2, 3, 4]
    assert [each.apart for each in findings] == [
        Apart(2.0**-50, 2, None, 1), Apart(0.5, 2**50, None, 1), None, None
    ]  # fmt: skip
    assert [each.element for each in findings] == [None, 1, None, None]
    assert (findings[1].expected, findings[1].actual) == (2.0, 2.5)
    assert [each.reply.problem for each in findings[2:]] == ["answered 1 number, not 2", "raised E"]
    assert findings[3].reply.place == Place(7)


@pytest.mark.parametrize(
    ("tolerance", "margin"),
    [
        (Tolerance(), 1e-12 + 3e-9),
        (Tolerance(atol=0.5), 0.5),
        (Tolerance(rtol=0.5), 1.5),
        (Tolerance(0.25, 0.5, 4), 1.75),
        (Tolerance(ulp=4), None),
    ],
    ids=str,
)
def test_what_is_allowed_is_told(tolerance, margin):
    (finding,) = judge([truth(3.0)], [Reply((5.0,))], tolerance, FLOAT64)
    assert finding.apart == Apart(2.0, 3 * 2**50, pytest.approx(margin, rel=1e-15) if margin else None, tolerance.ulp)
