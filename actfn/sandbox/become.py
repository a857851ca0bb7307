"""Becoming a user who owns nothing, and may at most read what others may not. A module, and a script that needs none.

As a script: `become.py USER CAPABILITY COMMAND …` becomes the user, keeps the capability (-1 for none), and runs the
command.
"""

import ctypes
import os
import sys
from typing import Any

# Linux, <linux/prctl.h>, <linux/capability.h>
_KEEP_PRIVILEGES, _AMBIENT = 8, 47
_RAISE = 2
_CAPABILITY_VERSION = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def become(library: Any, number: int, kept: int | None) -> None:
    """Give up root for a user, but for a capability that is kept."""
    library.prctl(_KEEP_PRIVILEGES, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(number, number, number)
    os.setresuid(number, number, number)
    bits = 0 if kept is None else 1 << kept
    library.capset(ctypes.byref(_Header(_CAPABILITY_VERSION, 0)), (_Sets * 2)(_Sets(bits, bits, bits)))
    if kept is not None:
        library.prctl(_AMBIENT, _RAISE, kept, 0, 0)


if __name__ == "__main__":
    user, capability, *command = sys.argv[1:]
    become(ctypes.CDLL(None), int(user), None if int(capability) < 0 else int(capability))
    try:
        os.execvp(command[0], command)  # noqa: S606 - as the shell would
    except OSError as error:
        sys.exit(f"bwrap: execvp {command[0]}: {error.strerror}")
