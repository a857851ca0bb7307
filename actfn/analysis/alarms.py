"""What is to be said of the points of an evaluation: a status for each, and one counted warning for each kind.

Nothing is asked of the exact engine while nothing looks wrong: only points whose value is 0, subnormal, infinite, nan
or what the function has at the ends of the line are looked at closer, and of these only those that are not constant by
definition.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actfn.analysis.labels import constant_by_definition, rest, tails
from actfn.analysis.saturation import Regime, classify, stretches
from actfn.errors import ActfnError, underlined
from actfn.expression.digits import exact_text
from actfn.expression.function import Function
from actfn.expression.tree import Apply, postorder
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actfn.expression.function import VectorFunction
    from actfn.numerics.kernels import Array

OK, OUTSIDE = "ok", "outside"  # outside: the point itself does not fit into the format

_STABLER = {"sigmoid": "log_sigmoid"}  # what tells values apart where a function is at its limit


class Counted(NamedTuple):
    """What a tally has counted, for another process."""

    points: int
    counts: dict[str, int]
    first: dict[str, tuple[float, float]]
    levels: dict[str, set[float]]


@dataclass
class Tally:
    """Counts what went wrong over a stream of points: how often, and where first, by status."""

    function: Function | VectorFunction
    form: Format
    points: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    first: dict[str, tuple[float, float]] = field(default_factory=dict)  # point and value
    levels: dict[str, set[float]] = field(default_factory=dict)  # the values met
    limits: tuple[float, ...] | None = None

    @property
    def counted(self) -> Counted:
        return Counted(self.points, self.counts, self.first, self.levels)

    def merge(self, later: Counted) -> None:
        """Count what was counted over the next part of the stream."""
        self.points += later.points
        for status, count in later.counts.items():
            self.counts[status] = self.counts.get(status, 0) + count
            self.first.setdefault(status, later.first[status])
        for status, levels in later.levels.items():
            self.levels.setdefault(status, set()).update(levels)

    def add(self, x: Array, values: Array, given: Array | None = None) -> list[str]:
        """Count a block.

        Args:
            x: the points, numbers of the format; broadcast against the values.
            values: what was computed there.
            given: the points before they were rounded into the format.

        Returns:
            The status of each value: a regime of `saturation`, `outside` or `ok`.
        """
        self.points += values.size
        statuses = [OK] * values.size
        x = np.broadcast_to(x, values.shape)
        suspicious = self._suspicious(x, values)
        if given is not None and self.form is not FLOAT64:
            lost = np.isfinite(given) & ~np.isfinite(x)
            if np.any(lost):
                self._note(statuses, OUTSIDE, np.flatnonzero(lost), np.broadcast_to(given, values.shape), values)
        if np.any(suspicious):
            places = np.flatnonzero(suspicious)
            found = self._regimes(x[places])
            for regime in dict.fromkeys(found):
                if regime not in (Regime.OK, Regime.MERGED):
                    these = places[[each is regime for each in found]]
                    self._note(statuses, regime.value, these, x, values)
        return statuses

    def add_lines(self, x: Array, values: Array, given: Array) -> list[str]:
        """Count vectors of one length, a row each; the status of each is that of its first alarm."""
        if np.isfinite(values).all() and np.isfinite(x).all():
            self.points += values.size
            return [OK] * len(values)
        return [self.worst(*each) for each in zip(x, values, given, strict=True)]

    def worst(self, x: Array, values: Array, given: Array | None = None) -> str:
        """Count a block that is one record, such as a vector; its status is that of the first alarm."""
        if x.shape != values.shape:  # maxout: the answer has another length, and no element one point of its own
            x = np.full(values.shape, _strangest(x))
            given = None if given is None else np.full(values.shape, _strangest(given))
        return next((status for status in self.add(x, values, given) if status != OK), OK)

    def _suspicious(self, x: Array, values: Array) -> Any:
        finite = np.isfinite(x)
        if not isinstance(self.function, Function):
            return ~np.isfinite(values) & finite & ~np.any(np.isnan(x))
        if self.limits is None:
            self.limits = tuple({c for c, _ in tails(self.function, self.form).values() if c})
        if self._is_ordinary(values):
            return np.zeros(values.shape, bool)
        suspicious = ~np.isfinite(values) | ((np.abs(values) < self.form.smallest_normal) & (x != 0))
        for limit in self.limits:
            suspicious |= values == limit
        suspicious &= finite
        if np.any(suspicious) and not self._has_formula():
            return suspicious & ~np.isfinite(values)
        if np.any(suspicious):
            suspicious[suspicious] = ~constant_by_definition(self.function, x[suspicious])
        return suspicious

    def _is_ordinary(self, values: Array) -> bool:
        """Whether the smallest and the largest value tell already that nothing is wrong: the usual case, quickly."""
        if not values.size:
            return True
        low, high = float(values.min()), float(values.max())
        if not (np.isfinite(low) and np.isfinite(high)) or any(low <= limit <= high for limit in self.limits or ()):
            return False
        tiny = self.form.smallest_normal
        return low >= tiny or high <= -tiny or float(np.abs(values).min()) >= tiny

    def _has_formula(self) -> bool:
        """Whether there is an expression to ask for exact values: not for derivatives of a very high order."""
        if not isinstance(self.function, Function):
            return False
        try:
            self.function.exact_tree()
        except ActfnError:
            return False
        return True

    def _regimes(self, x: Array) -> list[Regime]:
        if not isinstance(self.function, Function) or not self._has_formula():
            return [Regime.UNDEFINED] * x.size
        return [stretch.regime for stretch in classify(self.function, self.form, x)]

    def _note(self, statuses: list[str], status: str, places: Any, x: Array, values: Array) -> None:
        self.counts[status] = self.counts.get(status, 0) + len(places)
        self.first.setdefault(status, (float(x[places[0]]), float(values[places[0]])))
        if status == Regime.SATURATED:
            self.levels.setdefault(status, set()).update((np.unique(values[places]) + 0.0).tolist())
        for place in places.tolist():
            statuses[place] = status


def _strangest(x: Array) -> float:
    """The first element that is not finite, else the first."""
    return float(x[np.argmin(np.isfinite(x))])


def sentences(tally: Tally) -> list[str]:
    """One warning for each kind, with the exact value at the first point and what may help."""
    return [_sentence(tally, status) for status in tally.counts]


def _sentence(tally: Tally, status: str) -> str:
    function, form = tally.function, tally.form
    x, computed = tally.first[status]
    points = f"at {tally.counts[status]} of {tally.points} {'point' if tally.points == 1 else 'points'}"
    name = _shown_name(function)
    if status == OUTSIDE:
        return (
            f"the point does not fit into {form.name}, whose largest number is {form.max:g}, {points}, first x = {x!r}"
        )
    if status == Regime.UNDEFINED or not isinstance(function, Function):
        return f"{name} has no value {points}, first at x = {x!r}"
    exact = function.exact_value(x, 20).value
    levels = " or ".join(f"{level:.17g}" for level in sorted(tally.levels.get(status, ())))
    start = f" (from x = {_start(function, form, x)})"
    head = {
        Regime.SATURATED: f"{name} is exactly {levels} in {form.name} {points}{start}: "
        f"the true value at {x!r} is {_near(function, x, computed, exact)}",
        Regime.VANISHED: f"{name} is exactly 0 in {form.name} {points}{start}: at {x!r} it is {_short(exact)}",
        Regime.UNDERFLOW: f"{name} underflows in {form.name} {points}{start}: the true value at {x!r} is "
        f"{_short(exact)}, the smallest normal number {form.smallest_normal:.3g}",
        Regime.OVERFLOW: f"{name} overflows in {form.name} {points}{start}: the true value at {x!r} is "
        f"{_short(exact)}, the largest number {form.max:.3g}",
        Regime.INVALID: f"{name} is nan in {form.name} {points}{start}: the true value at {x!r} is {_short(exact)}",
    }[Regime(status)]
    if status == Regime.SATURATED and not function.order:
        head += f", its slope {_short(function.derivative().exact_value(x, 8).value)}"
    return "\n".join([head, *_culprit(function, form, x), *_hints(function, form, Regime(status), x)])


def _shown_name(function: Function | VectorFunction) -> str:
    if isinstance(function, Function) and function.order:
        return f"the derivative of {function.name}"
    return function.name


def _start(function: Function, form: Format, x: float) -> str:
    """Where the stretch around x begins, reading outwards."""
    return f"{classify(function, form, np.array([x]))[0].first:.7g}"


def _near(function: Function, x: float, limit: float, exact: Any) -> str:
    """An exact value as what it is short of its limit: 1 - 2.06e-9."""
    short_of = rest(function, x, limit)
    if not short_of.certain:
        return "nearer to it than thousands of digits tell"
    if limit == 0 or not short_of.value:
        return _short(exact)
    return f"{limit:.17g} {'-' if short_of.value < 0 else '+'} {_short(abs(short_of.value))}"


def _short(exact: Any) -> str:
    return exact_text(exact, 3)


def _culprit(function: Function, form: Format, x: float) -> Iterator[str]:
    """The operation of a typed expression that leaves the floats first, underlined."""
    if function.named or function.order:
        return
    from actfn.catalogue.lookup import CatalogueNames
    from actfn.expression import exact
    from actfn.expression.evaluate import parts
    from actfn.expression.parser import locate

    results = parts(function.tree, {function.variable: np.asarray(x)}, form)
    for node in postorder(function.tree):
        if not isinstance(node, Apply) or np.isfinite(results[node]):
            continue
        if all(np.isfinite(results[argument]) for argument in node.args):
            true = exact.value(node, {function.variable: x}, 8)
            if true.defined:
                what = "overflows" if np.isinf(results[node]) else "is nan"
                yield f"  {_part(node)} {what} at x = {x!r}: its true value is {_short(true.value)}"
                tree, spans = locate(function.name, CatalogueNames())
                if tree is function.tree and node in spans:
                    yield from underlined(function.name, spans[node])
            return


def _part(node: Apply) -> str:
    """The operation as text, if anybody could read it."""
    from actfn.expression.printer import text

    try:
        return text(node)
    except ActfnError:
        return "a part of it"


def _hints(function: Function, form: Format, regime: Regime, x: float) -> Iterator[str]:
    hints = []
    if form is not FLOAT64:
        wide = [each for each in stretches(function, FLOAT64) if each.regime is regime and (each.first < 0) == (x < 0)]
        begins = min((abs(each.first) for each in wide), default=None)
        hints.append(
            "in float64 it does not" if begins is None else f"in float64 it does so from |x| = {begins:.6g} only"
        )
    if function.name in _STABLER and regime in (Regime.SATURATED, Regime.UNDERFLOW) and not function.order:
        hints.append(f"{_STABLER[function.name]} keeps the digits")
    if regime in (Regime.SATURATED, Regime.VANISHED):
        hints.append("in a network, a smaller initial scale keeps its inputs nearer to 0")
    if hints:
        yield f"hint: {'; '.join(hints)}"
