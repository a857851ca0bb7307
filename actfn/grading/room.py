"""A command run at arm's length: own session, limits, time, bounded output, and nothing of it left afterwards.

The command starts in a scratch directory in which the files of the folder it is graded in appear as links. Its
environment holds a handful of variables. What it writes is data: nothing in it can end the run well.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import warnings
from contextlib import suppress
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Self

from actfn.grading import rights
from actfn.grading.process import UNSTARTED, Conversation, Ended, children, end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.grading.rights import Limits

_SCRIPTS = ("sitecustomize.py", "runner.py")  # of the folder `guard`, put in the way of Python programs
_MOST_LINKS = 5000
_STARTS = 10  # times the time limit: how long all runs in a room may take together


class Room:
    """A scratch directory to run commands in, for one check. Leaving it takes it down, whatever was done to it.

    Attributes:
        guard: the directory of the scripts that stand in the way of Python programs.
    """

    def __init__(self, folder: Path, limits: Limits, refused: Sequence[str], needed: Sequence[str] = ()) -> None:
        self.folder = folder
        self.limits = limits
        self.refused = refused
        self.needed = [str(folder), *needed]
        self.deadline = 0.0

    def __enter__(self) -> Self:
        rights.shield()
        self.base = Path(tempfile.mkdtemp(prefix="actfn-check-"))
        try:
            self._furnish()
        except BaseException:
            shutil.rmtree(self.base, ignore_errors=True)
            raise
        self.deadline = time.monotonic() + _STARTS * self.limits.seconds
        return self

    def _furnish(self) -> None:
        self.guard, self.work = self.base / "guard", self.base / "work"
        self.guard.mkdir()
        self.work.mkdir(0o700)
        for name in _SCRIPTS:
            source = resources.files("actfn.grading").joinpath("guard", name)
            (self.guard / name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
            (self.guard / name).chmod(0o644)
        with os.scandir(self.folder) as entries:
            for entry in islice((each for each in entries if each.name[0] != "."), _MOST_LINKS):
                (self.work / entry.name).symlink_to(entry.path)
        self.user = rights.stranger(*self.needed)
        if self.user is not None:
            for place in (self.base, self.guard):  # the stranger passes through them
                place.chmod(0o755)
            os.chown(self.work, self.user.number, self.user.number)
        self.restrict = rights.restriction(self.limits, self.user)

    def __exit__(self, *_: object) -> None:
        for place, folders, _files in os.walk(self.work):
            for name in folders:
                with suppress(OSError):
                    if not Path(place, name).is_symlink():
                        Path(place, name).chmod(0o700)
        shutil.rmtree(self.base, ignore_errors=True)

    def environment(self) -> dict[str, str]:
        """All that the command is told about its surroundings."""
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.work),
            "TMPDIR": str(self.work),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(self.guard),
            "PYTHONNOUSERSITE": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "ACTFN_REFUSED": os.pathsep.join(self.refused),
        }

    def run(self, command: Sequence[str], given: bytes, most: int, *, channel: bool = False) -> Ended:
        """Run a command until it ends, its time or that of the room is over, or it has written more than `most` bytes.

        With `channel`, its last argument is the number of a descriptor that its answers come over; what it prints is
        then thrown away.
        """
        receiving, sending = os.pipe() if channel else (-1, -1)
        before = children()
        try:
            process = self._start([*command, str(sending)] if channel else command, (sending,) if channel else ())
        except OSError as error:
            if channel:
                os.close(receiving)
            return Ended(None, b"", (error.strerror or "").encode(), UNSTARTED)
        finally:
            if channel:
                os.close(sending)
        try:
            deadline = min(self.deadline, time.monotonic() + self.limits.seconds)
            return Conversation(process, given, most, receiving if channel else None).hold(deadline)
        finally:
            end(process, before)
            for stream in (process.stdin, process.stdout, process.stderr):
                assert stream
                with suppress(OSError):
                    stream.close()
            if channel:
                os.close(receiving)

    def _start(self, command: Sequence[str], passed: Sequence[int]) -> subprocess.Popen[bytes]:
        with warnings.catch_warnings():
            # what runs between fork and exec makes system calls only, whatever threads there are
            warnings.simplefilter("ignore", DeprecationWarning)
            return subprocess.Popen(  # noqa: S603 - running it is the point
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self.work,
                env=self.environment(),
                start_new_session=True,
                pass_fds=passed,
                preexec_fn=self.restrict,  # noqa: PLW1509
            )
