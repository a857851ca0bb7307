"""The exact value beside the computed one: `--exact`, `--digits` and `--ulp` of every command that gives numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from actfn.analysis.exactness import Losses, exactness
from actfn.analysis.regime import Regime
from actfn.expression import printer
from actfn.output import numbers
from actfn.output.table import Column, Kind, Table, number_column

if TYPE_CHECKING:
    from actfn.analysis.alarms import Tally
    from actfn.cli.readers.block import Block
    from actfn.functions.function import Function
    from actfn.numerics.formats import Format


@dataclass
class Comparison:
    """What was asked for beside the values, and what was lost so far.

    Attributes:
        exact: whether to show the exact value, to so many significant digits.
        ulp: whether to show the error of the computed value.
        column: what the computed value is called.
    """

    exact: bool
    ulp: bool
    digits: int
    column: str = "value"
    losses: Losses = field(default_factory=Losses)

    def table(self, function: Function, block: Block, form: Format, tally: Tally) -> Table:
        """A record for each number, with the exact value and the error of the computed one."""
        x = form.round(block.values)
        values = function.values(x, form)
        statuses: list[str] = [*tally.add(x, values, block.values)]
        result = exactness(function, x, values, form, self.digits)
        self.losses.add(x, values, result)
        shown = []
        for place, each in enumerate(result.exact):
            shown.append(each.text)
            if not each.certain and not (each.tiny and statuses[place] != Regime.OK):
                statuses[place] = "untold"
        columns = [
            number_column("x", x, form, function.variable),
            number_column(self.column, values, form, function.name if self.column == "value" else self.column),
            Column("exact", shown),
        ]
        if self.ulp:
            columns.append(Column("ulp", [f"{error:.3g}" for error in result.ulp.tolist()], Kind.NUMBER))
        columns.append(Column("status", statuses))
        exact = ("exact",) if self.exact else ()
        answer = (self.column, *exact, "ulp") if self.ulp else exact
        return Table(tuple(columns), answer, block.counts)


def lost(name: str, losses: Losses, form: Format) -> list[str]:
    """What is to be said where no digit is right, or none is known."""
    points = f"of {losses.points} {'point' if losses.points == 1 else 'points'}"
    warnings = []
    if losses.first_wrong:
        x, computed, true = losses.first_wrong
        warnings.append(
            f"no digit of {name} in {form.name} is right at {losses.wrong} {points}: "
            f"at x = {x!r} it gives {numbers.text(computed, form)}, the exact value is {true.shown(6)}"
        )
    if losses.first_untold:
        x, known = losses.first_untold
        why = "it is too small to be computed with" if known.tiny else "everything cancels"
        size = f"{'nearer to 0' if known.tiny else 'smaller'} than {known.bound}"
        warnings.append(
            f"the exact value of {name} cannot be told from 0 at {losses.untold} {points}: "
            f"at x = {x!r} {why}, and it is {size}"
        )
    if losses.first_undecided:
        x, found = losses.first_undecided
        *others, last = (each.shown(6) for each in found.values)
        warnings.append(
            f"the exact value of {name} is not known at {losses.undecided} {points}: at x = {x!r} no number of digits "
            f"decides {printer.text(found.part)}, so it is {', '.join(others)} or {last}"
        )
    if losses.first_unknown is not None:
        warnings.append(
            f"no digit of the exact value of {name} is known at {losses.unknown} {points}, "
            f"first at x = {losses.first_unknown!r}: a part of it is too large to be computed with, or cancels"
        )
    return warnings
