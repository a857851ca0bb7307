"""How much code of others may take, and the limits that the system sets on a process for it."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

if sys.platform != "win32":
    import resource

MIB = 1 << 20
FILE = 64 * MIB  # the largest file that may be written, and what fits into a private /tmp
_SHARED = 8  # times the memory limit: address space, of which a runtime may reserve more than it uses
_OPEN_FILES = 256
_PROCESSES = 64  # and threads


@dataclass(frozen=True)
class Limits:
    """How much a submission may take.

    Attributes:
        seconds: of wall clock time, each time the submission is started.
        memory: MiB that its processes may hold together.
    """

    seconds: float = 10.0
    memory: int = 1024


Ceiling = tuple[int, int, int]  # a resource of the system, its soft and its hard limit


def ceilings(limits: Limits, user: int | None) -> list[Ceiling]:
    """Return the limits of each process, where the system knows them.

    Args:
        limits: what the submission may take.
        user: whose processes count already against the number of processes; None for a user who has none.
    """
    running = 0 if user is None else _tasks_of(user)
    processes = resource.RLIM_INFINITY if running is None else _PROCESSES + running
    seconds = int(limits.seconds) + 1
    wanted = [
        ("RLIMIT_CPU", seconds, seconds + 1),
        ("RLIMIT_DATA", limits.memory * MIB, limits.memory * MIB),
        ("RLIMIT_AS", _SHARED * limits.memory * MIB, _SHARED * limits.memory * MIB),
        ("RLIMIT_FSIZE", FILE, FILE),
        ("RLIMIT_NOFILE", _OPEN_FILES, _OPEN_FILES),
        ("RLIMIT_NPROC", processes, processes),
        ("RLIMIT_CORE", 0, 0),
    ]
    return [(getattr(resource, name), soft, hard) for name, soft, hard in wanted if hasattr(resource, name)]


def impose(wanted: list[Ceiling]) -> None:
    """Set limits on this process; none is raised."""
    for kind, soft, hard in wanted:
        ceiling = resource.getrlimit(kind)[1]
        with suppress(ValueError, OSError):  # macOS knows limits that it does not set
            resource.setrlimit(kind, (_at_most(soft, ceiling), _at_most(hard, ceiling)))


def _at_most(limit: int, ceiling: int) -> int:
    """The lower of two limits; the infinite one is a negative number on some systems."""
    if resource.RLIM_INFINITY in (limit, ceiling):
        return ceiling if limit == resource.RLIM_INFINITY else limit
    return min(limit, ceiling)


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
