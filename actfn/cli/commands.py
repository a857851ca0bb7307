"""The commands: what each is called, where its function is, and its sentence in the help of them all.

A command's module is imported, and its signature read, when the command is asked for: a start pays for one command. A
test holds the sentences to the first of what the functions say of themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import typer
from typer.main import get_command_from_info, get_group
from typer.models import CommandInfo

from actfn.cli.classes import HelpedCommand, HelpedGroup, NumberCommand

if TYPE_CHECKING:
    import click


COMPLETE = "_ACTFN_COMPLETE"  # the variable in which a shell asks what could stand in a command line


class Entry(NamedTuple):
    """A command that has not been imported.

    Attributes:
        place: the module below `actfn.cli` and the name in it of a function, or of an application of commands.
        summary: a sentence.
        numbers: whether its arguments may be negative numbers.
        hidden: whether the help leaves it out.
        limited: whether it may take so many operations only, whatever formula it is given.
    """

    place: str
    summary: str
    numbers: bool = False
    hidden: bool = False
    limited: bool = False

    def load(self, name: str) -> click.Command:
        """The command."""
        module, _, attribute = self.place.partition(":")
        found = getattr(import_module(f"actfn.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            group = get_group(found)
            group.name = name
            return group
        kind = NumberCommand if self.numbers else HelpedCommand
        info = CommandInfo(name=name, cls=kind, callback=found, hidden=self.hidden)
        command = get_command_from_info(info, pretty_exceptions_short=True, rich_markup_mode=None)
        if self.limited and command.callback:
            command.callback = _limited(command.callback)
        return command


def _limited(callback: Callable[..., Any]) -> Callable[..., Any]:
    """The same, its effort counted."""

    @wraps(callback)
    def limited(*args: Any, **options: Any) -> Any:
        from actfn.expression import effort

        effort.allow()
        try:
            return callback(*args, **options)
        finally:
            effort.forget()

    return limited


_VALUES = Entry(
    "evaluate:evaluate", "Evaluate a function at numbers given, ranged or piped in.", numbers=True, limited=True
)
_SLOPES = Entry(
    "differentiate:differentiate",
    "Differentiate a function: without points its formula, with points its values.",
    numbers=True,
    limited=True,
)
COMMANDS = {
    "eval": _VALUES,
    "evaluate": _VALUES._replace(hidden=True),
    "diff": _SLOPES,
    "differentiate": _SLOPES._replace(hidden=True),
    "list": Entry("catalogue:list_functions", "List the functions of the catalogue, a formula a line."),
    "show": Entry(
        "show:show",
        "Show formula, derivative, graph and computed properties of a function, and what frameworks call it.",
        limited=True,
    ),
    "plot": Entry("plot:plot", "Plot functions, in the terminal or into a file.", numbers=True, limited=True),
    "compare": Entry(
        "compare:compare",
        "Compare functions: their properties side by side, and the differences of the others from the first.",
        numbers=True,
        limited=True,
    ),
    "saturation": Entry(
        "saturation:saturation",
        "Show where a function saturates, vanishes, underflows, overflows or is not defined in a float format.",
        numbers=True,
        limited=True,
    ),
    "check": Entry(
        "check:check",
        "Grade a submission: a program, a Python function or an expression against the function it should be.",
        numbers=True,
    ),
    "demo": Entry("demo:app", "Show on small networks what an activation and the first weights do."),
    "help": Entry("topics:explain", "Explain a topic: the language, float formats, streams, warnings, …"),
}


class Commands(MutableMapping[str, "click.Command"]):
    """The commands by name, each made when it is first asked for."""

    def __init__(self) -> None:
        self._made: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._made:
            self._made[name] = COMMANDS[name].load(name)
        return self._made[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class LazyGroup(HelpedGroup):
    """A group of `COMMANDS`, which knows their names without importing them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = Commands()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # the shell may be left out, or be the next word
        if args and args[0] in ("--install-completion", "--show-completion"):
            args = [f"{args[0]}={''.join(args[1:2])}", *args[2:]]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as overridden
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - as overridden
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items() if not entry.hidden])
