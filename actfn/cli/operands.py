"""What `compare` compares: functions of ours and Python callables, at which points, and their values there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.sampling import range_of
from actfn.catalogue import lookup
from actfn.cli import emit
from actfn.cli import input as numbers
from actfn.cli.foreign import Foreign
from actfn.errors import UsageError
from actfn.functions import kinks
from actfn.functions.function import Function
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from actfn.numerics.kernels import Array

_POINTS = 2001
_PATIENT = 1.0  # seconds for one question: a callable that takes longer is not asked many


@dataclass(frozen=True, eq=False)
class Operand:
    """One of the things compared; `label` heads its column."""

    label: str
    function: Function | Foreign


@dataclass(frozen=True, eq=False)
class Asked:
    """An operand with its values at the points.

    Attributes:
        operand: the operand.
        values: nan where there is none.
        slow: whether it was slow to give them.
        failure: why it has none at all; empty if it has some.
    """

    operand: Operand
    values: Array
    slow: bool
    failure: str = ""


def resolved(texts: Sequence[str], values: Mapping[str, float], callables: Mapping[str, Foreign]) -> list[Operand]:
    """The operands that texts mean; parameters go to those that have them.

    Args:
        texts: names, expressions and callables.
        values: of parameters.
        callables: those of the texts that are callables.

    Raises:
        ActfnError: a text means none, one is a function of a vector, or a parameter is nobody's.
    """
    ours = [text for text in texts if text not in callables]
    if values and not ours:
        message = f"a callable has no parameter {next(iter(values))!r} here"
        raise UsageError(message, hint="wrap it in a function that sets it")
    concerned = lookup.concerned(ours, values)
    found: list[Operand] = []
    for text in texts:
        given = {name: values[name] for name in concerned.get(text, ())}
        function = callables[text] if text in callables else _function(text, given)
        same = sum(each.function.name == function.name for each in found)
        found.append(Operand(f"{function.name} ({same + 1})" if same else function.name, function))
    return found


def _function(text: str, values: Mapping[str, float]) -> Function:
    found = lookup.function(text, **values)
    if not isinstance(found, Function):
        message = f"{found.name!r} is a function of a vector: only functions of a number are compared"
        raise UsageError(message, hint=f"see its values: actfn eval {found.name} 1 2 3")
    return found


def points(operands: Sequence[Operand], range_: str | None, form: Format) -> Array:
    """The points to compare at, of a format: of the range with its number, else piped in, else many where it fits."""
    functions = [each.function for each in operands if isinstance(each.function, Function)]
    if range_ is not None and range_.count(":") != 1:
        return form.round(np.concatenate([block.within(form).values for block in numbers.grid(range_)]))
    source = numbers.source(None, None, optional=True) if range_ is None else None
    if source is not None:
        return form.round(np.concatenate([np.zeros(0), *(block.within(form).values for block in source.blocks)]))
    low, high = numbers.ends(range_) if range_ else range_of(functions)
    corners = [kinks.places(each.tree, each.variable, low, high) for each in functions]
    beside = [FLOAT64.neighbour(places[places != 0], step) for places in corners for step in (-1, 0, 1)]
    grid = [block.values for block in numbers.grid(f"{low!r}:{high!r}:{_POINTS}")]
    return form.round(np.unique(np.clip(np.concatenate([*grid, *corners, *beside]), low, high)))


def asked(operands: Sequence[Operand], x: Array, form: Format, *, quiet: bool) -> list[Asked]:
    """The values of operands; what there is to say about a callable's answers goes to standard error.

    Those of ours are computed first, while callables are still being loaded.

    Raises:
        UsageError: a callable cannot be loaded.
    """
    ours = {
        each.label: Asked(each, each.function.values(x, form), slow=False)
        for each in operands
        if isinstance(each.function, Function)
    }
    return [ours.get(each.label) or _of_callable(each, x, form, quiet=quiet) for each in operands]


def _of_callable(operand: Operand, x: Array, form: Format, *, quiet: bool) -> Asked:
    assert isinstance(operand.function, Foreign)
    answers = operand.function.answers(x, form)
    if x.size and not answers.answered:
        failure = f"{operand.label} answers at none of {x.size} points: {'; '.join(answers.findings)}"
        return Asked(operand, answers.values, slow=True, failure=failure)
    if not quiet:
        for finding in answers.findings:
            emit.note(f"{operand.label}: {finding}")
    return Asked(operand, answers.values, answers.seconds > _PATIENT)
