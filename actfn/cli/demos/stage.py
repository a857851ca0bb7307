"""What demos have in common: how a function is resolved, progress, and how a result is reported.

A report is for people, so it is tables, pictures and closing words even in a pipe; --json and --format give the records
alone, and the closing words then go to standard error.
"""

from __future__ import annotations

import string
import sys
import textwrap
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

import typer

from actfn.cli import emit, terminal
from actfn.errors import UsageError
from actfn.output.forms import Form, Theme

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from actfn.experiments.watching import Watch
    from actfn.functions.function import Function
    from actfn.numerics.kernels import Array
    from actfn.output.figure import Curve, Figure
    from actfn.output.table import Column, Table

_LONG = 1e5  # from here on with an exponent
_WIDEST = 100  # columns of running text
_SPELT = {"±": "+-", "×": "x", "σ": "sigma", "μ": "mu", "√": "sqrt ", "²": "^2", "…": "..."}


@dataclass(frozen=True)
class Report:
    """A result on its way out.

    Attributes:
        data: the records.
        shown: for people, headings and tables.
        closing: what was seen, in words; paragraphs.
        pictures: rows of pictures.
    """

    data: Table
    shown: Sequence[tuple[str, Table]]
    closing: Sequence[str]
    pictures: Sequence[Sequence[Figure]] = ()


def report(result: Report, form: Form, *, quiet: bool, colour: bool | None) -> None:
    """Write it."""
    wanted = Form.TABLE if form is Form.AUTO else form
    if wanted is not Form.TABLE:
        emit.tables([result.data], wanted, streaming=False)
        if not quiet:
            _say(result.closing, err=True)
        return
    for place, (heading, table) in enumerate(result.shown):
        if heading:
            typer.echo(("\n" if place else "") + _filled(heading))
        emit.tables([table], wanted, streaming=False)
    for row in result.pictures:
        typer.echo()
        emit.pictures(row, terminal.canvas(), colour=colour, theme=Theme.AUTO)
    if not quiet:
        typer.echo()
        _say(result.closing, err=False)


def _say(paragraphs: Sequence[str], *, err: bool) -> None:
    for paragraph in paragraphs:
        typer.echo(_filled(paragraph), err=err)


def _filled(text: str) -> str:
    width = min(terminal.screen().width, _WIDEST)
    return textwrap.fill(plain(text), width, break_long_words=False, break_on_hyphens=False)


def plain(text: str) -> str:
    """The text in the characters that standard output has."""
    if terminal.screen().unicode:
        return text
    for sign, spelt in _SPELT.items():
        text = text.replace(sign, spelt)
    return text


@contextmanager
def progress(*, quiet: bool) -> Iterator[Watch]:
    """A bar on standard error while an experiment runs, if that is a terminal."""
    if quiet or not sys.stderr.isatty():
        from actfn.experiments.watching import unwatched

        yield unwatched
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    width, height = terminal.size(sys.stderr)
    console = Console(stderr=True, width=width, height=height)
    columns = (BarColumn(24), TextColumn("{task.percentage:3.0f} %"), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0)

        def watch(doing: str, share: float) -> None:
            bar.update(task, completed=share, description=doing)

        yield watch


def function(text: str, parameters: dict[str, float] | None = None) -> Function:
    """The function of one number that a text means. Raises UsageError for one of vectors."""
    from actfn.catalogue import lookup
    from actfn.functions.function import Function

    found = lookup.function(text, **(parameters or {}))
    if not isinstance(found, Function):
        message = f"{found.name!r} is a function of a vector: it cannot stand behind each unit of a layer"
        raise UsageError(message, hint="give a function of one number, such as tanh or 'x*sigmoid(x)'")
    return found


def positive(text: str) -> Function:
    """Such a function whose values can be widths. Raises UsageError where it is not positive."""
    found = function(text)
    for x in (-10.0, -1.0, 0.0, 1.0, 10.0):
        if not found(x) > 0:
            message = f"a width must be positive, and {found.name} at {x:g} is {found(x):g}"
            raise UsageError(message, hint="give softplus, 'exp(x)' or another positive function")
    return found


def dtype(name: str) -> str:
    """The dtype of that name, if networks can be computed in it. Raises UsageError."""
    from actfn.numerics.formats import find_format

    found = find_format(name).name
    if found not in ("float64", "float32"):
        message = f"networks are computed in float64 or float32, not in {found}"
        raise UsageError(message, hint=f"what single values do in it: actfn saturation tanh --dtype {found}")
    return found


def finite(option: str, value: float) -> float:
    """The value of an option, if it is a finite number: typer's bounds let nan pass. Raises UsageError."""
    if not isfinite(value):
        raise UsageError(f"{option} takes a finite number, not {value:g}")
    return value


def numbers(name: str, values: Sequence[float], title: str = "", *, people: bool, digits: int = 3) -> Column:
    """A column of numbers: with a few digits for people, else with all."""
    from actfn.output.table import Column, Kind

    cells = [brief(value, digits) if people else repr(float(value)) for value in values]
    return Column(name, cells, Kind.NUMBER, title)


def counts(name: str, values: Sequence[int]) -> Column:
    """A column of whole numbers."""
    from actfn.output.table import Column, Kind

    return Column(name, [str(value) for value in values], Kind.NUMBER)


def shares(name: str, values: Sequence[float], title: str = "", *, people: bool) -> Column:
    """A column of shares of 1, for people in per cent."""
    from actfn.output.table import Column, Kind

    if people:
        return Column(name, [percent(value) for value in values], Kind.NUMBER, title)
    return numbers(name, values, title, people=False)


def vectors(name: str, values: Sequence[Sequence[float]]) -> Column:
    """A column of vectors, which people do not see."""
    from actfn.output.table import Column, Kind, Layout

    return Column(name, [[repr(float(each)) for each in vector] for vector in values], Kind.VECTOR, "", Layout.ABSENT)


def brief(value: float, digits: int = 3) -> str:
    """A number with a few significant digits; whole numbers are not cut."""
    return f"{value:.0f}" if 10**digits <= abs(value) < _LONG else f"{value:.{digits}g}"


def percent(share: float) -> str:
    """A share of 1 in per cent, never rounded to none or all."""
    for digits in (0, 1, 2, 3):
        shown = f"{100 * share:.{digits}f}"
        if float(shown) not in (0.0, 100.0) or share in (0.0, 1.0):
            return f"{shown} %"
    return "< 0.001 %" if share < 0.5 else "> 99.999 %"


def no_number(function: Function) -> list[str]:
    """What is to be said of a network whose answers are no numbers any more."""
    return [f"With {function.name} the network left the floats: somewhere its sums or slopes were no number."]


class _Words(string.Formatter):
    """Numbers as people read them: `{x}` with three significant digits, `{share:%}` in per cent."""

    def format_field(self, value: Any, spec: str) -> str:
        if spec == "%":
            return percent(value)
        return brief(value) if isinstance(value, float) and not spec else str(super().format_field(value, spec))


def told(text: str, **values: Any) -> str:
    """A sentence with this run's numbers."""
    return " ".join(_Words().vformat(text, (), values).split())


def dots(label: str, points: Array) -> Curve:
    """Points, (rows, 2), as a curve that is interrupted between any two."""
    import numpy as np

    from actfn.output.figure import Curve

    x, y = np.full((2, 2 * len(points)), np.nan)
    x[::2], y[::2] = points.T
    return Curve(label, x, y)
