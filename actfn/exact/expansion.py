"""The expansion of a tree beside a point or at infinity, and its derivatives."""

from __future__ import annotations

from functools import cache, lru_cache
from math import inf, isinf, isnan
from typing import TYPE_CHECKING

from flint import fmpq

from actfn.exact.context import MOST_NODES, Context
from actfn.exact.elementary import COMPARISONS, CONSTANTS, RULES, Infinite, order
from actfn.exact.levels import Key, Level
from actfn.exact.reals import Real, real
from actfn.exact.series import OSCILLATES, Expansion, constant, gathered
from actfn.exact.unresolved import UndefinedError, UnresolvedError
from actfn.expression import rules
from actfn.expression.parser import parse
from actfn.expression.primitives import FUNCTIONS, INFIX, PREFIX
from actfn.expression.tree import Apply, Number, Tree, Variable, postorder

if TYPE_CHECKING:
    from actfn.expression.primitives import Primitive

_WHERE = FUNCTIONS["where"]
_LOGIC = (INFIX["or"], INFIX["and"], PREFIX["not"])
Value = Expansion | Infinite | UndefinedError


@cache
def form(row: Primitive) -> Tree | None:
    """The form of a row from which it is expanded, in its arguments; None for a row that has a rule."""
    if row is _WHERE or any(row.signature in table for table in (RULES, COMPARISONS, CONSTANTS)):
        return None
    text = row.expansion or row.select or row.stable or row.definition
    if "where" in text and row not in _LOGIC:  # a condition that is undefined does not hold, a row of it is undefined
        for argument in row.arguments:
            text = f"where({argument} != {argument}, {argument}, {text})"
    return parse(text, variables=row.arguments)


@lru_cache(maxsize=256)
def prepared(tree: Tree) -> Tree:
    """The tree written with rows that have a rule. Raise UnresolvedError for a tree that is too long."""
    if len(postorder(tree)) <= MOST_NODES:
        tree = rules.replaced(tree, form)
    if len(postorder(tree)) > MOST_NODES:
        raise UnresolvedError(f"the formula is too long: it has more than {MOST_NODES} parts")
    return tree


def approach(context: Context, at: Real | float, direction: int) -> Expansion:
    """The variable on one side: at + direction*h, or 1/h or -1/h where `at` is infinite; h -> 0+."""
    if isinstance(at, float):
        assert isinf(at)
        return Expansion(context, (Level(None, {(-1, 0): real(1 if at > 0 else -1)}),))
    return constant(context, at) + Expansion(context, (Level(None, {(1, 0): real(direction)}),))


def expand(tree: Tree, name: str, x: Expansion) -> Expansion | Infinite:
    """Return the expansion of the tree, the variable being x. Of a choice only the branch that is chosen is computed.

    Raise UndefinedError where it is certain that there is no real value, UnresolvedError where nothing is certain.
    """
    root = prepared(tree)
    values: dict[Tree, Value] = {}
    known: dict[tuple[object, ...], Value] = {}  # one object for one operation on the same objects
    stack = [root]
    while stack:
        node = stack[-1]
        missing = [part for part in _needed(node, values) if part not in values]
        if missing:
            stack.extend(missing)
            continue
        stack.pop()
        if node in values:
            continue
        x.context.spend(1)
        if isinstance(node, Apply):
            args = [values[part] for part in _needed(node, values)]
            if node.row is _WHERE:
                values[node] = args[1]
                continue
            key = (node.row, *map(id, args))
            if key not in known:
                known[key] = _applied(node.row, args, x.context)
            values[node] = known[key]
        else:
            values[node] = _leaf(node, name, x)
    result = values[root]
    if isinstance(result, UndefinedError):
        raise result
    return result


def _needed(node: Tree, values: dict[Tree, Value]) -> tuple[Tree, ...]:
    """The parts whose values the node takes: of a choice the condition, and the chosen branch once it is decided."""
    if not isinstance(node, Apply):
        return ()
    if node.row is not _WHERE:
        return node.args
    condition, chosen, other = node.args
    if condition not in values:
        return (condition,)
    return condition, (chosen if _holds(values[condition]) else other)


def _holds(condition: Value) -> bool:
    """Whether a condition holds: all but 0 does, as in floating point what is undefined does."""
    return isinstance(condition, UndefinedError) or condition.sign() != 0


def _leaf(node: Number | Variable, name: str, x: Expansion) -> Value:
    if isinstance(node, Variable):
        assert node.name == name, f"a value is needed for {node.name}"
        return x
    if isnan(node.value):
        return UndefinedError("nan in the formula")
    return Infinite(node.value > 0) if isinf(node.value) else constant(x.context, fmpq(*node.value.as_integer_ratio()))


def _applied(row: Primitive, args: list[Value], context: Context) -> Value:
    if row.signature in COMPARISONS:
        return constant(context, int(_compared(row.signature, args)))
    undefined = next((arg for arg in args if isinstance(arg, UndefinedError)), None)
    if undefined:
        return undefined
    if any(isinstance(arg, Infinite) for arg in args) and row.signature != "-u":
        if row.signature == "u * v" and any(isinstance(arg, Expansion) and arg.is_zero for arg in args):
            return UndefinedError("0 times an infinity")
        raise UnresolvedError("arithmetic with infinities")
    try:
        return CONSTANTS[row.signature](context) if row.signature in CONSTANTS else RULES[row.signature](*args)
    except UndefinedError as error:
        return error


def _compared(signature: str, args: list[Value]) -> bool:
    """Whether a comparison holds; with what is undefined none but != does."""
    u, v = args
    if isinstance(u, UndefinedError) or isinstance(v, UndefinedError):
        return signature == "u != v"
    return COMPARISONS[signature](order(u, v), 0)


def derived(e: Expansion, at: Real | float, direction: int) -> Expansion:
    """Return the derivative with respect to the variable, term by term.

    A remainder O(h^P l^M) has the derivative O(h^(P-1) l^M), and the derivative of a flat one is flat: all rules make
    functions of a Hardy field (compositions of exp, log, powers and convergent or asymptotic series), where l'Hôpital's
    rule applies to the quotient of remainder and bound. Oscillations are none of these, hence UnresolvedError.
    """
    if e.rough:
        raise UnresolvedError(OSCILLATES)
    if isinstance(at, float):  # x = 1/h or -1/h
        factor, by = real(-1 if at > 0 else 1), 1
    else:
        factor, by = real(direction), -1
    levels: list[Level] = []
    for level in e.levels:
        order: Key | None = level.order and (level.order[0] + by, level.order[1])
        own = Level(level.scale, _derived_terms(level.terms, factor, by), order, level.flat and None)
        levels.append(own)
        if level.scale:
            levels.extend((derived(level.scale, at, direction) * Expansion(e.context, (level,))).levels)
    return gathered(e.context, levels)


def _derived_terms(terms: dict[Key, Real], factor: Real, by: int) -> dict[Key, Real]:
    """d/dh h^p l^m = p h^(p-1) l^m + m h^(p-1) l^(m+1)."""
    found: dict[Key, Real] = {}
    for (p, m), c in terms.items():
        for key, number in (((p + by, m), p), ((p + by, m + 1), m)):
            if number:
                part = c * factor * real(number)
                found[key] = found[key] + part if key in found else part
    return found


def limit(e: Expansion | Infinite) -> Real | float:
    """Return the limit as h -> 0+, a number or inf or -inf. Raise UnresolvedError where it is not certain."""
    if isinstance(e, Infinite):
        return e.sign() * inf
    if not e.levels:
        return real(0)
    first = e.levels[0]
    growth = first.scale.sign() if first.scale else 0
    low = first.low
    if growth < 0 or (growth == 0 and (low is None or low > (0, 0))):
        return real(0)
    if growth > 0 or (first.terms and low is not None and low < (0, 0)):
        return e.sign() * inf
    if first.order is not None and first.order <= (0, 0):
        e.sign()
        raise UnresolvedError(OSCILLATES)
    return first.terms.get((0, 0), real(0))
