"""Functions that are not ours: Python callables, found by name. What they return is judged, not trusted.

A callable may raise, hang, print, end the program, or return something else than numbers of the shape it was given. All
of that becomes a finding, a sentence, beside the values; where there is no value it is nan.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import linecache
import signal
import sys
import threading
import traceback
import warnings
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from actfn.errors import UsageError, quoted, suggestion
from actfn.numerics.formats import FLOAT64, Format

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from actfn.errors import Span
    from actfn.numerics.kernels import Array

_AGAIN = 0.05  # seconds after which an interruption that came at a bad moment is tried again
SECONDS = 10.0  # that a callable may take for all points of one question

_NAMED = 8  # functions of a module that are named
_SHOWN = 60  # letters of what a callable printed or raised
_STEP = 1e-3  # of the five-point rule for slopes: its error is about h^4, its rounding about eps/h


@dataclass(frozen=True, eq=False)
class Answers:
    """What a callable answered.

    Attributes:
        values: float64, nan where there is no number.
        findings: what is to be said about it, each kind once, with the first place.
        on_numbers: whether it was called on single numbers, as it did not work on arrays.
    """

    values: Array
    findings: tuple[str, ...]
    on_numbers: bool


@dataclass(frozen=True, eq=False)
class Foreign:
    """A Python callable of one number, or of an array element by element.

    Attributes:
        name: how it was asked for.
        call: the callable.
        seconds: how long it may take for all points of one question.
    """

    name: str
    call: Callable[[Any], Any]
    seconds: float = SECONDS

    def answers(self, x: Array, form: Format = FLOAT64) -> Answers:
        """Ask it for its values at points.

        Args:
            x: float64, one dimension, numbers of the format. It is given a copy in the format's dtype, then, failing
                that, a tensor, if PyTorch is loaded, and single floats.
            form: the format that it is asked in.
        """
        findings: dict[str, str] = {}
        with np.errstate(all="ignore"):
            array = x.astype(form.dtype)
        for given in (array, *_tensors(array)):
            with _guarded(self.seconds) as printed:
                try:
                    found = _numbers(self.call(given), x.shape)
                except _TooLongError:
                    findings["slow"] = f"it had given no answer after {self.seconds:g} s"
                    found = np.full(x.shape, np.nan), form.name
                except (Exception, SystemExit):  # noqa: BLE001 - whatever it raises, it may still answer to numbers
                    found = None
            _note_printed(findings, printed)
            if found is not None:
                values, dtype = found
                if dtype not in (form.name, "float64"):
                    findings["dtype"] = f"it answers in {dtype} to {form.name}"
                return Answers(form.round(values), tuple(findings.values()), on_numbers=False)
        values = np.full(x.shape, np.nan)
        place = 0
        with _guarded(self.seconds) as printed:
            try:
                for place, number in enumerate(x.tolist()):
                    values[place] = self._at(number, findings)
            except _TooLongError:
                findings["slow"] = f"it was stopped after {self.seconds:g} s, at x = {float(x[place])!r}"
        _note_printed(findings, printed)
        return Answers(form.round(values), tuple(findings.values()), on_numbers=True)

    def _at(self, number: float, findings: dict[str, str]) -> float:
        """Its answer to one number; nan, and a finding, where that is none."""
        try:
            answer = self.call(number)
            found = _numbers(answer, ())
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises is told
            findings.setdefault("error", f"it raises {_told(error)} at x = {number!r}")
            return float("nan")
        if found is None:
            findings.setdefault("kind", f"it returns {_described(answer)} at x = {number!r}, not a number")
            return float("nan")
        return float(found[0])

    @np.errstate(all="ignore")  # infinities
    def slopes(self, x: Array) -> Array:
        """Its derivative by differences over five points, good to some ten digits where it is smooth."""
        step = _STEP * np.maximum(1, np.abs(x))
        places = np.array([-2.0, -1.0, 1.0, 2.0])
        values = self.answers((x + np.multiply.outer(places, step)).ravel()).values.reshape(4, *x.shape)
        return np.asarray((values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * step))


class _TooLongError(BaseException):
    """Raised inside a callable that takes too long; no `except Exception` of its own catches it."""


@contextmanager
def _guarded(seconds: float) -> Iterator[io.StringIO]:
    """Keep what is printed, hush warnings, and interrupt what takes too long, where the system can."""
    printed = io.StringIO()
    timed = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()

    at_work = False

    def interrupt(*_: object) -> None:
        if at_work:
            raise _TooLongError

    before = signal.signal(signal.SIGALRM, interrupt) if timed else None
    try:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        with redirect_stdout(printed), warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            at_work = True
            try:
                yield printed
            finally:
                at_work = False
    finally:
        if timed:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def _tensors(array: Any) -> Iterator[Any]:
    """The array as a tensor of PyTorch, if a callable's module has loaded it."""
    torch = sys.modules.get("torch")
    if torch is not None and array.dtype.name in ("float64", "float32", "float16"):
        yield torch.from_numpy(array.copy())


def _numbers(answer: Any, shape: tuple[int, ...]) -> tuple[Array, str] | None:
    """An answer as float64 of that shape, and the dtype it had; None if it is something else."""
    if hasattr(answer, "detach"):
        answer = answer.detach()
    found = np.asarray(answer)
    numbers = found.dtype.kind in "biufV" or all(isinstance(each, Real | Decimal) for each in found.ravel().tolist())
    if found.shape != shape or not numbers:
        return None
    return found.astype(np.float64), found.dtype.name if found.dtype.kind in "fV" else "float64"


def _note_printed(findings: dict[str, str], printed: io.StringIO) -> None:
    text = printed.getvalue().strip()
    if text:
        findings.setdefault("printed", f"it prints: {quoted(text.splitlines()[0], _SHOWN)}")


def _described(answer: Any) -> str:
    """What something that is no number is."""
    if answer is None or isinstance(answer, str | complex):
        return quoted(repr(answer), _SHOWN)[1:-1]
    shape = getattr(answer, "shape", None)
    return f"an array of shape {tuple(shape)}" if shape else f"a {type(answer).__name__}"


def _told(error: BaseException) -> str:
    said = error.msg if isinstance(error, SyntaxError) else str(error)
    return quoted(f"{type(error).__name__}: {said}" if said else type(error).__name__, _SHOWN)[1:-1]


def _where(error: BaseException, place: str) -> tuple[int, str, Span]:
    """The innermost line of a file that an error passed through: its number, 0 if none, its text, and what is meant."""
    file = str(Path(place).resolve())
    if isinstance(error, SyntaxError) and str(Path(error.filename or "").resolve()) == file and error.lineno:
        start = max((error.offset or 1) - 1, 0)
        end = (error.end_offset or 0) - 1 if error.end_lineno == error.lineno else 0
        return _stripped(error.lineno, (error.text or "").rstrip(), (start, max(end, start + 1)))
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 0 for frame in frames if str(Path(frame.filename).resolve()) == file]
    line = lines[-1] if lines else 0
    source = linecache.getline(file, line).rstrip()
    return _stripped(line, source, (0, len(source)))


def _stripped(line: int, source: str, span: Span) -> tuple[int, str, Span]:
    indent = len(source) - len(source.lstrip())
    return line, source[indent:], (max(span[0] - indent, 0), max(span[1] - indent, 1))


def load(text: str, seconds: float = SECONDS) -> Foreign:
    """The callable that `file.py:function` or `package.module:function` names.

    The module runs in this process. A class, such as a layer, is made into an object that is called.

    Raises:
        UsageError: there is no such file, module or function, it cannot be imported, or it cannot be called.
    """
    place, _, name = text.rpartition(":")
    with _guarded(seconds):
        try:
            found = _member(_module(place), place, name)
            found = found() if isinstance(found, type) else found
        except _TooLongError:
            message = f"{place!r} cannot be imported: it had not ended after {seconds:g} s"
            raise UsageError(message, hint="what it does when run belongs below: if __name__ == '__main__':") from None
        except UsageError:
            raise
        except (Exception, SystemExit) as error:
            line, source, span = _where(error, place)
            message = f"{text!r} cannot be loaded{f', line {line}' if line else ''}: {_told(error)}"
            raise UsageError(message, source=source, span=span if source else None) from error
    if not callable(found):
        message = f"{name!r} in {place!r} is {_described(found)}, not a function"
        raise UsageError(message, hint="name a function of a number or an array, or a class whose objects are called")
    return Foreign(text, found, seconds)


def _member(module: ModuleType, place: str, name: str) -> Any:
    """What the dotted name means in the module. Raises UsageError."""
    found: Any = module
    with suppress(AttributeError):
        for part in name.split("."):
            found = getattr(found, part)
        return found
    there = [each for each in dir(module) if not each.startswith("_") and callable(getattr(module, each))]
    more = ", …" if len(there) > _NAMED else ""
    hint = suggestion(name, there) or f"it has {', '.join(there[:_NAMED]) or 'none'}{more}"
    message = f"{place!r} has no function {name!r}"
    raise UsageError(message, hint=hint)


def _module(place: str) -> ModuleType:
    if not place.endswith(".py"):
        if "" not in sys.path:
            sys.path.insert(0, "")
        try:
            return importlib.import_module(place)
        except ModuleNotFoundError as error:
            message = f"there is no module {error.name!r} here"
            raise UsageError(message, hint="it is imported by the Python that runs actfn; or name a file.py") from None
    path = Path(place)
    if not path.is_file():
        message = f"there is no file {place!r}"
        raise UsageError(message, hint="write its path as seen from the current directory, or in full")
    sys.path.insert(0, str(path.resolve().parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
