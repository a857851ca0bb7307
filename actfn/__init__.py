"""actfn: what activation functions are, and what floats do to them.

>>> import actfn
>>> actfn.function("hard_tanh")(2.0)
1.0
>>> actfn.function("a*max(0, x)", a=3).formula
'3*max(0, x)'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from actfn.expression.tree import Tree
    from actfn.functions.function import Function, VectorFunction

__version__ = "0.1.0"
__all__ = ["__version__", "function", "names", "parse"]


def function(text: str, /, **parameters: float) -> Function | VectorFunction:
    """The function that a text means: a name of the catalogue, or an expression in one variable.

    Args:
        text: `"gelu"`, `"1.2**max(0, g-2)"`.
        parameters: values for its parameters, or for further names in the expression.

    Raises:
        actfn.errors.ActfnError: it means none; the message says why, where, and what to do.
    """
    from actfn.catalogue import lookup

    return lookup.function(text, **parameters)


def parse(text: str) -> Tree:
    """The tree of an expression, in any number of variables. Raises actfn.errors.ActfnError."""
    from actfn.catalogue import lookup
    from actfn.expression import parser

    return parser.parse(text, lookup.CatalogueNames())


def names() -> list[str]:
    """The names of the catalogue's functions."""
    from actfn.catalogue.rows import ROWS

    return [row.name for row in ROWS]


def __dir__() -> list[Any]:
    return __all__
