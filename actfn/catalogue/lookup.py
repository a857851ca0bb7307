"""From what a person writes to a function: names, aliases, and expressions that call them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from actfn.catalogue.activation import VectorActivation
from actfn.catalogue.rows import OMITTED, ROWS, find, normalised
from actfn.errors import ExpressionError, UnknownNameError, UsageError, suggestion
from actfn.expression.evaluate import evaluate
from actfn.expression.parser import RESERVED, parse
from actfn.expression.primitives import FUNCTIONS, Primitive
from actfn.expression.tokens import MODULES
from actfn.expression.tree import Apply, Number, apply, number, substitute, variable, variables
from actfn.functions.function import Function, VectorFunction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np

    from actfn.catalogue.rows import Row
    from actfn.numerics.kernels import Array

_ARGUMENT = "x"


def known() -> list[str]:
    """Every name, the canonical ones first."""
    aliases = [alias for row in ROWS for alias in row.aliases]
    return [*dict.fromkeys([*(row.name for row in ROWS), *FUNCTIONS, *aliases])]


class CatalogueNames:
    """The functions of the table and of the catalogue, for the parser."""

    def find(self, name: str) -> Primitive | None:
        if name in FUNCTIONS:
            return FUNCTIONS[name]
        entry = find(name) or _plain_spelling(name)
        if isinstance(entry, VectorActivation):
            message = f"{name!r} is a function of a vector and cannot stand in an expression"
            raise UsageError(message, hint=f"use it alone: actfn eval {entry.name} 1 2 3")
        return entry.row if entry else None

    def known(self) -> list[str]:
        return known()


class _AllNames(CatalogueNames):
    """Those of functions of a vector too: what a spelling means is a call of one, or an expression without."""

    def find(self, name: str) -> Primitive | None:
        entry = find(name)
        return entry.row if isinstance(entry, VectorActivation) else super().find(name)


def _stripped(text: str) -> str:
    return re.sub(f"^{MODULES}", "", text.strip())


def function(text: str, /, **parameters: float) -> Function | VectorFunction:
    """The function that a text means.

    Args:
        text: a name or alias of the catalogue, a function of the language, or an expression in one variable.
        parameters: values for the function's parameters, or for further names in the expression.

    Raises:
        ExpressionError: it is no expression, or the variable is not clear.
        UsageError: the parameters leave no variable.
        UnknownNameError: no function or parameter has that name.
    """
    source = _stripped(text)
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
            raise UsageError(message, hint="give the parameter another name")
        if name not in names:
            hint = suggestion(name, names) or (f"its names: {', '.join(names)}" if names else "it has no names")
            message = f"the expression has no name {name!r}"
            raise UnknownNameError(message, source=source, span=(0, len(source)), hint=hint)
    free = [name for name in names if name not in parameters]
    if parameters and not free:
        last = names[-1]
        message = "every name of the expression has a value: nothing is left to vary"
        raise UsageError(message, hint=f"leave out -p {last}=… and give its values as points")
    if len(free) > 1:
        kept = _ARGUMENT if _ARGUMENT in free else free[-1]
        given = " ".join(f"-p {name}=…" for name in free if name != kept)
        hint = f"to keep {kept} as the variable, give the others a value: {given}"
        message = f"which name is the variable? {', '.join(free[:-1])} and {free[-1]} have no value"
        raise ExpressionError(message, source=source, span=(0, len(source)), hint=hint)
    tree = substitute(tree, {name: number(value) for name, value in parameters.items()})
    return Function(tree, free[0] if free else _ARGUMENT, " ".join(source.split()), dict(parameters))


def parameters_of(text: str) -> list[str]:
    """The names that a text has values for: parameters, or all names of an expression. Raises as `function`."""
    source = _stripped(text)
    named = _named(source, {})
    if named:
        return list(named.parameters)
    if _is_word(source):
        _unknown(source)
    return variables(parse(source, CatalogueNames()))


def concerned(texts: Sequence[str], values: Mapping[str, float]) -> dict[str, list[str]]:
    """For each text, which of the values it has a name for.

    Raises:
        UnknownNameError: none of the texts has a name; the message is that of the first.
        ActfnError: a text means no function, as `function` says.
    """
    found = {text: [name for name in values if name in parameters_of(text)] for text in texts}
    for name, value in values.items():
        if not any(name in names for names in found.values()):
            function(texts[0], **{name: value})  # which says that it has none of that name
    return found


def _named(name: str, parameters: Mapping[str, float]) -> Function | VectorFunction | None:
    """The function of a name: of the language, of the catalogue, or a framework's for one of the catalogue."""
    row = FUNCTIONS.get(name)
    entry = find(name)
    if row is None and entry is None:
        return _spelled(name, parameters) if _is_word(name) else None
    if isinstance(entry, VectorActivation):
        return _vector(entry, name, parameters)
    if row is None or row.required != 1:
        if entry is None:
            assert row
            hint = (
                f"write an expression in one variable, such as {row.name}({', '.join(['x', '1', '2'][: row.required])})"
            )
            message = f"{name!r} is a function of {row.required} arguments"
            raise UsageError(message, hint=hint)
        row = entry.row
    return _scalar(row, name, parameters)


def _scalar(row: Primitive, name: str, parameters: Mapping[str, float]) -> Function:
    _check_parameters(name, parameters, list(row.defaults))
    values = row.defaults | dict(parameters)
    tree = apply(row, variable(_ARGUMENT), *(number(values[parameter]) for parameter in row.defaults))
    return Function(tree, _ARGUMENT, row.name, values)


def _vector(entry: VectorActivation, name: str, parameters: Mapping[str, float]) -> VectorFunction:
    _check_parameters(name, parameters, list(entry.parameters))
    values = dict(entry.parameters) | dict(parameters)
    kernel, jacobian = partial(entry.kernel, **values), partial(entry.jacobian, **values)
    return VectorFunction(entry.name, entry.formula, kernel, jacobian, values)


def sampler(function: Function | VectorFunction) -> Callable[[Array, np.random.Generator], Array]:
    """What draws values of a function that is random, given numbers (vectors in the last axis) and a generator.

    Raises:
        UsageError: the function is not random.
    """
    entry = find(function.name)
    if not entry or not entry.sample:
        random = [row.name for row in ROWS if row.sample]
        message = f"{function.name!r} draws nothing at random"
        raise UsageError(message, hint=f"the functions that do: {', '.join(random)}")
    if isinstance(entry, VectorActivation):
        return partial(entry.sampler, **function.parameters)
    tree = substitute(parse(entry.sample), {name: number(value) for name, value in function.parameters.items()})

    def draw(x: Array, rng: np.random.Generator) -> Array:
        return evaluate(tree, {_ARGUMENT: x, "uniform": rng.random(x.shape), "normal": rng.standard_normal(x.shape)})

    return draw


def _spelled(name: str, parameters: Mapping[str, float]) -> Function | VectorFunction | None:
    """What a framework means by a name, with its own defaults."""
    from actfn.catalogue.spellings import qualified, unqualified

    spelling = qualified(name) or unqualified(name)
    if not spelling:
        return None
    if find(spelling.meaning):
        return _named(spelling.meaning, parameters)
    function = Function(parse(spelling.meaning, _AllNames()), _ARGUMENT, name)
    if not function.named:
        _check_parameters(name, parameters, [])
        return function
    assert isinstance(function.tree, Apply)
    row, (_, *given) = function.tree.row, function.tree.args
    own = {key: each.value for key, each in zip(row.defaults, given, strict=True) if isinstance(each, Number)}
    entry = find(row.name)
    if isinstance(entry, VectorActivation):
        return _vector(entry, name, own | dict(parameters))
    return _scalar(row, name, own | dict(parameters))


def _plain_spelling(name: str) -> Row | None:
    """The row that a framework's spelling means as it is, without other defaults."""
    from actfn.catalogue.spellings import unqualified

    spelling = unqualified(name)
    if spelling and not find(spelling.meaning):
        message = f"{name!r} cannot stand in an expression: {spelling.framework.title} means its own defaults by it"
        raise UsageError(message, hint=f"write {spelling.meaning}")
    return find(spelling.meaning) if spelling else None


def _check_parameters(name: str, parameters: Mapping[str, float], there: list[str]) -> None:
    for parameter in parameters:
        if parameter not in there:
            hint = suggestion(parameter, there) or (f"its parameters: {', '.join(there)}" if there else "it has none")
            message = f"{name!r} has no parameter {parameter!r}"
            raise UnknownNameError(message, hint=hint)


def _is_word(source: str) -> bool:
    """A name that is not the one-letter variable of an expression, dots and colons included: it was meant as a name."""
    word = source.replace("-", "") if ":" in source else source
    word = word.replace(".", "").replace(":", "")
    return len(source) > 1 and word.isidentifier() and source not in RESERVED


def _unknown(name: str) -> NoReturn:
    if normalised(name) in OMITTED:
        message = f"{name!r} is not in the catalogue: {OMITTED[normalised(name)]}"
        raise UnknownNameError(message, hint="'actfn list' shows what is")
    prefix = name.replace(":", ".").partition(".")[0]
    if len(prefix) > 1 and prefix != name:
        from actfn.catalogue.frameworks import FRAMEWORKS

        keys = [each.key for each in FRAMEWORKS]
        message = f"unknown function {name!r}: no framework here is called {prefix!r}"
        raise UnknownNameError(message, hint=f"the frameworks: {', '.join(keys)}")
    hint = suggestion(name, known()) or "see 'actfn list', or write a formula in one variable, such as 'max(0, x)'"
    message = f"unknown function {name!r}"
    raise UnknownNameError(message, hint=hint)
