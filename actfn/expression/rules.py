"""The texts of the table as trees, parsed when first asked for."""

from functools import cache

from actfn.expression.parser import parse
from actfn.expression.primitives import Primitive
from actfn.expression.tree import Apply, Tree, apply, fold, substitute

RESULT = "y"


@cache
def definition(row: Primitive) -> Tree:
    """The textbook formula of a composite row, in its arguments."""
    return parse(row.definition, variables=row.arguments)


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
    return substitute(rule, {**dict(zip(node.row.arguments, node.args, strict=True)), RESULT: node})


def expanded(tree: Tree, *, levels: int | None = None) -> Tree:
    """The tree with composite rows replaced by their definitions, all the way down or `levels` times."""

    def visit(node: Tree, args: list[Tree]) -> Tree:
        if not isinstance(node, Apply):
            return node
        rebuilt = apply(node.row, *args)
        return applied(definition(node.row), rebuilt) if node.row.definition else rebuilt

    while levels != 0:
        simpler = fold(tree, visit)
        if simpler is tree:
            return tree
        tree, levels = simpler, None if levels is None else levels - 1
    return tree
