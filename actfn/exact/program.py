"""An expression, or a derivative of it, as a list of operations on certified numbers that is run at each point.

Derivatives are computed from the rules of the table, order by order, as `expression.jet` does on floats: what is 0 by
structure takes part in nothing.
"""

from __future__ import annotations

from functools import lru_cache, partial, reduce
from math import comb
from typing import TYPE_CHECKING, NamedTuple

from flint import arb, ctx

from actfn.exact.arithmetic import ONE, UNDEFINED, ZERO, Number, add, multiply
from actfn.exact.counterparts import counterpart
from actfn.exact.deciding import choose, truth
from actfn.expression import rules
from actfn.expression.jet import Plan
from actfn.expression.primitives import FUNCTIONS, INFIX
from actfn.expression.simplify import folded
from actfn.expression.ties import pulled_out
from actfn.expression.tree import Apply, Tree, Variable, fold, number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_WHERE = FUNCTIONS["where"]
Part = Number | None  # None is a derivative that is 0 by structure
# an operation and the indices of its arguments; without these it takes all results so far
Step = tuple["Callable[..., Part]", tuple[int, ...] | None]
Factor = tuple[list[int], list[int]]  # the indices of the derivatives of a slope and of the argument that it is of


class Size(NamedTuple):
    """How many operations a computation has, and how many of these are functions."""

    operations: int
    functions: int

    def times(self, n: int) -> Size:
        """Return the size of n such computations."""
        return Size(n * self.operations, n * self.functions)


class Computation:
    """The operations of a derivative of an expression; of order 0, of its value. Their results are numbered from 0.

    Results are in this order: the variables, what depends on none of them (computed once for a precision), the rest.

    Attributes:
        size: how many operations there are.
        indices: of the result of each part of the expression.
    """

    def __init__(self, tree: Tree, names: Sequence[str], order: int) -> None:
        if order:  # ties shared evenly, and constants folded, as in floats
            tree = fold(pulled_out(tree, names[0]) if order > 1 else tree, folded)
        self._plan = plan = Plan(tree, names[0] if order else "", order, exact=True)
        functions = sum(map(_is_function, plan.sequence))
        self.size = Size(max(max(1, order) * len(plan.sequence), plan.terms), max(1, order) * functions)
        self._count = len(names)
        self._constant: list[Step] = []
        self._varying: list[Step] = []
        self._known: tuple[int, list[Part]] = (0, [])  # a precision, and the results that depend on no variable
        self._none = self._placed(self._constant, _always(None))
        self._one = self._placed(self._constant, _always(ONE))
        self._may_be_none = {self._none}
        self.indices: dict[Tree, int] = {
            node: names.index(node.name) for node in plan.sequence if isinstance(node, Variable)
        }
        self.indices[number(1.0)] = self._one
        self._place_values()
        self._derivatives = {node: [self.indices[node]] for node in plan.sequence}  # indices by order
        for k in range(1, order + 1):
            for node in plan.sequence:
                if plan.orders[node] >= k:
                    self._derivatives[node].append(self._derivative(node, k) if plan.varies(node) else self._none)
        self._value, self._result = self.indices[tree], self._derivatives[tree][order]

    def result(self, *values: arb) -> Number:
        """Return the derivative, or the value, in the precision of the context; undefined where the value is."""
        numbers = self.results(*values)
        found = numbers[self._result]
        return UNDEFINED if numbers[self._value] is UNDEFINED else ZERO if found is None else found

    def results(self, *values: arb) -> list[Part]:
        """Return the results of all operations."""
        bits, known = self._known
        numbers: list[Part] = [*values]
        if bits != ctx.prec:
            _run(self._constant, numbers)
            self._known = (ctx.prec, numbers[len(values) :])
        else:
            numbers += known
        _run(self._varying, numbers)
        return numbers

    def _placed(self, steps: list[Step], operation: Callable[..., Part], *indices: int) -> int:
        steps.append((operation, indices))
        self._count += 1
        return self._count - 1

    def _place_values(self) -> None:
        sequence, other_form = self._plan.sequence, self._plan.value_of
        varying: set[Tree] = set()
        for node in sequence:
            operands = (other_form[node],) if node in other_form else node.args if isinstance(node, Apply) else ()
            if isinstance(node, Variable) or not varying.isdisjoint(operands):
                varying.add(node)
        for steps in (self._constant, self._varying):
            for node in sequence:
                if node in self.indices or (node in varying) != (steps is self._varying):
                    continue
                if node in other_form:
                    self.indices[node] = self.indices[other_form[node]]
                elif isinstance(node, Apply):
                    arguments = [self.indices[each] for each in node.args]
                    self.indices[node] = self._placed(steps, counterpart(node.row), *arguments)
                elif not isinstance(node, Variable):
                    constant = UNDEFINED if node.value != node.value else arb(node.value)
                    self.indices[node] = self._placed(steps, _always(constant))

    def _derivative(self, node: Tree, k: int) -> int:
        """Return the index of the k-th derivative, k >= 1, of a part that varies."""
        if isinstance(node, Variable):
            return self._one if k == 1 else self._none
        assert isinstance(node, Apply)
        if node.row.steps:
            return self._none
        if node in self._plan.stands_for:
            return self._derivatives[self._plan.stands_for[node]][k]
        if node.row is _WHERE:
            condition, chosen, other = (self._derivatives[each] for each in node.args)
            return self._branch(condition[0], chosen[k], other[k])
        factors = [
            (self._derivatives[rule], self._derivatives[argument])
            for rule, argument in self._plan.rules[node]
            if rule is not rules.ZERO
        ]
        return self._chain(factors, k)

    def _branch(self, condition: int, chosen: int, other: int) -> int:
        if chosen == other == self._none:
            return self._none
        index = self._placed(self._varying, _chosen, condition, chosen, other)
        if not self._may_be_none.isdisjoint((chosen, other)):
            self._may_be_none.add(index)
        return index

    def _chain(self, factors: list[Factor], k: int) -> int:
        """Return the index of a derivative by the chain rule; of the first order operation by operation."""
        terms = [(slopes[0], inners[1]) for slopes, inners in factors if inners[1] != self._none]
        if k > 1 or not self._may_be_none.isdisjoint(index for term in terms for index in term):
            self._may_be_none.add(self._count)
            self._varying.append((partial(_chained, factors, [comb(k - 1, j) for j in range(k)]), None))
            self._count += 1
            return self._count - 1
        products = [self._product(*term) for term in terms]
        return reduce(partial(self._placed, self._varying, add), products) if products else self._none

    def _product(self, slope: int, inner: int) -> int:
        if self._one in (slope, inner):
            return inner if slope == self._one else slope
        return self._placed(self._varying, multiply, slope, inner)


@lru_cache(maxsize=256)
def program(tree: Tree, names: tuple[str, ...], order: int = 0) -> Computation:
    """Return the program of a derivative with respect to the only variable, or of a value."""
    return Computation(tree, names, order)


def _run(steps: list[Step], numbers: list[Part]) -> None:
    for operation, indices in steps:
        if indices is None:
            numbers.append(operation(numbers))
        elif len(indices) == 2:  # as most have
            first, second = indices
            numbers.append(operation(numbers[first], numbers[second]))
        else:
            numbers.append(operation(*[numbers[index] for index in indices]))


def _always(number: Part) -> Callable[[], Part]:
    return lambda: number


def _chosen(condition: Number, chosen: Part, other: Part) -> Part:
    """Return the derivative of the branch that is taken."""
    holds = truth(condition)
    if holds is None:
        return choose(condition, ZERO if chosen is None else chosen, ZERO if other is None else other)
    return chosen if holds else other


def _chained(factors: list[Factor], times: list[int], numbers: list[Part]) -> Part:
    """Return the sum of products of slopes and inner derivatives; what is 0 by structure takes part in nothing."""
    total: Part = None
    for slopes, inners in factors:
        for n, slope_at, inner_at in zip(times, slopes, inners[len(times) : 0 : -1], strict=False):
            slope, inner = numbers[slope_at], numbers[inner_at]
            if slope is not None and inner is not None:
                product = multiply(slope, inner) if n == 1 else multiply(multiply(slope, inner), arb(n))
                total = product if total is None else add(total, product)
    return total


def _is_function(node: Tree) -> bool:
    """Return whether a part is a function that takes long: no operation, choice or step."""
    if not isinstance(node, Apply):
        return False
    row = node.row
    return row is INFIX["**"] or not (row.operator or row.chooses or row.steps)
