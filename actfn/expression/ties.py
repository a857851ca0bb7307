"""Ties pulled out: at a tie of `max`, `min`, `abs` or `clip` every derivative is the even share of those of its sides.

The slope of a formula of max(u, v) depends evenly on both arguments by the chain rule alone. From the second order on
it does not where the tie is inside of something curved: half of both in max(0, x)**2 would give a quarter of the bend.
So f(max(u, v)) becomes where(u > v, f(u), where(u < v, f(v), 0.5*f(u) + 0.5*f(v))), which has the same values, and the
right derivative of any order by the usual rules.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from actfn.expression import rules
from actfn.expression.primitives import FUNCTIONS, INFIX, PREFIX
from actfn.expression.simplify import folded, simplified, where
from actfn.expression.tree import Apply, Tree, apply, depends, number, postorder, rebuild

if TYPE_CHECKING:
    from actfn.expression.primitives import Primitive

_WHERE = FUNCTIONS["where"]
_LINEAR = (INFIX["+"], INFIX["-"], PREFIX["-"], _WHERE)
_MOST = 6  # ties that are pulled out of one part: each doubles it
_HALF = number(0.5)


@lru_cache(maxsize=64)
def pulled_out(tree: Tree, name: str) -> Tree:
    """The expression with ties outside of all that is curved; itself where none is inside."""
    original = tree
    tree = rules.replaced(tree, lambda row: rules.definition(row) if hides_ties(row) else None)
    varying = depends(tree, [name])
    sharing = _with_ties(tree, varying)
    linear, curved = _layers(tree, sharing)
    if not curved:
        return original
    made: dict[Tree, Tree] = {}
    for node in postorder(tree):
        if node in curved:
            made[node] = _pulled(node, name, [each for each in postorder(node) if _is_tie(each, varying)])
        elif node in linear:
            assert isinstance(node, Apply)
            made[node] = rebuild(node, [made.get(argument, argument) for argument in node.args])
    return made[tree]


@cache
def hides_ties(row: Primitive) -> bool:
    """Whether a row is derived by its formula, and that has ties: clip, relu_squared."""
    if not row.definition or row.partials or row.select:
        return False
    rows = [node.row for node in postorder(rules.definition(row)) if isinstance(node, Apply)]
    return any((each.shares and not each.definition) or hides_ties(each) for each in rows)


def _is_tie(node: Tree, varying: set[Tree]) -> bool:
    return isinstance(node, Apply) and node.row.shares and node in varying


def _with_ties(tree: Tree, varying: set[Tree]) -> set[Tree]:
    """The parts that have a tie in them."""
    found: set[Tree] = set()
    for node in postorder(tree):
        if _is_tie(node, varying) or (isinstance(node, Apply) and any(each in found for each in node.args)):
            found.add(node)
    return found


def _layers(tree: Tree, sharing: set[Tree]) -> tuple[set[Tree], set[Tree]]:
    """The parts with ties that what is around them depends on as on a straight line; and below them the curved ones."""
    linear: set[Tree] = set()
    curved: set[Tree] = set()
    pending = [tree]
    while pending:
        node = pending.pop()
        if node not in sharing or node in linear or not isinstance(node, Apply):
            continue
        if _is_linear(node, sharing):
            linear.add(node)
            pending += node.args
        else:
            curved.add(node)
    return linear, curved


def _is_linear(node: Apply, sharing: set[Tree]) -> bool:
    row = node.row
    if row in _LINEAR or row.steps or row.shares:
        return True
    if row is INFIX["*"]:
        return not all(argument in sharing for argument in node.args)
    return row is INFIX["/"] and node.args[1] not in sharing


def _pulled(tree: Tree, name: str, ties: list[Tree]) -> Tree:
    """One curved part as a choice between the sides of its innermost tie, and so on for those left in the sides."""
    conditions = [_conditions(tie) for tie in ties]
    if not ties or len(set(map(frozenset, conditions))) > _MOST:
        return tree
    above, below = conditions[0]
    sides = []
    for held in (above, below):
        branches = {
            tie: _branch(tie, greater=held is greater)
            for tie, (greater, less) in zip(ties, conditions, strict=True)
            if held in (greater, less)
        }
        sides.append(pulled_out(_with_branches(tree, branches), name))
    halves = [apply(INFIX["*"], _HALF, side) for side in sides]
    return where(above, sides[0], where(below, sides[1], apply(INFIX["+"], *halves)))


def _conditions(tie: Tree) -> tuple[Tree, Tree]:
    """That the first argument is greater than the second, and less; written alike for max(0, x) and abs(x)."""
    u, v = _arguments(tie)
    return simplified(apply(INFIX[">"], u, v)), simplified(apply(INFIX["<"], u, v))


def _arguments(tie: Tree) -> tuple[Tree, Tree]:
    assert isinstance(tie, Apply)
    return (tie.args[0], tie.args[1]) if len(tie.args) > 1 else (tie.args[0], rules.ZERO)


def _branch(tie: Tree, *, greater: bool) -> Tree:
    assert isinstance(tie, Apply)
    u, v = _arguments(tie)
    if tie.row is FUNCTIONS["abs"]:
        return u if greater else apply(PREFIX["-"], u)
    return u if greater is (tie.row is FUNCTIONS["max"]) else v


def _with_branches(tree: Tree, branches: dict[Tree, Tree]) -> Tree:
    made: dict[Tree, Tree] = {}
    for node in postorder(tree):
        args = [made[argument] for argument in node.args] if isinstance(node, Apply) else []
        # a branch may have other ties in it: max(max(0, x), 1) where the outer one takes its first argument
        made[node] = made.get(branches[node], branches[node]) if node in branches else folded(node, args)
    return made[tree]
