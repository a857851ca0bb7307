"""What a submission's process may do, taken from it between fork and exec; and what the grader hides from it.

Nothing here is a sandbox: files that everyone can read and the network stay within reach.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_MIB = 1 << 20
_FILE = 64 * _MIB  # the largest file that may be written
_SHARED = 8  # times the memory limit: address space, of which a runtime may reserve more than it uses
_OPEN_FILES = 256
_PROCESSES = 64  # and threads
# Linux, <linux/prctl.h>, <linux/capability.h>
_DIE_WITH_PARENT, _DUMPABLE, _KEEP_RIGHTS, _ADOPT_ORPHANS, _NO_NEW_RIGHTS, _AMBIENT = 1, 4, 8, 36, 38, 47
_RAISE = 2
_ACCESS_ANY_FILE, _READ_ANY_FILE = 1, 2
_CAPABILITY_VERSION = 0x20080522
# numbers that systemd sets apart for users who exist for a moment
_FIRST_STRANGER, _STRANGERS = 61184, 4336


@dataclass(frozen=True)
class Limits:
    """How much a submission may take.

    Attributes:
        seconds: of wall clock time, each time the submission is started.
        memory: MiB of data in each process.
    """

    seconds: float = 10.0
    memory: int = 1024


@cache
def _libc() -> Any:
    """The C library on Linux, else None."""
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@cache
def shield() -> None:
    """Hide this process: its memory and environment are not to be read, and orphans of a submission come to it."""
    libc = _libc()
    if libc:
        libc.prctl(_DUMPABLE, 0, 0, 0, 0)
        libc.prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)


@dataclass(frozen=True)
class Stranger:
    """A user who owns nothing, for a submission that root grades: no limit holds root, who may do everything.

    Attributes:
        number: of the user, and of its only group.
        kept: the one right of root's that it keeps, a number of <linux/capability.h>; None for none.
    """

    number: int
    kept: int | None


def stranger(*needed: str) -> Stranger | None:
    """Who a submission runs as instead of root, and None where nobody is root.

    It keeps the right to read files. Where root has not got that, as in most containers, it needs none if the files are
    open to all, and else root's right to any access.
    """
    if os.geteuid() != 0 or not _libc():
        return None
    mine = _rights()
    if mine >> _READ_ANY_FILE & 1:
        kept: int | None = _READ_ANY_FILE
    elif all(_open_to_all(Path(path)) for path in needed):
        kept = None
    else:
        kept = _ACCESS_ANY_FILE if mine >> _ACCESS_ANY_FILE & 1 else None
    return Stranger(_FIRST_STRANGER + os.getpid() % _STRANGERS, kept)


def _rights() -> int:
    """The rights that this process may use, a bit for each."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    line = next((line for line in status.splitlines() if line.startswith("CapPrm:")), "CapPrm: 0")
    return int(line.split()[1], 16)


def _open_to_all(path: Path) -> bool:
    path = path.resolve()
    return bool(path.stat().st_mode & 0o4) and all(parent.stat().st_mode & 0o1 for parent in path.parents)


def restriction(limits: Limits, user: Stranger | None) -> Callable[[], None]:
    """What the child calls before it becomes the submission: nothing but system calls."""
    libc, parent = _libc(), os.getpid()
    running = 0 if user is not None else _tasks_of(os.getuid())
    processes = resource.RLIM_INFINITY if running is None else _PROCESSES + running
    seconds = int(limits.seconds) + 1
    ceilings = [
        ("RLIMIT_CPU", seconds, seconds + 1),
        ("RLIMIT_DATA", limits.memory * _MIB, limits.memory * _MIB),
        ("RLIMIT_AS", _SHARED * limits.memory * _MIB, _SHARED * limits.memory * _MIB),
        ("RLIMIT_FSIZE", _FILE, _FILE),
        ("RLIMIT_NOFILE", _OPEN_FILES, _OPEN_FILES),
        ("RLIMIT_NPROC", processes, processes),
        ("RLIMIT_CORE", 0, 0),
    ]
    known = [(getattr(resource, name), soft, hard) for name, soft, hard in ceilings if hasattr(resource, name)]

    def restrict() -> None:
        for kind, soft, hard in known:
            ceiling = resource.getrlimit(kind)[1]
            with suppress(ValueError, OSError):  # macOS knows limits that it does not set
                resource.setrlimit(kind, (_at_most(soft, ceiling), _at_most(hard, ceiling)))
        if libc:
            if user is not None:
                with suppress(OSError):  # a container may not let even root become somebody else
                    _become(libc, user)
            libc.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)
            libc.prctl(_DIE_WITH_PARENT, int(signal.SIGKILL), 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

    return restrict


def _at_most(limit: int, ceiling: int) -> int:
    """The lower of two limits; the infinite one is a negative number on some systems."""
    if resource.RLIM_INFINITY in (limit, ceiling):
        return ceiling if limit == resource.RLIM_INFINITY else limit
    return min(limit, ceiling)


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def _become(libc: Any, user: Stranger) -> None:
    """Give up root for a user, but for what it keeps."""
    libc.prctl(_KEEP_RIGHTS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(user.number, user.number, user.number)
    os.setresuid(user.number, user.number, user.number)
    kept = 0 if user.kept is None else 1 << user.kept
    libc.capset(ctypes.byref(_Header(_CAPABILITY_VERSION, 0)), (_Sets * 2)(_Sets(kept, kept, kept)))
    if user.kept is not None:
        libc.prctl(_AMBIENT, _RAISE, user.kept, 0, 0)


def _tasks_of(user: int) -> int | None:
    """How many processes and threads the user has already: their limit counts them all. None if nobody tells."""
    if not Path("/proc/self/task").is_dir():
        return None
    count = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if entry.stat().st_uid == user:
                count += sum(1 for _ in (entry / "task").iterdir())
        except OSError:  # ended meanwhile
            continue
    return count
