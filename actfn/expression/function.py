"""A function of one variable, whether it was named or typed: what everything above this floor works on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.errors import UnknownNameError, suggestion
from actfn.expression import printer, rules
from actfn.expression.evaluate import evaluate
from actfn.expression.tree import Apply, Tree
from actfn.numerics.formats import FLOAT64, FORMATS, Format

if TYPE_CHECKING:
    from collections.abc import Mapping

    from actfn.numerics.kernels import Array


def find_format(name: str) -> Format:
    """The float format of that name. Raises UnknownNameError."""
    form = FORMATS.get(name.lower())
    if form is None:
        hint = suggestion(name, list(FORMATS)) or f"the formats: {', '.join(FORMATS)}"
        message = f"unknown float format {name!r}"
        raise UnknownNameError(message, hint=hint)
    return form


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
    """

    tree: Tree
    variable: str
    name: str
    parameters: Mapping[str, float] = field(default_factory=dict)

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
        """The values at x, computed in the format, as float64. x: float64, any shape."""
        return evaluate(self.tree, {self.variable: x}, form)

    @property
    def formula(self) -> str:
        """The function in the language: a named one as its textbook formula."""
        return printer.text(self._textbook())

    def latex(self) -> str:
        """The formula in LaTeX, for math mode."""
        return printer.latex(self._textbook())

    def _textbook(self) -> Tree:
        named = isinstance(self.tree, Apply) and bool(self.tree.row.definition)
        return rules.expanded(self.tree, levels=1) if named else self.tree

    def __repr__(self) -> str:
        return f"<actfn function {self.name}: {self.formula}>"


@dataclass(frozen=True, eq=False)
class VectorFunction:
    """A function of a vector, such as softmax. It works on the last axis.

    Attributes:
        name: its name in the catalogue.
        formula: element i of its result, for reading.
        kernel: (..., n) to (..., m), in float64.
        jacobian: (..., n) to (..., m, n), in float64.
    """

    name: str
    formula: str
    kernel: Any
    jacobian: Any

    def __call__(self, x: Any, *, dtype: str | None = None) -> Any:
        """The value at x, an array of shape (..., n) with n >= 1; formats as in `Function`."""
        return _in_caller_dtype(x, dtype, self.values)

    def values(self, x: Array, form: Format = FLOAT64) -> Array:
        """The values at x (..., n), computed in float64 and rounded once into the format, as float64."""
        with np.errstate(all="ignore"):
            return form.round(self.kernel(form.round(x)))

    def __repr__(self) -> str:
        return f"<actfn function {self.name}: {self.formula}>"
