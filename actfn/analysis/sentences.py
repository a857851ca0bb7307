"""What was counted over a stream, in words: one warning for each kind, with what is true and what may help."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.alarms import OUTSIDE
from actfn.analysis.hints import hints
from actfn.analysis.labels import rest
from actfn.analysis.regime import Regime
from actfn.analysis.saturation import classify
from actfn.errors import ActfnError, LengthError, underlined
from actfn.expression.tree import Apply, postorder
from actfn.functions.function import Function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actfn.analysis.alarms import Tally
    from actfn.exact.number import Exact
    from actfn.numerics.formats import Format


def sentences(tally: Tally) -> list[str]:
    """One warning for each kind, with the exact value at the first point and what may help."""
    return [_sentence(tally, status) for status in tally.counts]


def _sentence(tally: Tally, status: str) -> str:
    function, form = tally.function, tally.form
    x, computed = tally.first[status]
    points = f"at {tally.counts[status]} of {tally.points} {'point' if tally.points == 1 else 'points'}"
    name = function.title
    if status == OUTSIDE:
        return (
            f"the point does not fit into {form.name}, whose largest number is {form.max:g}, {points}, first x = {x!r}"
        )
    if status == Regime.UNDEFINED or not isinstance(function, Function):
        return f"{name} has no value {points}, first at x = {x!r}"
    exact = function.exact(x, 20)
    short = _told(exact)
    levels = " or ".join(f"{level:.17g}" for level in sorted(tally.levels.get(status, ())))
    start = f" (from x = {_start(function, form, x)})"
    head = {
        Regime.SATURATED: f"{name} is exactly {levels} in {form.name} {points}{start}: "
        f"the true value at {x!r} is {_near(function, x, computed, exact)}",
        Regime.VANISHED: f"{name} is exactly 0 in {form.name} {points}{start}: at {x!r} it is {short}",
        Regime.UNDERFLOW: f"{name} underflows in {form.name} {points}{start}: the true value at {x!r} is "
        f"{short}, the smallest normal number {form.smallest_normal:.3g}",
        Regime.OVERFLOW: f"{name} {'overflows' if exact.is_at_least(form.max) else 'is infinite'} in {form.name} "
        f"{points}{start}: the true value at {x!r} is {short}{_beyond(exact, form)}",
        Regime.INVALID: f"{name} is nan in {form.name} {points}{start}: the true value at {x!r} is {short}"
        f"{_beyond(exact, form)}",
    }[Regime(status)]
    if status == Regime.SATURATED and not function.order:
        head += f", its slope {_told(function.derivative().exact(x, 8))}"
    helps = "; ".join(hints(function, form, Regime(status), x))
    return "\n".join([head, *_culprit(function, form, x), *([f"hint: {helps}"] if helps else [])])


def _beyond(exact: Exact, form: Format) -> str:
    """Why a format holds infinity, or nan if it has none: what is too large for it."""
    return f", the largest number {form.max:.3g}" if exact.is_at_least(form.max) else ""


def _start(function: Function, form: Format, x: float) -> str:
    """Where the stretch around x begins, reading outwards."""
    return f"{classify(function, form, np.array([x]))[0].first:.7g}"


def _near(function: Function, x: float, limit: float, exact: Exact) -> str:
    """An exact value as what it is short of its limit: 1 - 2.06e-9."""
    short_of = rest(function, x, limit)
    if not short_of.certain:
        return "nearer to it than hundreds of digits tell"
    if limit == 0 or not short_of.sign:
        return _told(exact)
    return f"{limit:.17g} {'-' if short_of.sign < 0 else '+'} {_told(short_of).removeprefix('-')}"


def _told(exact: Exact) -> str:
    if exact.bounded:
        return f"nearer to 0 than {exact.bound}"
    return "too large to be told" if exact.huge else exact.shown(3)


def _culprit(function: Function, form: Format, x: float) -> Iterator[str]:
    """The operation of a typed expression that leaves the floats first, underlined."""
    if function.named or function.order:
        return
    from actfn.catalogue.lookup import CatalogueNames
    from actfn.exact import value
    from actfn.expression.evaluate import parts
    from actfn.expression.parser import locate

    results = parts(function.tree, {function.variable: np.asarray(x)}, form)
    for node in postorder(function.tree):
        if not isinstance(node, Apply) or np.isfinite(results[node]):
            continue
        if all(np.isfinite(results[argument]) for argument in node.args):
            true = value.value(node, {function.variable: x}, 8)
            if true.defined:
                what = "overflows" if np.isinf(results[node]) else "is nan"
                yield f"  {_part(node)} {what} at x = {x!r}: its true value is {_told(true)}"
                with suppress(ActfnError):  # a framework's name, such as neat:exp, is no expression
                    tree, spans = locate(function.name, CatalogueNames())
                    if tree is function.tree and node in spans:
                        yield from underlined(function.name, spans[node])
            return


def _part(node: Apply) -> str:
    """The operation as text, if anybody could read it."""
    from actfn.expression.printer import text

    try:
        return text(node)
    except LengthError:
        return "a part of it"
