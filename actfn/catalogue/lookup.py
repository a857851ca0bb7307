"""From what a person writes to a function: names, aliases, and expressions that call them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NoReturn

from actfn.catalogue import gated, others, rectifiers, shrinkers, sigmoids, vectors
from actfn.catalogue.activation import Activation, Entry, VectorActivation
from actfn.errors import ExpressionError, UnknownNameError, UsageError, suggestion
from actfn.expression.function import Function, VectorFunction
from actfn.expression.parser import RESERVED, parse
from actfn.expression.primitives import FUNCTIONS, Primitive
from actfn.expression.tree import apply, number, substitute, variable, variables

if TYPE_CHECKING:
    from collections.abc import Mapping

FAMILIES: dict[str, tuple[Activation | VectorActivation, ...]] = {
    "rectifiers": rectifiers.ROWS,
    "gated": gated.ROWS,
    "sigmoids": sigmoids.ROWS,
    "shrinkers": shrinkers.ROWS,
    "others": others.ROWS,
    "vectors": vectors.ROWS,
}
ROWS = tuple(row for rows in FAMILIES.values() for row in rows)

_ARGUMENT = "x"


def normalised(name: str) -> str:
    """A name with case, underscores, hyphens and blanks taken out: HardSwish, hard_swish and hardswish are one."""
    return name.casefold().replace("_", "").replace("-", "").replace(" ", "")


@cache
def _index() -> dict[str, Activation | VectorActivation]:
    index: dict[str, Activation | VectorActivation] = {}
    for row in ROWS:
        for name in (row.name, *row.aliases):
            index.setdefault(normalised(name), row)
    return index


def find(name: str) -> Activation | VectorActivation | None:
    """The row of a name or alias."""
    return _index().get(normalised(name))


def search(text: str) -> list[tuple[str, Activation | VectorActivation]]:
    """The rows, with their families, in whose name, alias, title or source the text occurs; all for an empty text."""
    wanted, plain = normalised(text), text.casefold()
    return [
        (family, row)
        for family, rows in FAMILIES.items()
        for row in rows
        if any(wanted in normalised(name) for name in (row.name, *row.aliases))
        or plain in f"{row.title} {row.source}".casefold()
    ]


def known() -> list[str]:
    """Every name, the canonical ones first."""
    aliases = [alias for row in ROWS for alias in row.aliases]
    return [*dict.fromkeys([*(row.name for row in ROWS), *FUNCTIONS, *aliases])]


class CatalogueNames:
    """The functions of the table and of the catalogue, for the parser."""

    def find(self, name: str) -> Primitive | None:
        if name in FUNCTIONS:
            return FUNCTIONS[name]
        entry = find(name)
        if isinstance(entry, VectorActivation):
            message = f"{name!r} is a function of a vector and cannot stand in an expression"
            raise UsageError(message, hint=f"use it alone: actfn eval {entry.name} 1 2 3")
        return entry.row if entry else None

    def known(self) -> list[str]:
        return known()


def function(text: str, **parameters: float) -> Function | VectorFunction:
    """The function that a text means.

    Args:
        text: a name or alias of the catalogue, a function of the language, or an expression in one variable.
        parameters: values for the function's parameters, or for further names in the expression.

    Raises:
        ExpressionError: it is no expression, or the variable is not clear.
        UnknownNameError: no function or parameter has that name.
    """
    source = text.strip()
    named = _named(source, parameters)
    if named:
        return named
    if _is_word(source):
        _unknown(source)
    tree = parse(source, CatalogueNames())
    names = variables(tree)
    for name in parameters:
        if name in RESERVED:
            message = f"{name!r} is a word of the language and cannot be a parameter"
            raise UsageError(message)
        if name not in names:
            hint = suggestion(name, names) or (f"its names: {', '.join(names)}" if names else "it has no names")
            message = f"the expression has no name {name!r}"
            raise UnknownNameError(message, source=source, span=(0, len(source)), hint=hint)
    free = [name for name in names if name not in parameters]
    if len(free) > 1:
        kept = _ARGUMENT if _ARGUMENT in free else free[-1]
        given = " ".join(f"-p {name}=…" for name in free if name != kept)
        hint = f"to keep {kept} as the variable, give the others a value: {given}"
        message = f"which name is the variable? {', '.join(free[:-1])} and {free[-1]} have no value"
        raise ExpressionError(message, source=source, span=(0, len(source)), hint=hint)
    tree = substitute(tree, {name: number(value) for name, value in parameters.items()})
    return Function(tree, free[0] if free else _ARGUMENT, source, dict(parameters))


def _named(name: str, parameters: Mapping[str, float]) -> Function | VectorFunction | None:
    row = FUNCTIONS.get(name)
    entry = find(name)
    if row is None and entry is None:
        return None
    if isinstance(entry, VectorActivation):
        _check_parameters(name, parameters, [])
        return VectorFunction(entry.name, entry.formula, entry.kernel, entry.jacobian)
    if row is None or row.required != 1:
        if entry is None:
            assert row
            hint = (
                f"write an expression in one variable, such as {row.name}({', '.join(['x', '1', '2'][: row.required])})"
            )
            message = f"{name!r} is a function of {row.required} arguments"
            raise UsageError(message, hint=hint)
        row = entry.row
    _check_parameters(name, parameters, list(row.defaults))
    values = row.defaults | dict(parameters)
    tree = apply(row, variable(_ARGUMENT), *(number(values[parameter]) for parameter in row.defaults))
    return Function(tree, _ARGUMENT, row.name, values)


def _check_parameters(name: str, parameters: Mapping[str, float], there: list[str]) -> None:
    for parameter in parameters:
        if parameter not in there:
            hint = suggestion(parameter, there) or (f"its parameters: {', '.join(there)}" if there else "it has none")
            message = f"{name!r} has no parameter {parameter!r}"
            raise UnknownNameError(message, hint=hint)


def _is_word(source: str) -> bool:
    """A name that is not the one-letter variable of an expression, dots and colons included: it was meant as a name."""
    word = source.replace(".", "").replace(":", "")
    return len(source) > 1 and word.isidentifier() and source not in RESERVED


def _unknown(name: str) -> NoReturn:
    hint = suggestion(name, known()) or "see 'actfn list', or write a formula in one variable, such as 'max(0, x)'"
    message = f"unknown function {name!r}"
    raise UnknownNameError(message, hint=hint)


__all__ = ["FAMILIES", "ROWS", "CatalogueNames", "Entry", "find", "function", "known", "normalised", "search"]
