"""Forward mode: the derivatives of any order, all at once, from the rules of the table.

For y = f(u) the chain rule y' = f'(u) u' gives, derivative by derivative (Leibniz),

    y_k = sum_{j<k} binomial(k-1, j) p_j u_{k-j},

where p are the derivatives of the rule f'(u), itself an expression of the language. All that are needed, those of the
rules of the rules included, grow together, one order at a time; since equal expressions are the same node, the rules
of tanh, sech, tanh, … close after two steps, and the order costs no more than its square. Derivatives are kept and not
Taylor coefficients, which a factorial smaller underflow where the derivative does not.

What keeps it right: a derivative that is 0 by structure takes part in nothing, everywhere (None: x**2 at 0 has a third
derivative) or at some points (`Part.zero`: sqrt(max(0, x)) at -1); rows that choose take the derivatives of the branch
they chose; the rule of an argument that does not depend on the variable is never looked at.
"""

from __future__ import annotations

from functools import lru_cache
from math import comb
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actfn.expression import effort, rules
from actfn.expression.evaluate import BLOCK, blockwise, cost, operation
from actfn.expression.primitives import FUNCTIONS
from actfn.expression.simplify import folded
from actfn.expression.ties import pulled_out
from actfn.expression.tree import Apply, Number, Tree, Variable, fold
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from actfn.numerics.kernels import Array

_WHERE = FUNCTIONS["where"]
_FEW = 1024  # points for which calling NumPy takes longer than what it does: all terms of a sum go into one call
_HIGH = 16  # from this order on
_PER_SUM, _PER_TERM, _PER_CHOICE, _PER_VISIT, _PER_PLAN = 12, 2, 8, 5, 20  # calls


class Part(NamedTuple):
    """Derivatives at points, and at which of them they are 0 by structure, and not by computation."""

    value: Any
    zero: Any


class Series:
    """The derivatives of a node, each of them numbers, a Part, or None where 0 by structure everywhere.

    Attributes:
        entries: the derivatives known so far.
        table: the same in one array (order + 1, *shape of the points), None where there are many points.
        there: which of the table's are not None.
        plain: whether the table has all of them: none is a Part.
    """

    __slots__ = ("entries", "plain", "table", "there")

    def __init__(self, order: int, shape: tuple[int, ...] | None = None) -> None:
        self.entries: list[Any] = []
        self.table = None if shape is None else np.empty((order + 1, *shape))
        self.there = np.zeros(order + 1, bool)
        self.plain = shape is not None

    def append(self, derivative: Any) -> None:
        """Add the derivative of the next order."""
        if type(derivative) is Part:
            self.plain = False
        elif self.plain and derivative is not None and self.table is not None:
            self.table[len(self.entries)] = derivative
            self.there[len(self.entries)] = True
        self.entries.append(derivative)


Factors = list[tuple[Series, Series]]  # the series of a rule and of the argument that it is multiplied with


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
        order: the highest derivative, 0 or more.
        form: every operation is rounded into it.
        fixed: values of nodes to be taken as they are, such as conditions decided elsewhere.

    Returns:
        (order + 1, *x.shape): entry n is the n-th derivative; from the first on nan where there is no value.
    """
    fixed = fixed or {}
    plan = _plan(tree, name, order, as_it_stands=bool(fixed) or form is not FLOAT64)

    def compute(values: Mapping[Any, Array]) -> Array:
        block = values[name]
        with np.errstate(all="ignore"):
            series = _grown(plan, _Floats(plan, block, form, {node: values[node] for node in fixed}))
        result = np.stack([_dense(derivative, block) for derivative in series])
        result[1:, np.isnan(block) | np.isnan(result[0])] = np.nan
        return result

    most = max(1, min(BLOCK, effort.BYTES // (8 * plan.held)))
    return blockwise(compute, {name: form.round(x), **fixed}, leading=(order + 1,), most=most)


class Plan:
    """What has to be computed: each node, to which order, arguments first.

    With `exact`, values are those of the rows' counterparts in certified arithmetic, of other rows those of their
    stable forms; otherwise those of the rows' kernels, which also give some slopes, or of their definitions.

    Attributes:
        held: derivatives of all nodes together.
        sums, terms: of the chain rule, in all.
        choices: derivatives of branches that are chosen, in all.
        calls, per_number: what the values of all nodes take on floats, known with `operations`.
    """

    def __init__(self, tree: Tree, name: str, order: int, *, exact: bool = False) -> None:
        self.exact = exact
        self.tree = tree
        self.name = name
        self.orders: dict[Tree, int] = {}
        self.varying: dict[Tree, bool] = {}
        self.stands_for: dict[Tree, Tree] = {}  # a row that chooses or has no rule of its own: its written-out form
        self.value_of: dict[Tree, Tree] = {}  # a row whose value is that of another form
        self.rules: dict[Tree, list[tuple[Tree, Tree]]] = {}  # (rule, argument) of each argument that varies
        self.slopes: dict[Tree, Apply] = {}  # a rule whose value the slope kernel of this node's row has
        self._require(tree, order)
        self.sequence = self._sequence()
        self.operations: dict[Tree, Callable[..., Any]] = {}
        self.calls = self.per_number = 0
        self.held = sum(order + 1 for order in self.orders.values())
        self.sums = sum(self.orders.values())
        self.terms = sum(
            len(each) * order * (order + 1) // 2 for node, each in self.rules.items() for order in [self.orders[node]]
        )
        self.choices = sum(
            order for node, order in self.orders.items() if isinstance(node, Apply) and node.row is _WHERE
        )

    def _require(self, tree: Tree, order: int) -> None:
        pending = [(tree, order)]
        while pending:
            node, needed = pending.pop()
            if self.orders.get(node, -1) >= needed:
                continue
            effort.charge(_PER_VISIT * effort.CALL)
            self.orders[node] = needed
            if isinstance(node, Apply):
                pending += self._requirements(node, needed)

    def _requirements(self, node: Apply, order: int) -> list[tuple[Tree, int]]:
        row = node.row
        if node in self.slopes and order == 0:
            return [(argument, 0) for argument in self.slopes[node].args]
        values = [(argument, 0) for argument in node.args]
        if not (row.exact if self.exact else row.kernel):
            values = [(self._other_form(node), 0)]
        if not order or not self.varies(node) or row.steps:
            return values
        if row is _WHERE:
            return [(node.args[0], 0), (node.args[1], order), (node.args[2], order)]
        if row.select or not row.partials:
            return [*values, (self._written_out(node), order)]
        rules_of = self._rules_of(node)
        return [
            *values,
            *((argument, order) for _, argument in rules_of),
            *((rule, order - 1) for rule, _ in rules_of),
        ]

    def varies(self, node: Tree) -> bool:
        """Whether the node depends on the variable."""
        known = self.varying.get(node)
        if known is not None:
            return known
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

    def _other_form(self, node: Apply) -> Tree:
        if node not in self.value_of:
            form = rules.stable(node.row) if self.exact else rules.definition(node.row)
            self.value_of[node] = rules.applied(form, node)
        return self.value_of[node]

    def _rules_of(self, node: Apply) -> list[tuple[Tree, Tree]]:
        if node not in self.rules:
            self.rules[node] = [
                (rules.applied(rule, node), argument)
                for rule, argument in zip(rules.partials(node.row), node.args, strict=True)
                if self.varies(argument)
            ]
            if node.row.slope and not self.exact and self.varies(node.args[0]):
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
        forms = [form[node] for form in (self.stands_for, self.value_of) if node in form]
        return [*node.args, *origin, *forms]


@lru_cache(maxsize=64)
def _plan(tree: Tree, name: str, order: int, *, as_it_stands: bool) -> Plan:
    if order > 1:
        tree = pulled_out(tree, name)
    # x**(1 + 1) has a third derivative at 0; a constant folded exactly is no other in float64
    return Plan(tree if as_it_stands else fold(tree, folded), name, order)


def _grown(plan: Plan, numbers: _Floats) -> list[Any]:
    """Return the value and the derivatives of the plan's tree."""
    series: dict[Tree, Series] = {}
    for node in plan.sequence:
        series[node] = numbers.series(plan.orders[node])
        series[node].append(_value(plan, node, series, numbers))
    for k in range(1, plan.orders[plan.tree] + 1):
        for node in plan.sequence:
            if plan.orders[node] >= k:
                series[node].append(_next(plan, node, series, k, numbers) if plan.varies(node) else None)
    return series[plan.tree].entries


def _value(plan: Plan, node: Tree, series: dict[Tree, Series], numbers: _Floats) -> Any:
    origin = plan.slopes.get(node, node)
    if origin is node and node in plan.value_of:
        return series[plan.value_of[node]].entries[0]
    arguments = origin.args if isinstance(origin, Apply) else ()
    return numbers.value(node, [series[argument].entries[0] for argument in arguments])


def _next(plan: Plan, node: Tree, series: dict[Tree, Series], k: int, numbers: _Floats) -> Any:
    """The k-th derivative, k >= 1, of a node that varies."""
    if isinstance(node, Variable):
        return numbers.one() if k == 1 else None
    assert isinstance(node, Apply)
    if node.row.steps:
        return None
    if node in plan.stands_for:
        return series[plan.stands_for[node]].entries[k]
    if node.row is _WHERE:
        condition, chosen, other = (series[argument].entries for argument in node.args)
        return numbers.choose(condition[0], chosen[k], other[k])
    factors = [(series[rule], series[argument]) for rule, argument in plan.rules[node] if rule is not rules.ZERO]
    return numbers.chain(factors, k)


class _Floats:
    """Arrays of floats, every operation rounded into a format."""

    def __init__(self, plan: Plan, x: Array, form: Format, fixed: Mapping[Tree, Any]) -> None:
        self.x = x
        self.form = form
        self.fixed = fixed
        self.operations = _operations(plan)
        self.few = form is FLOAT64 and x.size <= _FEW
        at_once = self.few and plan.orders[plan.tree] > _HIGH
        rounded = 1 + effort.of_rounding(form)
        calls = _PER_SUM * plan.sums if at_once else _PER_TERM * plan.terms * rounded
        calls += _PER_PLAN + plan.held + plan.calls + len(plan.operations) * rounded + _PER_CHOICE * plan.choices
        per_number = plan.held + plan.per_number + (plan.terms + len(plan.operations)) * rounded
        per_number += _PER_CHOICE * plan.choices
        effort.charge(calls * effort.CALL + per_number * x.size)

    def series(self, order: int) -> Series:
        return Series(order, self.x.shape if self.few and order >= _HIGH else None)

    def value(self, node: Tree, args: Sequence[Any]) -> Any:
        if node in self.fixed:
            return self.fixed[node]
        if isinstance(node, Variable):
            return self.x
        return self.form.round(node.value if isinstance(node, Number) else self.operations[node](*args))

    def one(self) -> Any:
        return np.float64(1)

    def choose(self, condition: Any, chosen: Any, other: Any) -> Any:
        """Return the derivative of the branch taken: 0 by structure where that of the branch is."""
        if chosen is None and other is None:
            return None
        condition = condition != 0
        (value, zero), (other_value, other_zero) = _parts(chosen), _parts(other)
        zero = np.where(condition, zero, other_zero)
        value = np.where(condition, value, other_value)
        return Part(value, zero) if np.any(zero) else value

    def chain(self, factors: Factors, k: int) -> Any:
        """Return the k-th derivative by the chain rule; what is 0 by structure takes part in nothing."""
        if k > _HIGH and all(slope.plain and inner.plain for slope, inner in factors):
            return _all_at_once(factors, k)
        total = None
        for slope, inner in factors:
            for j in range(k):
                left, right = slope.entries[j], inner.entries[k - j]
                if left is not None and right is not None:
                    term = self.multiply(left, right, comb(k - 1, j))
                    total = term if total is None else self.add(total, term)
        return total

    def multiply(self, slope: Any, inner: Any, times: int) -> Any:
        """Return a product of two derivatives, times a whole number."""
        if type(slope) is not Part and type(inner) is not Part:  # nearly always: a high order has 1e5 products
            value = self.form.round(slope * inner)
            return value if times == 1 else self.form.round(times * value)
        (left, left_zero), (right, right_zero) = _parts(slope), _parts(inner)
        value = self.form.round(left * right)
        if times != 1:
            value = self.form.round(times * value)
        zero = np.logical_or(left_zero, right_zero)
        return Part(np.where(zero, 0.0, value), zero)

    def add(self, total: Any, term: Any) -> Any:
        """Return a sum of two derivatives."""
        if type(total) is not Part and type(term) is not Part:
            return self.form.round(total + term)
        (left, left_zero), (right, right_zero) = _parts(total), _parts(term)
        value = self.form.round(left + right)
        return (
            value if left_zero is False or right_zero is False else Part(value, np.logical_and(left_zero, right_zero))
        )


def _all_at_once(factors: Factors, k: int) -> Any:
    """Return the same sum from the tables: the same operations in the same order."""
    terms = []
    for slope, inner in factors:
        assert slope.table is not None
        assert inner.table is not None
        chosen = np.flatnonzero(slope.there[:k] & inner.there[k:0:-1])
        if chosen.size:
            products = slope.table[chosen] * inner.table[k - chosen]
            terms.append(products * _binomials(k - 1)[chosen].reshape(-1, *[1] * (products.ndim - 1)))
    if not terms:
        return None
    return np.add.accumulate(np.concatenate(terms) if len(terms) > 1 else terms[0], axis=0)[-1]


@lru_cache(maxsize=256)
def _binomials(n: int) -> Array:
    return np.array([float(comb(n, j)) for j in range(n + 1)])


def _operations(plan: Plan) -> dict[Tree, Callable[..., Any]]:
    """Return the operations of the plan's nodes on floats; they are kept with the plan, and so is what they take."""
    if not plan.operations:
        costs = [cost(plan.slopes.get(node, node)) for node in plan.sequence]
        plan.calls, plan.per_number = (sum(each) for each in zip(*costs, strict=True))
        plan.operations = {
            node: operation(node) for node in plan.sequence if isinstance(node, Apply) and node.row.kernel
        } | {node: origin.row.slope for node, origin in plan.slopes.items() if origin.row.slope}
    return plan.operations


def _parts(derivative: Any) -> tuple[Any, Any]:
    """The numbers, and where they are 0 by structure."""
    if derivative is None:
        return 0.0, True
    return derivative if isinstance(derivative, Part) else (derivative, False)


def _dense(derivative: Any, x: Array) -> Array:
    values = np.asarray(_parts(derivative)[0], np.float64)
    return values if values.shape == x.shape else np.broadcast_to(values, x.shape)
