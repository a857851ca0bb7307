"""The two kinds of catalogue row. Only what cannot be computed is stored."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from actfn.expression.primitives import FUNCTIONS, Primitive

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from actfn.numerics.kernels import Array


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What every row of the catalogue has.

    Attributes:
        name: the name it is listed and printed under.
        aliases: further spellings; case, underscores and hyphens do not matter.
        title: the name in words.
        source: author, year, paper.
        note: where frameworks disagree on a default or on the formula.
    """

    name: str
    aliases: tuple[str, ...] = ()
    title: str = ""
    source: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Activation(Entry):
    """A function of one number, as a formula in x and its parameters that uses rows of the table only.

    A row named like a function of the table is that function; `parameters` are then the table's.
    """

    formula: str
    parameters: Mapping[str, float] = field(default_factory=dict)

    @cached_property
    def row(self) -> Primitive:
        """The function as a row that an expression can call."""
        if self.name in FUNCTIONS:
            return FUNCTIONS[self.name]
        arguments = ["x", *(f"{name}={value!r}" for name, value in self.parameters.items())]
        return Primitive(f"{self.name}({', '.join(arguments)})", definition=self.formula)


@dataclass(frozen=True, kw_only=True)
class VectorActivation(Entry):
    """A function of a vector: a kernel over the last axis, and its Jacobian.

    Attributes:
        formula: its textbook form, for reading; element i of the result.
        kernel: (..., n) to (..., m).
        jacobian: (..., n) to (..., m, n).
    """

    formula: str
    kernel: Callable[[Array], Array]
    jacobian: Callable[[Array], Array]
