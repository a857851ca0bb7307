"""Balls: numbers of mpmath with a radius, how far they may be from the true value; and a tree computed in them.

An operation passes on what its arguments' radii can do to it, by a bound or found by moving them, and adds its own
rounding.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import mpmath
from mpmath import libmp

from actfn.expression import radii, rules
from actfn.expression.operations import BELOW, FAR, is_beyond, is_refused, magnitude, operate, quickly, whole_power
from actfn.expression.powers import BOUNDED
from actfn.expression.primitives import FUNCTIONS
from actfn.expression.tree import Apply, Number, Tree, Variable, postorder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

_ROUNDING = 4  # a function of mpmath is right to so many units of its last place
_TOO_LARGE = BOUNDED + 2000  # what is larger is at least this large: so much that a float over it is 0
_CHOSEN = ("max", "min", "abs", "-", "/")
_WHERE = FUNCTIONS["where"]

# A number of mpmath and its radius. Of one that is infinite because it is too large to be computed with: the infinity,
# and how large it is at least.
Ball = tuple[Any, Any]


def compute(tree: Tree, values: Mapping[str, Any], bits: int) -> Any:
    """The value of the expression with every operation carried out to `bits` bits, and no word on its error.

    Returns:
        An mpmath real: ±inf where that is the limit of the operation, nan where there is no real value.
    """
    mp = mpmath.mp
    with mp.workprec(bits):
        return _evaluated(written_out(tree), lambda leaf: _leaf(leaf, values), quickly, bool)


@lru_cache(maxsize=256)
def written_out(tree: Tree) -> Tree:
    """The tree written out in rows that mpmath has."""
    return rules.with_counterparts(tree)


def ball(
    tree: Tree,
    values: Mapping[str, Any],
    bits: int,
    watch: Callable[[Apply, list[Ball], Ball], None] | None = None,
) -> Ball:
    """The value and its radius with so many bits; `watch` is told of every operation, its arguments and its result."""
    mp = mpmath.mp

    def result(node: Apply, args: list[Ball]) -> Ball:
        found = _operate_on_balls(node, args, bits)
        if watch:
            watch(node, args, found)
        return found

    with mp.workprec(bits):
        return _evaluated(written_out(tree), lambda leaf: (_leaf(leaf, values), mp.zero), result, _is_certainly)


def _leaf(node: Number | Variable, values: Mapping[str, Any]) -> Any:
    value = values[node.name] if isinstance(node, Variable) else node.value
    # with all its bits, also where fewer are worked with
    return value if isinstance(value, mpmath.mpf) else mpmath.mp.make_mpf(libmp.from_float(float(value)))


def _is_certainly(condition: Ball) -> bool | None:
    """Whether a condition holds; None if it is not known."""
    middle, doubt = condition
    return bool(middle) if not doubt or doubt < abs(middle) else None


@lru_cache(maxsize=256)
def _straight(tree: Tree) -> tuple[Tree, ...]:
    """All parts in order if there is no choice among them, else none."""
    order = postorder(tree)
    return () if any(isinstance(node, Apply) and node.row is _WHERE for node in order) else order


def _evaluated(
    tree: Tree,
    leaf: Callable[[Number | Variable], T],
    operate: Callable[[Apply, list[T]], T],
    holds: Callable[[T], bool | None],
) -> T:
    """The value of the tree, each distinct node visited once, and of a choice only the branch that is taken."""
    results: dict[Tree, T] = {}
    for node in _straight(tree):
        results[node] = operate(node, [results[a] for a in node.args]) if isinstance(node, Apply) else leaf(node)
    pending = [tree]
    while pending:
        node = pending[-1]
        if node in results:
            pending.pop()
            continue
        if not isinstance(node, Apply):
            results[node] = leaf(node)
            continue
        if node.row is _WHERE:
            condition, chosen, other = node.args
            if condition not in results:
                pending.append(condition)
                continue
            held = holds(results[condition])
            if held is not None:
                taken = chosen if held else other
                if taken in results:
                    results[node] = results[taken]
                else:
                    pending.append(taken)
                continue
        missing = [argument for argument in node.args if argument not in results]
        if missing:
            pending.extend(missing)
        else:
            results[node] = operate(node, [results[argument] for argument in node.args])
    return results[tree]


def _operate_on_balls(node: Apply, args: list[Ball], bits: int) -> Ball:
    mp = mpmath.mp
    if (known := _chosen(node, args)) is not None:
        return known
    if len(args) == 2 and (quick := _quickly(node, args, bits)):
        return quick
    middles = [middle for middle, _ in args]
    result = operate(node, middles)
    if len(args) == 1 and node.row.name in radii.SMOOTH and middles[0] and magnitude(result) is not None:
        moved = radii.moved(node, args, result) if args[0][1] else mp.zero
        if moved is not None:
            return result, _with_rounding(moved, result, bits)
    if mp.isnan(result):
        return result, mp.inf if _may_hide(node, args, middles, result) else mp.zero
    if node.row.name == "where":
        return _choose(args)
    if mp.isinf(result):
        return result, _least(node, args, middles, result)
    radius = _moves(node, args, middles, result)
    if not result and _is_taken_for_0(node, args):
        return result, radius + mp.ldexp(1, -BOUNDED)
    if not _is_exact(node, middles, result, bits):
        radius += _ROUNDING * mp.ldexp(abs(result), -bits)
    return result, radius


def _may_hide(node: Apply, args: list[Ball], middles: list[Any], result: Any) -> bool:
    """Whether a number may hide behind nan: log of what may be 1e-40 or -1e-40, sin(exp(1e5))."""
    if node.row is not _WHERE and _has_no_value(args):
        return False
    moves = any(radius for _, radius in args) and _moves(node, args, middles, result)
    return bool(moves) or any(is_refused(node, middle) for middle in middles)


def _chosen(node: Apply, args: list[Ball]) -> Ball | None:
    """What is known without an operation: the larger number, a number itself as its size, its difference to itself.

    One ball is one number: max(x**x, 1) - x**x is 0 where the power is larger, whatever its digits are.
    """
    mp, name = mpmath.mp, node.row.name
    if name in ("-", "/") and (len(args) == 1 or args[0] is not args[1]):
        return None
    if name not in _CHOSEN or not all(map(mp.isfinite, (each for arg in args for each in arg))):
        return None
    if name == "abs":
        return args[0] if args[0][0] > args[0][1] else None
    if name == "-":
        return mp.zero, mp.zero
    if name == "/":
        return (mp.one, mp.zero) if abs(args[0][0]) > args[0][1] else None
    (left, its_radius), (right, other_radius) = args
    if abs(left - right) <= 2 * (its_radius + other_radius):
        return None
    return args[0] if (left > right) == (name == "max") else args[1]


def _is_taken_for_0(node: Apply, args: list[Ball]) -> bool:
    """Whether a result of 0 is one that is too small to be computed with: exp(-1e300), 1e-300**1e300."""
    mp = mpmath.mp
    middles = [middle for middle, _ in args]
    if node.row.name in ("*", "**"):
        return all(middle or radius for middle, radius in args) and all(map(mp.isfinite, middles))
    if node.row.name == "/":  # an infinite divisor with a radius is a finite one
        return bool(middles[0]) and bool(mp.isfinite(middles[1]) or args[1][1])
    if node.row.steps or node.row.chooses or node.row.operator:
        return False
    return any(mp.isfinite(middle) and is_beyond(middle, FAR - 1) for middle in middles)


def _quickly(node: Apply, args: list[Ball], bits: int) -> Ball | None:
    """An operation of two numbers without moving them; None where it is not that simple."""
    if node.row.name in BELOW:
        return _arithmetic(node.row.name, args, bits)
    return _whole_power(node, args, bits) if node.row.name == "**" else None


def _arithmetic(name: str, args: list[Ball], bits: int) -> Ball | None:
    """A sum, difference, product or quotient of finite numbers by the formulas of their errors, without moving them.

    Most operations are these, so this goes below mpmath's own operators, ten times as slow. None where it is not that
    simple: far out, and where the divisor may be 0.
    """
    (left, its_radius), (right, other_radius) = args
    u, a, v, b = left._mpf_, its_radius._mpf_, right._mpf_, other_radius._mpf_
    if not (_is_finite(u) and _is_finite(v) and _is_finite(a) and _is_finite(b)):
        if libmp.fnan not in (u, v):
            return None
        uncertain = libmp.finf in (a, b) and not _has_no_value(args)
        return mpmath.mp.nan, mpmath.mp.inf if uncertain else mpmath.mp.zero
    below = radii.BITS
    if name == "/":
        least = libmp.mpf_sub(libmp.mpf_abs(v), b, below, "d")
        if least[0] or not least[1]:
            return None
        result = libmp.mpf_div(u, v, bits, "n")
        full = result if not (a[1] or b[1]) and libmp.mpf_mul(result, v) == u else None
        radius = libmp.mpf_add(a, libmp.mpf_mul(libmp.mpf_abs(result, below, "u"), b), below, "u") if b[1] else a
        radius = libmp.mpf_div(radius, least, below, "u") if radius[1] else radius
    elif name == "*":
        full = libmp.mpf_mul(u, v)
        result = full if full[3] <= bits else libmp.mpf_pos(full, bits, "n")
        radius = libmp.mpf_mul(libmp.mpf_add((0, *v[1:]), b, below, "u"), a, below, "u") if a[1] else a
        if b[1]:
            radius = libmp.mpf_add(radius, libmp.mpf_mul((0, *u[1:]), b, below, "u"), below, "u")
    else:
        operation = BELOW[name]
        near = not (u[1] and v[1]) or abs(u[2] + u[3] - v[2] - v[3]) < bits
        full = operation(u, v) if near else None
        fits = full is not None and full[3] <= bits
        result = full if fits else operation(u, v, bits, "n")
        radius = libmp.mpf_add(a, b, below, "u") if a[1] and b[1] else b if b[1] else a
    if result[1]:
        size = result[2] + result[3]
        if abs(size) > BOUNDED:
            return None
        if result is not full:  # _ROUNDING
            radius = libmp.mpf_add(radius, (0, 1, size + 2 - bits, 1), below, "u")
    make = mpmath.mp.make_mpf
    return make(result), make(radius)


def _whole_power(node: Apply, args: list[Ball], bits: int) -> Ball | None:
    """The power to a certain whole number of a usual size, 1 left out; None where it is not that simple."""
    (base, moves), (exponent, doubt) = args
    result = None if doubt or exponent == 1 else whole_power(base, exponent, bits)
    radius = radii.moved(node, args, result) if moves and result else mpmath.mp.zero
    if result is None or radius is None:
        return None
    return result, _with_rounding(radius, result, bits)


def _with_rounding(radius: Any, result: Any, bits: int) -> Any:
    """A radius and `_ROUNDING` units of the last place of a result that is finite and not 0."""
    _, _, exponent, size = result._mpf_
    return mpmath.mp.make_mpf(libmp.mpf_add(radius._mpf_, (0, 1, exponent + size + 2 - bits, 1), radii.BITS, "u"))


def _has_no_value(args: list[Ball]) -> bool:
    """Whether one of the arguments is certainly no number, whatever the others are."""
    return any(not radius and mpmath.mp.isnan(middle) for middle, radius in args)


def _is_finite(raw: Any) -> bool:
    return bool(raw[1]) or raw == libmp.fzero  # of infinities and nan the mantissa is 0 too


def _choose(args: list[Ball]) -> Ball:
    """where: a condition that may be 0 or not spans both branches."""
    mp = mpmath.mp
    (condition, _), chosen, other = args
    taken, left = (chosen, other) if condition else (other, chosen)
    distance = abs(taken[0] - left[0])
    return taken[0], taken[1] + left[1] + (mp.inf if mp.isnan(distance) else distance)


def _moves(node: Apply, args: list[Ball], middles: list[Any], result: Any) -> Any:
    """How much the result changes within the radii: a bound, or what moving each argument to its ends does."""
    mp = mpmath.mp
    if node.row.name in radii.SMOOTH and (quick := radii.moved(node, args, result)):
        return quick
    total = mp.zero
    if node.row.operator and node.row.operator.chains and all(map(mp.isfinite, middles)):
        doubt = 0 if node.args[0] is node.args[1] else args[0][1] + args[1][1]  # e < e is certain
        return mp.one if doubt and abs(middles[0] - middles[1]) <= doubt else mp.zero
    for place, (middle, radius) in enumerate(args):
        if not radius:
            continue
        if mp.isinf(radius):
            return mp.inf
        ends = (mp.sign(middle) * radius,) if mp.isinf(middle) else (middle - radius, middle + radius)
        most = mp.zero  # not the sum of both: a chain of a hundred operations would double the radius a hundred times
        for end in ends:
            moved = operate(node, [*middles[:place], end, *middles[place + 1 :]])
            if mp.isnan(moved) and mp.isnan(result):
                continue
            change = mp.zero if moved == result else abs(moved - result)
            most = max(most, mp.inf if mp.isnan(change) else change)
        total += most
    return total


def _least(node: Apply, args: list[Ball], middles: list[Any], result: Any) -> Any:
    """How large an infinite result is at least, if it is finite; 0 if it is infinite, as log(0) is."""
    mp = mpmath.mp
    ends = [mp.sign(middle) * radius if mp.isinf(middle) and radius else middle for middle, radius in args]
    if ends != middles:
        moved = operate(node, ends)
        return abs(moved) if mp.isfinite(moved) else mp.ldexp(1, _TOO_LARGE)
    if any(mp.isinf(radius) for _, radius in args):
        return mp.inf
    overflows = all(map(mp.isfinite, middles)) and any(abs(mp.mag(each)) > FAR - 2 for each in middles if each)
    return mp.ldexp(1, _TOO_LARGE) if overflows else _moves(node, args, middles, result)


def _is_exact(node: Apply, args: list[Any], result: Any, bits: int) -> bool:
    """Whether no rounding took place: choices, steps, sums and products that fit, and what a function of 0 is."""
    mp = mpmath.mp
    name = node.row.name
    if node.row.steps or node.row.chooses:
        return True
    if name in ("+", "-", "*") and all(map(mp.isfinite, args)) and _span(args) < bits:
        operation = {"+": mp.fadd, "-": mp.fsub, "*": mp.fmul}[name]
        return bool(operation(*args, exact=True) == result)
    return (name == "**" and args[1] in (0, 1)) or (len(args) == 1 and not args[0] and result == 1)


def _span(args: list[Any]) -> int:
    mags = [mpmath.mp.mag(each) for each in args if each]
    return max(mags) - min(mags) if mags else 0


def is_tiny(radius: Any) -> bool:
    """Whether it is that of a number too small to be computed with."""
    size = magnitude(radius)
    return size is not None and size < -BOUNDED // 2
