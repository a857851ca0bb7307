"""The two ways out: the answer to standard output, everything else to standard error."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from actfn.cli import terminal
from actfn.cli.exits import Exit
from actfn.cli.kinds import Output
from actfn.errors import UsageError
from actfn.output.forms import USUAL, Dialect
from actfn.output.renderers import renderer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from actfn.analysis.alarms import Tally
    from actfn.analysis.exactness import Losses
    from actfn.output.figure import Figure
    from actfn.output.forms import Form, Screen, Theme
    from actfn.output.renderers import Renderer
    from actfn.output.table import Table


def tables(pieces: Iterable[Table], form: Form, *, streaming: bool) -> None:
    """Write each piece of a result to standard output as soon as it is there."""
    with rendering(form, streaming=streaming) as out:
        for piece in pieces:
            out.write(piece)
            out.stream.flush()


@contextmanager
def rendering(
    form: Form, output: Output | None = None, *, streaming: bool, dialect: Dialect = USUAL
) -> Iterator[Renderer]:
    """The renderer to standard output, of text or in binary; the format is ended in any case."""
    stream = sys.stdout.buffer
    if output is None:
        out = renderer(terminal.resolved(form), stream, terminal.screen(), streaming=streaming, dialect=dialect)
    else:
        from actfn.output import binary

        out = (
            binary.Npy(stream) if output is Output.NPY else binary.Raw(stream, "<f8" if output is Output.F64 else "<f4")
        )
    try:
        yield out
    except UsageError:
        if out.started:
            out.finish()
        raise
    except BaseException:
        out.finish()
        raise
    else:
        out.finish()
    finally:
        stream.flush()


def text(shown: str) -> None:
    """Write a text for people to standard output."""
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(shown.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def pictures(
    figures: Sequence[Figure], screen: Screen, *, colour: bool | None, theme: Theme, save: str | None = None
) -> None:
    """Show pictures side by side, or write them to a file, by the ending of its name."""
    from actfn.cli import saving
    from actfn.output import files, plots

    if save is None:
        text(f"{plots.beside(figures, screen, colour=terminal.coloured(colour), theme=theme)}\n")
        return
    content = files.content(figures, files.ending(save), screen, theme)
    saving.replace(save, content)
    note(f"saved as {save}")


def warnings(tally: Tally, losses: Losses | None = None, *, quiet: bool, strict: bool) -> None:
    """Say what went wrong, each kind once, on standard error; with `strict`, exit with the status for it."""
    if tally.counts and not quiet:
        from actfn.analysis.sentences import sentences

        _warn(sentences(tally))
    if losses and not quiet:
        from actfn.cli.exactness import lost

        _warn(lost(tally.function.title, losses, tally.form))
    if strict and (tally.counts or losses):
        raise typer.Exit(Exit.STRICT)


def _warn(sentences: Iterable[str]) -> None:
    for each in sentences:
        terminal.say(f"warning: {each}")


def note(message: str) -> None:
    """Something to know, on standard error."""
    terminal.say(f"note: {message}")
