"""The manual page: the help of every command and every topic, as they are, in roff."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from actfn import __version__
from actfn.cli.topics import text, titles

if TYPE_CHECKING:
    from collections.abc import Iterator


_WIDTH = 80
_SPECIAL = {"\\": r"\(rs", "-": r"\-", "^": r"\(ha", "~": r"\(ti", "'": r"\(aq", "`": r"\(ga", '"': r"\(dq"}


def page(program: click.Context) -> str:
    """The source of actfn(1)."""
    program = click.Context(program.command, info_name=program.info_name, terminal_width=_WIDTH)
    sections = [("NAME", "actfn - a command-line explorer of activation functions")]
    sections += [(context.command_path, context.get_help()) for context in _contexts(program)]
    sections += [(topic, text(topic)) for topic in titles()]
    shown = (_section(heading, body) for heading, body in sections)
    return f'.TH ACTFN 1 "" "actfn {__version__}"\n' + "".join(shown)


def _section(heading: str, body: str) -> str:
    return f'.SH "{_escaped(heading.upper())}"\n.in 0\n.nf\n{_escaped(body.rstrip())}\n.fi\n'


def _contexts(context: click.Context) -> Iterator[click.Context]:
    """The program, its commands, and theirs."""
    yield context
    group = context.command
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            # an alias is not told again
            if command and not command.hidden:
                yield from _contexts(click.Context(command, info_name=name, parent=context))


def _escaped(body: str) -> str:
    """The text as roff reads it: every character as itself, and no line a request."""
    lines = "".join(map(_character, body)).splitlines()
    return "\n".join(f"\\&{line}" if line.startswith(".") else line for line in lines)


def _character(character: str) -> str:
    return _SPECIAL.get(character, character if character.isascii() else f"\\[u{ord(character):04X}]")
