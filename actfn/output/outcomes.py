"""A check's outcome in words: where it went wrong, what was expected, what came, and how far apart the two are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actfn.output import numbers, quoting

if TYPE_CHECKING:
    from actfn.grading.report import Outcome

_MOST_SHOWN = 8  # numbers of a vector
_MANY = 10**6  # ULP: of more the first digits tell enough


def point(outcome: Outcome) -> str:
    """Where it went wrong: `x = 710.0`; empty where it is no matter of a point."""
    assert outcome.miss
    x = outcome.miss.x
    if not x:
        return ""
    shown = [numbers.text(value, outcome.form) for value in x[:_MOST_SHOWN]]
    text = shown[0] if len(x) == 1 else f"({', '.join(shown)}{', …' if len(x) > _MOST_SHOWN else ''})"
    element = f", element {outcome.miss.element + 1}" if outcome.miss.element is not None else ""
    return f"x = {text}{element}"


def expected(outcome: Outcome) -> str:
    """What was right there; empty where it is a whole vector."""
    assert outcome.miss
    value = outcome.miss.expected
    return outcome.miss.wanted if value is None else numbers.text(value, outcome.form)


def actual(outcome: Outcome) -> str:
    """What came instead."""
    assert outcome.miss
    value = outcome.miss.actual
    return outcome.miss.problem if value is None else numbers.text(value, outcome.form)


def difference(outcome: Outcome) -> str:
    """How far the two are apart, and how far they may be; empty where that says nothing."""
    if not outcome.miss or not outcome.miss.apart:
        return ""
    apart = outcome.miss.apart
    distance, allowed = _told_apart(apart.distance, apart.allowed)
    places = str(apart.ulp) if apart.ulp < _MANY else f"{apart.ulp:.2g}"
    limits = [*([allowed] if allowed else []), *([] if apart.allowed_ulp is None else [f"{apart.allowed_ulp} ULP"])]
    return f"{distance} ({places} ULP); allowed: {' or '.join(limits)}"


def _told_apart(distance: float, allowed: float | None) -> tuple[str, str]:
    """Both in as few digits as show that they differ."""
    if allowed is None:
        return f"{distance:.3g}", ""
    pairs = ((f"{distance:.{digits}g}", f"{allowed:.{digits}g}") for digits in range(3, 18))
    return next((pair for pair in pairs if pair[0] != pair[1] or distance == allowed), (repr(distance), repr(allowed)))


def place(outcome: Outcome) -> str:
    """Where in the submission an error arose: `student.py:3`; empty where that is not known."""
    return f"{outcome.file}:{outcome.place.line}" if outcome.place.source and outcome.file else ""


def message(outcome: Outcome) -> str:
    """A failure in one line."""
    if not outcome.miss:
        return outcome.reason
    wanted, apart, where = expected(outcome), difference(outcome), place(outcome)
    said = f"expected {wanted}, got {actual(outcome)}" if wanted else actual(outcome)
    said += f"; differs by {apart}" if apart else f", in {where}" if where else ""
    return f"at {point(outcome)}: {said}" if point(outcome) else said


def share(outcome: Outcome) -> str:
    """How many of the points are wrong; empty where there is one only."""
    many = outcome.asked > 1 and outcome.miss and outcome.miss.x
    return f"{outcome.wrong} of {outcome.asked} points are wrong" if many else ""


def _source(outcome: Outcome) -> list[str]:
    """The line of the submission that an error arose in, with what is meant underlined."""
    if not place(outcome):
        return []
    return [f"in {place(outcome)}", *quoting.marked(outcome.place)]


def details(outcome: Outcome) -> list[str]:
    """What is said below the name of a check that did not pass; no line begins with what others may have said."""
    if not outcome.miss:
        return [quoting.guarded(outcome.reason)] if outcome.reason else []
    wanted, apart = expected(outcome), difference(outcome)
    said = [f"at {point(outcome)}", *([f"expected {wanted}"] if wanted else []), f"actual   {actual(outcome)}"]
    return [
        *(said if point(outcome) else [quoting.guarded(actual(outcome))]),
        *([f"differs by {apart}"] if apart else []),
        *_source(outcome),
        *([share(outcome)] if share(outcome) else []),
        *([f"hint: {outcome.hint}"] if outcome.hint else []),
    ]
