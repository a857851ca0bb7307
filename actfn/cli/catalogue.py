"""`actfn list`: the functions that have names. It reads the rows and computes nothing, so that it is there at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli import candidates
from actfn.cli.options import FormOpt, JsonOpt
from actfn.output.forms import Form
from actfn.output.listing import assignments, grouped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from actfn.catalogue.frameworks import Spelling
    from actfn.catalogue.rows import Row
    from actfn.output.table import Table


def list_functions(
    text: Annotated[
        str,
        typer.Argument(
            metavar="[TEXT]",
            click_type=candidates.FUNCTION,
            help="Only those in whose name, alias, title or source it occurs.",
        ),
    ] = "",
    family: Annotated[
        str | None,
        typer.Option("--family", metavar="NAME", click_type=candidates.FAMILY, help="Only those of a family."),
    ] = None,
    framework: Annotated[
        str | None,
        typer.Option(
            "--framework",
            metavar="NAME",
            click_type=candidates.FRAMEWORK,
            help="Only those of a framework, with its names for them: torch.",
        ),
    ] = None,
    form: FormOpt = Form.AUTO,
    json: JsonOpt = False,
) -> None:
    """List the functions of the catalogue, a formula a line.

    Try:
      actfn list
      actfn list swish
      actfn list --family periodic
      actfn list --framework jax
      actfn list --json
    """
    from actfn.catalogue import rows
    from actfn.cli import emit, terminal

    found = rows.search(text)
    if family is not None:
        wanted = _known_family(family)
        found = [row for row in found if rows.family(row) == wanted]
    spellings = _spellings(framework) if framework is not None else {}
    if framework is not None:
        found = [row for row in found if row.name in spellings]
    if not found:
        _none(text)
    shown = terminal.resolved(Form.JSON if json else form)
    if shown is Form.TABLE:
        groups: dict[str, list[tuple[str, ...]]] = {}
        for row in found:
            groups.setdefault(rows.family(row), []).append(_line(row, spellings.get(row.name)))
        emit.text(grouped(groups, terminal.screen()))
    else:
        emit.tables([_table(found, None if framework is None else spellings)], shown, streaming=False)


def _known_family(name: str) -> str:
    from actfn.catalogue import rows
    from actfn.errors import UnknownNameError, suggestion

    for family in rows.FAMILIES:
        if rows.normalised(family) == rows.normalised(name):
            return family
    member = rows.find(name)
    hint = f"{member.name} is in the family {rows.family(member)!r}" if member else suggestion(name, [*rows.FAMILIES])
    message = f"unknown family {name!r}"
    raise UnknownNameError(message, hint=hint or f"the families: {', '.join(rows.FAMILIES)}")


def _none(text: str) -> None:
    from actfn.catalogue.lookup import known
    from actfn.errors import UnknownNameError, suggestion

    message = f"no function has {text!r} in its name, aliases, title or source" if text else "no function is both"
    raise UnknownNameError(message, hint=suggestion(text, known()) or "'actfn list' shows all")


def _spellings(name: str) -> dict[str, list[Spelling]]:
    """What the framework of a name calls each row."""
    from actfn.catalogue.frameworks import framework

    found: dict[str, list[Spelling]] = {}
    for spelling in framework(name).spellings:
        if spelling.row:
            found.setdefault(spelling.row, []).append(spelling)
    return found


def _line(row: Row, spellings: Sequence[Spelling] | None) -> tuple[str, ...]:
    """The cells of a row for a person: name, the framework's names, formula with the defaults of its parameters."""
    defaults = f"   {assignments(row.parameters)}" if row.parameters else ""
    if spellings is None:
        return row.name, row.formula + defaults
    names = ", ".join(dict.fromkeys(spelling.name for spelling in spellings))
    meanings = [each.meaning if each.has_own_values else row.formula + defaults for each in spellings]
    return row.name, names, ", ".join(dict.fromkeys(meanings))


def _table(found: Sequence[Row], spellings: Mapping[str, Sequence[Spelling]] | None) -> Table:
    from actfn.catalogue import rows
    from actfn.output.table import Column, Table

    columns = [
        Column("name", [row.name for row in found]),
        Column("family", [rows.family(row) for row in found]),
        Column("formula", [row.formula for row in found]),
        Column("parameters", [assignments(row.parameters) for row in found]),
        Column("title", [row.title for row in found]),
        Column("aliases", [", ".join(row.aliases) for row in found]),
        Column("note", [row.note for row in found]),
        Column("source", [row.source for row in found]),
    ]
    if spellings is not None:
        means = [[each for each in spellings[row.name] if each.has_own_values] for row in found]
        columns.append(Column("spellings", [", ".join(s.qualified for s in spellings[row.name]) for row in found]))
        columns.append(Column("own", ["; ".join(f"{s.qualified} is {s.meaning}" for s in own) for own in means]))
    return Table(tuple(columns), ("name", "formula"))
