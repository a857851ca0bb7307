"""Tree to tree: the symbolic derivative, from the rules of the table.

Rows that choose are derived branch by branch: nothing is multiplied by the 0 or 1 of a condition. The result is for
reading; values come from `jet`, by the same rules.
"""

from __future__ import annotations

from functools import lru_cache

from actfn.errors import LengthError
from actfn.expression import rules
from actfn.expression.primitives import FUNCTIONS
from actfn.expression.simplify import ONE, ZERO, add, multiply, rebuilt, simplified, where
from actfn.expression.ties import pulled_out
from actfn.expression.tree import Apply, Number, Tree, Variable, fold, postorder, substitute, variable

_WHERE = FUNCTIONS["where"]
_LONGEST = 800  # parts of a formula that is derived once more; each order has about three times as many
_HOLE = "\0"  # stands for an argument that is being replaced; no name of the language


@lru_cache(maxsize=64)
def derivative(tree: Tree, name: str, order: int = 1) -> Tree:
    """The derivative of the expression with respect to a name, simplified.

    Args:
        tree: the expression.
        name: the variable.
        order: how many times to derive; 0 gives the expression itself.

    Raises:
        LengthError: the formula would be longer than anybody reads.
    """
    if order > 1:
        tree = pulled_out(tree, name)
    for done in range(order):
        if len(postorder(tree)) > _LONGEST:
            message = f"the formula of the derivative of order {order} is too long: that of order {done} has "
            message += f"{len(postorder(tree))} parts; the limit is {_LONGEST}"
            raise LengthError(message, hint="give points: values of any order need no formula")
        tree = _next(tree, name)
    return tree


@lru_cache(maxsize=64)
def _next(tree: Tree, name: str) -> Tree:
    """One order more; kept, as whoever asks for an order asks for those below it."""
    return simplified(_derived(simplified(tree), _Slopes(name)))


class _Slopes(dict[Tree, Tree]):
    """The derivative of each part that has been met: what occurs in several branches is derived once."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.varying: set[Tree] = set()


def _derived(tree: Tree, slopes: _Slopes) -> Tree:
    for node in postorder(tree):
        if node in slopes:
            continue
        if isinstance(node, Apply) and any(argument in slopes.varying for argument in node.args):
            slopes.varying.add(node)
            slopes[node] = _slope(node, slopes)
        elif isinstance(node, Variable) and node.name == slopes.name:
            slopes.varying.add(node)
            slopes[node] = ONE
        else:
            slopes[node] = ZERO
    return slopes[tree]


def _slope(node: Apply, slopes: _Slopes) -> Tree:
    row = node.row
    if row.steps:
        return ZERO
    if row is _WHERE:
        condition, chosen, other = node.args
        return where(simplified(condition), slopes[chosen], slopes[other])
    if row.select:
        return _derived(rules.applied(rules.selection(row), node), slopes)
    if not row.partials:
        return _derived(rules.applied(rules.definition(row), node), slopes)
    terms = [
        _chain(simplified(rules.applied(partial, node)), argument, slopes)
        for partial, argument in zip(rules.partials(row), node.args, strict=True)
        if slopes[argument] is not ZERO
    ]
    return add(*terms)


def _chain(partial: Tree, argument: Tree, slopes: _Slopes) -> Tree:
    """The partial times the slope of its argument.

    Where the argument chooses, so does the product, and in each branch the partial knows what was chosen:
    the derivative of 1.2**max(0, g - 2) where g > 2 has 1.2**(g - 2).
    """
    if isinstance(argument, Apply) and argument.row.select:
        outside = _with_hole(partial, argument)
        least = next((a for a in argument.args if isinstance(a, Number)), argument.args[0])

        def branch(chosen: Tree) -> Tree:
            if isinstance(chosen, Apply) and chosen.row is _WHERE:
                condition, first, second = chosen.args
                return where(simplified(condition), branch(first), branch(second))
            # at a tie all arguments are equal, and the simplest of them says it best
            value = chosen if chosen in argument.args or isinstance(chosen, Number) else least
            value = value if argument.row.associative or chosen is value else chosen
            here = simplified(substitute(outside, {_HOLE: value}))
            return multiply(here, _derived(simplified(chosen), slopes))

        return branch(rules.applied(rules.selection(argument.row), argument))
    return _into_branches(partial, slopes[argument])


def _into_branches(factor: Tree, slope: Tree) -> Tree:
    """factor*slope, inside the branches where the slope is a choice between constants."""
    if isinstance(slope, Apply) and slope.row is _WHERE and any(isinstance(part, Number) for part in slope.args[1:]):
        condition, chosen, other = slope.args
        return where(condition, _into_branches(factor, chosen), _into_branches(factor, other))
    return multiply(factor, slope)


def _with_hole(tree: Tree, part: Tree) -> Tree:
    """The tree with a part of it taken out."""
    part = simplified(part)
    hole = variable(_HOLE)

    def visit(node: Tree, args: list[Tree]) -> Tree:
        if node is part:
            return hole
        return rebuilt(node, args) if isinstance(node, Apply) else node

    return fold(tree, visit)
