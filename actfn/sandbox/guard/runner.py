"""Calls a function of a submission at the points it is told, in the submission's process. Imports nothing of actfn.

Standard input holds the task as JSON: the file, the function's name, whether it takes vectors and as what, the points
as hexadecimal floats. The only argument is the descriptor for the answers, a line for each point in order:

    = HEX HEX …                          the numbers that came
    ! LINE START END SOURCE <tab> TEXT   what happened instead, in which line of the file, 0 if in none, and which part
    ? LINE START END SOURCE <tab> TEXT   the same, where there is no function to call

Before them `@ LINE` tells where the function begins. A line is data about the submission and never a verdict: whoever
writes to the descriptor can only give answers.
"""

import importlib.util
import json
import linecache  # before a file of that name can lie on the path
import os
import sys
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

_LONGEST = 300
_BEFORE = 100  # characters of a long line that are kept before the place

Where = tuple[int, int, int]  # a line, and the columns where the place in it begins and ends


class Unusable(Exception):  # noqa: N818 - it is not an error of the program
    """What came is no number."""


def _number(value: object) -> str:
    if (
        isinstance(value, str | bytes | bool)
        or value is None
        or getattr(getattr(value, "dtype", None), "kind", "") == "b"
    ):
        message = f"returned {value!r}, not a number"
        raise Unusable(message)
    if getattr(value, "shape", ()) != ():
        message = f"returned an array of shape {value.shape}, not a number"  # type: ignore[attr-defined]
        raise Unusable(message)
    if not hasattr(value, "__float__") and not hasattr(value, "__index__"):
        message = f"returned {value!r}, not a number"
        raise Unusable(message)
    return float.hex(float(value))  # type: ignore[arg-type]


def _vector(value: object) -> str:
    if (
        isinstance(value, str | bytes | dict | set)
        or not isinstance(value, Iterable)
        or getattr(value, "shape", None) == ()
    ):
        message = f"returned {value!r}, not a vector"
        raise Unusable(message)
    return " ".join(map(_number, value))


def _load(file: str, name: str) -> Callable[[Any], Any]:
    module_name = os.path.splitext(os.path.basename(file))[0]
    spec = importlib.util.spec_from_file_location(module_name, file)
    if spec is None or spec.loader is None:
        message = f"{os.path.basename(file)} is no Python file"
        raise Unusable(message)
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, os.path.dirname(file))
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    function: Callable[[Any], Any] | None = getattr(module, name, None)
    if function is None:
        there = [each for each, value in vars(module).items() if callable(value) and each[0] != "_"]
        message = f"{os.path.basename(file)} has no function {name!r}, only {', '.join(there) or 'none at all'}"
        raise Unusable(message)
    return function


def _failure(error: BaseException, file: str, kind: str = "!") -> str:
    """The line for an error: the innermost place in the file that it passed through, and what it says."""
    try:
        place = _shown(file, _where(error, file))
    except Exception:  # noqa: BLE001 - as where the file is gone, or not text
        place = "0 0 0 "
    if isinstance(error, Unusable):
        text = str(error)
    elif isinstance(error, SyntaxError):
        text = f"{type(error).__name__}: {error.msg}"
        if error.filename and error.filename != file:
            text += f", in {os.path.basename(error.filename)}:{error.lineno}"
    else:
        text = f"raised {type(error).__name__}: {error}".removesuffix(": ")
    return f"{kind} {place}\t{' '.join(text.split())[:_LONGEST]}"


def _where(error: BaseException, file: str) -> Where:
    """The innermost place in the file that an error passed through; the whole line where no part of it is known."""
    if isinstance(error, SyntaxError) and error.filename == file and error.lineno:
        start = max((error.offset or 1) - 1, 0)
        end = (error.end_offset or 0) - 1 if error.end_lineno == error.lineno else 0
        return error.lineno, start, max(end, start + 1)
    found: Where = (0, 0, 0)
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        if code.co_filename == file:
            _, last, *ends = next(islice(code.co_positions(), trace.tb_lasti // 2, None))
            line = _source(file, trace.tb_lineno)
            # the compiler counts bytes
            start, end = (len(line.encode()[: each or 0].decode(errors="replace")) for each in ends)
            found = (trace.tb_lineno, start, end if last == trace.tb_lineno and end else len(line))
        trace = trace.tb_next
    return found


def _shown(file: str, where: Where) -> str:
    """`LINE START END SOURCE`, the source without indentation, and cut where it is long."""
    line, *ends = where
    source = _source(file, line)
    cut = max(len(source) - len(source.lstrip()), ends[0] - _BEFORE)
    shown = source[cut:][:_LONGEST].replace("\t", " ")
    start, end = (min(max(each - cut, 0), len(shown)) for each in ends)
    return f"{line} {start} {end} {shown}"


def _source(file: str, line: int) -> str:
    return linecache.getline(file, line).rstrip()


def main() -> None:
    """Answer the task."""
    channel = int(sys.argv[1])
    os.set_inheritable(channel, False)
    task = json.load(sys.stdin)
    points = [[float.fromhex(number) for number in point] for point in task["points"]]
    file, vector = task["file"], task["vector"]
    write, leave = os.write, os._exit

    def send(line: str) -> None:
        data = memoryview(f"{line}\n".encode("utf-8", "backslashreplace"))
        while data:
            data = data[write(channel, data) :]

    try:
        function = _load(file, task["function"])
        code = getattr(function, "__code__", None)
        send(f"@ {getattr(code, 'co_firstlineno', 0) if getattr(code, 'co_filename', '') == file else 0}")
        as_vector: Callable[[Any], Any] = list
        if vector and task["arrays"]:
            from numpy import array as as_vector
    except BaseException as error:  # noqa: BLE001 - SystemExit and all
        for _ in points:
            send(_failure(error, file, "?"))
        leave(0)
    for point in points:
        try:
            line = f"= {_vector(function(as_vector(point))) if vector else _number(function(point[0]))}"
        except BaseException as error:  # noqa: BLE001
            line = _failure(error, file)
        send(line)
    leave(0)


main()
