"""What an expression is: three kinds of node, interned, and the one walk over them.

Nodes are built by `number`, `variable` and `apply` only, and equal trees are the same object: equality is identity,
a node can be a dictionary key at no cost, and a part that occurs twice is computed once. Trees may be thousands of
levels deep (`1+1+1+…`), so nothing here recurses.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from actfn.expression.primitives import Primitive

from actfn.expression import effort

T = TypeVar("T")


class Number:
    """A constant of the source."""

    __slots__ = ("__weakref__", "value")

    def __init__(self, value: float) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"Number({self.value!r})"


class Variable:
    """A name that stands for a value given later."""

    __slots__ = ("__weakref__", "name")

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"Variable({self.name!r})"


class Apply:
    """A row of the table of primitives applied to arguments."""

    __slots__ = ("__weakref__", "args", "row")

    def __init__(self, row: Primitive, args: tuple[Tree, ...]) -> None:
        self.row = row
        self.args = args

    def __repr__(self) -> str:
        return f"Apply({self.row.name!r}, {len(self.args)} arguments)"


Tree = Number | Variable | Apply

_nodes: WeakValueDictionary[Any, Any] = WeakValueDictionary()


def number(value: float) -> Number:
    """The node of a constant. -0.0 and 0.0 are two constants, every nan is the same one."""
    value = float(value)
    key = value.hex()
    return _nodes.get(key) or _nodes.setdefault(key, Number(value))


def variable(name: str) -> Variable:
    """The node of a name."""
    key = (name,)
    return _nodes.get(key) or _nodes.setdefault(key, Variable(name))


def apply(row: Primitive, *args: Tree) -> Apply:
    """The node of a row applied to arguments, exactly as many as the row has."""
    key = (row, *args)
    return _nodes.get(key) or _nodes.setdefault(key, Apply(row, args))


@lru_cache(maxsize=128)
def postorder(*roots: Tree) -> tuple[Tree, ...]:
    """Every distinct node of one or several trees once, arguments before what they are arguments of."""
    order: list[Tree] = []
    seen: set[Tree] = set()
    stack: list[tuple[Tree, bool]] = [(root, False) for root in reversed(roots)]
    while stack:
        node, ready = stack.pop()
        if ready:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            if isinstance(node, Apply):
                stack.extend((child, False) for child in reversed(node.args))
    effort.charge(len(order) * effort.VISIT)
    return tuple(order)


def fold(root: Tree, visit: Callable[[Tree, list[T]], T]) -> T:
    """The value of the tree under `visit(node, values of its arguments)`, each distinct node visited once."""
    values: dict[Tree, T] = {}
    order = postorder(root)
    effort.charge(len(order) * effort.VISIT)
    for node in order:
        args = [values[child] for child in node.args] if isinstance(node, Apply) else []
        values[node] = visit(node, args)
    return values[root]


def variables(root: Tree) -> list[str]:
    """The names in the tree, in the order in which they are first read."""
    return [node.name for node in postorder(root) if isinstance(node, Variable)]


def rebuild(node: Tree, args: list[Tree]) -> Tree:
    """The node with other arguments."""
    return apply(node.row, *args) if isinstance(node, Apply) else node


def substitute(
    root: Tree, replacements: Mapping[str, Tree], build: Callable[[Tree, list[Tree]], Tree] = rebuild
) -> Tree:
    """The tree with names replaced by trees, all at once; `build` makes each node anew."""

    def visit(node: Tree, args: list[Tree]) -> Tree:
        return replacements.get(node.name, node) if isinstance(node, Variable) else build(node, args)

    return fold(root, visit)


def depends(root: Tree, names: Iterable[str]) -> set[Tree]:
    """The nodes whose value depends on one of the names."""
    names = set(names)
    found: set[Tree] = set()
    for node in postorder(root):
        if isinstance(node, Apply):
            if any(child in found for child in node.args):
                found.add(node)
        elif isinstance(node, Variable) and node.name in names:
            found.add(node)
    return found
