"""`actfn help`: texts to read, and the help of commands. Lists of names come from what they are the names of."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Annotated

import click
import typer

from actfn.cli import candidates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.resources.abc import Traversable

    from actfn.grading.keys import Key

_WIDTH = 78


def explain(
    context: typer.Context,
    topic: Annotated[
        list[str] | None, typer.Argument(metavar="[TOPIC]", click_type=candidates.TOPIC, help="A topic, or a command.")
    ] = None,
    man: Annotated[bool, typer.Option("--man", help="All of it as a manual page: actfn help --man | man -l -")] = False,
) -> None:
    """Explain a topic: the language, float formats, streams, warnings, … Without one: the list.

    Try:
      actfn help
      actfn help language
      actfn help eval
    """
    program = context.find_root()
    if man:
        from actfn.cli.manual import page

        typer.echo(page(program), nl=False)
    elif not topic:
        typer.echo("actfn help TOPIC, of which there are:\n")
        typer.echo(rows(titles()))
        typer.echo("\nactfn help COMMAND shows the help of a command, as actfn COMMAND -h does.")
    elif len(topic) == 1 and topic[0] in titles():
        typer.echo(text(topic[0]), nl=False)
    else:
        typer.echo(_command(program, topic).get_help())


def titles() -> dict[str, str]:
    """The topics by name, each with its sentence."""
    files = sorted(_folder().iterdir(), key=lambda file: file.name)
    return {file.name.removesuffix(".txt"): _title(file) for file in files if file.name.endswith(".txt")}


def text(topic: str) -> str:
    """All that is said of a topic."""
    return _folder().joinpath(f"{topic}.txt").read_text(encoding="utf-8").format_map(_Lists())


def _folder() -> Traversable:
    return resources.files("actfn.cli").joinpath("texts")


def _title(file: Traversable) -> str:
    first = file.read_text(encoding="utf-8").partition("\n")[0].partition(": ")[2]
    return first[:1].upper() + first[1:].format_map(_Lists())


def _command(program: click.Context, words: list[str]) -> click.Context:
    """The context of the command that the words name. Raises UnknownNameError."""
    from actfn.catalogue.rows import find
    from actfn.errors import UnknownNameError, quoted, suggestion

    context = program
    for word in words:
        group = context.command
        found = group.get_command(context, word) if isinstance(group, click.Group) else None
        if found is None:
            first = context is program
            names = [*titles()] if first else []
            names += group.list_commands(context) if isinstance(group, click.Group) else []
            message = f"no {'topic or command' if first else 'command'} is called {quoted(word)}"
            hint = f"actfn show {word} tells about the function" if find(word) else suggestion(word, names)
            raise UnknownNameError(message, hint=hint or "'actfn help' lists them")
        context = click.Context(found, info_name=word, parent=context)
    return context


def rows(cells: Mapping[str, str]) -> str:
    """Two columns, of which the second is folded."""
    formatter = click.HelpFormatter(width=_WIDTH)
    formatter.indent()
    formatter.write_dl(list(cells.items()))
    return formatter.getvalue().rstrip("\n")


class _Lists(dict[str, str]):
    """What stands in the texts in braces, made when it is asked for."""

    def __missing__(self, key: str) -> str:
        made: str = getattr(self, f"_{key}")()
        return made

    def _functions(self) -> str:
        from actfn.expression.primitives import FUNCTIONS

        names = sorted({f"{row.name}({', '.join(row.arguments)})" for row in FUNCTIONS.values() if not row.operator})
        return _filled(names, "  ")

    def _constants(self) -> str:
        from actfn.expression.primitives import CONSTANTS

        return " ".join(CONSTANTS)

    def _formats(self) -> str:
        from actfn.numerics.formats import FORMATS

        lines = [f"{'':14} bits  {'eps':>9}  {'normal from':>11}  {'from':>9}  largest"]
        lines += [
            f"{each.name:14} {each.precision:4}  {each.eps:9.3g}  {each.smallest_normal:11.3g}  "
            f"{each.smallest_subnormal:9.3g}  {each.max:.5g}"
            for each in FORMATS.values()
        ]
        return "\n".join(lines)

    def _regimes(self) -> str:
        from actfn.analysis.regime import Regime

        return rows({each.value: f"it {each.meaning}" for each in Regime if each is not Regime.OK})

    def _statuses(self) -> str:
        from actfn.cli.exits import Exit

        return rows({str(each.value): each.meaning for each in Exit})

    def _strict(self) -> str:
        from actfn.cli.exits import Exit

        return str(Exit.STRICT.value)

    def _endings(self) -> str:
        from actfn.cli.kinds import ENDINGS

        return " ".join(ENDINGS)

    def _inputs(self) -> str:
        from actfn.cli.kinds import Input

        return _listed(Input)

    def _outputs(self) -> str:
        from actfn.cli.kinds import Output

        return _listed(Output)

    def _errors(self) -> str:
        from actfn.cli.kinds import OnError

        return _listed(OnError)

    def _forms(self) -> str:
        from actfn.output.forms import Form

        return _listed(Form)

    def _top(self) -> str:
        from actfn.grading.keys import TOP

        return _keys(TOP)

    def _check(self) -> str:
        from actfn.grading.keys import CHECK

        return _keys(CHECK)

    def _properties(self) -> str:
        from actfn.grading.properties import known

        return _filled([f"{name}," for name in known()], "  ").removesuffix(",")

    def _shells(self) -> str:
        from actfn.cli.completion import Shell

        return _listed(Shell)


def _keys(keys: Mapping[str, Key]) -> str:
    return rows({name: f"{key.meaning}: {key.kind.name}" for name, key in keys.items()})


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}"


def _filled(names: Iterable[str], margin: str) -> str:
    """Names in lines; none is cut in two."""
    import textwrap

    whole = " ".join(name.replace(" ", "\N{NO-BREAK SPACE}") for name in names)
    lines = textwrap.wrap(whole, _WIDTH, initial_indent=margin, subsequent_indent=margin, break_on_hyphens=False)
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")
