"""A command at arm's length: own session, limits, time, bounded output, and nothing of it left afterwards.

The command starts in a scratch directory, a new one each time, in which the files of the folder it is graded in appear
as links. Its environment holds a handful of variables. What it writes is data: nothing in it can end the run well.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import warnings
from contextlib import suppress
from functools import cache
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, Self

from actfn.sandbox import bubblewrap, privileges, scratch, system_calls, writing
from actfn.sandbox.conversation import UNSTARTED, Conversation, Ended
from actfn.sandbox.limits import MIB
from actfn.sandbox.processes import children, descendants, end, held

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from actfn.sandbox.limits import Limits

_SCRIPTS = ("guard/sitecustomize.py", "guard/runner.py", "become.py")  # put where Python programs find them
_MOST_LINKS = 2000  # bubblewrap takes 9000 arguments
_STARTS = 10  # times the time limit: how long all runs in a workspace may take together
_ENDS = (signal.SIGTERM, signal.SIGHUP)
_OWN = str(Path(__file__).resolve().parents[1])


def _leave(number: int, _: object) -> NoReturn:
    """Take down what is there before this process ends of a signal, as where a job is cancelled."""
    raise SystemExit(128 + number)


@cache
def scripts() -> dict[str, str]:
    """Return the scripts that lie beside a submission. They are read once, before one has run."""
    package = resources.files("actfn.sandbox")
    return {Path(name).name: package.joinpath(name).read_text(encoding="utf-8") for name in _SCRIPTS}


class Workspace:
    """Where commands run, for one check. Leaving it takes it down, whatever was done to it.

    Attributes:
        guard: the directory of the scripts that stand in the way of Python programs.
        deadline: when all runs together are over, by the monotonic clock.
    """

    def __init__(
        self,
        folder: Path,
        limits: Limits,
        refused: Sequence[str],
        needed: Sequence[str] = (),
        *,
        bwrap: str = "",
        alone: bool = False,
    ) -> None:
        """Describe it.

        Args:
            folder: whose files are there.
            limits: what each run may take.
            refused: packages that Python programs may not import, and the folders that they are in.
            needed: further files that it reads.
            bwrap: the path of bubblewrap, if that is to be used.
            alone: whether a command may not start others.
        """
        self.folder = folder.resolve()
        self.limits = limits
        self.refused = refused
        self.needed = needed
        self.bwrap = bwrap
        self.alone = alone
        self.deadline = 0.0

    def __enter__(self) -> Self:
        privileges.shield()
        self.user = privileges.unprivileged_user(str(self.folder), *self.needed)
        self.base = Path(tempfile.mkdtemp(prefix="actfn-check-")).resolve()
        self.guard, self.work = self.base / "guard", self.base / "work"
        try:
            self.links = self._links()
            self.view = self._view() if self.bwrap else []
        except BaseException:
            scratch.remove(self.base)
            raise
        self.deadline = time.monotonic() + _STARTS * self.limits.seconds
        self._handlers = {}
        with suppress(ValueError):  # only the main thread may say what a signal does
            self._handlers = {
                each: signal.signal(each, _leave) for each in _ENDS if signal.getsignal(each) is signal.SIG_DFL
            }
        return self

    def __exit__(self, *_: object) -> None:
        for each, handler in self._handlers.items():
            signal.signal(each, handler)
        scratch.remove(self.base)

    def _links(self) -> list[tuple[str, str]]:
        with os.scandir(self.folder) as entries:
            return [(each.name, each.path) for each in islice((it for it in entries if it.name[0] != "."), _MOST_LINKS)]

    def _view(self) -> list[str]:
        masked = [each for each in self.refused if os.sep in each]
        programs = self.needed if "actfn" in self.refused else [*self.needed, f"{_OWN}/__init__.py"]
        return bubblewrap.View(self.folder, programs, masked).options()

    def _populate(self) -> None:
        """Make the directory anew: nothing in it was ever within reach of a submission."""
        scratch.remove(self.base)
        self.base.mkdir(0o700)
        self.guard.mkdir()
        self.work.mkdir(0o700)
        for name, text in scripts().items():
            (self.guard / name).write_text(text, encoding="utf-8")
        if not self.bwrap:
            for name, target in self.links:
                (self.work / name).symlink_to(target)
        if self.user is not None:
            for path in (self.base, self.guard, *self.guard.iterdir()):  # the other user passes through them
                path.chmod(0o755)
            os.chown(self.work, self.user.number, self.user.number)

    def environment(self) -> dict[str, str]:
        """Return all that the command is told about its surroundings."""
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
        """Run a command until it ends, its time or that of the workspace is over, or it has taken or written too much.

        Args:
            command: the program and its arguments.
            given: its standard input.
            most: bytes that it may write.
            channel: whether its last argument is to be the number of a descriptor that its answers come over; what it
                prints is then thrown away.
        """
        self._populate()
        receiving, sending = os.pipe() if channel else (-1, -1)
        before = children()
        passed = [sending] if channel else []
        try:
            process = self._start([*command, str(sending)] if channel else command, passed)
        except OSError as error:
            if channel:
                os.close(receiving)
            return Ended(None, b"", (error.strerror or "").encode(), UNSTARTED)
        finally:
            for each in passed:
                os.close(each)
        talk = Conversation(process, given, most, receiving if channel else None)
        stopped = ""
        with talk:
            try:
                deadline = min(self.deadline, time.monotonic() + self.limits.seconds)
                stopped = talk.hold(deadline, lambda: self._is_full(process, before))
            finally:
                end(process, before, self.user.number if self.user else None)
                scratch.remove(self.base)
        # one that was killed and has not come back by now was killed
        status = -signal.SIGKILL if process.returncode is None else process.returncode
        return self._described(
            Ended(
                None if stopped else status,
                bytes(talk.received[talk.answers]),
                bytes(talk.received[talk.errors]),
                stopped,
            )
        )

    def _described(self, ended: Ended) -> Ended:
        """The same, and where bubblewrap did not come to run the command, why."""
        mark = f"{bubblewrap.PROGRAM}: ".encode()
        if not self.bwrap or ended.status != 1 or ended.output or not ended.errors.startswith(mark):
            return ended
        return Ended(None, b"", ended.errors.rpartition(b": ")[2].strip(), UNSTARTED)

    def _is_full(self, process: subprocess.Popen[bytes], before: set[int]) -> bool:
        """Whether all that came of a process holds more than it may, in memory and in its directory."""
        most = self.limits.memory * MIB
        holding = held(descendants({process.pid, *(children() - before)}), most)
        if not self.bwrap:
            holding += scratch.occupied(self.work, most)
        return holding > most

    def _start(self, command: Sequence[str], passed: list[int]) -> subprocess.Popen[bytes]:
        calls, rules = system_calls.program(alone=self.alone), -1
        if self.bwrap:
            options = []
            if calls:
                passed.append(system_calls.readable(calls))
                options = ["--seccomp", str(passed[-1])]
            whole = bubblewrap.command(self.bwrap, self.view, self.work, self.links, self.user, options)
            start, listed = bubblewrap.shortened(whole, self.base)
            passed.append(listed)
            return self._popen([*start, *command], passed, privileges.bounds(self.limits, self.user))
        library = privileges.libc()
        if library:
            rules = writing.ruleset(library, self.work)
        try:
            return self._popen(command, passed, privileges.restriction(self.limits, self.user, rules, calls))
        finally:
            if rules >= 0:
                os.close(rules)

    def _popen(
        self, command: Sequence[str], passed: Iterable[int], prepare: Callable[[], None]
    ) -> subprocess.Popen[bytes]:
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
                pass_fds=list(passed),
                preexec_fn=prepare,  # noqa: PLW1509
            )
