"""The process of a `Worker`: loads a callable and asks it for values at points.

It says `S` when it has started, and `L` when the callable is loaded, or `E` why that cannot be: message, hint, source,
and where the place in it begins and ends, with zero bytes between. A question is a dtype and float64 numbers. The
answer is `B` when the callable is called, then `A` a dtype and an array, or `N` and for each number a `V`, or a `v`
where there was no answer, and before it, the first time, an `F`, a finding: its kind and a sentence. It closes with
`D`.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import struct
import sys
import traceback
import warnings
from contextlib import suppress
from decimal import Decimal
from numbers import Real
from pathlib import Path
from types import BuiltinFunctionType
from typing import TYPE_CHECKING, Any, NoReturn

from actfn.errors import UsageError, quoted, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from actfn.errors import Span

_HEAD = struct.Struct("=8scI")  # as worker.HEAD, which is imported by nobody here: it needs much more
_NAMED = 8  # functions of a module that are named
_SHOWN = 60  # letters of what a callable returned or raised
_LONGEST = 1000  # letters of a line of source
_NATIVE = ("float64", "float32", "float16")


def main() -> None:
    """Answer questions until there are no more."""
    text, questions, answers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for each in (questions, answers):
        os.set_inheritable(each, False)
    warnings.simplefilter("ignore")
    channel = _Channel(questions, answers)
    channel.send(b"S")
    try:
        call = load(text)
    except UsageError as error:
        begin, end = error.span or (0, 0)
        channel.send(b"E", _joined(error.message, error.hint, error.source[:_LONGEST], str(begin), str(end)))
        channel.leave()
    channel.send(b"L")
    # a function written in C that came without NumPy knows no arrays
    on_numbers = isinstance(call, BuiltinFunctionType) and "numpy" not in sys.modules
    if not on_numbers:
        import numpy as np

        np.seterr(all="ignore")
    while True:
        dtype, points = channel.question()
        if not on_numbers and _answered_at_once(channel, call, points, dtype):
            continue
        _answer_one_by_one(channel, call, points)


class _Channel:
    """The descriptors of questions and answers; nothing that the callable changes later is used."""

    def __init__(self, questions: int, answers: int) -> None:
        self._token = bytes(8)
        self._process = os.getpid()
        self._questions, self._answers = questions, answers
        self._read, self._write, self._pid, self._exit = os.read, os.write, os.getpid, os._exit
        self._pack, self._unpack = _HEAD.pack, _HEAD.unpack

    def leave(self) -> NoReturn:
        self._exit(0)

    def send(self, kind: bytes, content: bytes = b"") -> None:
        if self._pid() != self._process:  # a fork of ours, which came back from the callable, too
            self.leave()
        data = memoryview(self._pack(self._token, kind, len(content)) + content)
        while data:
            data = data[self._write(self._answers, data) :]

    def question(self) -> tuple[str, bytes]:
        """The next question: the dtype of the points, and the points."""
        self._token, _, length = self._unpack(self._exactly(_HEAD.size))
        dtype, _, points = self._exactly(length).partition(b"\0")
        return dtype.decode(), points

    def _exactly(self, length: int) -> bytes:
        data = bytearray()
        while len(data) < length:
            piece = self._read(self._questions, min(length - len(data), 1 << 20))
            if not piece:
                self.leave()
            data += piece
        return bytes(data)

    def done(self) -> None:
        with suppress(Exception):  # whatever the callable made of it
            sys.stdout.flush()
        self.send(b"D")

    def find(self, kind: str, sentence: str) -> None:
        self.send(b"F", _joined(kind, sentence))


def _joined(*texts: str) -> bytes:
    return b"\0".join(text.replace("\0", " ").encode(errors="replace") for text in texts)


def _answered_at_once(channel: _Channel, call: Any, points: bytes, dtype: str) -> bool:
    """Answer by the values for the whole array; False if the callable takes none."""
    import numpy as np

    if dtype not in _NATIVE:
        import ml_dtypes
    array = np.frombuffer(points).astype(dtype if dtype in _NATIVE else getattr(ml_dtypes, dtype))
    for given in (array, *_tensors(array)):
        channel.send(b"B")
        try:
            found = _numbers(call(given), array.shape)
        except (Exception, SystemExit):  # noqa: BLE001 - whatever it raises, it may still answer to numbers
            found = None
        if found is not None:
            values, named = found
            channel.send(b"A", named.encode() + b"\0" + values.tobytes())
            channel.done()
            return True
    return False


def _answer_one_by_one(channel: _Channel, call: Any, points: bytes) -> None:
    channel.send(b"B")
    channel.send(b"N")
    told = set[str]()
    for (number,) in struct.iter_unpack("=d", points):
        value, kind, sentence = _value(call, number)
        if kind and kind not in told:
            told.add(kind)
            channel.find(kind, sentence)
        channel.send(b"V" if not kind else b"v", struct.pack("=d", value))
    channel.done()


def _value(call: Any, number: float) -> tuple[float, str, str]:
    """A callable's value at a number; else nan, and the kind of trouble and a sentence."""
    try:
        answer = call(number)
        if type(answer) is float:
            return answer, "", ""
        found = _numbers(answer, ())
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises is told
        return float("nan"), "error", f"it raises {_told(error)} at x = {number!r}"
    if found is None:
        return float("nan"), "kind", f"it returns {_described(answer)} at x = {number!r}, not a number"
    return float(found[0]), "", ""


def _tensors(array: Any) -> Iterator[Any]:
    """The array as a tensor of PyTorch, if the callable's module has loaded it."""
    torch = sys.modules.get("torch")
    if torch is not None and array.dtype.name in _NATIVE:
        yield torch.from_numpy(array.copy())


def _numbers(answer: Any, shape: tuple[int, ...]) -> tuple[Any, str] | None:
    """An answer as float64 of that shape, and the dtype it had; None if it is something else."""
    import numpy as np

    if hasattr(answer, "detach"):
        answer = answer.detach()
    found = np.asarray(answer)
    numbers = found.dtype.kind in "biufV" or all(isinstance(each, Real | Decimal) for each in found.ravel().tolist())
    if found.shape != shape or not numbers:
        return None
    return found.astype(np.float64), found.dtype.name if found.dtype.kind in "fV" else "float64"


def _described(answer: Any) -> str:
    """What something that is no number is."""
    if answer is None or isinstance(answer, str | complex):
        return quoted(repr(answer), _SHOWN)[1:-1]
    shape = getattr(answer, "shape", None)
    return f"an array of shape {tuple(shape)}" if shape else f"a {type(answer).__name__}"


def _told(error: BaseException) -> str:
    try:
        said = error.msg if isinstance(error, SyntaxError) else str(error)
    except BaseException:  # noqa: BLE001 - an error may raise errors
        said = ""
    return quoted(f"{type(error).__name__}: {said}" if said else type(error).__name__, _SHOWN)[1:-1]


def _where(error: BaseException, place: str) -> tuple[int, str, Span]:
    """The innermost line of a file that an error passed through: its number, 0 if none, its text, and what is meant."""
    import linecache

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


def load(text: str) -> Any:
    """Return the callable that `file.py:function` or `package.module:function` names.

    A class, such as a layer, is made into an object that is called.

    Raises:
        UsageError: there is no such file, module or function, it cannot be imported, or it cannot be called.
    """
    place, _, name = text.rpartition(":")
    try:
        found = _member(_module(place), place, name)
        found = found() if isinstance(found, type) else found
    except UsageError:
        raise
    except BaseException as error:
        line, source, span = _where(error, place)
        message = f"{text!r} cannot be loaded{f', line {line}' if line else ''}: {_told(error)}"
        raise UsageError(message, source=source, span=span if source else None) from error
    if not callable(found):
        message = f"{name!r} in {place!r} is {_described(found)}, not a function"
        raise UsageError(message, hint="name a function of a number or an array, or a class whose objects are called")
    return found


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
