"""The classes of commands: what their help looks like, and what they take for an option."""

from __future__ import annotations

import inspect
from typing import Any

import click
from typer.core import TyperCommand, TyperGroup

from actfn.numerics.numerals import is_number

# Options whose value may be left out, and the value that is then meant.
BARE = {"--derivative": "1"}

_EXAMPLES = "\nTry:\n"
_KINDS = ((click.IntRange, "N"), (click.FloatRange, "X"))


class Helped(click.Command):
    """A command whose help may end in examples: the lines after `Try:`, which stand as they were written."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        for param in self.params:
            param.metavar = param.metavar or next((name for kind, name in _KINDS if isinstance(param.type, kind)), None)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as overridden
        text, _, examples = inspect.cleandoc(self.help or "").partition(_EXAMPLES)
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(text)
        if examples:
            with formatter.section("Try"):
                for line in inspect.cleandoc(examples).splitlines():
                    formatter.write(f"{'':{formatter.current_indent}}{line}".rstrip() + "\n")


class HelpedCommand(Helped, TyperCommand):
    """A command with examples."""


class HelpedGroup(Helped, TyperGroup):
    """A group of commands with examples."""


class NumberCommand(HelpedCommand):
    """A command whose arguments may be negative numbers: `-3`, `-.5`, `-1e-3`, `-inf` are no options.

    An option of `BARE` takes a value only as `--option=value`, since the next word is another argument.

    Click's parser sees a token before it is taken for options, in `_process_opts`, a private name that has been the
    same since Click 7; a test holds it.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [f"{arg}={BARE[arg]}" if arg in BARE else arg for arg in args])

    def make_parser(self, ctx: click.Context) -> Any:
        parser: Any = super().make_parser(ctx)
        as_options = parser._process_opts  # noqa: SLF001 - see the docstring

        def process(token: str, state: Any) -> None:
            if is_number(token):
                state.largs.append(token)
            else:
                as_options(token, state)

        parser._process_opts = process  # noqa: SLF001
        return parser
