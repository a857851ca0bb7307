"""What a wrong answer looks like: the mistakes of `mistakes`, recognised by what they would have answered.

A mistake is a rival: another way to compute, or another function. Where it answers what the submission answered at the
points that are wrong, and the truth does not, its sentence is the hint.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from actfn.catalogue import lookup
from actfn.catalogue.rows import ROWS
from actfn.expression.tree import Apply, postorder
from actfn.functions.function import Function
from actfn.grading.mistakes import COMPLAINTS, MISTAKES, OVERFLOWS
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from actfn.functions.function import VectorFunction
    from actfn.grading.judge import Finding
    from actfn.grading.mistakes import Mistake
    from actfn.grading.submission import Reply
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array

_PRECISIONS = (4e-16, 1e-12, 1e-6)  # relative, to which a rival answers the same; the sharper ones first
_SHARE = 0.8  # of the wrong points that a rival must explain: the last digits of what cancels are anybody's
_STEPS = 12  # of a secant
_SUM = 1e-3  # that a softmax may be off 1 before this is the mistake
_ANOTHER = 1e-3  # relative to 1: parameters that differ by less are the same
_FLOAT32 = 1e-4  # what computing in float32 costs at most
_DIGITS = range(3, 16)
_FAR_OUT = "exp overflows for large elements: subtract the largest from all of them first"


def hint(
    function: Function | VectorFunction,
    questions: Sequence[Array],
    replies: Sequence[Reply],
    findings: Sequence[Finding],
    form: Format,
) -> str:
    """What may be wrong, as far as it shows; else empty.

    Args:
        function: what was asked for.
        questions: all of them.
        replies: what came for each.
        findings: the wrong ones, at least one.
        form: the format graded in.
    """
    failed = next((finding.reply.problem for finding in findings if finding.actual is None), "")
    complaint = next((sentence for sign, sentence in COMPLAINTS if sign in failed), "") if failed else ""
    if not isinstance(function, Function):
        sums = [sum(reply.values) for reply in replies if reply.values]
        if function.name == "softmax" and any(abs(each - 1) > _SUM for each in sums):
            return "the numbers of a softmax add up to 1"
        far_out = complaint is OVERFLOWS or any(each.actual != each.actual for each in findings)
        return _FAR_OUT if far_out and "softmax" in function.name else complaint
    if complaint:
        known = [mistake.hint for mistake in _mistakes(function) if "overflows" in mistake.hint]
        return known[0] if complaint is OVERFLOWS and known else complaint
    wrong = [finding for finding in findings if finding.actual is not None]
    if not wrong or failed:
        return ""
    missed = _Answers(
        np.array([questions[each.question][each.element or 0] for each in wrong]),
        np.array([each.actual for each in wrong], np.float64),
    )
    expected = np.array([each.expected for each in wrong])
    answered = _Answers(
        np.concatenate([x for x, reply in zip(questions, replies, strict=True) if reply.values]),
        form.round(np.concatenate([reply.values for reply in replies if reply.values])),
    )
    visible = not _same(missed.y, expected, _PRECISIONS[-1]).all()
    return (
        _known(function, missed, expected, form)
        or (_rival(function, missed, expected, answered, form) if visible else "")
        or (_parameter(function, missed, expected, answered) if visible else "")
        or (_digits(missed, expected) if form is FLOAT64 else "")
        or (_side(missed.x, answered.x) if visible else "")
    )


@dataclass(frozen=True)
class _Answers:
    """Points and what came for them."""

    x: Array
    y: Array


def _mistakes(function: Function) -> list[Mistake]:
    return [each for each in MISTAKES if (each.function, each.order) == (function.name, function.order)]


def _known(function: Function, missed: _Answers, expected: Array, form: Format) -> str:
    """A known way to compute this function, if it explains nearly all wrong answers."""
    rivals = [(mistake.hint, _scalar(mistake.formula).values(missed.x, form)) for mistake in _mistakes(function)]
    for precision in _PRECISIONS:
        for sentence, values in rivals:
            explained = np.mean(_same(values, missed.y, precision)) >= _SHARE
            if explained and not _same(values, expected, precision).all():
                return sentence
    return ""


def _rival(function: Function, missed: _Answers, expected: Array, answered: _Answers, form: Format) -> str:
    """Another function, if it explains every answer, the right ones too. One point tells no two functions apart."""
    if np.isfinite(missed.y).sum() < 2:
        return ""
    for sentence, compute in _rivals(function, form):
        explains = _same(compute(answered.x), answered.y, _PRECISIONS[-1]).all()
        if explains and not _same(compute(missed.x), expected, _PRECISIONS[-1]).all():
            return sentence
    return ""


def _rivals(function: Function, form: Format) -> Iterator[tuple[str, Callable[[Array], Array]]]:
    """Other functions: what to say of each, and what it answers."""

    def values(other: Function) -> Callable[[Array], Array]:
        return lambda x: other.values(x, form)

    if function.order:
        yield "these are values of the function, not of its derivative", values(replace(function, order=0))
    else:
        yield "these are values of the derivative, not of the function", values(function.derivative())
    yield "these are the right values with the sign turned", lambda x: -function.values(x, form)
    yield "these are the values at -x", lambda x: function.values(-x, form)
    yield "these are the points themselves", lambda x: x
    if any(isinstance(node, Apply) and node.row.name in ("sin", "cos", "tan") for node in postorder(function.tree)):
        yield "x is in radians, not in degrees", lambda x: function.values(np.deg2rad(x), form)
        yield "x is in radians: it need not be converted", lambda x: function.values(_in_degrees(x), form)
    for other in _catalogue():
        if other.name != function.name:
            same_order = other.derivative(function.order)
            yield f"these are the values of {same_order.title}", values(same_order)


@cache
def _catalogue() -> list[Function]:
    """All functions of one number that have a name."""
    found = [lookup.function(row.name) for row in ROWS]
    return [function for function in found if isinstance(function, Function)]


def _scalar(text: str, /, **parameters: float) -> Function:
    found = lookup.function(text, **parameters)
    assert isinstance(found, Function)
    return found


def _same(values: Array, others: Array, precision: float) -> Array:
    with np.errstate(all="ignore"):
        near = np.abs(values - others) <= precision * np.abs(others)
    return np.where(np.isfinite(others), near, (values == others) | (np.isnan(values) & np.isnan(others)))


def _parameter(function: Function, missed: _Answers, expected: Array, answered: _Answers) -> str:
    """Another value of a parameter, solved for where the answer is worst, if it explains every answer."""
    finite = np.isfinite(missed.y) & np.isfinite(expected)
    if finite.sum() < 2:
        return ""
    worst = int(np.argmax(np.where(finite, np.abs(missed.y - expected), -1.0)))
    for name, asked in function.parameters.items():

        def values(value: float, x: Array, name: str = name) -> Array:
            other = _scalar(function.name, **{**function.parameters, name: value})
            return other.derivative(function.order).values(x)

        def distance(value: float, at: Callable[[float, Array], Array] = values) -> float:
            return float(at(value, missed.x[worst : worst + 1])[0] - missed.y[worst])

        found = _secant(distance, asked)
        another = found is not None and abs(found - asked) > _ANOTHER * max(1.0, abs(asked))
        if found is not None and another and _same(values(found, answered.x), answered.y, _PRECISIONS[-1]).all():
            return f"these are the values with {name} = {found:.6g}, not {asked:.6g}"
    return ""


def _secant(distance: Callable[[float], float], start: float) -> float | None:
    """A zero of the distance near a start, None where a secant finds none."""
    here, there = start, 1.5 * start + 0.1
    left, right = distance(here), distance(there)
    for _ in range(_STEPS):
        if right == left or not np.isfinite([left, right]).all():
            break
        here, there = there, there - right * (there - here) / (right - left)
        left, right = right, distance(there)
        if right == 0:
            break
    return there if np.isfinite(there) and abs(right) <= abs(distance(start)) * _PRECISIONS[-1] else None


def _in_degrees(x: Array) -> Array:
    with np.errstate(over="ignore"):
        return np.asarray(np.rad2deg(x))


def _digits(missed: _Answers, expected: Array) -> str:
    """Whether the answers are right but for digits that were not computed, or not printed."""
    if not np.isfinite(missed.y).all():
        return ""
    with np.errstate(all="ignore"):
        single = missed.y.astype(np.float32) == missed.y
    if single.all() and missed.y.size > 1 and _same(missed.y, expected, _FLOAT32).all():
        return "these are float32 numbers: compute in double precision"
    pairs = list(zip(expected.tolist(), missed.y.tolist(), strict=True))
    for digits in _DIGITS:
        for noun, kind, places in (("digits", "e", digits - 1), ("decimals", "f", digits)):
            written = all(float(f"{right:.{places}{kind}}") == came for right, came in pairs)
            used = sum(float(f"{came:.{places - 1}{kind}}") != came for _, came in pairs)
            if written and 2 * used >= len(pairs):
                return f"the answers have {digits} {noun}: print all digits, with %.17g in C and awk"
    return ""


def _side(missed: Array, answered: Array) -> str:
    """Whether one end of the line is right and the other is not."""
    good = answered[~np.isin(answered, missed) & ~np.isnan(answered)]
    if not good.size or np.isnan(missed).any():
        return ""
    if missed.max() < 0 <= good.min():
        return "it is wrong for negative x only: is there a branch for them?"
    if missed.min() > 0 >= good.max():
        return "it is wrong for positive x only: is there a branch for them?"
    if missed.max() < good.min():
        return f"it is wrong up to x = {missed.max():.6g} and right from {good.min():.6g} on"
    if missed.min() > good.max():
        return f"it is right up to x = {good.max():.6g} and wrong from {missed.min():.6g} on"
    return ""
