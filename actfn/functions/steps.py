"""Comparisons and rows of steps: where they change, to the float, and what they are beside a place.

Rounding moves, doubles or hides a change: max(1, exp(x)) has its tie at 0, and in floats from -4.5e-17 to 1.1e-16.
Where that is so, near a number of few digits at which floats have a tie, exact values tell what is there.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from actfn.expression import effort, rules
from actfn.expression.evaluate import evaluate
from actfn.expression.primitives import INFIX
from actfn.expression.tree import Apply, Number, Tree, apply, depends, postorder, variable
from actfn.numerics.bisection import Ordinals, changes
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from actfn.numerics.kernels import Array

TINY = 1e-150  # nearer to 0 than this, a change is at 0: a square underflows there, and with it a condition

_DECIMALS, _LARGE = 3, 1e9  # of places that changes are put back to; how large they are at most
# calls of NumPy that a round of bisection takes, placing a change, and what is done beside evaluating a step
_PER_ROUND, _PER_CHANGE, _PER_LOOK = 70, 8, 10
_MOVED = 1e-5  # times max(1, |x|): so far rounding moves a change where two sides touch, and hides it
_CLUSTER = 8  # floats: changes that are nearer to each other are one
_FLOATS = 4  # by which rounding may be off
_TRIED = 8  # changes of which exact values are asked for, before all near one place are put back to it
_MOST_ASKED, _MOST_GATHERED, _MOST_PUT_BACK = 512, 256, 16
_DIGITS, _BITS = 20, 2000  # of exact values: those of a step are whole numbers, as a rule


def find_steps(tree: Tree, name: str) -> list[Apply]:
    """The comparisons and rows of steps on which the written-out expression depends."""
    written_out = rules.piecewise(tree)
    varying = depends(written_out, [name])
    return [node for node in postorder(written_out) if isinstance(node, Apply) and node.row.steps and node in varying]


def outermost(tree: Tree, found: list[Apply]) -> list[Apply]:
    """The steps without those that are made of other steps alone, and change only where these do: not not (x > 1)."""
    flat: set[Tree] = set()
    for node in postorder(rules.piecewise(tree)):
        if isinstance(node, Number) or (isinstance(node, Apply) and (node.row.steps or flat.issuperset(node.args))):
            flat.add(node)
    return [step for step in found if not flat.issuperset(step.args)]


def indicator(step: Apply) -> Apply:
    """What changes its value wherever the step does; of a comparison also at an isolated tie: -1, 0 or 1."""
    if _compares(step):
        return apply(INFIX["-"], apply(INFIX[">"], *step.args), apply(INFIX["<"], *step.args))
    return step


def next_to(x: Array, direction: int) -> Array:
    """The float so many steps beside each x; beside 0 a small one whose square or hundredth is no underflow."""
    return np.where(x == 0, direction * TINY, FLOAT64.neighbour(x, direction))


def changes_of(step: Apply, name: str, samples: Ordinals, most: int) -> Array:
    """Where the step changes between the samples, by bisection down to neighbours; about `most` places at most."""

    def value(ordinals: Ordinals) -> Array:
        effort.charge(_PER_ROUND * effort.CALL)
        return _values(indicator(step), name, FLOAT64.from_ordinal(ordinals))

    found = changes(value, samples, most)
    effort.charge(len(found) * _PER_CHANGE * effort.CALL)
    ends = FLOAT64.from_ordinal(np.array([(low, high) for low, high, _, _ in found], np.int64).reshape(-1, 2)).tolist()
    sides = [(below, above) for _, _, below, above in found]
    x = np.array(list(map(_located, repeat(step), ends, sides)), np.float64)
    return put_back(step, name, np.where(np.abs(x) < TINY, 0.0, x))


def is_at(step: Apply, name: str, x: Array) -> NDArray[np.bool_]:
    """Whether a change of the step is said to be at x: between it and the float beside it, or hidden around it."""
    shown = indicator(step)
    here = _values(shown, name, x)
    hit, hidden = np.zeros(x.shape, bool), np.zeros(x.shape, bool)
    for direction in (-1, 1):
        neighbour = next_to(x, direction)
        there = _values(shown, name, neighbour)
        changed = here != there
        for place in np.flatnonzero(changed).tolist():
            ends = [float(x[place]), float(neighbour[place])]
            changed[place] = _located(step, ends, (here[place], there[place])) == ends[0]
        hit |= changed
        for place in _doubtful(step, name, x, direction):
            told = _exactly_beside(shown, name, float(x[place]), direction)
            hidden[place] |= told is not None and told != here[place]
    near = np.flatnonzero(hit)
    hit[near] = put_back(step, name, x[near]) == x[near]
    return hit | hidden


def beside(node: Tree, step: Apply, name: str, x: Array, direction: int) -> Array:
    """The values that a step, or its indicator, has just beside each x on one side. x: one dimension."""
    effort.charge(_PER_LOOK * effort.CALL)
    sides = next_to(x, direction)
    shown = indicator(step)
    if _compares(step):  # one tie of several floats
        tied = (x != 0) & (np.abs(x) < _LARGE) & (_values(shown, name, sides) == 0) & (_values(shown, name, x) == 0)
        sides = np.where(tied, FLOAT64.neighbour(x, direction * _CLUSTER), sides)
    values = np.array(evaluate(node, {name: sides}))
    for place in _doubtful(step, name, x, direction):
        told = _exactly_beside(node, name, float(x[place]), direction)
        values[place] = values[place] if told is None else told
    return values


def put_back(step: Apply, name: str, x: Array) -> Array:
    """Places at which a step changes in floats, where the step changes exactly. x: one dimension."""
    x = _gathered(step, name, x)
    exact_ones = _short(x)
    near = (exact_ones != x) & (np.abs(x - exact_ones) <= reach(exact_ones))
    near[near] = _has_tie(step, name, exact_ones[near])
    alike = True  # whether all that are tried belong: then the rest is put back with them
    for count, place in enumerate(sorted(set(exact_ones[near].tolist()), key=abs)):
        group = np.flatnonzero(near & (exact_ones == place))
        tried = x[group[:: group.size // _TRIED + 1]].tolist() if count < _MOST_PUT_BACK else []
        if tried and not all(_belongs(step, name, each, place) for each in tried):
            alike = False
        elif tried or alike:
            x[group] = place
    return x


def _gathered(step: Apply, name: str, x: Array) -> Array:
    """Of several changes within a few floats of each place the one that is told most shortly."""
    around = np.arange(-_CLUSTER, _CLUSTER + 1)
    ordinals = np.clip(FLOAT64.ordinal(x)[:, None] + around, -FLOAT64.max_ordinal, FLOAT64.max_ordinal)
    floats = FLOAT64.from_ordinal(ordinals)
    values = _values(indicator(step), name, floats)
    changed = values[:, 1:] != values[:, :-1]
    first, last = np.argmax(changed, axis=1), changed.shape[1] - 1 - np.argmax(changed[:, ::-1], axis=1)
    # one change, or two about a tie, are as they should be, and so is a floor that goes on from step to step
    several = (x != 0) & (np.abs(x) < _LARGE) & changed.any(axis=1) & (last - first > 1)
    if not _compares(step):
        with np.errstate(invalid="ignore"):  # infinities
            rises = np.diff(values, axis=1)
        several &= np.any(rises > 0, axis=1) & np.any(rises < 0, axis=1)
    gathered = np.array(x)
    for row in np.flatnonzero(several)[:_MOST_GATHERED].tolist():
        found = [
            _located(step, floats[row, k : k + 2].tolist(), values[row, k : k + 2].tolist())
            for k in np.flatnonzero(changed[row]).tolist()
        ]
        gathered[row] = min(found, key=_shortest)
    return gathered


def _short(x: Array) -> Array:
    """The numbers of few decimals nearest to each x; large ones as they are."""
    with np.errstate(over="ignore"):
        return np.where(np.abs(x) < _LARGE, np.round(x, _DECIMALS) + 0.0, x)


def reach(x: Array) -> Array:
    """How far rounding may move a change that is at x."""
    return _MOVED * np.maximum(1, np.abs(x))


def _doubtful(step: Apply, name: str, x: Array, direction: int) -> list[int]:
    """The places of few digits at which a step has a tie, or a whole number, and changes near them, not beside them."""
    places = np.flatnonzero((_short(x) == x) & (np.abs(x) < _LARGE))
    places = places[_has_tie(step, name, x[places])]
    if not places.size:
        return []
    there = x[places]
    far = _values(indicator(step), name, there + direction * reach(there))
    return places[far != _values(indicator(step), name, next_to(there, direction))][:_MOST_ASKED].tolist()


def _has_tie(step: Apply, name: str, x: Array) -> NDArray[np.bool_]:
    """Where the sides of a comparison are one float, or where a step changes within a few floats of its argument."""
    if not x.size:
        return np.zeros(0, bool)
    if _compares(step):
        return np.asarray(_values(indicator(step), name, x) == 0)
    argument, *others = (np.broadcast_to(evaluate(each, {name: x}), x.shape) for each in step.args)
    names = [str(place) for place in range(len(step.args))]
    row = apply(step.row, *map(variable, names))
    moved = [FLOAT64.neighbour(argument, steps) for steps in (-_FLOATS, 0, _FLOATS)]
    values = [evaluate(row, dict(zip(names, [each, *others], strict=True))) for each in moved]
    return np.asarray((values[0] != values[1]) | (values[1] != values[2]))


def _exactly_beside(node: Tree, name: str, x: float, direction: int) -> float | None:
    return exactly(node, name, float(next_to(np.array(x), direction)))


def exactly(node: Tree, name: str, x: float | Fraction) -> float | None:
    """The exact value of a step, None if it is not known."""
    from actfn.exact import value

    found = value.value(node, {name: x}, _DIGITS, _BITS)
    return float(found) if found.certain and found.defined else None


def _belongs(step: Apply, name: str, moved: float, place: float) -> bool:
    """Whether nothing changes exactly where it does in floats, but at the place that is near."""
    # a float half way may be one of the two
    away, shown = Fraction(moved) - Fraction(place), indicator(step)
    middle, beyond = (exactly(shown, name, Fraction(place) + share * away) for share in (Fraction(1, 2), 2))
    if middle is None or middle != beyond:
        return False
    return any(
        exactly(shown, name, Fraction(place) + share * away) not in (middle, None) for share in (0, Fraction(-1, 2))
    )


def _values(node: Tree, name: str, x: Array) -> Array:
    """With infinity for nan, so that values can be compared."""
    effort.charge(_PER_LOOK * effort.CALL)
    values = evaluate(node, {name: x})
    return np.where(np.isnan(values), np.inf, values)


def _compares(step: Apply) -> bool:
    return step.row.operator is not None and step.row.operator.chains


def _located(step: Apply, ends: Sequence[float], values: Sequence[float]) -> float:
    """Of two neighbouring floats between which a step changes, the one it is said to change at.

    That is where a comparison has its tie, else the one with the shorter decimal: ceil(x) steps at 1 and not at
    1.0000000000000002.
    """
    if _compares(step) and 0 in values:
        return ends[values.index(0)]
    return min(ends, key=_shortest)


def _shortest(x: float) -> tuple[int, float]:
    return len(repr(x)), -x
