"""Grading: ask the submission, compare with the truth, and say what came of it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from actfn.functions.function import Function
from actfn.grading import properties
from actfn.grading.hints import hint
from actfn.grading.judge import Finding, Tolerance, judge
from actfn.grading.points import Group, singles
from actfn.grading.reference import Truth, truths
from actfn.grading.report import Miss, Outcome, Report, Verdict
from actfn.grading.submission import REFUSED, Request
from actfn.numerics.formats import FLOAT64, Format
from actfn.sandbox.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from actfn.functions.function import VectorFunction
    from actfn.grading.submission import Reply, Submission
    from actfn.numerics.kernels import Array

_OF_DIFFERENCES = Tolerance(atol=1e-7, rtol=1e-5)  # central differences are good to about 1e-10
_STEP = FLOAT64.eps ** (1 / 3)


@dataclass(frozen=True)
class Check:
    """One submission, asked once, and what is made of its answers.

    Attributes:
        function: what is right; a derivative where slopes are graded.
        submission: what is graded.
        groups: the questions. Each group has an outcome of its own; all are asked together.
        tolerance, form: how near an answer must be, in which format.
        vector: whether each question is given as a vector.
        properties: if any, they are graded instead of the values.
        slope_of: the submission whose differences `matches derivative` compares with.
        worth: the points to earn with each group.
        hint: the author's, which takes the place of ours.
        needs: names of outcomes that must have passed before.
        limits, refused: what the submission may take, and packages that it may not use.
        bwrap: the path of bubblewrap where programs run in it, else empty.
    """

    function: Function | VectorFunction
    submission: Submission
    groups: Sequence[Group]
    tolerance: Tolerance = field(default_factory=Tolerance)
    form: Format = FLOAT64
    vector: bool = False
    properties: Sequence[str] = ()
    slope_of: Submission | None = None
    worth: float = 1.0
    hint: str = ""
    needs: Sequence[str] = ()
    limits: Limits = field(default_factory=Limits)
    refused: Sequence[str] = REFUSED
    bwrap: str = ""

    def asked(self, submission: Submission, questions: Sequence[Array]) -> list[Reply]:
        """What a submission answers under this check's conditions."""
        return submission.ask(Request(questions, self.vector, self.form, self.limits, self.refused, self.bwrap))


def grade(title: str, checks: Sequence[Check], bwrap: str = "") -> Report:
    """Grade the checks, one after the other.

    Args:
        title: of the report.
        checks: what is graded.
        bwrap: the path of bubblewrap where programs are to run in it, else empty.
    """
    start = time.monotonic()
    outcomes: list[Outcome] = []
    for check in checks:
        passed = {outcome.name for outcome in outcomes if outcome.verdict is Verdict.PASSED}
        missing = [name for name in check.needs if name not in passed]
        if missing:
            reason = f"needs {', '.join(map(repr, missing))} to pass"
            outcomes += [Outcome(group.name, Verdict.SKIPPED, check.worth, reason=reason) for group in check.groups]
        else:
            outcomes += _outcomes(replace(check, bwrap=bwrap))
    return Report(title, outcomes, time.monotonic() - start)


def _outcomes(check: Check) -> Iterator[Outcome]:
    start = time.monotonic()
    replies = check.asked(check.submission, [question for group in check.groups for question in group.questions])
    seconds = (time.monotonic() - start) / len(check.groups)
    begin = 0
    for group in check.groups:
        part = replies[begin : begin + len(group.questions)]
        begin += len(group.questions)
        outcome = Outcome(
            group.name, Verdict.PASSED, check.worth, check.form, len(part), file=check.submission.file, seconds=seconds
        )
        yield next(
            (_failed(outcome, check, group, part, wrong) for wrong in _wrongs(check, group, part) if wrong), outcome
        )


@dataclass(frozen=True)
class _Wrong:
    """Wrong answers of one kind: a sentence says what was expected where it is no number."""

    findings: Sequence[Finding]
    wanted: str = ""

    def __bool__(self) -> bool:
        return bool(self.findings)


def _wrongs(check: Check, group: Group, replies: Sequence[Reply]) -> Iterator[_Wrong]:
    """What is wrong with the values, or with each property in turn."""
    if not check.properties:
        yield _Wrong(judge(truths(check.function, group.questions, check.form), replies, check.tolerance, check.form))
    for name in check.properties:
        if name == properties.MATCHES_DERIVATIVE:
            yield _Wrong(_apart_from_differences(check, group, replies))
        else:
            yield _broken(check, group, replies, properties.find(name))


def _failed(outcome: Outcome, check: Check, group: Group, replies: Sequence[Reply], wrong: _Wrong) -> Outcome:
    first = min(wrong.findings, key=lambda finding: abs(group.questions[finding.question][0]))  # nan stays where it is
    reply = first.reply
    x = () if reply.everywhere else tuple(group.questions[first.question].tolist())
    whole = first.actual is None and len(x) != 1  # a vector without an answer: no one number was expected
    expected = None if wrong.wanted or whole else first.expected
    wanted = "" if reply.everywhere else wrong.wanted
    miss = Miss(x, first.element, expected, wanted, first.actual, reply.problem, first.apart)
    advice = check.hint or reply.hint
    if not advice and (not wrong.wanted or first.actual is None):
        advice = hint(check.function, group.questions, replies, wrong.findings, check.form)
    return replace(
        outcome, verdict=Verdict.FAILED, wrong=len(wrong.findings), miss=miss, hint=advice, place=reply.place
    )


def _broken(check: Check, group: Group, replies: Sequence[Reply], row: properties.Property) -> _Wrong:
    """Where a property does not hold, or nothing was answered."""
    assert isinstance(check.function, Function)
    unanswered = [
        Finding(place, None, np.nan, None, replace(reply, problem=reply.problem or "answered more than one number"))
        for place, reply in enumerate(replies)
        if reply.values is None or len(reply.values) != 1
    ]
    if unanswered:
        return _Wrong(unanswered, row.expected)
    x = np.array([question[0] for question in group.questions])
    y = check.form.round(np.array([reply.values[0] for reply in replies if reply.values]))
    order = np.argsort(x, kind="stable")
    broken = order[row.broken(x[order], y[order], check.form, properties.ends(check.function, check.form))]
    return _Wrong(
        [Finding(place, None, np.nan, float(y[place]), replies[place]) for place in broken.tolist()],
        row.expected,
    )


def _apart_from_differences(check: Check, group: Group, replies: Sequence[Reply]) -> list[Finding]:
    """Slopes that are not those of the other submission's values, by central differences; none is taken over a kink."""
    assert check.slope_of
    assert isinstance(check.function, Function)
    x = np.array([question[0] for question in group.questions])
    step = _STEP * np.maximum(1, np.abs(x))
    smooth = [not check.function.kinks(low, high) for low, high in zip(x - step, x + step, strict=True)]
    sides = [check.asked(check.slope_of, singles(points)) for points in (x - step, x + step)]
    kept, expected = [], []
    for place, (left, right) in enumerate(zip(*sides, strict=True)):
        if left.values and right.values and smooth[place]:
            kept.append(place)
            expected.append((right.values[0] - left.values[0]) / (2 * step[place]))
    slopes = [Truth(values, values, values) for values in (np.array([each]) for each in expected)]
    tolerance = _OF_DIFFERENCES if check.tolerance == Tolerance() else check.tolerance
    findings = judge(slopes, [replies[place] for place in kept], tolerance, check.form) if kept else []
    failed = [reply for side in sides for reply in side if not reply.values]
    if failed and not findings:
        return [Finding(0, None, np.nan, None, replace(failed[0], problem=f"its function {failed[0].problem}"))]
    return [replace(finding, question=kept[finding.question]) for finding in findings]
