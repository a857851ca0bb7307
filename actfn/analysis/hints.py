"""What may help against a warning: a wider format, a stabler function or form, or inputs that stay nearer to 0."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.regime import Regime
from actfn.analysis.saturation import classify, stretches
from actfn.expression import printer
from actfn.expression.evaluate import evaluate
from actfn.expression.parser import parse
from actfn.expression.tree import Apply, Tree, Variable, postorder, substitute
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from actfn.analysis.saturation import Stretch
    from actfn.functions.function import Function

_STABLER = {"sigmoid": "log_sigmoid"}  # what tells values apart where a function is at its limit

# forms that cancel where u is near 0, and what is equal to them and does not
_WITHOUT_LOSS = (
    ("exp(u) - 1", "expm1(u)"),
    ("1 - exp(u)", "-expm1(u)"),
    ("log(1 + u)", "log1p(u)"),
    ("log(u + 1)", "log1p(u)"),
    ("1 - cos(u)", "2*sin(u/2)**2"),
    ("cosh(u) - 1", "2*sinh(u/2)**2"),
    ("sqrt(1 + u) - 1", "u/(sqrt(1 + u) + 1)"),
    ("1/(1 + exp(-u)) - 0.5", "tanh(u/2)/2"),
    ("sigmoid(u) - 0.5", "tanh(u/2)/2"),
)
_NEAR_0 = 0.1


def hints(function: Function, form: Format, regime: Regime, x: float) -> Iterator[str]:
    """What may help where a function is met in a regime at x; often nothing."""
    if form is not FLOAT64:
        alike = [each for each in stretches(function, FLOAT64) if each.regime is regime and (each.first < 0) == (x < 0)]
        outwards = _is_outwards(classify(function, form, np.array([x]))[0])
        wide = [each for each in alike if _is_outwards(each) is outwards]
        begins = min((abs(each.first) for each in wide), default=None)
        yield "in float64 it does not" if begins is None else f"in float64 it does so from |x| = {begins:.6g} only"
    if function.name in _STABLER and regime in (Regime.SATURATED, Regime.UNDERFLOW) and not function.order:
        yield f"{_STABLER[function.name]} keeps the digits"
    if regime not in (Regime.SATURATED, Regime.VANISHED):
        return
    if _lasts(function, form, x):
        yield "in a network, a smaller initial scale keeps its inputs nearer to 0"
        return
    yield _other_form(function, x) or "numbers cancel here: another form of it may keep the digits"
    yield "--exact shows the true values"


def _is_outwards(stretch: Stretch) -> bool:
    """Whether it goes on away from 0, and not towards it."""
    return abs(stretch.first) < max(abs(stretch.low), abs(stretch.high))


def _lasts(function: Function, form: Format, x: float) -> bool:
    """Whether all is lost from the stretch around x outwards, so that inputs nearer to 0 are well."""
    stretch = classify(function, form, np.array([x]))[0]
    outer, direction = (stretch.high, 1) if x > 0 else (stretch.low, -1)
    beyond = form.neighbour(np.array([outer]), direction)
    return not np.isfinite(beyond[0]) or classify(function, form, beyond)[0].regime is not Regime.OK


def _other_form(function: Function, x: float) -> str:
    """A part that cancels because what is in it is near 0, and its form without loss; empty if none is known."""
    if function.order:
        return ""
    for node in postorder(function.tree):
        for pattern, stable in _forms():
            found = _matched(pattern, node)
            if found is not None and abs(evaluate(found, {function.variable: np.asarray(x)})) < _NEAR_0:
                better = printer.text(substitute(stable, {"u": found}))
                return f"{better} is {printer.text(node)} without the loss of digits"
    return ""


@cache
def _forms() -> tuple[tuple[Tree, Tree], ...]:
    return tuple(
        (parse(pattern, variables=("u",)), parse(stable, variables=("u",))) for pattern, stable in _WITHOUT_LOSS
    )


def _matched(pattern: Tree, tree: Tree) -> Tree | None:
    """What stands for `u` if the tree has the form of the pattern."""
    pending, found = [(pattern, tree)], None
    while pending:
        form, part = pending.pop()
        if isinstance(form, Variable):
            found = part
        elif not isinstance(form, Apply):
            if form is not part:
                return None
        elif isinstance(part, Apply) and part.row is form.row:
            pending += zip(form.args, part.args, strict=True)
        else:
            return None
    return found
