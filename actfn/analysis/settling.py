"""What a stretch of floats that look alike means, settled by the exact values at a few of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.analysis.labels import (
    BITS,
    FIRST_LIMIT,
    FLAT,
    INFINITE,
    MERGED,
    NAN,
    NORMAL,
    SUBNORMAL,
    UNMEANT,
    ZERO,
    Labels,
    equals,
    straight,
)
from actfn.analysis.regime import Regime
from actfn.expression.tree import postorder
from actfn.numerics.bisection import Ordinals, changes, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actfn.exact.number import Exact
    from actfn.functions.function import Function
    from actfn.numerics.formats import Format

Part = tuple[Regime, int, int]  # with the first and the last ordinal
Judged = Callable[[int, int], Regime | None]  # what is judged of a float: from a label and an ordinal

_LOOKED_AT, _LOOKED_AT_OF_MANY = 1 << 19, 1 << 14
_USUAL_PARTS = 16  # of a formula
_EQUAL = (
    2.0**-58
)  # relative: a computed value that is nearer has lost no digit, as sin(5e-324); exact ones have 60 bits


def settle(label: Labels, low: int, high: int, judged: Judged, *, whole: bool = False) -> Iterator[Part]:
    """A stretch of one label as stretches of one regime, by what is judged at its ends and its middle.

    The middle of what samples take for one stretch may have another label, unless it is known to be `whole`.
    """
    function, form, kind = label.function, label.form, int(label(np.array([low]))[0])
    if kind in (NORMAL, FLAT):
        yield Regime.OK, low, high
        return
    right, left = high in (label.ends[1], form.max_ordinal), low in (label.ends[-1], -form.max_ordinal)
    if kind >= FIRST_LIMIT and kind < MERGED and not (right or left):
        inwards = high if low >= 0 else low
        tended = beside_0(low, high) and label.constants[kind - FIRST_LIMIT] in label.at_0
        yield (tended and judged(kind, inwards)) or Regime.OK, low, high
        return
    if kind >= FIRST_LIMIT and right != left and not function.named:
        well, low, high = _for_good(function, form, label, kind, low, high)
        if well:
            yield Regime.OK, *well
    if kind >= FIRST_LIMIT or (kind != SUBNORMAL and (right or left)):
        # what reaches the end of the line is judged where it begins: exp(-1e308) is beyond exactness
        border = low if right else high
        if right and left:  # a constant, or nan everywhere
            border = 0
        yield ((kind == NAN or right != left) and judged(kind, border)) or Regime.OK, low, high
        return

    centre = 0 if low < 0 < high else low + (high - low) // 2
    if not whole and label(np.array([centre]))[0] != kind:
        yield from _in_parts(label, low, centre, high, judged)
        return
    known: dict[int, Regime] = {}

    def regimes(places: Ordinals) -> Any:
        new = {place: judged(kind, place) for place in places.tolist() if place not in known}
        known.update((place, regime) for place, regime in new.items() if regime)
        # as nearer to 0, where more is told: what is 0 on a part of a stretch is so on all of it
        for place in [place for place, regime in new.items() if not regime]:
            inner = [other for other in known if abs(other) <= abs(place) and (other < 0) == (place < 0)]
            known[place] = known[min(inner, key=lambda other: abs(other - place))] if inner else Regime.OK
        return np.array([known[place] for place in places.tolist()], object)

    probes = np.array([low, centre, high])
    first, middle, last = regimes(probes)
    # what is rounded to the wrong side of a border, or has no value between two sides, often is one float
    beside = [low + 1, centre - 1] * (first is not middle) + [centre + 1, high - 1] * (last is not middle)
    places = np.unique(np.clip([*probes, *beside], low, high))
    borders = changes(regimes, places, 8, at_once=1)
    found = [first, *(regime for _, _, _, regime in borders)]
    yield from ((regime, *ends) for regime, ends in zip(found, pieces(borders, low, high), strict=True))


def _in_parts(label: Labels, low: int, centre: int, high: int, judged: Judged) -> Iterator[Part]:
    """A stretch whose middle has another label, cut where the label changes."""
    for start, end in pieces(changes(label, np.array([low, centre, high]), 8), low, high):
        yield from settle(label, start, end, judged, whole=True)


def beside_0(low: int, high: int) -> bool:
    """Whether a stretch of ordinals ends at 0, on either side of it."""
    return low in (0, 1) or high in (0, -1)


def _for_good(
    function: Function, form: Format, label: Labels, kind: int, low: int, high: int
) -> tuple[tuple[int, int] | None, int, int]:
    """A plateau at an end of the line, cut to where it holds for good; and what is cut off, if anything.

    A formula rounded step by step need not be monotone near its threshold. Looked at are the floats of the first
    twentieth of the plateau: all of them in formats of 32 bits and fewer, many in float64.
    """
    right = high == label.ends[1]
    border = low if right else high
    end = int(form.ordinal(form.round(1.05 * form.from_ordinal(border))))
    places = np.arange(border, end, (1 if right else -1) * stride(function, abs(end - border)))
    broken = np.flatnonzero(label(places) != kind)
    if not broken.size:
        return None, low, high
    last, first = int(places[broken[-1]]), int(places[broken[-1] + 1]) if broken[-1] + 1 < places.size else end
    while abs(first - last) > 1:  # of the floats in between that are not looked at, one that begins it
        middle = (first + last) // 2
        if label(np.array([middle]))[0] == kind:
            first = middle
        else:
            last = middle
    return ((low, first - 1), first, high) if right else ((first + 1, high), low, first)


def stride(function: Function, distance: int) -> int:
    """From one float that is looked at to the next; the longer a formula is, the fewer are."""
    most = _LOOKED_AT if distance <= 2 * _LOOKED_AT else _LOOKED_AT_OF_MANY
    return max(1, distance * max(1, len(postorder(function.tree)) // _USUAL_PARTS) // most)


def judge(function: Function, form: Format, kind: int, place: int, most_bits: int = BITS) -> Regime | None:
    """What the exact value makes of a computed value at one float; None if it cannot be told from 0."""
    x = float(form.from_ordinal(place))
    computed = float(function.values(np.asarray(x), form))
    if kind == ZERO and computed:
        return Regime.OK  # between two zeros of an oscillation
    if kind >= MERGED:
        return Regime.OK if straight(function, 2 * x, 4 * x) else Regime.MERGED
    if kind >= FIRST_LIMIT:
        return Regime.OK if equals(function, x, computed) else Regime.SATURATED
    exact = function.exact(x, 8, most_bits)
    if kind == NAN or (kind == UNMEANT and np.isnan(computed)):
        return Regime.INVALID if exact.is_finite or exact.sign else Regime.UNDEFINED
    if kind in (INFINITE, UNMEANT):
        return Regime.OVERFLOW if exact.is_finite else Regime.UNDEFINED
    return _judge_small(exact, computed, form, vanishes=kind == ZERO and function.order > 0)


def _judge_small(exact: Exact, computed: float, form: Format, *, vanishes: bool) -> Regime | None:
    """The same for what is computed as 0 or a subnormal number."""
    if exact.tiny and not computed:
        return Regime.VANISHED if vanishes else Regime.UNDERFLOW
    if exact.defined and not exact.certain:
        return None
    if not exact.defined or exact.relative_error(computed) < _EQUAL:
        return Regime.OK
    if vanishes:
        return Regime.VANISHED
    if exact.is_below(form.smallest_normal):
        return Regime.UNDERFLOW
    return Regime.OK if computed else Regime.SATURATED
