"""A function of one variable, whether it was named or typed: what everything above this floor works on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.errors import LengthError, UsageError
from actfn.expression import rules
from actfn.expression.evaluate import evaluate
from actfn.expression.tree import Apply, Number, Tree, Variable
from actfn.numerics.formats import FLOAT64, FORMATS, Format, find_format
from actfn.numerics.numerals import MAX_ORDER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from actfn.expression.exact import Exact
    from actfn.expression.kinks import Kink
    from actfn.expression.undecided import Undecided
    from actfn.numerics.kernels import Array


_DIGITS_OF_TIES = 60  # the smallest float32 differs from 0 by less
_DIGITS = 20  # more than a float64 has
_MOST_ASKED = 256  # points of one call for which the exact engine is asked; beyond, ties and nan stay as they are
_MOST_UNDEFINED = 8  # so many points without an exact value, and it is the function that has none
_BITS_OF_DOMAIN = 200
_SETTLED = 1e-15
_NEARER, _NEAR = [1e7 + 0.3, 3e8 + 0.7], 0.01  # numbers with a fraction, and how near to its limit a function is there
_FAR_OUT = [1e100, 3e123, 7e157, 2e191, 1e200, 6e222, 4e251, 9e277, 1e300]
_BITS = 4000  # of exact values near a limit
SIGHT = 1000.0  # how far from 0 kinks are looked for where nobody says how far
_HUGE = 1e50  # what is larger far out grows without end, if it grows


def _in_caller_dtype(x: Any, dtype: str | None, compute: Any) -> Any:
    """Apply `compute(float64 array, format)` and give the result the dtype asked for, or the argument's own."""
    array = np.asarray(x)
    own = FORMATS.get(array.dtype.name, FLOAT64)
    form = own if dtype is None else find_format(dtype)
    result = compute(np.asarray(array, np.float64), form)
    if isinstance(x, int | float) and dtype is None:
        return float(result)
    return np.asarray(result).astype(form.dtype)[()]


def _confirmed(limits: Array, there: Array) -> Array:
    """The limits that values nearer agree with: x % 2 is 0 at every float far out, and x**(1/3) is inf at -inf."""
    with np.errstate(invalid="ignore"):
        near = np.isinf(limits) | np.all(np.abs(there - limits) <= _NEAR * (1 + np.abs(limits)), axis=0)
    return np.where(near & ~np.isnan(there).all(axis=0), limits, np.nan)


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
        return _in_caller_dtype(x, dtype, self.values)

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
                values[unsettled] = self._limits(x[unsettled])
        return form.round(values) if form is FLOAT64 else self._rounded(x, values, form)

    def _repaired(self, x: Array, values: Array) -> Array:
        """The values, the exact ones where they are nan at a finite x: 0*inf, where a part of a formula overflows."""
        lost = np.isnan(values) & np.isfinite(x)
        if not (np.any(lost) and isinstance(self.tree, Apply) and self.tree.row.definition):
            return values
        repaired = np.array(values)
        undefined = 0
        for point in np.unique(x[lost])[:_MOST_ASKED].tolist():
            exact = float(self.exact_value(point, _DIGITS).value)
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
            from actfn.expression import exact

            for point in np.unique(x[undecided])[:_MOST_ASKED].tolist():
                place = undecided & (x == point)
                rounded[place] = exact.rounded(self.exact_value(point, _DIGITS_OF_TIES).value, form)
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

    def exact(self, x: float, digits: int = 30) -> Any:
        """The value at the float x to a number of significant digits, as an mpmath number; nan where there is none.

        Where so many digits cannot be had, because the value cannot be told from 0, the nearest to it is given:
        `exact_value` tells the difference.
        """
        return self.exact_value(x, digits).value

    def exact_value(self, x: float, digits: int = 30, most_bits: int | None = None) -> Exact:
        """The value at the float x as far as it is known. At ±inf it is the limit that `values` has.

        With `most_bits` the search for digits ends earlier than `exact.MOST_BITS`.
        """
        import mpmath

        from actfn.expression import exact

        if np.isinf(x):
            return exact.Exact(mpmath.mpf(float(self.values(np.asarray(x)))))
        try:
            tree = self.exact_tree()
        except LengthError:  # the formula of a very high derivative is too long to be worked out
            return exact.by_differences(self.tree, self.variable, x, self.order, digits)
        if self.order:
            # 1/x is a number at -1, but log has none there, and so no slope
            domain = exact.value(self.tree, {self.variable: x}, _DIGITS, _BITS_OF_DOMAIN)
            if domain.certain and not domain.defined:
                return domain
        return exact.value(tree, {self.variable: x}, digits, most_bits or exact.MOST_BITS)

    def undecided(self, x: float) -> Undecided | None:
        """The condition or step which no digit decides, and which makes the exact value at the float x unknown."""
        from actfn.expression.undecided import undecided

        try:
            return undecided(self.exact_tree(), {self.variable: x}) if np.isfinite(x) else None
        except LengthError:
            return None

    def exact_tree(self) -> Tree:
        """The expression whose exact value is the function's: of a derivative the symbolic one."""
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
        from actfn.expression import kinks

        return kinks.find(self.tree, self.variable, low, high)

    def formula_tree(self) -> Tree:
        """What the formula shows: of a named function its textbook formula, of a derivative the simplified one."""
        tree = self.exact_tree()
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

    def limits(self) -> Array:
        """The limits towards -inf and inf, in float64; nan where the values far out do not settle."""
        ends = np.array([-np.inf, np.inf])
        values = self.values(ends)
        nearer = np.multiply.outer(_NEARER, np.sign(ends))
        limits = _confirmed(np.where(np.isnan(values), self._limits(ends), values), self.values(nearer))
        unknown = np.isnan(limits) | np.isnan(values)
        if self.named or not np.any(unknown):
            return limits
        from actfn.expression import approach

        # what overflows or is rounded far out, as x/sqrt(1 + x*x), has a limit all the same
        limits[unknown] = [approach.at_infinity(self, end) for end in ends[unknown].tolist()]
        there = [[float(self.exact_value(x, _DIGITS, _BITS).value) for x in row] for row in nearer.tolist()]
        return np.where(unknown & ~np.isnan(limits), _confirmed(limits, np.array(there)), limits)

    def _limits(self, x: Array) -> Array:
        """The limit at the infinity that has the sign of x, judged by values far out; nan where they do not settle."""
        far = np.multiply.outer(_FAR_OUT, np.where(x < 0, -1.0, 1.0))
        values = self._repaired(far, self._computed(far, FLOAT64))
        size = np.abs(values)
        with np.errstate(invalid="ignore"):  # infinities
            settled = np.all((values == values[0]) | (np.abs(values - values[0]) <= _SETTLED * size[0]), axis=0)
        grows = (size[0] > _HUGE) & np.all((size[:-1] < size[1:]) | np.isinf(size[1:]), axis=0)
        falls = (size[0] < 1 / _HUGE) & np.all((size[:-1] > size[1:]) | (size[1:] == 0), axis=0)
        one_sign = np.all(np.signbit(values) == np.signbit(values[0]), axis=0)
        limit = np.where(grows, np.copysign(np.inf, values[0]), np.copysign(0.0, values[0]))
        limit = np.where(falls & ~one_sign, 0.0, limit)
        return np.where(settled, values[-1], np.where(falls | (one_sign & grows), limit, np.nan))

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
