"""The two ways out: the answer to standard output, everything else to standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from actfn.cli import terminal
from actfn.output.renderers import renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from actfn.output.forms import Form
    from actfn.output.table import Table


@contextmanager
def emitter(form: Form, *, streaming: bool) -> Iterator[Callable[[Table], None]]:
    """A function that writes each piece of a result to standard output at once; the format is ended in any case."""
    stream = sys.stdout.buffer
    out = renderer(terminal.resolved(form), stream, terminal.screen(), streaming=streaming)

    def write(table: Table) -> None:
        out.write(table)
        stream.flush()

    try:
        yield write
    finally:
        out.finish()
        stream.flush()


def note(message: str) -> None:
    """Something to know, on standard error."""
    typer.echo(f"note: {message}", err=True)


def warn(message: str) -> None:
    """A warning, on standard error."""
    typer.echo(f"warning: {message}", err=True)
