"""The processes that a program became: which they are, how much memory they hold, and their end."""

from __future__ import annotations

import os
import signal
import stat
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from actfn.sandbox.limits import FILE

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable, Iterator

_PATIENCE = 10.0  # seconds for killed processes to go
_PAUSE = 0.001
_QUIET = 2  # looks in a row that see no process: a single one may miss some
_SOCKET = 416 << 10  # bytes that may wait in a socket; the system counts them nowhere
_UNNAMED = (b"/memfd:", b"/dev/zero", b"/SYSV", b"/dev/shm/")
_SHARED = ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")  # of smaps_rollup: what several hold is divided among them
_WHOLE = ("RssAnon:", "RssShmem:", "VmSwap:")  # of status: what several hold counts for each


def children(process: str = "self") -> set[int]:
    """Return the children of a process, orphans that came to it included; none where the system does not tell."""
    found: set[int] = set()
    tasks: list[Path] = []
    with suppress(OSError):  # it has ended meanwhile, or one of its threads
        tasks = [*Path(f"/proc/{process}/task").iterdir()]
    for task in tasks:
        with suppress(OSError):
            found.update(map(int, (task / "children").read_bytes().split()))
    return found


def descendants(roots: Iterable[int]) -> set[int]:
    """Return the processes, their children, and the children of these."""
    found, waiting = set[int](), [*roots]
    while waiting:
        process = waiting.pop()
        if process not in found:
            found.add(process)
            waiting += children(str(process))
    return found


def end(process: subprocess.Popen[bytes], before: set[int], user: int | None = None) -> None:
    """Kill a process and all that came of it, and only then reap them; none of them can make this wait for ever.

    Args:
        process: the process, which leads a group.
        before: children of this process that have nothing to do with it.
        user: who owns all that came of it, and nothing else.
    """
    deadline, quiet, found = time.monotonic() + _PATIENCE, 0, {process.pid}
    seen = set(found)
    while quiet < _QUIET and time.monotonic() < deadline:
        gone = process.poll() is not None
        if not gone:
            _kill_group(process.pid)
        if user is not None and found:
            _kill_user(user, deadline)
        ours = children() - before
        found = descendants(ours if gone else {*ours, process.pid})
        for each in found:
            with suppress(OSError):
                os.kill(each, signal.SIGKILL)
        for each in ours - {process.pid}:
            with suppress(OSError):
                os.waitpid(each, os.WNOHANG)
        seen |= found
        quiet = quiet + 1 if gone and not found and not any(map(_exists, seen)) else 0
        if quiet < _QUIET:
            time.sleep(_PAUSE)


def _exists(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


def _kill_group(process: int) -> None:
    with suppress(OSError):
        os.killpg(process, signal.SIGKILL)


def _kill_user(user: int, deadline: float) -> None:
    """Kill all processes of a user at once: those that never stay long enough to be listed, too."""
    with warnings.catch_warnings():
        # the child makes system calls only, whatever threads there are
        warnings.simplefilter("ignore", DeprecationWarning)
        killer = os.fork()
    if not killer:
        try:
            os.setresuid(user, user, user)
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    while time.monotonic() < deadline:
        with suppress(OSError):
            if not os.waitpid(killer, os.WNOHANG)[0]:
                time.sleep(_PAUSE)
                continue
        return


def held(processes: Iterable[int], enough: int) -> int:
    """Return how many bytes processes hold together: memory, files without a name, and what sockets have room for.

    Args:
        processes: their numbers.
        enough: bytes; where a rough count stays below, none is made that takes longer.
    """
    listed = [*processes]
    files: dict[tuple[int, int], int] = {}
    for each in listed:
        for file, size in (*_nameless(each), *_mapped(each)):
            files[file] = max(size, files.get(file, 0))
    whole = {each: _sum(f"/proc/{each}/status", _WHOLE) for each in listed}
    if sum(whole.values()) + sum(files.values()) < enough:
        return sum(whole.values()) + sum(files.values())
    return sum(_sum(f"/proc/{each}/smaps_rollup", _SHARED) or whole[each] for each in listed) + sum(files.values())


def _sum(file: str, names: tuple[str, ...]) -> int:
    """The sum of some lines of a file of the system, which counts kilobytes."""
    try:
        lines = Path(file).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith(names))


def _nameless(process: int) -> Iterator[tuple[tuple[int, int], int]]:
    """The files that a process holds open and that no directory names, and sockets: which each is, and its bytes."""
    with suppress(OSError), os.scandir(f"/proc/{process}/fd") as entries:
        for entry in entries:
            with suppress(OSError):
                status = entry.stat()
                if stat.S_ISREG(status.st_mode) and not status.st_nlink:
                    yield (status.st_dev, status.st_ino), status.st_blocks * 512
                elif stat.S_ISSOCK(status.st_mode):
                    sent = _sum(f"/proc/{process}/fdinfo/{entry.name}", ("scm_fds:",)) // 1024
                    yield (status.st_dev, status.st_ino), _SOCKET + sent * FILE


def _mapped(process: int) -> Iterator[tuple[tuple[int, int], int]]:
    """The files that a process has in its memory and that no directory names any more: which each is, and its bytes."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/maps").read_bytes().splitlines():
            # ADDRESSES RIGHTS OFFSET DEVICE INODE PATH; what was never in a directory counts as memory
            if line.endswith(b" (deleted)") and not line.split(maxsplit=5)[5].startswith(_UNNAMED):
                addresses, _, offset, device, inode, _ = line.split(maxsplit=5)
                low, high = (int(each, 16) for each in addresses.split(b"-"))
                major, minor = (int(each, 16) for each in device.split(b":"))
                yield (os.makedev(major, minor), int(inode)), int(offset, 16) + high - low
