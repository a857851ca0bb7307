"""Where code of others may write: below one directory and nowhere else (Landlock, Linux 5.13 and later).

From Linux 6.12 on, it sends no signal out of its own processes either.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

# <linux/landlock.h>; the numbers of these system calls are the same on all machines
_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION, _BENEATH = 1, 1
_WRITE_FILE, _TRUNCATE, _REFER = 1 << 1, 1 << 14, 1 << 13
_CHANGES = _WRITE_FILE | sum(1 << bit for bit in range(4, 13))  # writing, removing and making of every kind
_SOCKETS_AND_SIGNALS = 3
_SCOPED_SINCE, _TRUNCATE_SINCE, _REFER_SINCE = 6, 3, 2
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty")


@cache
def version(libc: Any) -> int:
    """Return the version of Landlock that the system has, 0 for none."""
    return max(int(libc.syscall(_CREATE, None, 0, _VERSION)), 0) if sys.platform == "linux" else 0


def ruleset(libc: Any, folder: Path) -> int:
    """Return a descriptor of the rule that only a folder and null devices are written to; -1 where there is none."""
    known = version(libc)
    if not known:
        return -1
    changes = _CHANGES | (_REFER if known >= _REFER_SINCE else 0) | (_TRUNCATE if known >= _TRUNCATE_SINCE else 0)
    attributes = struct.pack("QQQ", changes, 0, _SOCKETS_AND_SIGNALS)
    size = len(attributes) if known >= _SCOPED_SINCE else 8
    rules = int(libc.syscall(_CREATE, attributes, size, 0))
    if rules < 0:
        return -1
    _allow(libc, rules, folder, changes)
    for device in _DEVICES:
        _allow(libc, rules, Path(device), changes & (_WRITE_FILE | _TRUNCATE))
    return rules


def _allow(libc: Any, rules: int, path: Path, changes: int) -> None:
    with suppress(OSError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            libc.syscall(_ADD, rules, _BENEATH, struct.pack("=Qi", changes, place), 0)
        finally:
            os.close(place)


def confine(libc: Any, rules: int) -> None:
    """Bind this process to a ruleset for good; it must have given up gaining privileges."""
    libc.syscall(_RESTRICT, ctypes.c_int(rules), 0)
