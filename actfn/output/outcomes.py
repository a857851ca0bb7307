"""A check's outcome in words: where it went wrong, what was expected, what came, and how far apart the two are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actfn.output import numbers

if TYPE_CHECKING:
    from actfn.grading.report import Outcome

_MOST_SHOWN = 8  # numbers of a vector


def point(outcome: Outcome) -> str:
    """Where it went wrong: `x = 710.0`."""
    assert outcome.miss
    x = outcome.miss.x
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
    """How far the two are apart; empty where that says nothing."""
    if not outcome.miss or outcome.miss.ulp is None:
        return ""
    return f"{outcome.miss.ulp} ULP" if outcome.miss.ulp < 10**6 else f"{outcome.miss.ulp:.2g} ULP"


def message(outcome: Outcome) -> str:
    """A failure in one line."""
    if not outcome.miss:
        return outcome.reason
    wanted, apart = expected(outcome), difference(outcome)
    said = f"expected {wanted}, got {actual(outcome)}" if wanted else actual(outcome)
    return f"at {point(outcome)}: {said}" + (f" ({apart})" if apart else "")


def share(outcome: Outcome) -> str:
    """How many of the points are wrong; empty where there is one only."""
    return f"{outcome.wrong} of {outcome.asked} points are wrong" if outcome.asked > 1 else ""


def details(outcome: Outcome) -> list[str]:
    """What is said below the name of a check that did not pass."""
    if not outcome.miss:
        return [outcome.reason] if outcome.reason else []
    wanted, apart = expected(outcome), difference(outcome)
    return [
        f"at {point(outcome)}",
        *([f"expected {wanted}"] if wanted else []),
        f"actual   {actual(outcome)}" + (f"   differs by {apart}" if apart else ""),
        *([share(outcome)] if share(outcome) else []),
        *([f"hint: {outcome.hint}"] if outcome.hint else []),
    ]
