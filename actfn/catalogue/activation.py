"""The two kinds of catalogue row. Only what cannot be computed is stored."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from actfn.expression.primitives import Primitive
    from actfn.numerics.kernels import Array


@dataclass(frozen=True, eq=False)
class Entry:
    """What every row of the catalogue has.

    Attributes:
        name: the name it is listed and printed under.
        formula: in the language; of a function of a vector its textbook form, for reading.
        parameters: further names of the formula, and their defaults.
        title: the name in words.
        aliases: further spellings; case, underscores and hyphens do not matter. Those of the frameworks are elsewhere.
        source: author, year, paper; numbers of sections are those of the survey, arXiv:2402.09092.
        note: what to know: where frameworks differ, what is learned.
        sample: how a value is drawn where the function is random; its formula is then the form for inference.
    """

    name: str
    formula: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    _: KW_ONLY
    title: str
    aliases: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    sample: str = ""

    @property
    def signature(self) -> str:
        """How it is called: `leaky_relu(x, alpha=0.01)`."""
        return f"{self.name}({', '.join(['x', *(f'{name}={value!r}' for name, value in self.parameters.items())])})"


class Activation(Entry):
    """A function of one number, as a formula in x and its parameters that uses functions of the table only.

    A row named like a function of the table is that function, and its formula and parameters are the table's. A sample
    is a formula too, in which `uniform` is drawn from [0, 1) and `normal` from the standard normal distribution.
    """

    @cached_property
    def row(self) -> Primitive:
        """The function as a row that an expression can call."""
        from actfn.expression.primitives import FUNCTIONS, Primitive

        if self.name in FUNCTIONS:
            return FUNCTIONS[self.name]
        return Primitive(self.signature, definition=self.formula)


class VectorActivation(Entry):
    """A function of a vector: the kernel over the last axis that has its name, its Jacobian and its sampler."""

    @cached_property
    def row(self) -> Primitive:
        """Its name and parameters as a row, so that a call of it can be read. No expression can hold it."""
        from actfn.expression.primitives import Primitive

        return Primitive(self.signature, self.kernel, definition=self.formula)

    @property
    def kernel(self) -> Callable[..., Array]:
        """(..., n) to (..., m); takes the parameters as keywords."""
        return _kernel(self.name)

    @property
    def jacobian(self) -> Callable[..., Array]:
        """(..., n) to (..., m, n); takes the parameters as keywords."""
        return _kernel(f"{self.name}_jacobian")

    @property
    def sampler(self) -> Callable[..., Array]:
        """(..., n) and a random generator to (..., m); takes the parameters as keywords."""
        return _kernel(self.sample)


def _kernel(name: str) -> Callable[..., Array]:
    from actfn.numerics import vectors

    found: Callable[..., Array] = getattr(vectors, name)
    return found
