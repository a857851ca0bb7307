"""Forward mode: truncated Taylor series of any order, from the rules of the table.

For y = f(u) the chain rule y' = f'(u) u' gives, coefficient by coefficient,

    y_k = 1/k sum_{j<k} p_j (k-j) u_{k-j},

where p is the series of the rule f'(u), itself an expression of the language. All series that are needed, those of the
rules of the rules included, grow together, one order at a time; since equal expressions are the same node, the rules
of tanh, sech, tanh, … close after two steps, and the order costs no more than its square.

What keeps it right: a coefficient that is 0 by structure is None and takes part in nothing (x**2 at 0 has a third
derivative); rows that choose take the coefficients of the branch they chose; the rule of an argument that does not
depend on the variable is never looked at.
"""

from __future__ import annotations

from functools import lru_cache
from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.expression import rules
from actfn.expression.evaluate import blockwise, operate
from actfn.expression.primitives import FUNCTIONS
from actfn.expression.tree import Apply, Number, Tree, Variable
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from collections.abc import Mapping

    from actfn.numerics.kernels import Array

_WHERE = FUNCTIONS["where"]

Series = list[Any]  # coefficients, None where 0 by structure


def derivatives(
    tree: Tree,
    name: str,
    x: Array,
    order: int,
    form: Format = FLOAT64,
    fixed: Mapping[Tree, Any] | None = None,
) -> Array:
    """The value and the derivatives up to an order.

    Args:
        tree: an expression in one variable.
        name: the variable.
        x: where; float64, any shape.
        order: the highest derivative, 0 to 170 (170! is the last factorial that is a float).
        form: every operation is rounded into it.
        fixed: values of nodes to be taken as they are, such as conditions decided elsewhere.

    Returns:
        (order + 1, *x.shape): entry n is the n-th derivative; from the first on, nan at nan.
    """
    plan = _plan(tree, name, order)

    def compute(values: Mapping[str, Array]) -> Array:
        block = values[name]
        series = _grown(plan, name, block, form, fixed or {})
        scaled = [_dense(coefficient, block) * factorial(n) for n, coefficient in enumerate(series)]
        result = np.stack(scaled) if order else scaled[0][None]
        return np.concatenate([result[:1], np.where(np.isnan(block), np.nan, result[1:])])

    return blockwise(compute, {name: form.round(x)}, leading=(order + 1,), divisible=not fixed)


class _Plan:
    """What has to be computed: each node, to which order, arguments first."""

    def __init__(self, tree: Tree, name: str, order: int) -> None:
        self.tree = tree
        self.name = name
        self.orders: dict[Tree, int] = {}
        self.varying: dict[Tree, bool] = {}
        self.stands_for: dict[Tree, Tree] = {}  # a row that chooses or has no rule of its own: its written-out form
        self.rules: dict[Tree, list[tuple[Tree, Tree]]] = {}  # (rule, argument) of each argument that varies
        self.slopes: dict[Tree, Apply] = {}  # a rule whose value the slope kernel of this node's row has
        self._require(tree, order)
        self.sequence = self._sequence()

    def _require(self, tree: Tree, order: int) -> None:
        pending = [(tree, order)]
        while pending:
            node, needed = pending.pop()
            if self.orders.get(node, -1) >= needed:
                continue
            self.orders[node] = needed
            if isinstance(node, Apply):
                pending += self._requirements(node, needed)

    def _requirements(self, node: Apply, order: int) -> list[tuple[Tree, int]]:
        row = node.row
        if node in self.slopes and order == 0:
            return [(argument, 0) for argument in self.slopes[node].args]
        values = [(argument, 0) for argument in node.args]
        if not order or not self.varies(node) or row.steps:
            return values if row.kernel else [(self._written_out(node), 0)]
        if row is _WHERE:
            return [(node.args[0], 0), (node.args[1], order), (node.args[2], order)]
        if row.select or not row.partials:
            return [*(values if row.kernel else []), (self._written_out(node), order)]
        rules_of = self._rules_of(node)
        return [
            *values,
            *((argument, order) for _, argument in rules_of),
            *((rule, order - 1) for rule, _ in rules_of),
        ]

    def varies(self, node: Tree) -> bool:
        """Whether the node depends on the variable."""
        pending = [node]
        while pending:
            top = pending[-1]
            children = top.args if isinstance(top, Apply) else ()
            unknown = [child for child in children if child not in self.varying]
            if unknown and top not in self.varying:
                pending += unknown
                continue
            pending.pop()
            of_arguments = any(self.varying[child] for child in children)
            self.varying[top] = of_arguments or (isinstance(top, Variable) and top.name == self.name)
        return self.varying[node]

    def _written_out(self, node: Apply) -> Tree:
        if node not in self.stands_for:
            text = rules.selection(node.row) if node.row.select else rules.definition(node.row)
            self.stands_for[node] = rules.applied(text, node)
        return self.stands_for[node]

    def _rules_of(self, node: Apply) -> list[tuple[Tree, Tree]]:
        if node not in self.rules:
            self.rules[node] = [
                (rules.applied(rule, node), argument)
                for rule, argument in zip(rules.partials(node.row), node.args, strict=True)
                if self.varies(argument)
            ]
            if node.row.slope and self.varies(node.args[0]):
                self.slopes[self.rules[node][0][0]] = node
        return self.rules[node]

    def _sequence(self) -> list[Tree]:
        done: set[Tree] = set()
        sequence: list[Tree] = []
        for root in self.orders:
            pending = [(root, False)]
            while pending:
                node, ready = pending.pop()
                if ready:
                    sequence.append(node)
                elif node not in done:
                    done.add(node)
                    pending.append((node, True))
                    pending += [(child, False) for child in self._before(node) if child in self.orders]
        return sequence

    def _before(self, node: Tree) -> list[Tree]:
        if not isinstance(node, Apply):
            return []
        origin = list(self.slopes[node].args) if node in self.slopes else []
        if origin and self.orders[node] == 0:
            return origin
        return [*node.args, *origin, *([self.stands_for[node]] if node in self.stands_for else [])]


@lru_cache(maxsize=64)
def _plan(tree: Tree, name: str, order: int) -> _Plan:
    return _Plan(tree, name, order)


def _grown(plan: _Plan, name: str, x: Array, form: Format, fixed: Mapping[Tree, Any]) -> Series:
    """The series of the plan's tree at x."""
    series: dict[Tree, Series] = {}
    with np.errstate(all="ignore"):
        for node in plan.sequence:
            series[node] = [_value(plan, node, series, name, x, form, fixed)]
        for k in range(1, plan.orders[plan.tree] + 1):
            for node in plan.sequence:
                if plan.orders[node] >= k:
                    series[node].append(_coefficient(plan, node, series, k, form) if plan.varies(node) else None)
    return series[plan.tree]


def _value(
    plan: _Plan, node: Tree, series: dict[Tree, Series], name: str, x: Array, form: Format, fixed: Mapping[Tree, Any]
) -> Any:
    if node in fixed:
        return fixed[node]
    if isinstance(node, Variable):
        assert node.name == name
        return x
    if isinstance(node, Number):
        return form.round(node.value)
    if node in plan.slopes:
        origin = plan.slopes[node]
        assert origin.row.slope
        return form.round(origin.row.slope(*(series[argument][0] for argument in origin.args)))
    if not node.row.kernel:
        return series[plan.stands_for[node]][0]
    return form.round(operate(node, [series[argument][0] for argument in node.args]))


def _coefficient(plan: _Plan, node: Tree, series: dict[Tree, Series], k: int, form: Format) -> Any:
    """The k-th coefficient, k >= 1, of a node that varies."""
    if isinstance(node, Variable):
        return np.float64(1) if k == 1 else None
    assert isinstance(node, Apply)
    if node.row.steps:
        return None
    if node in plan.stands_for:
        return series[plan.stands_for[node]][k]
    if node.row is _WHERE:
        condition, chosen, other = (series[argument] for argument in node.args)
        if chosen[k] is None and other[k] is None:
            return None
        return np.where(condition[0] != 0, _or_zero(chosen[k]), _or_zero(other[k]))
    total = None
    for rule, argument in plan.rules[node]:
        slope, inner = series[rule], series[argument]
        for j in range(k):
            if slope[j] is None or inner[k - j] is None or rule is rules.ZERO:
                continue
            term = slope[j] * inner[k - j] * ((k - j) / k) if j else slope[j] * inner[k]
            total = form.round(term) if total is None else form.round(total + form.round(term))
    return total


def _or_zero(coefficient: Any) -> Any:
    return 0.0 if coefficient is None else coefficient


def _dense(coefficient: Any, x: Array) -> Array:
    return np.broadcast_to(np.asarray(_or_zero(coefficient), np.float64), x.shape)
