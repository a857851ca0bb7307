"""System calls that code of others is refused, as a seccomp filter (Linux on x86-64 and ARM64).

What would outlive a process without a file (System V segments, queues, keys), what reaches into another process, what
leads around the file system that it sees (namespaces, mounts, handles of files), and memory that belongs to no file.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from functools import cache
from typing import Any

# <asm/unistd.h> of both machines; None: the call does not exist there
_NUMBERS: dict[str, tuple[int | None, int | None]] = {
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438),
    "kcmp": (312, 272), "process_madvise": (440, 440),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsmount": (432, 432), "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
}  # fmt: skip
_FORKS: dict[str, tuple[int | None, int | None]] = {"fork": (57, None), "vfork": (58, None)}
_SET_LIMITS = (302, 261)  # prlimit64, which sets those of other processes, too
_CLONE, _CLONE3 = (56, 220), 435
_THREAD, _NEW_NAMESPACES = 0x00010000, 0x7E020000 | 0x00000080  # <linux/sched.h>: CLONE_THREAD, CLONE_NEW*
_ABSENT = {"memfd_create", "memfd_secret", "io_uring_setup"}  # of which libraries know that they may not exist

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # <linux/audit.h>
_OTHER_ABI = 0x40000000  # x32's numbers begin here

# <linux/bpf_common.h>, <linux/seccomp.h>
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_NUMBER_AT, _MACHINE_AT, _FIRST_AT = 0, 4, 16  # the lower half of the first argument
_SET_SECCOMP, _FILTER = 22, 2


@cache
def program(*, alone: bool) -> bytes:
    """Return the filter as an array of `struct sock_filter`; empty on another machine.

    Args:
        alone: whether the process may not make others. Threads it may.
    """
    machine = _MACHINES.get(platform.machine())
    if not machine or sys.platform != "linux" or sys.maxsize < 1 << 32:
        return b""
    column, audited = machine
    refused = {
        numbers[column]: errno.ENOSYS if name in _ABSENT else errno.EPERM
        for name, numbers in (_NUMBERS | (_FORKS if alone else {})).items()
    }
    # an instruction is (code, steps if true, steps if false, value)
    lines: list[tuple[int, int, int, int]] = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_EQUAL, 1, 0, audited),
        (_RETURN, 0, 0, _REFUSE | errno.ENOSYS),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, 0, 1, _OTHER_ABI),
        (_RETURN, 0, 0, _REFUSE | errno.ENOSYS),
    ]
    for number, error in refused.items():
        if number is not None:
            lines += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE | error)]
    lines += [(_EQUAL, 0, 4, _SET_LIMITS[column]), (_LOAD, 0, 0, _FIRST_AT), (_EQUAL, 1, 0, 0)]
    lines += [(_RETURN, 0, 0, _REFUSE | errno.EPERM), (_RETURN, 0, 0, _ALLOW)]
    # its flags lie in memory, which no filter can look into: the C library then uses the older call
    lines += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _REFUSE | errno.ENOSYS)]
    lines += [(_EQUAL, 1, 0, _CLONE[column]), (_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, _FIRST_AT)]
    lines += [(_ANY_BIT, 0, 1, _NEW_NAMESPACES), (_RETURN, 0, 0, _REFUSE | errno.EPERM)]
    if alone:
        lines += [(_ANY_BIT, 1, 0, _THREAD), (_RETURN, 0, 0, _REFUSE | errno.EPERM)]
    lines.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *line) for line in lines)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def refuse(libc: Any, instructions: bytes) -> None:
    """Set the filter on this process for good; it must have given up gaining privileges."""
    libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(_Program(len(instructions) // 8, instructions)), 0, 0)


def readable(instructions: bytes) -> int:
    """Return a descriptor that the filter can be read from, as bubblewrap takes it."""
    reading, writing = os.pipe()
    os.write(writing, instructions)  # far less than a pipe holds
    os.close(writing)
    return reading
