"""`actfn check`: grade a submission, in one line or by an exercise file."""

from __future__ import annotations

import io
import os
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from actfn.cli import candidates
from actfn.cli.exits import Exit
from actfn.cli.options import DtypeOpt, JsonOpt, ParameterOpt, RangeOpt, parameters, tolerances
from actfn.numerics.numerals import MAX_ORDER
from actfn.output.forms import Form, ReportForm
from actfn.sandbox.isolation import Isolation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.functions.function import Function, VectorFunction
    from actfn.grading.grade import Check

_MOST_BYTES = 1 << 22  # of an exercise file: one of ten thousand checks is shorter
_OF_BOTH = {"function", "form", "isolation", "json", "summary", "quiet"}  # options for exercise files too


def check(
    function: Annotated[
        str | None,
        typer.Argument(
            metavar="[FUNCTION|EXERCISE.toml]",
            click_type=candidates.EXERCISE,
            help="What is right: a name or an expression; or a file.",
        ),
    ] = None,
    x: Annotated[list[str] | None, typer.Argument(metavar="[X]...", help="Points, as those of --at.")] = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="WHAT",
            click_type=candidates.OPERAND,
            help="A program, student.py:function, or an expression; else pairs on stdin.",
        ),
    ] = None,
    at: Annotated[list[str] | None, typer.Option("--at", metavar="X", help="A point. May be repeated.")] = None,
    range_: RangeOpt = None,
    atol: Annotated[float | None, typer.Option("--atol", min=0, help="Absolute tolerance (1e-12).")] = None,
    rtol: Annotated[float | None, typer.Option("--rtol", min=0, help="Relative tolerance (1e-9).")] = None,
    ulp: Annotated[int | None, typer.Option("--ulp", min=0, help="Tolerance in units of the last place.")] = None,
    dtype: DtypeOpt = "float64",
    derivative: Annotated[
        int | None,
        typer.Option("--derivative", metavar="[=N]", min=1, max=MAX_ORDER, help="Grade the N-th derivative (1)."),
    ] = None,
    vector: Annotated[bool, typer.Option("--vector", help="All numbers of a question at once, as a vector.")] = False,
    param: ParameterOpt = None,
    timeout: Annotated[
        float | None, typer.Option("--timeout", metavar="SECONDS", help="Time for each start of it (10).")
    ] = None,
    memory: Annotated[
        int | None, typer.Option("--memory", metavar="MIB", help="Memory of all its processes (1024).")
    ] = None,
    forbid: Annotated[
        str | None,
        typer.Option("--forbid", metavar="NAME,...", help="Python packages refused (actfn,jax,scipy,torch)."),
    ] = None,
    isolation: Annotated[
        Isolation,
        typer.Option("--isolation", help="Run it in bubblewrap, as a process with limits, or in what there is."),
    ] = Isolation.AUTO,
    form: Annotated[ReportForm, typer.Option("--format", help="How the outcome is written.")] = ReportForm.TEXT,
    json: JsonOpt = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="In text only what did not pass; no notes.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Append Markdown to $GITHUB_STEP_SUMMARY.")] = False,
    show_list: Annotated[bool, typer.Option("--list", help="The exercises that come with actfn.")] = False,
    start: Annotated[
        str | None,
        typer.Option("--start", metavar="NAME", click_type=candidates.SHIPPED, help="Write one of them here."),
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="Print an exercise file that works.")] = False,
) -> None:
    """Grade a submission: a program, a Python function or an expression against the function it should be.

    Without points it is asked at 0, small and large numbers, kinks, thresholds of saturation and overflow, infinities
    and nan. It runs in a process of its own, with limits. The exit status is 1 if a check failed.

    Try:
      actfn check sigmoid --against student.py:sigmoid --ulp 4
      actfn check softplus --against 'log1p(exp(-abs(x))) + max(x, 0)'
      echo '1 0.73' | actfn check sigmoid --atol 0.01
      actfn check --example > exercise.toml && actfn check exercise.toml
      actfn check --start softmax
    """
    from actfn.cli import emit, reporting
    from actfn.errors import UsageError
    from actfn.grading.grade import grade
    from actfn.grading.preparation import prepare, runs_code
    from actfn.output import reports
    from actfn.sandbox import bubblewrap, imports

    if os.name != "posix":
        message = "actfn check needs the process limits of Linux and macOS"
        raise UsageError(message, hint="on Windows run it in WSL or a container")
    if show_list or example or start is not None:
        _offer(show_list=show_list, start=start, quiet=quiet)
        return
    if function is None:
        message = "what is to be checked is missing"
        raise UsageError(message, hint="actfn check sigmoid --against student.py:sigmoid, or actfn check exercise.toml")
    folder = Path()
    if function.endswith(".toml"):
        title, checks = _from_file(function)
        folder = Path(function).parent
    else:
        options = _options(dtype, (atol, rtol, ulp), (timeout, memory), forbid)
        function_asked = _function(function, parameters(param, options["form"]), derivative, against)
        points = [*(at or []), *(x or [])]
        title, checks = _from_line(function_asked, against, points, range_, options, vector=vector)
    bwrap = ""
    runs = runs_code(checks)
    if runs:
        prepare(checks)
        bwrap = bubblewrap.program(isolation)
    with imports.sealed() if runs else nullcontext():
        report = grade(title, checks, bwrap).seen_from(folder)
        wanted = ReportForm.JSON if json else form
        reporting.write(reports.render(report, wanted, brief=quiet), wanted)
        if summary:
            reporting.append(reports.render(report, ReportForm.MARKDOWN), quiet=quiet)
        if runs and not quiet:
            emit.note(_kept_apart(bwrap, isolation))
    if not report.passed:
        raise typer.Exit(Exit.DIFFERS)


def _kept_apart(bwrap: str, wanted: Isolation) -> str:
    """What kept code of others apart from the system."""
    from actfn.sandbox import bubblewrap, writing
    from actfn.sandbox.privileges import libc

    if bwrap:
        return "what was graded ran in bubblewrap"
    why = f" ({bubblewrap.trial().problem})" if wanted is Isolation.AUTO else ""
    also = "" if libc() and writing.version(libc()) else ", write where you may"
    return f"what was graded ran without bubblewrap{why}: it could read your files{also} and use the network"


def _offer(*, show_list: bool, start: str | None, quiet: bool) -> None:
    """What needs no submission: the list of exercises, one of them written here, or an example printed."""
    from actfn.cli import emit, saving
    from actfn.errors import UsageError
    from actfn.grading import exercises
    from actfn.output.table import Column, Table

    if show_list:
        shipped = exercises.shipped()
        columns = (
            Column("name", [each.name for each in shipped]),
            Column("title", [each.title for each in shipped]),
            Column("starter", [" ".join(each.starters) for each in shipped]),
        )
        emit.tables([Table(columns, ("name", "title"))], Form.AUTO, streaming=False)
        if not quiet:
            emit.note("actfn check --start NAME writes one of them into this directory")
    elif start is not None:
        files = exercises.files(start)
        there = next((name for name in files if os.path.lexists(name)), None)
        if there:
            message = f"there is a file {there!r} already"
            raise UsageError(message, hint="move it away, or start in an empty directory")
        try:
            for name, text in files.items():
                saving.replace(name, text.encode())
        except BaseException:
            for name in files:
                Path(name).unlink(missing_ok=True)
            raise
        if not quiet:
            for name in files:
                emit.note(f"{name} is written")
    else:
        typer.echo(exercises.example(), nl=False)


def _from_file(name: str) -> tuple[str, Sequence[Check]]:
    import click

    from actfn.errors import UsageError
    from actfn.grading import exercise

    context = click.get_current_context()
    for parameter in context.command.params:
        given = context.get_parameter_source(parameter.name or "") is click.core.ParameterSource.COMMANDLINE
        if given and parameter.name not in _OF_BOTH:
            option = parameter.opts[0]
            message = f"{f'{option} is' if option[0] == '-' else 'points are'} not for an exercise file"
            hint = f"write it into {name}"
            if parameter.name in ("against", "x"):
                hint += ': against = "student.py:{function}" says what is graded, at = [0, 1] where'
            raise UsageError(message, hint=hint)
    path = Path(name)
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            message = f"{name!r} is longer than {_MOST_BYTES} bytes, which is the limit of an exercise file"
            raise UsageError(message, hint="is it an exercise? One of many checks can be split into several files")
        text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig").read()
    except OSError as error:
        hint = (
            "'actfn check --example > exercise.toml' writes one, 'actfn check --list' shows those that come with actfn"
        )
        message = f"cannot read {name!r}: {error.strerror}"
        raise UsageError(message, hint=hint) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"{name}:{line}: this is not UTF-8"
        raise UsageError(message, hint="an exercise is a text file: save it as UTF-8") from None
    found = exercise.parse(text, name, path.parent.resolve())
    return found.title, found.checks


def _function(
    text: str, values: dict[str, float], derivative: int | None, against: str | None
) -> Function | VectorFunction:
    """What is right. `against` serves an error only, which shows how the two are written."""
    from shlex import quote

    from actfn.catalogue import lookup
    from actfn.errors import ActfnError, UsageError, quoted
    from actfn.functions.function import Function
    from actfn.grading.against import is_submission

    try:
        found = lookup.function(text, **values)
    except ActfnError:
        if not is_submission(text, Path.cwd()):
            raise
        message = f"{quoted(text)} is no function, but can be graded"
        right = against or "sigmoid"
        graded = (
            f"{text}:{right if right.isidentifier() else 'f'}" if text.endswith(".py") and "/" not in text else text
        )
        hint = f"what is right comes first: actfn check {quote(right)} --against {quote(graded)}"
        raise UsageError(message, hint=hint) from None
    if derivative is None:
        return found
    if not isinstance(found, Function):
        message = f"{found.name!r} is a function of a vector: its values are graded only"
        raise UsageError(message, hint="leave out --derivative")
    return found.derivative(derivative)


def _options(
    dtype: str,
    tolerance: tuple[float | None, float | None, int | None],
    limits: tuple[float | None, int | None],
    forbid: str | None,
) -> dict[str, Any]:
    """The fields of a check that options give directly."""
    from actfn.cli import timeout
    from actfn.errors import UsageError
    from actfn.grading.judge import Tolerance
    from actfn.grading.keys import LEAST_MEMORY, MOST_MEMORY
    from actfn.grading.submission import REFUSED
    from actfn.numerics.formats import find_format
    from actfn.sandbox.limits import Limits

    seconds, memory = limits
    tolerances(*tolerance)
    memory = Limits.memory if memory is None else memory
    if not LEAST_MEMORY <= memory <= MOST_MEMORY:
        message = f"a memory limit is a number of MiB from {LEAST_MEMORY} to {MOST_MEMORY}, not {memory}"
        raise UsageError(message, hint=f"without --memory it is {Limits.memory} MiB")
    refused = REFUSED if forbid is None else [name.strip() for name in forbid.split(",") if name.strip()]
    return {
        "form": find_format(dtype),
        "tolerance": Tolerance(*tolerance),
        "limits": Limits(timeout.seconds(seconds, Limits.seconds), memory),
        "refused": refused,
    }


def _from_line(
    function: Function | VectorFunction,
    against: str | None,
    points: Sequence[str],
    range_: str | None,
    options: dict[str, Any],
    *,
    vector: bool,
) -> tuple[str, Sequence[Check]]:
    from shlex import quote

    from actfn.cli import questions
    from actfn.errors import UsageError, quoted
    from actfn.functions.function import Function
    from actfn.grading.against import submission
    from actfn.grading.grade import Check
    from actfn.grading.submission import Given
    from actfn.numerics.numerals import is_number

    vector = vector or not isinstance(function, Function)
    if against is not None:
        asked = submission(against, Path.cwd())
        groups = questions.groups(function, points, range_, options["form"], vector=vector)
        return f"{function.title} against {asked.text}", [Check(function, asked, groups, vector=vector, **options)]
    for point in points:
        if not is_number(point):
            message = f"{quoted(point)} is no point, and nothing is said to be graded"
            raise UsageError(message, hint=f"actfn check {quote(function.name)} --against {quote(point)}")
    if points or range_:
        message = "there is nothing to check at these points"
        raise UsageError(message, hint="add --against, or pipe in lines of x and y")
    group, replies = questions.pairs(function, options["form"], vector=vector)
    return f"{function.title} against standard input", [
        Check(function, Given(replies), [group], vector=vector, **options)
    ]
