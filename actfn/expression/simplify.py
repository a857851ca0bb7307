"""Trees as a student would write them: constants folded, like factors and like terms gathered.

A simplified tree is the same function: it agrees wherever both have a value. Constants are folded only where the
result is exact, so no digit is lost; a product is never multiplied out. What is simplified is for reading; values come
from the rules as they stand, which are written for floats.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from actfn.expression import effort
from actfn.expression.primitives import FUNCTIONS, INFIX, PREFIX, Primitive
from actfn.expression.tree import Apply, Number, Tree, apply, fold, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sized

Rational = int | Fraction  # whole numbers are most of them, and quicker
Powers = frozenset[tuple[Tree, Rational]]

ZERO, ONE = number(0.0), number(1.0)
_ADD, _SUB, _MUL, _DIV, _POW = (INFIX[symbol] for symbol in ("+", "-", "*", "/", "**"))
_NEG = PREFIX["-"]
_WHERE = FUNCTIONS["where"]
_WHOLE = 64  # larger exponents of constants are left standing
# of a walk: how many are charged at once, and the operations of one with what is built of it, about 2 microseconds
_STEPS, _PER_STEP = 1 << 12, 1500
_MIRRORED = str.maketrans("<>", "><")


def simplified(tree: Tree) -> Tree:
    """The tree, simplified from the leaves up."""

    def visit(node: Tree, args: list[Tree]) -> Tree:
        return rebuilt(node, args) if isinstance(node, Apply) else node

    return fold(tree, visit)


def rebuilt(node: Apply, args: list[Tree]) -> Tree:
    """The node with other arguments, which are simple already, simplified at its top."""
    rule = _RULES.get(node.row.name if node.row is not _NEG else "negative")
    return rule(*args) if rule else apply(node.row, *args)


def folded(node: Tree, args: list[Tree]) -> Tree:
    """The node with other arguments, and no more than what structure alone decides: 0*u, 1*u, u + 0, u**1, u**0, --u.

    This is what keeps rules right at the edges (0 times infinity is 0 where the 0 is structural), and short. Unlike
    `rebuilt` it does not reorder operations.
    """
    if not isinstance(node, Apply):
        return node
    row = node.row
    if row is _NEG:
        return negative(args[0]) if isinstance(args[0], Number) or _is(args[0], _NEG) else apply(_NEG, *args)
    if row not in (_ADD, _SUB, _MUL, _DIV, _POW):
        return apply(row, *args)
    left, right = args
    if row is _POW:
        return power(left, right) if isinstance(right, Number) and not _is(left, _POW) else apply(_POW, left, right)
    if isinstance(left, Number) and isinstance(right, Number):
        return rebuilt(node, args)
    if (row in (_MUL, _DIV) and left is ZERO) or (row is _MUL and right is ZERO):
        return ZERO
    if right is (ZERO if row in (_ADD, _SUB) else ONE):
        return left
    if left is (ZERO if row is _ADD else ONE) and row in (_ADD, _MUL):
        return right
    if row is _MUL and left is number(-1.0):
        return apply(_NEG, right)
    return apply(row, left, right)


def _is(tree: Tree, row: Primitive) -> bool:
    return isinstance(tree, Apply) and tree.row is row


def add(*terms: Tree) -> Tree:
    """The sum, like terms gathered: x + 2*x is 3*x, whatever the order of their factors."""
    counts: dict[Powers, Rational] = {}
    shown: dict[Powers, Tree] = {}
    for term in terms:
        for part, sign in _terms(term):
            coefficient, key, alone = _counted(part)
            counts[key] = counts.get(key, 0) + sign * coefficient
            shown.setdefault(key, alone)
    parts = [(count, shown[key]) for key, count in counts.items() if count]
    if not parts:
        return ZERO
    # rather 1 - x than -x + 1
    leading = next((place for place, (count, _) in enumerate(parts) if count > 0), 0)
    parts.insert(0, parts.pop(leading))
    total: Tree | None = None
    for count, part in parts:
        scaled = _scaled(-count if total is not None and count < 0 else count, part)
        if scaled is None:
            return _left_to_right(_ADD, terms)
        total = scaled if total is None else apply(_SUB if count < 0 else _ADD, total, scaled)
    assert total is not None
    return total


@lru_cache(maxsize=1 << 12)  # a sum of a thousand terms is gathered a thousand times, as each term is added
def _counted(part: Tree) -> tuple[Rational, Powers, Tree]:
    """A term as its coefficient, what it is like, and the term without its coefficient."""
    coefficient, powers = _gathered([part])
    return coefficient, frozenset(powers.items()), _product(1, powers) or part


def multiply(*factors: Tree) -> Tree:
    """The product, like factors gathered: x*x**2 is x**3, x/x is 1. 0 times anything is 0."""
    coefficient, powers = _gathered(factors)
    product = ZERO if coefficient == 0 else _product(coefficient, powers)
    return _with_constants_standing(factors, powers) if product is None else product


def _with_constants_standing(factors: tuple[Tree, ...], powers: dict[Tree, Rational]) -> Tree:
    """A product whose coefficient is no float: its constants stand in front one by one.

    If an exponent is no float either, nothing is gathered.
    """
    rest = _product(1, powers)
    if rest is None:
        return _left_to_right(_MUL, [factor for factor in factors if factor is not ONE])
    constants = [(base, exponent) for factor in factors for base, exponent in _factors(factor)
                 if isinstance(base, Number) and base not in powers and base is not ONE]  # fmt: skip
    above = [power(base, number(float(exponent))) for base, exponent in constants if exponent > 0]
    below = [power(base, number(-float(exponent))) for base, exponent in constants if exponent < 0]
    numerator = [*above, *([rest] if rest is not ONE or not above else [])]
    shown = _left_to_right(_MUL, numerator)
    return apply(_DIV, shown, _left_to_right(_MUL, below)) if below else shown


def subtract(left: Tree, right: Tree) -> Tree:
    """The difference, as the sum with the negative."""
    return add(left, negative(right))


def divide(left: Tree, right: Tree) -> Tree:
    """The quotient, as the product with the power -1; a division by the constant 0 is left standing."""
    if right is ZERO:
        return apply(_DIV, left, right)
    return multiply(left, power(right, number(-1.0)))


def negative(tree: Tree) -> Tree:
    """Minus the tree; of a product the sign is at its leading factor."""
    if isinstance(tree, Number):
        return number(-tree.value)
    if isinstance(tree, Apply) and tree.row is _NEG:
        return tree.args[0]
    if isinstance(tree, Apply) and tree.row is _SUB:
        return apply(_SUB, tree.args[1], tree.args[0])
    if isinstance(tree, Apply) and tree.row in (_MUL, _DIV):
        return apply(tree.row, negative(tree.args[0]), tree.args[1])
    return apply(_NEG, tree)


def power(base: Tree, exponent: Tree) -> Tree:
    """base**exponent: x**0 is 1, as in floats; (x**a)**b is gathered for whole numbers only."""
    if exponent is ZERO:
        return ONE
    if exponent is ONE:
        return base
    if isinstance(base, Number) and isinstance(exponent, Number):
        exact = _exact_power(base.value, exponent.value)
        return apply(_POW, base, exponent) if exact is None else number(exact)
    inner = base.args[1] if isinstance(base, Apply) and base.row is _POW else None
    if isinstance(base, Apply) and isinstance(inner, Number) and isinstance(exponent, Number):
        whole = inner.value.is_integer() and exponent.value.is_integer()
        if whole and abs(inner.value * exponent.value) < 1e6:
            return power(base.args[0], number(inner.value * exponent.value))
    return apply(_POW, base, exponent)


def where(condition: Tree, chosen: Tree, other: Tree) -> Tree:
    """The choice; none where both branches are the same, or the condition is a constant."""
    if chosen is other:
        return chosen
    if isinstance(condition, Number):
        return chosen if condition.value else other
    if isinstance(other, Apply) and other.row is _WHERE and _is_sign(condition, chosen, other):
        assert isinstance(condition, Apply)
        return apply(FUNCTIONS["sign"], condition.args[0])
    return apply(_WHERE, condition, chosen, other)


def _is_sign(condition: Tree, chosen: Tree, other: Apply) -> bool:
    """where(u > 0, 1, where(u < 0, -1, 0))"""
    if not (isinstance(condition, Apply) and condition.row is INFIX[">"] and condition.args[1] is ZERO):
        return False
    below = apply(INFIX["<"], condition.args[0], ZERO)
    return chosen is ONE and other.args == (below, number(-1.0), ZERO)


def _comparison(row: Primitive) -> Callable[[Tree, Tree], Tree]:
    """A comparison with its number on the right: `0 < g - 2` is `g > 2`, in floats too, as x - y > 0 is x > y."""
    mirrored = INFIX[row.name.translate(_MIRRORED)]
    kernel = row.kernel
    assert kernel

    def compare(left: Tree, right: Tree) -> Tree:
        if isinstance(left, Number) and isinstance(right, Number):
            return number(kernel(left.value, right.value))
        if isinstance(left, Number):
            left, right, taken = right, left, mirrored
        else:
            taken = row
        if right is ZERO and isinstance(left, Apply) and left.row is _SUB:
            left, right = left.args
        return apply(taken, left, right)

    return compare


def _walk(pending: Sized) -> Iterator[None]:
    """As often as something is pending; what is shared is walked again and again, so each walk is charged."""
    steps = 0
    while pending:
        steps += 1
        if steps == _STEPS:
            effort.charge(_STEPS * _PER_STEP)
            steps = 0
        yield
    effort.charge(steps * _PER_STEP)


def _terms(tree: Tree) -> Iterable[tuple[Tree, int]]:
    """The terms of a sum, each with its sign."""
    pending = [(tree, 1)]
    for _ in _walk(pending):
        node, sign = pending.pop()
        if isinstance(node, Apply) and node.row in (_ADD, _SUB):
            pending.append((node.args[1], sign if node.row is _ADD else -sign))
            pending.append((node.args[0], sign))
        elif isinstance(node, Apply) and node.row is _NEG:
            pending.append((node.args[0], -sign))
        else:
            yield node, sign


def _factors(tree: Tree) -> Iterable[tuple[Tree, Rational]]:
    """The factors of a product, each as a base and its constant exponent."""
    pending: list[tuple[Tree, Rational]] = [(tree, 1)]
    for _ in _walk(pending):
        node, exponent = pending.pop()
        if isinstance(node, Apply) and node.row in (_MUL, _DIV):
            pending.append((node.args[1], exponent if node.row is _MUL else -exponent))
            pending.append((node.args[0], exponent))
        elif isinstance(node, Apply) and node.row is _NEG:
            yield number(-1.0), exponent
            pending.append((node.args[0], exponent))
        elif isinstance(node, Apply) and node.row is _POW and _is_finite(node.args[1]):
            # (x**0.5)**2 is x: where x < 0 it has no value, and need not agree
            yield node.args[0], exponent * _rational(node.args[1].value)  # type: ignore[union-attr]
        else:
            yield node, exponent


def _gathered(factors: Iterable[Tree]) -> tuple[Rational, dict[Tree, Rational]]:
    """A product as a coefficient and powers of distinct bases, in the order in which they stand."""
    coefficient: Rational = 1
    powers: dict[Tree, Rational] = {}
    for factor in factors:
        for base, exponent in _factors(factor):
            whole = exponent.denominator == 1 and -_WHOLE <= exponent <= _WHOLE
            if isinstance(base, Number) and _is_finite(base) and whole and (base.value or exponent > 0):
                coefficient *= _whole_power(base.value, int(exponent))
            else:
                powers[base] = powers.get(base, 0) + exponent
    return coefficient, {base: exponent for base, exponent in powers.items() if exponent}


def _is_finite(tree: Tree) -> bool:
    return isinstance(tree, Number) and math.isfinite(tree.value)


def _product(coefficient: Rational, powers: dict[Tree, Rational]) -> Tree | None:
    """Numerator over denominator, the coefficient in front, the sign before all; None if a constant is no float."""
    above: Rational = coefficient if coefficient >= 0 else -coefficient
    below: Rational = 1
    if _as_float(above) is None:
        above, below = above.numerator, above.denominator
    if None in (_as_float(above), _as_float(below), *map(_as_float, powers.values())):
        return None
    tops = [power(base, number(float(exponent))) for base, exponent in powers.items() if exponent > 0]
    bottoms = [power(base, number(-float(exponent))) for base, exponent in powers.items() if exponent < 0]
    if above != 1 or not tops:
        tops.insert(0, number(float(above)))
    if below != 1:
        bottoms.insert(0, number(float(below)))
    shown = _left_to_right(_MUL, tops)
    if bottoms:
        shown = apply(_DIV, shown, _left_to_right(_MUL, bottoms))
    return negative(shown) if coefficient < 0 else shown


@lru_cache(maxsize=1 << 12)
def _scaled(count: Rational, part: Tree) -> Tree | None:
    """The part so many times; None if that needs a constant that is no float."""
    if count == 1:
        return part
    coefficient, powers = _gathered([part])
    return _product(count * coefficient, powers)


def _left_to_right(row: object, parts: Iterable[Tree]) -> Tree:
    first, *rest = parts
    for part in rest:
        first = apply(row, first, part)  # type: ignore[arg-type]
    return first


def _rational(value: float) -> Rational:
    """The number that a finite float is."""
    return int(value) if value.is_integer() else Fraction(value)


def _whole_power(base: float, exponent: int) -> Rational:
    """A finite float to a whole exponent, exactly; a negative exponent of a whole number makes a fraction."""
    return int(base) ** exponent if exponent >= 0 and base.is_integer() else Fraction(base) ** exponent


def _as_float(value: Rational) -> float | None:
    """The float that is exactly this fraction, or None."""
    try:
        nearest = float(value)
    except OverflowError:
        return None
    return nearest if nearest == value else None


def _exact_power(base: float, exponent: float) -> float | None:
    """base**exponent where it is a float exactly; whole exponents of a reasonable size only."""
    if not (math.isfinite(base) and exponent.is_integer() and abs(exponent) <= _WHOLE) or (base == 0 and exponent < 0):
        return None
    return _as_float(_whole_power(base, int(exponent)))


_RULES: dict[str, Callable[..., Tree]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
    "negative": negative,
    "where": where,
    "exp": lambda u: ONE if u is ZERO else apply(FUNCTIONS["exp"], u),
    **{row.name: _comparison(row) for row in INFIX.values() if row.operator and row.operator.chains},
}
