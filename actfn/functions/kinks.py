"""Where a function is not smooth: kinks and jumps, found from the conditions of the rows that choose.

Written out with `where`, an expression changes its branch only where a comparison or a row of steps changes its value.
Those places are searched on the ordinals of float64, so each is known to the last float, or to the number of few digits
that rounding has moved it from. Its one-sided values and slopes are the certified limits of `exact.sides`; where the
break lies between two floats, those of the branches on its two sides, whose conditions are decided exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.expression import effort, rules
from actfn.expression.evaluate import evaluate, evaluate_all
from actfn.expression.jet import derivatives
from actfn.expression.primitives import FUNCTIONS
from actfn.expression.simplify import folded
from actfn.expression.ties import hides_ties
from actfn.expression.tree import Apply, Tree, depends, fold, number, postorder
from actfn.functions.steps import beside, changes_of, exactly, find_steps, indicator, is_at, next_to, outermost, reach
from actfn.numerics.bisection import Ordinals, distinct
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from actfn.exact.sides import Sides
    from actfn.numerics.kernels import Array

MOST = 10_000  # of a function such as floor(1e9*x) the first so many are found

# of these the ones nearest to 0 are described, so many, or those that take so much effort
_MOST_DESCRIBED, _MOST_SPENT = 2500, 40_000
FEW_OPERATIONS = 100_000_000  # of `expression.effort`, where they are counted: for an analysis that asks often
_SAMPLES, _FEWER, _NEAR = 4097, 2049, 2.0  # fewer by ordinal, and near 0
_ODD = 1e-6  # a slope that differs from that of both sides by so much is not rounded
_DISTANCES = (1, 8, 1 << 10, 1 << 20, 1 << 30)  # floats by which rounding may move a break that is found in floats
_SHARES = "shares the slope evenly at a tie"


class Break(StrEnum):
    """How a function breaks at a place."""

    KINK = "kink"  # its slope changes
    JUMP = "jump"  # its value does
    REMOVABLE = "removable singularity"  # it is undefined there, and has one limit
    UNRESOLVED = "unresolved"  # whether it breaks is not certain


@dataclass(frozen=True)
class Kink:
    """A place where a function has a kink or a jump.

    Attributes:
        x: the float it is at, or the one nearest to it.
        kind: kink or jump.
        left, right: the limits of the value from the two sides.
        slope_left, slope_right: the slopes on the two sides; of the derivative of an order that breaks first.
        slope: what the derivative, of the order that was looked at, is reported to be at x.
        reason: by which convention.
        order: of the lowest derivative that breaks; 1 is the slope. With a jump, 1.
        value: the value at x itself.
    """

    x: float
    kind: Break
    left: float
    right: float
    slope_left: float
    slope_right: float
    slope: float
    reason: str
    order: int = 1
    value: float = float("nan")


def breaks(tree: Tree, name: str) -> bool:
    """Whether the expression has any condition at all, so that it may have kinks or jumps."""
    return bool(find_steps(tree, name))


def find(tree: Tree, name: str, low: float, high: float, most_operations: float = np.inf) -> tuple[Kink, ...]:
    """All kinks and jumps between two finite numbers, ends included, from left to right.

    Conditions that change and change back between two of some thousand samples are missed. Of many places those nearest
    to 0 are described: at most 2500, and no more than a fixed effort of certified arithmetic allows, or
    `most_operations` where `expression.effort` counts operations.
    """
    from actfn.exact.effort import EFFORT

    x = places(tree, name, low, high)
    steps, before, began = find_steps(tree, name), EFFORT.spent, effort.spent()
    found: list[Kink | None] = []
    for place in x[np.argsort(np.abs(x), kind="stable")].tolist():
        dear = EFFORT.spent - before > _MOST_SPENT or effort.spent() - began > most_operations
        if len(found) >= _MOST_DESCRIBED or dear:
            break
        found += _described(tree, name, steps, np.array([place]))
    return tuple(sorted((kink for kink in found if kink and _is_broken(kink)), key=lambda kink: kink.x))


def _is_broken(kink: Kink) -> bool:
    """Return whether the function itself breaks, and not only the slope that is reported for it."""
    return kink.kind is Break.JUMP or (kink.kind is Break.KINK and kink.slope_left != kink.slope_right)


@lru_cache(maxsize=32)  # several analyses of one function ask for the same
def places(tree: Tree, name: str, low: float, high: float, most: int = MOST) -> Array:
    """Where the expression changes its branch between two finite numbers, ascending, about `most` places at most.

    Its kinks and jumps are there. Much quicker than `find`, which tells those that are smooth from the rest.
    Not to be written to.
    """
    steps = find_steps(tree, name)
    ends = np.array([low, high])
    samples = _samples(*np.clip(ends + reach(ends) * [-1.0, 1.0], -FLOAT64.max, FLOAT64.max).tolist())
    x = distinct(
        np.concatenate([np.zeros(0), *(changes_of(step, name, samples, most) for step in outermost(tree, steps))])
    )
    x = x[(x >= low) & (x <= high)][:most]
    x.flags.writeable = False
    return x


def at(tree: Tree, name: str, x: Array, order: int = 1, reported: Array | None = None) -> list[Kink | None]:
    """The kink at each of these points, None where the function is smooth. x: float64, one dimension.

    With an order, kinks of derivatives count up to that below it, those of x*abs(x) for 2. A place counts as well where
    the derivative that is reported, by default the computed one, is another one than it is on both sides.
    """
    points, inverse = np.unique(x, return_inverse=True)
    hit = np.zeros(points.shape, bool)
    finite = np.where(np.isfinite(points), points, 1.0)
    steps = find_steps(tree, name)
    for step in _changing(outermost(tree, steps), name, finite):
        hit |= is_at(step, name, finite)
    value, slope = derivatives(tree, name, finite, order)[[0, order]]
    if reported is not None:
        slope[inverse] = reported
    hit |= ~np.isfinite(slope) & ~_is_outside(tree, name, finite, value)
    hit_ones = np.flatnonzero(hit & np.isfinite(points))
    found: list[Kink | None] = [None] * points.size
    described = _described(tree, name, steps, points[hit_ones], slope[hit_ones], order)
    for place, kink in zip(hit_ones.tolist(), described, strict=True):
        found[place] = kink
    return [found[place] for place in inverse.tolist()] if hit_ones.size else [None] * x.size


def _changing(steps: list[Apply], name: str, x: Array) -> list[Apply]:
    """Return the steps that change near any of the points, all in one go: those of a chain share their parts."""
    with np.errstate(over="ignore"):
        near = [x, next_to(x, -1), next_to(x, 1), x - reach(x), x + reach(x)]
    values = [evaluate_all([indicator(step) for step in steps], {name: each}) for each in near] if steps else []
    return [
        step for step, *sides in zip(steps, *values, strict=True) if any(np.any(side != sides[0]) for side in sides)
    ]


@lru_cache(maxsize=8)
def _samples(low: float, high: float) -> Ordinals:
    """Ordinals, evenly spaced as numbers and as ordinals: neither 1e-9 nor the middle of a range is passed over."""
    first, last = FLOAT64.ordinal(np.array([low, high])).tolist()
    share = np.linspace(0, 1, _SAMPLES)
    evenly = FLOAT64.ordinal(low * (1 - share) + high * share)
    by_ordinal = np.linspace(first, last, _FEWER).astype(np.int64)
    near = FLOAT64.ordinal(np.linspace(max(low, -_NEAR), min(high, _NEAR), _FEWER))
    samples = np.concatenate([evenly, by_ordinal, near, [0]])
    inside = samples[(samples >= first) & (samples <= last)]
    return distinct(np.concatenate([inside, [first - 1, last + 1]]))  # a change at an end is one to its neighbour


def _is_outside(tree: Tree, name: str, x: Array, value: Array) -> NDArray[np.bool_]:
    """Return where the function has no value at a point and on a side of it: outside or at the end of its domain."""
    beside = np.isnan([evaluate(tree, {name: next_to(x, direction)}) for direction in (-1, 1)])
    return np.isnan(value) & np.any(beside, axis=0)


def _described(
    tree: Tree, name: str, steps: list[Apply], x: Array, reported: Array | None = None, order: int = 1
) -> list[Kink | None]:
    """Return the break at each of these points, None where there is none."""
    if not x.size:
        return []
    value, slope = derivatives(tree, name, x, order)[[0, order]]
    points = zip(x.tolist(), value.tolist(), (slope if reported is None else reported).tolist(), strict=True)
    found = [_break(tree, name, steps, *each, order) for each in points]
    hit = [place for place, kink in enumerate(found) if kink]
    for place, reason in zip(hit, _reasons(tree, name, x[hit], order), strict=True):
        kink = found[place]
        assert kink
        between = _SHARES in reason and order == 1 and not _is_between(kink)
        found[place] = replace(kink, reason="the float nearest to it is on that side" if between else reason)
    return found


def _break(tree: Tree, name: str, steps: list[Apply], x: float, value: float, slope: float, order: int) -> Kink | None:
    """Return how the function breaks at a point, if it does, from its certified limits on both sides.

    Its conditions are the steps; the value and the slope, of that order, are what is computed at the point.
    """
    from actfn.exact.sides import PointKind, one_sided

    sides = one_sided(tree, name, x, order)
    if sides.kind is PointKind.SMOOTH and (branches := _branches(tree, name, steps, x)):
        between = _between_floats(*branches, name, x, value, slope, order)
        if between:
            return between
    kind = _kind(sides, value, slope, order)
    if kind is None:
        return None
    lowest = max(1, sides.order)
    ends = [[float(each) for each in side.limits] for side in (sides.left, sides.right)]
    return Kink(x, kind, ends[0][0], ends[1][0], ends[0][lowest], ends[1][lowest], slope, "", lowest, value)


def _kind(sides: Sides, value: float, slope: float, order: int) -> Break | None:
    """Return how a function breaks at a point, or None; what is computed there is the value and the slope."""
    from actfn.exact.sides import PointKind

    if sides.kind in (PointKind.KINK, PointKind.JUMP):
        return Break(sides.kind)
    if sides.kind is PointKind.SMOOTH:
        there = float(sides.left.limits[order])
        return Break.KINK if abs(slope - there) > _ODD * (1 + abs(there)) else None
    if sides.kind is PointKind.VERTICAL_TANGENT:
        return None if slope == float(sides.left.limits[sides.order]) else Break.KINK
    if sides.kind is PointKind.REMOVABLE:
        return Break.REMOVABLE if np.isnan(value) else Break.JUMP
    left, right = (side.limits[0] for side in (sides.left, sides.right))
    if sides.kind is PointKind.POLE and left.known and right.known and float(left) != float(right):
        return Break.JUMP
    unresolved = sides.kind is PointKind.UNRESOLVED and not sides.derivative(order).known
    return Break.UNRESOLVED if unresolved else None


def _branches(tree: Tree, name: str, steps: list[Apply], x: float) -> tuple[tuple[Tree, Tree], float] | None:
    """Return the expression with its conditions as they are left and right of a break near a point, and how near it is.

    None where they are the same on both sides.
    """
    moving = _changing(steps, name, np.array([x]))
    still = [step for step in steps if step not in moving]
    known = dict(zip(still, evaluate_all(still, {name: np.array(x)}).tolist(), strict=True)) if still else {}
    for floats in _DISTANCES if moving else ():
        places = [float(FLOAT64.neighbour(np.array(x), side * floats)) for side in (-1, 1)]
        left, right = ({step: exactly(step, name, place) for step in moving} for place in places)
        told = left != right and None not in (*left.values(), *right.values())
        if told and not any(_is_tied(step, name, place) for step in moving for place in places):
            written_out = rules.piecewise(tree)
            branches = _with_conditions(written_out, known | left), _with_conditions(written_out, known | right)
            return branches, places[1] - places[0]
    return None


def _is_tied(step: Apply, name: str, x: float) -> bool:
    """Return whether a comparison has its tie at x, where it is neither as on the left nor as on the right."""
    return indicator(step) is not step and exactly(indicator(step), name, x) == 0


def _with_conditions(tree: Tree, known: Mapping[Any, float | None]) -> Tree:
    def visit(node: Tree, args: list[Tree]) -> Tree:
        held = known.get(node)
        return folded(node, args) if held is None else number(held)

    return fold(tree, visit)


def _between_floats(
    branches: tuple[Tree, Tree], near: float, name: str, x: float, value: float, slope: float, order: int
) -> Kink | None:
    """Return the break that is so near to x: the branches meet there, up to rounding of the place."""
    from actfn.exact.sides import one_sided

    sides = [one_sided(branch, name, x, order + 1) for branch in branches]
    left, right = ([float(each) for each in side.limits] for side in (sides[0].left, sides[1].right))
    for k in range(order + 1):
        bends = abs(left[k + 1]) + abs(right[k + 1])
        # the place is rounded: what the next derivative makes of that is no break
        if abs(left[k] - right[k]) > 2 * near * bends:
            lowest = max(1, k)
            if k == 0:
                return Kink(x, Break.JUMP, left[0], right[0], left[1], right[1], slope, "", 1, value)
            there = 0.0 if left[0] * right[0] <= 0 and abs(left[0]) <= 2 * near * bends else value
            return Kink(x, Break.KINK, there, there, left[lowest], right[lowest], slope, "", lowest, there)
    return None


def _is_between(kink: Kink) -> bool:
    """Return whether the reported slope is that of neither side, as far as these are finite."""
    slopes = kink.slope_left, kink.slope_right
    return kink.slope not in slopes or not np.isfinite([*slopes, kink.slope]).all()


def _reasons(tree: Tree, name: str, x: Array, order: int) -> list[str]:
    """At each x, which row decides there, and how it decides a tie."""
    reasons = ["the branch taken there has it"] * x.size
    undecided = np.ones(x.shape, bool)
    varying = depends(tree, [name])
    for node in reversed(postorder(tree)):
        if not np.any(undecided):
            break
        if isinstance(node, Apply) and node in varying:
            decided = undecided & _decides(node, name, x)
            for place in np.flatnonzero(decided).tolist():
                reasons[place] = _convention(node, order)
            undecided &= ~decided
    return reasons


def _decides(node: Apply, name: str, x: Array) -> NDArray[np.bool_]:
    """Whether a condition of the node's own, not of its arguments, changes at each x."""
    row = node.row
    decides = np.zeros(x.shape, bool)
    if row is FUNCTIONS["where"]:
        own = set(find_steps(node, name)) - {step for branch in node.args[1:] for step in find_steps(branch, name)}
    elif row.select or row.steps or (row.definition and not row.partials):
        own = set(find_steps(node, name)) - {step for argument in node.args for step in find_steps(argument, name)}
    else:
        return decides
    for step in own:
        here = evaluate(indicator(step), {name: x})
        for direction in (-1, 1):
            decides |= here != beside(indicator(step), step, name, x, direction)
    return decides


def _convention(node: Apply, order: int) -> str:
    row = node.row
    if row is FUNCTIONS["where"]:
        return "where follows its condition as written"
    if row.steps:
        return f"{row.name} is flat on both sides"
    if row.shares:
        return f"{row.name} {_SHARES}"
    if order > 1 and hides_ties(row):
        return f"the formula of {row.name} shares the slope evenly at a tie"
    return "the branch taken there has it" if row.operator else f"{row.name} takes the slope that its frameworks take"
