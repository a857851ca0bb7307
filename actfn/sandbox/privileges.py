"""What a submission's process may do, taken from it between fork and exec; and what the grader hides from it."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from actfn.sandbox import limits as system_limits
from actfn.sandbox import system_calls, writing
from actfn.sandbox.become import become

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.sandbox.limits import Limits

# Linux, <linux/prctl.h>, <linux/capability.h>
_DIE_WITH_PARENT, _DUMPABLE, _ADOPT_ORPHANS, _NO_NEW_PRIVILEGES = 1, 4, 36, 38
ACCESS_ANY_FILE, READ_ANY_FILE = 1, 2
# numbers that systemd sets apart for users who exist for a moment
_FIRST_USER, _USERS = 61184, 4336


@cache
def libc() -> Any:
    """Return the C library on Linux, else None."""
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@cache
def shield() -> None:
    """Hide this process: its memory and environment are not to be read, and orphans of a submission come to it."""
    adopt_orphans()
    if libc():
        libc().prctl(_DUMPABLE, 0, 0, 0, 0)


@cache
def adopt_orphans() -> None:
    """Become the parent of every process whose own has ended, if a child of this process started it."""
    if libc():
        libc().prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)


@dataclass(frozen=True)
class UnprivilegedUser:
    """A user who owns nothing, for a submission that root grades: no limit holds root, who may do everything.

    Attributes:
        number: of the user, and of its only group.
        kept: the one capability of root's that it keeps, a number of <linux/capability.h>; None for none.
    """

    number: int
    kept: int | None


def unprivileged_user(*needed: str) -> UnprivilegedUser | None:
    """Return who a submission runs as instead of root, and None where nobody is root.

    It keeps the right to read files. Where root has not got that, as in most containers, it needs none if the files are
    open to all, and else root's right to any access.
    """
    if os.geteuid() != 0 or not libc():
        return None
    mine = _capabilities()
    if mine >> READ_ANY_FILE & 1:
        kept: int | None = READ_ANY_FILE
    elif all(_open_to_all(Path(path)) for path in needed):
        kept = None
    else:
        kept = ACCESS_ANY_FILE if mine >> ACCESS_ANY_FILE & 1 else None
    return UnprivilegedUser(_free_number(), kept)


@cache
def _free_number() -> int:
    """The number of a user who is nobody else's: all processes of that user are killed after a run.

    It is taken by a socket that ends with this process. One whom nobody can be told from is better than none.
    """
    first = os.getpid() % _USERS
    for place in range(_USERS):
        number = _FIRST_USER + (first + place) % _USERS
        taken = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            taken.bind(f"\0actfn-user-{number}")
        except OSError:
            taken.close()
            continue
        _TAKEN.append(taken)
        return number
    return _FIRST_USER + first


_TAKEN: list[socket.socket] = []  # what is bound stays bound


def _capabilities() -> int:
    """The capabilities that this process may use, a bit for each."""
    status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
    line = next((line for line in status.splitlines() if line.startswith("CapPrm:")), "CapPrm: 0")
    return int(line.split()[1], 16)


def _open_to_all(path: Path) -> bool:
    path = path.resolve()
    return bool(path.stat().st_mode & 0o4) and all(parent.stat().st_mode & 0o1 for parent in path.parents)


def restriction(
    limits: Limits, user: UnprivilegedUser | None, rules: int = -1, calls: bytes = b""
) -> Callable[[], None]:
    """Return what the child calls before it becomes the submission: nothing but system calls.

    Args:
        limits: what it may take.
        user: whom it becomes; None for who it is.
        rules: where it may write, a descriptor of `writing.ruleset`.
        calls: what it may call, a filter of `system_calls.program`.
    """
    library, parent = libc(), os.getpid()
    bound = bounds(limits, user)

    def restrict() -> None:
        bound()
        if library:
            if user is not None:
                with suppress(OSError):  # a container may not let even root become somebody else
                    become(library, user.number, user.kept)
            library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
            die_with_parent(library, parent)  # becoming somebody else forgets it
            if rules >= 0:
                writing.confine(library, rules)
            if calls:
                system_calls.refuse(library, calls)

    return restrict


def bounds(limits: Limits, user: UnprivilegedUser | None) -> Callable[[], None]:
    """Return what a child calls that keeps its privileges for now: its limits, and its end with this process."""
    library, parent = libc(), os.getpid()
    ceilings = system_limits.ceilings(limits, None if user is not None else os.getuid())

    def bound() -> None:
        system_limits.impose(ceilings)
        if library:
            die_with_parent(library, parent)

    return bound


def die_with_parent(library: Any, parent: int) -> None:
    """End this process when its parent ends, at once if it has ended already."""
    library.prctl(_DIE_WITH_PARENT, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
