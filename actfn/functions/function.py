"""A function of one variable, whether it was named or typed: what everything above this floor works on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isinf
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.errors import UsageError
from actfn.expression import rules
from actfn.expression.evaluate import evaluate, evaluate_all
from actfn.expression.primitives import FUNCTIONS, INFIX, PREFIX
from actfn.expression.tree import Apply, Number, Tree, Variable, apply, depends, postorder
from actfn.numerics.formats import FLOAT64, FORMATS, Format, find_format
from actfn.numerics.numerals import MAX_ORDER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from actfn.exact.limits import Limit
    from actfn.exact.number import Exact
    from actfn.exact.value import Undecided
    from actfn.functions.kinks import Kink
    from actfn.numerics.kernels import Array


_DIGITS_OF_TIES = 60  # the smallest float32 differs from 0 by less
_DIGITS = 20  # more than a float64 has
_MOST_ASKED = 256  # points of one call for which the exact engine is asked; beyond, ties and nan stay as they are
_NEAR = 1e-3  # relative: so far from a singular point slopes are looked at
_MOST_UNDEFINED = 8  # so many points without an exact value, and it is the function that has none
_EQUALITIES = (INFIX["=="], INFIX["!="])
_CONDITIONED = (FUNCTIONS["where"], FUNCTIONS["sign"], INFIX["or"], INFIX["and"], PREFIX["not"])  # by what is not 0
SIGHT = 1000.0  # how far from 0 kinks are looked for where nobody says how far


def _in_caller_dtype(x: Any, dtype: str | None, compute: Any) -> Any:
    """Apply `compute(float64 array, format)` and give the result the dtype asked for, or the argument's own."""
    array = np.asarray(x)
    own = FORMATS.get(array.dtype.name, FLOAT64)
    form = own if dtype is None else find_format(dtype)
    result = compute(np.asarray(array, np.float64), form)
    if isinstance(x, int | float) and dtype is None:
        return float(result)
    return np.asarray(result).astype(form.dtype)[()]


@dataclass(frozen=True, eq=False)
class Function:
    """A function of one variable, given by its tree.

    Attributes:
        tree: the expression, in `variable` only.
        variable: the name of its argument.
        name: how it was asked for: a name of the catalogue, or the expression as typed.
        parameters: the values its parameters were given, defaults included.
        order: which derivative of the expression it is.
    """

    tree: Tree
    variable: str
    name: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    order: int = 0

    def __call__(self, x: Any, *, dtype: str | None = None) -> Any:
        """The value at x.

        Args:
            x: a number, or an array of any shape and float dtype.
            dtype: the float format to compute in; the array's own by default, float64 for Python numbers.

        Returns:
            A float for a Python number, else an array of x's shape in the format. No value is nan; nothing is raised.

        Raises:
            UnknownNameError: there is no such format.
        """
        return _in_caller_dtype(x, dtype, self.settled_values)

    def settled_values(self, x: Array, form: Format = FLOAT64) -> Array:
        """Return the values at x; of a derivative, those that it has from left and right at singular points.

        At a removable singularity the rule of a row gives 0/0. Where a formula sets the value there by a condition, as
        in where(x == 0, 1, expm1(x)/x), the rules give the slope of that value, a constant: 0. `values` leaves both as
        they are; arguments and results are the same.
        """
        x = form.round(x)
        values = self.values(x, form)
        points = self._singular(x, values) if self.order else np.empty(0)
        if points.size:
            values = np.array(values)
        for point in points.tolist():
            both = self._slope_of_both_sides(point)
            if both.known:
                values[x == point] = form.round(float(both))
        return values

    def values(self, x: Array, form: Format = FLOAT64) -> Array:
        """The values at x, as float64. x: float64, any shape.

        A named function is computed in float64 and rounded once into the format, and has its limits at ±inf; a typed
        expression is executed as typed, every operation rounded into the format.
        """
        x = form.round(x)
        if not self.named:
            return self._computed(x, form)
        values = self._computed(x, FLOAT64)
        if not np.all(np.isfinite(values)):
            values = self._repaired(x, values)
            unsettled = np.isinf(x) & np.isnan(values)
            if np.any(unsettled):
                values = np.array(values)
                values[unsettled] = [float(self.limit(end)) for end in x[unsettled].tolist()]
        return form.round(values) if form is FLOAT64 else self._rounded(x, values, form)

    def _repaired(self, x: Array, values: Array) -> Array:
        """The values, the exact ones where they are nan at a finite x: 0*inf, where a part of a formula overflows."""
        lost = np.isnan(values) & np.isfinite(x)
        if not (np.any(lost) and isinstance(self.tree, Apply) and self.tree.row.definition):
            return values
        repaired = np.array(values)
        undefined = 0
        for point in np.unique(x[lost])[:_MOST_ASKED].tolist():
            exact = float(self.exact(point, _DIGITS))
            repaired[lost & (x == point)] = exact
            undefined += np.isnan(exact)
            if undefined > _MOST_UNDEFINED:
                break
        return repaired

    def _rounded(self, x: Array, values: Array, form: Format) -> Array:
        """Values in float64, rounded as the exact ones would be: where they cannot be told from a tie, those are asked.

        silu(-2e-38) is a little more than half of it, by less than float64 sees, and that half is a tie in bfloat16.
        """
        rounded = form.round(values)
        undecided = form.near_tie(values)
        if np.any(undecided):
            for point in np.unique(x[undecided])[:_MOST_ASKED].tolist():
                exact = self.exact(point, _DIGITS_OF_TIES).rounded(form)
                if exact is not None:
                    rounded[undecided & (x == point)] = exact
        return rounded

    @property
    def named(self) -> bool:
        """Whether it is one function with its argument and constants, and not a formula of several."""
        tree = self.tree
        if not isinstance(tree, Apply) or tree.row.operator or not tree.args:
            return False
        return isinstance(tree.args[0], Variable) and all(isinstance(argument, Number) for argument in tree.args[1:])

    @property
    def title(self) -> str:
        """The name in a sentence, which says of a derivative that it is one."""
        of_order = f" of order {self.order}" if self.order > 1 else ""
        return f"the derivative{of_order} of {self.name}" if self.order else self.name

    def exact(self, x: float, digits: int = 30, most_bits: int | None = None, *, minus: float = 0.0) -> Exact:
        """Return the value at a point, certain to a number of significant digits, or what is known of it.

        Args:
            x: a float, taken exactly; at ±inf the answer is the limit that `values` gives.
            digits: how many significant digits must be certain, from 1.
            most_bits: the precision at which the search for digits ends, `exact.effort.MOST_BITS` at most.
            minus: a constant that is subtracted, so that digits are those of the difference.

        Raises:
            UsageError: the number of digits is no whole number from 1.
        """
        from actfn.exact.value import derivative, of_float

        if digits < 1 or digits != int(digits):
            message = f"the number of digits is a whole number from 1, not {digits!r}"
            raise UsageError(message)
        if isinf(x):
            return of_float(float(self.values(np.asarray(x))) - minus, digits)
        found = derivative(self.tree, self.variable, x, self.order, digits, most_bits, minus=minus)
        if self.order and (not found.defined or self._is_isolated(x)):
            there = derivative(self.tree, self.variable, x, 0, 1)
            both = self._slope_of_both_sides(x, digits) if there.may_be_finite else None
            if both and both.known:
                return both.exact(digits, minus)
        return found

    def _is_isolated(self, x: float) -> bool:
        """Return whether a condition with == or != is decided at the point alone."""
        return bool(self._isolated) and bool(np.any(evaluate_all(self._isolated, {self.variable: np.array(x)}) == 0))

    def undecided(self, x: float) -> Undecided | None:
        """Return the condition or step which no digit decides, and which makes the value at x unresolved."""
        from actfn.exact import value

        return value.undecided(self.tree, self.variable, x, self.order) if np.isfinite(x) else None

    def expression_tree(self) -> Tree:
        """Return the expression of the function: of a derivative the symbolic one."""
        if not self.order:
            return self.tree
        from actfn.expression.derive import derivative

        return derivative(self.tree, self.variable, self.order)

    def derivative(self, order: int = 1) -> Function:
        """The derivative of an order, as such a function: values by forward mode, formula by the rules.

        Raises:
            UsageError: the order is no whole number from 0, or beyond 170 in all.
        """
        total = self.order + order
        if order < 0 or total != int(total) or total > MAX_ORDER:
            message = f"the order of a derivative is a whole number from 0 to {MAX_ORDER}, not {total:g}"
            raise UsageError(message)
        return replace(self, order=int(total))

    def kinks(self, low: float = -SIGHT, high: float = SIGHT) -> tuple[Kink, ...]:
        """The kinks and jumps of the function (not of a derivative) between two finite numbers, from left to right."""
        from actfn.functions import kinks

        return kinks.find(self.tree, self.variable, low, high)

    def formula_tree(self) -> Tree:
        """What the formula shows: of a named function its textbook formula, of a derivative the simplified one."""
        tree = self.expression_tree()
        if self.order:
            return tree
        while self.named and isinstance(tree, Apply) and tree.row.definition and not tree.row.operator:
            tree = rules.expanded(tree, levels=1)
        return tree

    def textbook(self) -> Function:
        """The function as its formula, written out in basic operations and executed one by one, as if it were typed."""
        from actfn.expression import printer

        tree = rules.expanded(self.tree)
        return replace(self, tree=tree, name=printer.text(tree))

    @property
    def formula(self) -> str:
        """The function in the language: a named one as its textbook formula, a long one with parts named by `let`."""
        from actfn.expression import printer

        return printer.shared(self.formula_tree())

    def latex(self) -> str:
        """The formula in LaTeX, for math mode."""
        from actfn.expression import printer

        return printer.latex(self.formula_tree())

    def _computed(self, x: Array, form: Format) -> Array:
        if not self.order:
            return evaluate(self.tree, {self.variable: x}, form)
        from actfn.expression.jet import derivatives

        return derivatives(self.tree, self.variable, x, self.order, form)[self.order]

    def _singular(self, x: Array, slopes: Array) -> Array:
        """Return points with a value but no slope, which the points near them have, and those of a single condition.

        Where a part overflows, all that are near are nan too.
        """
        lost = np.unique(x[np.isnan(slopes) & np.isfinite(x)])[:_MOST_ASKED]
        with np.errstate(over="ignore"):
            places = [lost + side * _NEAR * np.maximum(1, np.abs(lost)) for side in (-1, 1)]
        near = [self.values(each) for each in places] if lost.size else []
        value = evaluate(self.tree, {self.variable: lost})
        points = lost[np.all(np.isfinite([value, *near]), axis=0)]
        if self._isolated:
            patched = np.any(evaluate_all(self._isolated, {self.variable: x}) == 0, axis=0)
            points = np.concatenate([points, np.unique(x[patched])[:_MOST_ASKED]])
        return points

    @cached_property
    def _isolated(self) -> list[Tree]:
        """The parts that are 0 where a condition is decided at a single point: u - v of u == v, u of where(u, …)."""
        varying = depends(self.tree, [self.variable])
        nodes = [node for node in postorder(self.tree) if isinstance(node, Apply) and node in varying]
        differences = [apply(INFIX["-"], *node.args) for node in nodes if node.row in _EQUALITIES]
        conditions = [node.args[0] for node in nodes if node.row in _CONDITIONED]
        return [*differences, *(each for each in conditions if not (isinstance(each, Apply) and each.row.steps))]

    def _slope_of_both_sides(self, x: float, digits: int = _DIGITS) -> Limit:
        from actfn.exact.number import bits_of
        from actfn.exact.sides import one_sided

        sides = one_sided(self.tree, self.variable, x, self.order, accuracy=bits_of(digits))
        return sides.derivative(self.order)

    def limit(self, at: float, side: int = 1, digits: int = _DIGITS) -> Limit:
        """Return the certified limit at a point from the left (side -1) or right (1), or towards inf or -inf."""
        from actfn.exact.limits import limits
        from actfn.exact.number import bits_of

        return limits(self.tree, self.variable, at, self.order, side, bits_of(digits))[self.order]

    def limits(self) -> Array:
        """Return the limits towards -inf and inf, in float64; nan where there is none, or it is not certain."""
        from actfn.exact.number import Status

        ends = np.array([-np.inf, np.inf])
        found = [self.limit(end) for end in ends.tolist()]
        if self.named and any(each.status is Status.UNRESOLVED for each in found):
            return np.where([each.known for each in found], np.array(found, np.float64), self._computed(ends, FLOAT64))
        return np.array(found, np.float64)

    def __repr__(self) -> str:
        return f"<actfn function {self.name}{self.order * chr(39)}: {self.formula}>"


@dataclass(frozen=True, eq=False)
class VectorFunction:
    """A function of a vector, such as softmax. It works on the last axis.

    Attributes:
        name: its name in the catalogue.
        formula: element i of its result, for reading.
        kernel: (..., n) to (..., m), in float64.
        jacobian: (..., n) to (..., m, n), in float64.
        parameters: the values its parameters were given, defaults included.
    """

    name: str
    formula: str
    kernel: Any
    jacobian: Any
    parameters: Mapping[str, float] = field(default_factory=dict)

    def __call__(self, x: Any, *, dtype: str | None = None) -> Any:
        """The value at x, an array of shape (..., n) with n >= 1; formats as in `Function`."""
        return _in_caller_dtype(x, dtype, self.values)

    @property
    def title(self) -> str:
        """The name in a sentence."""
        return self.name

    def values(self, x: Array, form: Format = FLOAT64) -> Array:
        """The values at x (..., n), computed in float64 and rounded once into the format, as float64."""
        with np.errstate(all="ignore"):
            return form.round(self.kernel(form.round(x)))

    def jacobian_values(self, x: Array, form: Format = FLOAT64) -> Array:
        """The Jacobian at x (..., n), (..., m, n): row i holds the slopes of element i. Rounded as `values`."""
        with np.errstate(all="ignore"):
            return form.round(self.jacobian(form.round(x)))

    def __repr__(self) -> str:
        return f"<actfn function {self.name}: {self.formula}>"
