"""Where a function is not smooth: kinks and jumps, found from the conditions of the rows that choose.

Written out with `where`, an expression changes its branch only where a comparison or a row of steps changes its value.
Those places are searched on the ordinals of float64, so each is known to the last float, or to the number of few digits
that rounding has moved it from. Its one-sided values and slopes are those of the branches: the conditions are decided
beside it, by `steps.beside`, everything else is computed at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from actfn.expression import rules
from actfn.expression.evaluate import evaluate
from actfn.expression.jet import derivatives
from actfn.expression.primitives import FUNCTIONS
from actfn.expression.steps import beside, changes_of, find_steps, indicator, is_at, next_to, outermost, reach
from actfn.expression.ties import hides_ties, pulled_out
from actfn.expression.tree import Apply, Tree, depends, postorder
from actfn.numerics.bisection import Ordinals, distinct
from actfn.numerics.formats import FLOAT64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actfn.numerics.kernels import Array

MOST = 10_000  # of a function such as floor(1e9*x) the first so many are found

_SAMPLES, _FEWER, _NEAR = 4097, 2049, 2.0  # fewer by ordinal, and near 0
_SAME = 1e-12  # one-sided values that differ by less, relative to their size, are one value rounded twice
_ODD = 1e-6  # a slope that differs from those of both sides by so much is not rounded
_SHARES = "shares the slope evenly at a tie"
_LOST = 4  # so many times as much with each order, whose derivatives are sums of ever more terms


class Break(StrEnum):
    """How a function breaks at a place."""

    KINK = "kink"  # its slope changes
    JUMP = "jump"  # its value does


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


def find(tree: Tree, name: str, low: float, high: float) -> tuple[Kink, ...]:
    """All kinks and jumps between two finite numbers, ends included, from left to right.

    Conditions that change and change back between two of some thousand samples are missed.
    """
    x = places(tree, name, low, high)
    return tuple(kink for kink in _described(tree, name, find_steps(tree, name), x) if kink)


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


def at(tree: Tree, name: str, x: Array, order: int = 1) -> list[Kink | None]:
    """The kink at each of these points, None where the function is smooth. x: float64, one dimension.

    With an order, kinks of derivatives count up to that below it, those of x*abs(x) for 2. A place counts as well where
    the derivative is reported to be another one than it is on both sides, as that of `1 if x == 1 else x`.
    """
    points, inverse = np.unique(x, return_inverse=True)
    hit = np.zeros(points.shape, bool)
    finite = np.where(np.isfinite(points), points, 1.0)
    steps = find_steps(tree, name)
    for step in outermost(tree, steps):
        hit |= is_at(step, name, finite)
    hit_ones = np.flatnonzero(hit & np.isfinite(points))
    found: list[Kink | None] = [None] * points.size
    described = _described(tree, name, steps, points[hit_ones], order, odd=True)
    for place, kink in zip(hit_ones.tolist(), described, strict=True):
        found[place] = kink
    return [found[place] for place in inverse.tolist()] if hit_ones.size else [None] * x.size


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


def _described(
    tree: Tree, name: str, steps: list[Apply], x: Array, order: int = 1, *, odd: bool = False
) -> list[Kink | None]:
    if not x.size:
        return []
    written_out = rules.piecewise(pulled_out(tree, name) if order > 1 else tree)
    steps = find_steps(written_out, name) if order > 1 else steps
    left = _one_sided(written_out, name, steps, x, -1, order + 1)
    right = _one_sided(written_out, name, steps, x, 1, order + 1)
    value, slope = derivatives(tree, name, x, order)[[0, order]]
    # the place itself is rounded: what the next derivative makes of that is no break
    with np.errstate(over="ignore"):
        bends = np.abs(left[1:]) + np.abs(right[1:])
        blur = 4 * FLOAT64.spacing(x) * np.where(np.isfinite(bends), bends, 0.0)
    apart = [_differ(left[k], right[k], blur[k], _SAME * _LOST**k) for k in range(order + 1)]
    apart[0] |= _differ(value, left[0], blur[0]) & _differ(value, right[0], blur[0])
    apart[1] |= np.isinf(left[1]) & np.isinf(right[1])  # sign(x)*sqrt(abs(x)) is upright at 0
    if odd:
        apart[order] |= _far_from(slope, left[order]) & _far_from(slope, right[order])
    # beyond the end of a domain there is nothing to jump to
    whole = ~np.any([np.isnan(evaluate(tree, {name: next_to(x, direction)})) for direction in (-1, 1)], axis=0)
    broken = np.array(apart) & whole
    first = np.argmax(broken, axis=0)
    hit = np.any(broken, axis=0)
    reasons = iter(_reasons(tree, name, x[hit], order))
    found: list[Kink | None] = []
    for place, where in enumerate(x.tolist()):
        if not hit[place]:
            found.append(None)
            continue
        lowest = max(1, int(first[place]))
        kind = Break.KINK if first[place] else Break.JUMP
        there, values = float(value[place]), (float(left[0, place]), float(right[0, place]))
        if kind is Break.KINK:  # the place is rounded: abs(x*x - 2) is 0 between two floats
            there = 0.0 if values[0] * values[1] <= 0 and max(map(abs, values)) <= blur[0, place] else there
            values = there, there
        slopes = float(left[lowest, place]), float(right[lowest, place]), float(slope[place])
        reason = next(reasons)
        if _SHARES in reason and order == 1 and not _is_between(slopes):
            reason = "the float nearest to it is on that side"
        found.append(Kink(where, kind, *values, *slopes, reason, lowest, there))
    return found


def _far_from(reported: Array, side: Array) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):  # infinities
        return np.asarray(np.abs(reported - side) > _ODD * (1 + np.abs(side)))


def _is_between(slopes: tuple[float, float, float]) -> bool:
    """Whether the reported slope is neither that of the left nor that of the right, as far as these are finite."""
    left, right, reported = slopes
    return reported not in (left, right) or not np.isfinite(slopes).all()


def _one_sided(tree: Tree, name: str, steps: list[Apply], x: Array, direction: int, order: int) -> Array:
    """Value and derivatives of the branch beside each point; where the branch has none there, one float further."""
    fixed: dict[Tree, Array] = {step: beside(step, step, name, x, direction) for step in outermost(tree, steps)}
    here = derivatives(tree, name, x, order, fixed=fixed)
    further = derivatives(tree, name, next_to(x, direction), order, fixed=fixed)
    # the sign of an infinite slope is that beside it: half of 1/sqrt(-x) at 0 knows no sides
    here = np.where(np.isinf(here) & (further != 0), np.copysign(here, further), here)
    return np.where(np.isnan(here), further, here)


def _differ(a: Array, b: Array, allowed: Array | float, same: float = _SAME) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):  # infinities
        return _apart(a, b, allowed, same)


def _apart(a: Array, b: Array, allowed: Array | float, same: float) -> NDArray[np.bool_]:
    size = np.nan_to_num(np.maximum(np.abs(a), np.abs(b)), posinf=0.0)
    near = np.abs(a - b) <= np.maximum(same * size, allowed)
    return ~(near | (a == b) | (np.isnan(a) & np.isnan(b)))


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
