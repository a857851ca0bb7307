"""The texts of the table as trees, parsed when first asked for."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from actfn.expression.parser import parse
from actfn.expression.primitives import FUNCTIONS, INFIX, Primitive
from actfn.expression.tree import Apply, Tree, apply, fold, number, rebuild, substitute

if TYPE_CHECKING:
    from collections.abc import Callable

RESULT = "y"
ZERO = number(0.0)


@cache
def definition(row: Primitive) -> Tree:
    """The textbook formula of a composite row, in its arguments."""
    return parse(row.definition, variables=row.arguments)


@cache
def stable(row: Primitive) -> Tree:
    """The form of a row that keeps its digits, in its arguments: its stable form, else its definition."""
    return parse(row.stable, variables=row.arguments) if row.stable else definition(row)


@cache
def selection(row: Primitive) -> Tree:
    """The piecewise form of a selecting row, in its arguments."""
    return parse(row.select, variables=row.arguments)


@cache
def partials(row: Primitive) -> tuple[Tree, ...]:
    """The partial derivatives of a row, in its arguments and its own result `y`."""
    return tuple(parse(partial, variables=(*row.arguments, RESULT)) for partial in row.partials)


def applied(rule: Tree, node: Apply) -> Tree:
    """A rule of the node's row at the node's arguments."""
    from actfn.expression.simplify import folded

    return substitute(rule, {**dict(zip(node.row.arguments, node.args, strict=True)), RESULT: node}, folded)


def replaced(tree: Tree, form: Callable[[Primitive], Tree | None], levels: int | None = None) -> Tree:
    """The tree with rows replaced by another form of theirs, `levels` times or until none is left."""
    from actfn.expression.simplify import folded

    def visit(node: Tree, args: list[Tree]) -> Tree:
        made = rebuild(node, args)
        if not isinstance(made, Apply):
            return made
        other = form(made.row)
        return substitute(other, dict(zip(made.row.arguments, made.args, strict=True)), folded) if other else made

    while levels != 0:
        simpler = fold(tree, visit)
        if simpler is tree:
            return tree
        tree, levels = simpler, None if levels is None else levels - 1
    return tree


def expanded(tree: Tree, *, levels: int | None = None) -> Tree:
    """The tree with composite rows replaced by their definitions, all the way down or `levels` times."""
    return replaced(tree, lambda row: definition(row) if row.definition else None, levels)


def with_counterparts(tree: Tree) -> Tree:
    """The tree with other rows replaced by their stable forms or definitions, until all have an exact counterpart."""
    return replaced(tree, lambda row: None if row.exact else stable(row))


@lru_cache(maxsize=256)
def piecewise(tree: Tree) -> Tree:
    """The tree with every row that chooses written with `where` and rows of steps, so that all conditions are nodes."""

    def form(row: Primitive) -> Tree | None:
        if row.select:
            return selection(row)
        return definition(row) if row.definition and not row.partials else None

    def conditions(node: Tree, args: list[Tree]) -> Tree:
        made = rebuild(node, args)
        if isinstance(made, Apply) and made.row is FUNCTIONS["where"]:
            condition, chosen, other = made.args
            if not (isinstance(condition, Apply) and condition.row.steps):
                return apply(made.row, apply(INFIX["!="], condition, number(0.0)), chosen, other)
        return made

    return fold(replaced(tree, form), conditions)
