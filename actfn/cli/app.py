"""The program: here every exception becomes a sentence and an exit status."""

from __future__ import annotations

import atexit
import io
import os
import signal
import sys
from contextlib import suppress
from typing import Annotated, NoReturn

import click
import typer

from actfn import __version__
from actfn.cli import streams
from actfn.cli.commands import COMPLETE, LazyGroup
from actfn.cli.exits import Exit
from actfn.errors import ActfnError, DataError, InternalError, UsageError

_HELP = """Explore activation functions: values, derivatives and pictures, in any float format.

A function is a name, such as gelu, or a formula in quotes: 'max(0, x)'.

Try:
  actfn list                        # the functions that have names
  actfn show gelu                   # all about one
  actfn eval sigmoid -2 0 2         # values
  actfn diff '1.2**max(0, g-2)'     # a derivative
  actfn plot relu gelu tanh         # a picture
  actfn help                        # what there is to read
"""
_EPILOG = "actfn COMMAND -h shows the options of a command, and examples."

app = typer.Typer(
    name="actfn",
    cls=LazyGroup,
    help=_HELP,
    epilog=_EPILOG,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,  # Typer's imports Rich at every TAB
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"actfn {__version__}")
        raise typer.Exit


def _install_completion(context: typer.Context, shell: str | None) -> None:
    if shell is not None and not context.resilient_parsing:
        from actfn.cli import completion

        for path in completion.install(context.command, shell):
            typer.echo(f"{path} is written")
        typer.echo("A new shell completes words at the TAB key.")
        raise typer.Exit


def _show_completion(context: typer.Context, shell: str | None) -> None:
    if shell is not None and not context.resilient_parsing:
        from actfn.cli import completion

        typer.echo(completion.script(context.command, shell), nl=False)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    install_completion: Annotated[
        str | None,
        typer.Option(
            metavar="[=SHELL]", callback=_install_completion, is_eager=True, help="Complete words at the TAB key."
        ),
    ] = None,
    show_completion: Annotated[
        str | None,
        typer.Option(metavar="[=SHELL]", callback=_show_completion, is_eager=True, help="Show the script for that."),
    ] = None,
) -> None:
    pass


def command() -> click.Command:
    """The program as Click's object."""
    return typer.main.get_command(app)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the program and exit with its status."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `actfn … | head -1` ends as quietly as `seq` does
    # read when NumPy is imported: starting threads takes longer than anything that they could do here
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    streams.wait_until_ready()
    status = run(sys.argv[1:] if arguments is None else arguments)
    _leave(status)


def run(arguments: list[str]) -> int:
    """Run the program; returns the exit status, having said on standard error what went wrong."""
    if instruction := os.environ.get(COMPLETE):
        from actfn.cli import completion

        completion.answer(command(), instruction)
        return Exit.DONE
    streams.open_closed_ones()
    try:
        return _ended(arguments)
    except OSError:  # standard error takes no message
        if os.environ.get("ACTFN_DEBUG"):
            raise
        return Exit.OUTPUT


def _ended(arguments: list[str]) -> int:
    """Run the program, say what went wrong, return the status. Raises OSError where that cannot be said."""
    try:
        _refuse_nul(arguments)
        return _answered(arguments)
    except (click.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        typer.echo(error.format_message(), err=True)
        return Exit.USAGE
    except Exception as error:
        if os.environ.get("ACTFN_DEBUG"):
            raise
        message, status = _explained(error)
        if message:
            from actfn.cli import terminal

            terminal.say(f"actfn: {message}")
        return status


def _refuse_nul(arguments: list[str]) -> None:
    """No shell hands such an argument over; a program may."""
    if any("\0" in argument for argument in arguments):
        message = "an argument holds the character NUL"
        raise UsageError(message, hint="no file, name or formula does")


def _answered(arguments: list[str]) -> int:
    """Run the command; the answer is out when this returns."""
    try:
        status = int(app(arguments, prog_name="actfn", standalone_mode=False) or 0)
    except SystemExit as left:  # of Typer's own, at a closed pipe
        if isinstance(left.__context__, BrokenPipeError):
            raise left.__context__ from None
        raise
    sys.stdout.flush()
    return status


def _explained(error: Exception) -> tuple[str, Exit]:
    """The sentence that an exception becomes, and the exit status."""
    if isinstance(error, click.ClickException):
        return _sentence(error), Exit.USAGE
    if isinstance(error, OSError):
        if not error.filename:
            _abandon_stdout()
        if isinstance(error, BrokenPipeError):
            return "", Exit.CLOSED_PIPE
        place = f" to {error.filename!r}" if error.filename else ""
        return f"cannot write the answer{place}: {error.strerror}", Exit.OUTPUT
    told = error if isinstance(error, ActfnError) else InternalError.of(error)
    status = Exit.DATA if isinstance(told, DataError) else Exit.BUG if isinstance(told, InternalError) else Exit.USAGE
    return str(told), status


def _sentence(error: click.ClickException) -> str:
    """A usage error of Click in our form: lower case, the name in quotes, a hint."""
    message = error.format_message().rstrip(".")
    hint = ""
    if isinstance(error, click.NoSuchOption):
        message = f"no such option: {error.option_name!r}"
        near = " or ".join(error.possibilities or [])
        hint = f"did you mean {near}?" if near else ""
        if not near and error.option_name.startswith("-") and not error.option_name.startswith("--"):
            hint = f"{_command(error)} -h shows the options; an expression that begins with '-' needs '(…)'"
    elif isinstance(error, click.MissingParameter):
        message = f"{error.param.metavar if error.param else 'an argument'} is missing"
        return f"{message}\nhint: see {_command(error)} --help"
    else:
        # Typer and Click both add what was meant
        message, _, near = message.partition(" Did you mean ")
        hint = f"did you mean {near.partition('?')[0]}?" if near else _of_a_function(message)
    return f"{message[:1].lower()}{message[1:].removesuffix('.')}\nhint: {hint or f'see {_command(error)} --help'}"


def _of_a_function(message: str) -> str:
    """What to do about a function in the place of a command; empty for anything else."""
    from actfn.catalogue.rows import find

    name = message.removeprefix("No such command '").removesuffix("'")
    return f"actfn eval {name}, or actfn show {name}" if name != message and find(name) else ""


def _command(error: click.ClickException) -> str:
    return error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "actfn"


def _leave(status: int) -> NoReturn:
    """End the process as Python does, without taking the interpreter apart: that is a tenth of a short run."""
    atexit._run_exitfuncs()  # noqa: SLF001 - it has no public name
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # `run` has said so
            stream.flush()
    os._exit(status)


def _abandon_stdout() -> None:
    """Keep Python from writing what is left of the buffer once more, and failing, when it exits."""
    with suppress(OSError):
        sys.stdout.flush()  # it may be another stream that has failed
    with suppress(io.UnsupportedOperation):  # one that was closed before the start
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
