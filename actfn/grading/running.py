"""Submissions that run in processes of their own: functions in Python files, and programs."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import sys
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from actfn.errors import quoted
from actfn.grading.submission import NOWHERE, Place, Reply
from actfn.grading.tracebacks import innermost
from actfn.numerics.numerals import number
from actfn.sandbox.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from actfn.grading.submission import Request
    from actfn.numerics.kernels import Array
    from actfn.sandbox.conversation import Ended
    from actfn.sandbox.limits import Limits

_BYTES = 64  # for each number of an answer; the shortest text of a float64 has 24
_SPARE = 1 << 16  # bytes for messages and blank lines
_FAILURE = 4000  # bytes for each failure
_CRASHES = 200  # after so many a function is not called again
_HOPELESS = 5  # points without an answer: a program that answers none of the first answers none
_PIECES = re.compile(rb"[\s,;\[\]()]+")
_MOST_SHOWN = 200
_LOOKED_AT = 1000  # characters of a command
_NOT_ASKED = "was not asked any more"


@dataclass(frozen=True)
class PythonFunction:
    """A function in a Python file.

    Attributes:
        path: the file.
        name: the function's.
        folder: the directory it is graded in, to which the file is shown relative.
    """

    path: Path
    name: str
    folder: Path

    @property
    def text(self) -> str:
        return f"{self.file}:{self.name}"

    @property
    def file(self) -> str:
        inside = self.path.is_relative_to(self.folder)
        return str(self.path.relative_to(self.folder) if inside else self.path)

    def ask(self, request: Request) -> list[Reply]:
        refused = _refused(request)
        needed = [sys.executable, str(self.path)]
        with Workspace(
            self.folder, request.limits, refused, needed, bwrap=request.bwrap, alone=bool(refused)
        ) as workspace:
            return self._asked(request, workspace)

    def _asked(self, request: Request, workspace: Workspace) -> list[Reply]:
        begins, replies = NOWHERE, list[Reply]()
        while len(replies) < len(request.questions):
            rest = request.questions[len(replies) :]
            task = {
                "file": str(self.path),
                "function": self.name,
                "vector": request.vector,
                "arrays": "numpy" not in request.refused,
                "points": [[value.hex() for value in x.tolist()] for x in rest],
            }
            runner = [sys.executable, str(workspace.guard / "runner.py")]
            ended = workspace.run(runner, json.dumps(task).encode(), _most(rest), channel=True)
            found = list(_frames(ended.output))
            if found and found[0].values is None and not found[0].problem:
                begins = found.pop(0).place
            found = found[: len(rest)]
            replies += [each if each.place.line else replace(each, place=begins) for each in found]
            if len(found) < len(rest):
                # the next call is the one it died of
                replies.append(Reply(None, _death(ended, request.limits), begins))
                if ended.stopped or len(replies) > _CRASHES:
                    unasked = len(request.questions) - len(replies)
                    replies += [Reply(None, _NOT_ASKED, begins)] * unasked
        return replies


_FRAME = re.compile(
    rb"= ((?:[-+]?0x[0-9a-f.]+p[-+]\d+|[-+]?inf|nan| )*)"
    rb"|([!?]) (\d{1,9}) (\d{1,4}) (\d{1,4}) ([^\t\n]*)\t([^\n]*)"
    rb"|@ (\d{1,9})"
)


def _frames(data: bytes) -> Iterable[Reply]:
    """The whole lines of a channel as replies, as far as they are of the form agreed on; `@` has neither part."""
    for place, line in enumerate(data.split(b"\n")[:-1]):
        match = _FRAME.fullmatch(line)
        if not match or (place and line[:1] == b"@"):
            return
        numbers, kind, at, start, end, source, problem, begins = match.groups()
        if numbers is not None:
            try:
                values = tuple(float.fromhex(each.decode()) for each in numbers.split())
            except (ValueError, OverflowError):
                return
            yield Reply(values)
        elif problem is not None:
            where = Place(int(at), source.decode(errors="replace"), (int(start), int(end)))
            yield Reply(None, _shown(problem) or "failed", where, everywhere=kind == b"?")
        else:
            yield Reply(None, "", Place(int(begins)))


def _most(questions: Sequence[Array]) -> int:
    """How many bytes answers may take."""
    return _SPARE + sum(_FAILURE + _BYTES * x.size for x in questions)


def _refused(request: Request) -> list[str]:
    """The packages that are refused, and the folders that they are in."""
    return [*request.refused, *(folder for name in request.refused for folder in folders(name))]


@cache
def folders(name: str) -> tuple[str, ...]:
    """Return where a package is installed. It is looked for once, before a submission could move it."""
    try:
        spec = None if "." in name else find_spec(name)  # to find a part of a package is to import the package
    except (ImportError, ValueError):
        return ()
    return tuple(str(Path(place).resolve()) for place in (spec.submodule_search_locations or [])) if spec else ()


@dataclass(frozen=True)
class Program:
    """A shell command: it takes the points on standard input, a line for each, or `{x}` in its arguments.

    Attributes:
        text: the command; `{x}` in it stands for the numbers of one point.
        folder: the directory whose files it finds in its own.
    """

    text: str
    folder: Path

    @property
    def file(self) -> str:
        """The first word that names a file of the folder; of a long text only its beginning is looked at."""
        try:
            words = [word for word in shlex.split(self.text[:_LOOKED_AT]) if word[:1] not in ("", "/")]
            return next((word for word in words if (self.folder / word).is_file()), "")
        except (ValueError, OSError):  # a quote is not closed, or no file can have such a name
            return ""

    def ask(self, request: Request) -> list[Reply]:
        refused = _refused(request)
        replies = list[Reply]()
        program = shutil.which(self.text.partition(" ")[0])
        needed = [program] if program else []
        with Workspace(self.folder, request.limits, refused, needed, bwrap=request.bwrap) as workspace:
            while len(replies) < len(request.questions):
                rest = request.questions[len(replies) :]
                if len(replies) >= _HOPELESS and not any(reply.values for reply in replies):
                    return [*replies, *[replies[-1]] * len(rest)]
                ended, found = self._run(rest[:1] if "{x}" in self.text else rest, request, workspace)
                if ended.stopped:
                    # one that answers and does not end has not answered the last
                    answered = found[: len(rest) - 1]
                    unasked = [Reply(None, _NOT_ASKED)] * (len(rest) - len(answered) - 1)
                    return [*replies, *answered, self._dead(ended, request), *unasked]
                if "{x}" in self.text:
                    replies += found if found and not ended.status else [self._dead(ended, request)]
                elif len(found) == len(rest):
                    replies += [self._dead(ended, request)] * len(rest) if ended.status else found
                else:
                    replies += self._up_to_the_end(rest, found, request, workspace)
        return replies

    def _up_to_the_end(
        self, rest: Sequence[Array], found: list[Reply], request: Request, workspace: Workspace
    ) -> list[Reply]:
        """What it answered before it ended early, and what it says to the next point alone.

        It died of that point, takes one number only, or what it had printed was lost when it died.
        """
        ended, alone = self._run([rest[len(found)]], request, workspace)
        return [*found, alone[0] if alone and not (ended.status or ended.stopped) else self._dead(ended, request)]

    def _dead(self, ended: Ended, request: Request) -> Reply:
        place = innermost(ended.errors.decode(errors="replace"), self.file)
        return Reply(None, _death(ended, request.limits), place)

    def _run(self, questions: Sequence[Array], request: Request, workspace: Workspace) -> tuple[Ended, list[Reply]]:
        """Run it for some points, or with the first of them in the place of `{x}`; what it printed as replies."""
        lines = [" ".join(map(spelled, x.tolist())) for x in questions]
        given = "" if "{x}" in self.text else "".join(f"{line}\n" for line in lines)
        command = ["/bin/sh", "-c", self.text.replace("{x}", lines[0])]
        ended = workspace.run(command, given.encode(), _most(questions))
        return ended, _printed(ended.output, len(questions), vector=request.vector)


def spelled(value: float) -> str:
    """A number as a program is given it: infinities and nan with a sign, without which awk takes them for words."""
    return repr(value) if np.isfinite(value) else f"{'-' if value < 0 else '+'}{abs(value)}"


def _printed(output: bytes, count: int, *, vector: bool) -> list[Reply]:
    """The answers in what a program printed, blank lines left out: as many as there are, or why they are none."""
    lines = [line for line in output.split(b"\n") if line.strip()]
    if len(lines) > count:
        shown = quoted(lines[count].decode(errors="replace"))
        return [Reply(None, f"printed {len(lines)} lines for {count} points: the first too many is {shown}")] * count
    return [_line(line, vector=vector) for line in lines]


def _line(raw: bytes, *, vector: bool) -> Reply:
    values = []
    for token in _PIECES.split(raw.strip()):
        text = token.decode(errors="replace")
        if text:
            try:
                values.append(number(text))
            except ValueError:
                return Reply(None, f"printed {quoted(raw.strip().decode(errors='replace'))}, not a number")
    if not values or (len(values) != 1 and not vector):
        return Reply(None, f"printed {quoted(raw.strip().decode(errors='replace'))}, not one number")
    return Reply(tuple(values))


def _death(ended: Ended, limits: Limits) -> str:
    """How a run ended that has not answered."""
    if ended.overtime:
        return f"did not answer within {limits.seconds:g} s"
    if ended.flooded:
        return "wrote far more than an answer"
    if ended.greedy:
        return f"used more than {limits.memory} MiB of memory"
    if ended.unstarted:
        return f"could not be started: {_shown(ended.errors)}"
    said = [line.strip() for line in ended.errors.decode(errors="replace").split("\n") if line.strip()]
    errors = [line for line in said if "rror" in line]
    why = f": {_shown((errors or said)[-1])}" if said else ""
    assert ended.status is not None
    # a shell tells of a signal by a status above 128
    number = -ended.status if ended.status < 0 else ended.status - 128
    if number > 0:
        return f"was killed by {_signal(number)} before it answered{why}"
    return f"ended with status {ended.status} before it answered{why}"


def _shown(text: str | bytes) -> str:
    """Somebody else's text as a report may show it: in one line, cut, what is unprintable escaped."""
    text = text if isinstance(text, str) else text.decode(errors="replace")
    return quoted(text, _MOST_SHOWN)[1:-1]


def _signal(which: int) -> str:
    try:
        return signal.Signals(which).name
    except ValueError:
        return f"signal {which}"
