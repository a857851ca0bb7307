"""Calls a function of a submission at the points it is told, in the submission's process. Imports nothing of actfn.

Standard input holds the task as JSON: the file, the function's name, whether it takes vectors and as what, the points
as hexadecimal floats. The only argument is the descriptor for the answers, a line for each point in order:

    = HEX HEX …         the numbers that came
    ! LINE TEXT         what happened instead, and in which line of the file, 0 if in none

Before them `@ LINE` tells where the function begins. A line is data about the submission and never a verdict: whoever
writes to the descriptor can only give answers.
"""

import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

_LONGEST = 300


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


def _failure(error: BaseException, file: str) -> str:
    """`! LINE TEXT`: the innermost line of the file that the error passed through."""
    line = 0
    if isinstance(error, SyntaxError) and error.filename == file:
        line = error.lineno or 0
    trace = error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, Unusable):
        text = str(error)
    elif isinstance(error, SyntaxError):
        text = f"{type(error).__name__}: {error.msg}"
    else:
        text = f"raised {type(error).__name__}: {error}".removesuffix(": ")
    return f"! {line} {' '.join(text.split())[:_LONGEST]}"


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
            send(_failure(error, file))
        leave(0)
    for point in points:
        try:
            line = f"= {_vector(function(as_vector(point))) if vector else _number(function(point[0]))}"
        except BaseException as error:  # noqa: BLE001
            line = _failure(error, file)
        send(line)
    leave(0)


main()
