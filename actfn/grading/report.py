"""What grading found: what every report is rendered from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from actfn.grading.submission import NOWHERE, Place
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePath

    from actfn.grading.judge import Apart


class Verdict(StrEnum):
    """What became of a check."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


_DECIMALS = 9  # of points: 0.1 and 0.2 are 0.3


@dataclass(frozen=True)
class Miss:
    """What was wrong first.

    Attributes:
        x: the point, of one element where the function takes a number; empty where it is no matter of a point.
        element: which element of the answer, None where that says nothing.
        expected: the right number; None where a sentence says what was expected.
        wanted: that sentence.
        actual: the number that came; None where none did.
        problem: what happened instead, a sentence without subject.
        apart: how far the two are apart; None where one is no finite number.
    """

    x: tuple[float, ...]
    element: int | None
    expected: float | None
    wanted: str
    actual: float | None
    problem: str = ""
    apart: Apart | None = None


@dataclass(frozen=True)
class Outcome:
    """One check.

    Attributes:
        name: as the exercise calls it.
        verdict: what became of it.
        worth: the points to earn.
        form: the float format it is graded in.
        asked: how many questions it had.
        wrong: how many were answered wrongly.
        miss: the first of them.
        reason: why it was skipped.
        hint: what to do.
        file, place: where the submission is, and where in it; empty where that is not known.
        seconds: how long it took.
    """

    name: str
    verdict: Verdict
    worth: float
    form: Format = FLOAT64
    asked: int = 0
    wrong: int = 0
    miss: Miss | None = None
    reason: str = ""
    hint: str = ""
    file: str = ""
    place: Place = NOWHERE
    seconds: float = 0.0

    @property
    def earned(self) -> float:
        return self.worth if self.verdict is Verdict.PASSED else 0.0


@dataclass(frozen=True)
class Report:
    """All checks of a run, in their order."""

    title: str
    outcomes: Sequence[Outcome]
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        return all(outcome.verdict is Verdict.PASSED for outcome in self.outcomes)

    def seen_from(self, folder: PurePath) -> Report:
        """The report with the names of files as they are from elsewhere: `folder` is where they lie."""
        named = [replace(each, file=str(folder / each.file)) if each.file else each for each in self.outcomes]
        return replace(self, outcomes=named)

    def count(self, verdict: Verdict) -> int:
        return sum(outcome.verdict is verdict for outcome in self.outcomes)

    @property
    def earned(self) -> float:
        return round(sum(outcome.earned for outcome in self.outcomes), _DECIMALS)

    @property
    def worth(self) -> float:
        return round(sum(outcome.worth for outcome in self.outcomes), _DECIMALS)

    @property
    def summary(self) -> str:
        """`2 of 3 checks passed (4/5 points)`."""
        noun = "check" if len(self.outcomes) == 1 else "checks"
        return (
            f"{self.count(Verdict.PASSED)} of {len(self.outcomes)} {noun} passed "
            f"({self.earned:g}/{self.worth:g} points)"
        )
