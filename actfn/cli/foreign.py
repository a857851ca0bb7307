"""Functions that are not ours: Python callables, found by name, asked in a process of their own.

A callable may raise, hang, print, end its process, or return something else than numbers of the shape it was given. All
of that becomes a finding, a sentence, beside the values; where there is no value it is nan.
"""

from __future__ import annotations

import os
import struct
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from actfn.errors import UsageError, quoted
from actfn.sandbox.worker import GoneError, Worker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array
    from actfn.sandbox.worker import AnswerPart

SECONDS = 10.0  # that a callable may take for all points of one question

_SHOWN = 60  # letters of what a callable printed
_LONGEST = 500  # letters of what comes from its process
_STEP = 1e-3  # of the five-point rule for slopes: its error is about h^4, its rounding about eps/h
_KINDS = ("error", "kind")  # of findings that its process tells of
_MOST_DEATHS = 2  # after which a callable is asked no more


@dataclass(frozen=True, eq=False)
class Answers:
    """What a callable answered.

    Attributes:
        values: float64, nan where there is no number.
        findings: what is to be said about it, each kind once, with the first place.
        on_numbers: whether it was called on single numbers, as it did not work on arrays.
        answered: at how many points it gave a number, nan included.
        seconds: how long that took.
    """

    values: Array
    findings: tuple[str, ...]
    on_numbers: bool
    answered: int
    seconds: float


class Foreign:
    """A Python callable of one number, or of an array element by element. Its process starts when this is made."""

    def __init__(self, name: str, seconds: float = SECONDS) -> None:
        """Start it.

        Args:
            name: how it was asked for: `file.py:function` or `package.module:function`.
            seconds: how long it may take for all points of one question, and its module to be imported.
        """
        self.name = name
        self.seconds = seconds
        self._worker = Worker([name])
        self._loaded = False
        self._deaths = 0

    def close(self) -> None:
        """End its process."""
        self._worker.close()

    def load(self) -> None:
        """Wait until the callable is there.

        Raises:
            UsageError: there is no such file, module or function, it cannot be imported, or it cannot be called.
        """
        place = self.name.rpartition(":")[0]
        try:
            self._worker.answer()
            frame = self._worker.answer(self.seconds)
        except GoneError as gone:
            if gone.overtime:
                message = f"{place!r} cannot be imported: it had not ended after {self.seconds:g} s"
            else:
                message = f"{place!r} cannot be imported: {gone}"
            raise UsageError(message, hint="what it does when run belongs below: if __name__ == '__main__':") from None
        if frame.kind == b"E":
            raise _refusal(self.name, frame.content)
        self._loaded = True

    def answers(self, x: Array, form: Format | None = None) -> Answers:
        """Ask it for its values at points.

        Args:
            x: float64, one dimension, numbers of the format. It is given a copy in the format's dtype, then, failing
                that, a tensor, if it has loaded PyTorch, and single floats.
            form: the format that it is asked in, float64 if none is given.

        Raises:
            UsageError: it cannot be loaded.
        """
        import numpy as np

        from actfn.numerics.formats import FLOAT64

        form = form or FLOAT64
        if self._worker.gone and self._deaths < _MOST_DEATHS:
            self._worker.close()
            self._worker, self._loaded = Worker([self.name]), False
        if not self._loaded and not self._worker.gone:
            self.load()
        answer = _Answer(x.size, form.name)
        start = monotonic()
        try:
            self._worker.ask(form.name.encode() + b"\0" + np.ascontiguousarray(x, np.float64).tobytes())
            while not answer.done:
                frame = self._worker.answer(None if not answer.begun else self.seconds - (monotonic() - start))
                if frame.kind == b"B":
                    start = monotonic() if not answer.begun else start
                answer.take(frame)
        except GoneError as gone:
            self._deaths += 1
            answer.stop(gone, x, self.seconds)
        seconds = monotonic() - start
        printed = self._worker.printed().decode(errors="replace").strip()
        if printed:
            answer.findings["printed"] = f"it prints: {quoted(printed.splitlines()[0], _SHOWN)}"
        values = np.full(x.shape, np.nan)
        values[: len(answer.values)] = answer.values
        return Answers(form.round(values), (*answer.findings.values(),), answer.one_by_one, answer.answered, seconds)

    def slopes(self, x: Array) -> Array:
        """Its derivative by differences over five points, good to some ten digits where it is smooth."""
        import numpy as np

        step = _STEP * np.maximum(1, np.abs(x))
        places = np.array([-2.0, -1.0, 1.0, 2.0])
        with np.errstate(all="ignore"):  # infinities
            values = self.answers((x + np.multiply.outer(places, step)).ravel()).values.reshape(4, *x.shape)
            return np.asarray((values[0] - 8 * values[1] + 8 * values[2] - values[3]) / (12 * step))


@dataclass
class _Answer:
    """An answer as far as it has come."""

    count: int
    form: str
    values: list[float] = field(default_factory=list)
    findings: dict[str, str] = field(default_factory=dict)
    answered: int = 0
    begun: bool = False
    one_by_one: bool = False
    done: bool = False

    def take(self, frame: AnswerPart) -> None:
        """Add a frame. Raises GoneError if it is none of an answer."""
        try:
            self._take(frame)
        except (ValueError, struct.error):
            raise GoneError("it wrote among its own answers") from None

    def _take(self, frame: AnswerPart) -> None:
        if not self.begun and frame.kind != b"B":
            raise ValueError
        if frame.kind in (b"V", b"v") and self.one_by_one and len(self.values) < self.count:
            self.values += struct.unpack("=d", frame.content)
            self.answered += frame.kind == b"V"
        elif frame.kind == b"A" and not self.values:
            name, _, numbers = frame.content.partition(b"\0")
            dtype = _plain(name.decode())
            self.values = [*struct.unpack(f"={self.count}d", numbers)]
            self.answered = self.count
            if dtype not in (self.form, "float64"):
                self.findings["dtype"] = f"it answers in {dtype} to {self.form}"
        elif frame.kind == b"F":
            kind, sentence = _texts(frame.content)
            if kind not in _KINDS:
                raise ValueError
            self.findings.setdefault(kind, _plain(sentence))
        elif frame.kind == b"D" and len(self.values) == self.count:
            self.done = True
        elif frame.kind == b"N":
            self.one_by_one = True
        elif frame.kind == b"B":
            self.begun = True
        else:
            raise ValueError

    def stop(self, gone: GoneError, x: Array, seconds: float) -> None:
        """Note why no more is coming."""
        at = f"at x = {float(x[len(self.values)])!r}" if self.one_by_one and len(self.values) < x.size else ""
        if not gone.overtime:
            self.findings["error"] = f"{gone} {at}".rstrip()
        elif at:
            self.findings["slow"] = f"it was stopped after {seconds:g} s, {at}"
        else:
            self.findings["slow"] = f"it had given no answer after {seconds:g} s"


def _refusal(name: str, content: bytes) -> UsageError:
    """Why a callable cannot be loaded, as its process says it: that may be anything."""
    try:
        message, hint, source, *ends = map(_plain, _texts(content))
        begin, end = (min(max(int(each), 0), len(source)) for each in ends)
    except ValueError:
        return UsageError(f"{name!r} cannot be loaded: it wrote among the answers of its process")
    return UsageError(message, source=source, span=(begin, end) if source else None, hint=hint)


def _texts(content: bytes) -> list[str]:
    return content.decode(errors="replace").split("\0")


def _plain(text: str) -> str:
    """A text of another process, in one line, without what a terminal obeys."""
    return "".join(each if each.isprintable() else quoted(each)[1:-1] for each in text[:_LONGEST])


@contextmanager
def callables(texts: Iterable[str], seconds: float = SECONDS) -> Iterator[dict[str, Foreign]]:
    """Start the callables among some texts; they are ended afterwards. Raises UsageError where that is not possible."""
    found = [text for text in dict.fromkeys(texts) if is_callable(text)]
    if found and os.name != "posix":
        message = f"{found[0]!r} needs a process of its own, as Linux and macOS have them"
        raise UsageError(message, hint="on Windows run actfn in WSL or a container")
    with ExitStack() as stack:
        yield {text: stack.enter_context(closing(Foreign(text, seconds))) for text in found}


def is_callable(text: str) -> bool:
    """Whether it names Python code: `file.py:name`, `package.module:name`. `torch:gelu` is a framework's name."""
    from actfn.catalogue.frameworks import FRAMEWORKS

    place, colon, name = text.rpartition(":")
    if not colon or not name.replace(".", "_").isidentifier():
        return False
    module = place.replace(".", "_").isidentifier() and not any(place.casefold() in each.names for each in FRAMEWORKS)
    return place.endswith(".py") or module
