"""Answers against the truth: which are right, and by how much the others are not.

nan is right where nan is expected, an infinity where that infinity is. Signed zeros are one number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.grading.reference import Truth

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.grading.submission import Reply
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array

_RTOL, _ATOL = 1e-9, 1e-12
_ROUNDINGS = 8  # eps of a narrower format that are allowed where nothing is said


@dataclass(frozen=True)
class Tolerance:
    """How far an answer may be from the truth. It is right if either `ulp` or `atol + rtol*|expected|` allows it.

    With a relative tolerance, numbers below the smallest normal one may be lost: they have no relative accuracy.

    Attributes:
        atol, rtol: absolute and relative; None where not given.
        ulp: numbers of the format between the two.
    """

    atol: float | None = None
    rtol: float | None = None
    ulp: int | None = None

    def allows(self, expected: Array, actual: Array, form: Format) -> Array:
        """Whether each answer is near enough; two finite float64 arrays of one shape, numbers of the format."""
        margin = self.margin(expected, form)
        near: Any = np.abs(actual - expected) <= (-1.0 if margin is None else margin)
        if self.ulp is not None:
            near |= form.ulp_distance(expected, actual) <= self.ulp
        return np.asarray(near)

    def margin(self, expected: Array, form: Format) -> Array | None:
        """How far from finite numbers answers may be; None where that is not said but in units of the last place."""
        atol, rtol = self.atol, self.rtol
        if self == Tolerance():
            rtol, atol = max(_RTOL, _ROUNDINGS * form.eps), max(_ATOL, form.eps)
        if atol is None and rtol is None:
            return None
        lost = form.smallest_normal if rtol else 0.0
        return np.asarray((atol or 0.0) + (rtol or 0.0) * np.abs(expected) + lost)


@dataclass(frozen=True)
class Apart:
    """Two finite numbers, and how far apart they might have been.

    Attributes:
        distance: between them.
        ulp: the same in numbers of the format.
        allowed, allowed_ulp: what the tolerance is; None where it is not said so.
    """

    distance: float
    ulp: int
    allowed: float | None = None
    allowed_ulp: int | None = None


@dataclass(frozen=True)
class Finding:
    """A question that was answered wrongly.

    Attributes:
        question: its place.
        element: the place in the vector, None where the whole answer is concerned.
        expected: the right number; of several the first that was missed.
        actual: what came, None where no number did.
        reply: what the submission said.
        apart: how far expected and actual are apart; None where one is no finite number.
    """

    question: int
    element: int | None
    expected: float
    actual: float | None
    reply: Reply
    apart: Apart | None = None


def judge(truths: Sequence[Truth], replies: Sequence[Reply], tolerance: Tolerance, form: Format) -> list[Finding]:
    """The wrong answers among the replies, in order."""
    sizes = np.array([truth.values.size for truth in truths])
    came = [_fitting(reply, size) for reply, size in zip(replies, sizes.tolist(), strict=True)]
    nothing = [np.full(truth.values.shape, np.nan) for truth in truths]
    actual = form.round(
        np.concatenate([empty if values is None else values for values, empty in zip(came, nothing, strict=True)])
    )
    values, low, high = (
        np.concatenate(part) for part in zip(*((t.values, t.low, t.high) for t in truths), strict=True)
    )
    right = _right(Truth(values, low, high), actual, tolerance, form)
    begins = np.cumsum(sizes) - sizes
    answered = np.array([each is not None for each in came])
    good = answered & np.logical_and.reduceat(right, begins)
    findings = []
    for place in np.flatnonzero(~good).tolist():
        begin, size, reply = int(begins[place]), int(sizes[place]), replies[place]
        if not answered[place]:
            if reply.values is not None:
                reply = replace(reply, values=None, problem=_wrong_length(len(reply.values), size))
            findings.append(Finding(place, None, float(values[begin]), None, reply))
            continue
        element = int(np.argmin(right[begin : begin + size]))
        which = begin + element
        expected, got = float(values[which]), float(actual[which])
        apart = _apart(expected, got, tolerance, form)
        findings.append(Finding(place, None if size == 1 else element, expected, got, reply, apart))
    return findings


def _apart(expected: float, got: float, tolerance: Tolerance, form: Format) -> Apart | None:
    if not np.isfinite([expected, got]).all():
        return None
    margin = tolerance.margin(np.asarray(expected), form)
    allowed = None if margin is None else float(margin)
    return Apart(abs(got - expected), int(form.ulp_distance(expected, got)), allowed, tolerance.ulp)


def _fitting(reply: Reply, size: int) -> Array | None:
    """The numbers of a reply; None if there are none, or not as many as asked for."""
    return None if reply.values is None or len(reply.values) != size else np.array(reply.values, np.float64)


def _wrong_length(length: int, size: int) -> str:
    return f"answered {length} {'number' if length == 1 else 'numbers'}, not {size}"


def _right(truth: Truth, actual: Array, tolerance: Tolerance, form: Format) -> Array:
    """Whether each number is right: equal, both nan, or near to the interval of what is right."""
    with np.errstate(invalid="ignore", over="ignore"):
        nearest = np.clip(actual, truth.low, truth.high)
        finite = np.isfinite(actual) & np.isfinite(nearest)
        near = tolerance.allows(np.where(finite, nearest, 0.0), np.where(finite, actual, 0.0), form)
    same = (actual == nearest) | (np.isnan(actual) & np.isnan(truth.values))
    return np.where(finite, near, same)
