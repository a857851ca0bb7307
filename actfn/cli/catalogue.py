"""`actfn list`: the functions that have names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from actfn.cli.options import FormOpt, JsonOpt
from actfn.output.forms import Form

if TYPE_CHECKING:
    from collections.abc import Mapping


def list_functions(
    text: Annotated[
        str, typer.Argument(metavar="[TEXT]", help="Only those in whose name, alias, title or source it occurs.")
    ] = "",
    form: FormOpt = Form.AUTO,
    json: JsonOpt = False,
) -> None:
    """List the functions of the catalogue, a formula a line.

    Try:

      actfn list

      actfn list swish
    """
    from actfn.catalogue import lookup
    from actfn.cli import emit
    from actfn.errors import UnknownNameError, suggestion
    from actfn.expression.function import Function
    from actfn.output.table import Column, Layout, Table

    found = lookup.search(text)
    if not found:
        message = f"no function has {text!r} in its name, aliases, title or source"
        raise UnknownNameError(message, hint=suggestion(text, lookup.known()) or "'actfn list' shows all")
    functions = [lookup.function(row.name) for _, row in found]
    columns = (
        Column("name", [row.name for _, row in found]),
        Column("family", [family for family, _ in found]),
        Column("formula", [function.formula for function in functions]),
        Column("parameters", [_parameters(f.parameters if isinstance(f, Function) else {}) for f in functions]),
        Column("title", [row.title for _, row in found]),
        Column("aliases", [", ".join(row.aliases) for _, row in found]),
        Column("note", [row.note for _, row in found], layout=Layout.ABSENT),
        Column("source", [row.source for _, row in found], layout=Layout.ABSENT),
    )
    emit.tables([Table(columns, ("name", "formula"))], Form.JSON if json else form, streaming=False)


def _parameters(values: Mapping[str, float]) -> str:
    return ", ".join(f"{name}={value:g}" for name, value in values.items())
