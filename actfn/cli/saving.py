"""Files that are written: replaced as a whole, or not at all."""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import suppress
from pathlib import Path

from actfn.cli.streams import wait

_MOST_LINKS = 40  # symbolic links in a row, as Linux follows them
_IMMOVABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY}  # of a directory, or of a file mounted on its own


def replace(name: str | Path, content: bytes) -> None:
    """Write a temporary file in the same directory, then rename it: a full disk or Ctrl-C leaves what was there.

    Mode, owner where permitted, and symbolic links are kept; further hard links keep the old content. In a directory
    that takes no further file, the file itself is overwritten, and restored if that fails. A pipe, a device or an open
    file (/dev/stdout, /dev/fd/3, /proc/PID/fd/3) is written to as it is, as `>` does it.

    Raises:
        OSError: it cannot be written; the error bears the name that was given.
    """
    try:
        target = _followed(os.fspath(name))
        if _is_ours(target):
            _write(os.dup(int(target.name)), content)
        elif _is_open(target) or not _is_regular(name):
            _write(os.open(name, os.O_WRONLY | os.O_TRUNC), content)
        else:
            _replace(target, content)
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(name)) from None


def append(name: str | Path, content: bytes) -> None:
    """Write behind what a file holds; what could be written of it is taken back if that fails. Raises as `replace`."""
    try:
        target = _followed(os.fspath(name))
        if _is_ours(target):
            _write(os.dup(int(target.name)), content)
            return
        descriptor = os.open(name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        before = os.fstat(descriptor)
        try:
            _write(descriptor, content)
        except BaseException:
            if stat.S_ISREG(before.st_mode):
                os.truncate(name, before.st_size)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(name)) from None


def _followed(name: str) -> Path:
    """The file that a name stands for, behind its symbolic links; an open file's name in /dev/fd stays that."""
    path = Path(name)
    for _ in range(_MOST_LINKS):
        path = Path(os.path.realpath(path.parent), path.name)
        if _is_open(path) or not path.is_symlink():
            return path
        path = path.parent / path.readlink()
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


def _is_open(path: Path) -> bool:
    """Whether it is the name of a process's open file, which leads to the file but is another name than the file's."""
    return _is_ours(path) or re.fullmatch(r"/proc/\d+(/task/\d+)?/fd/\d+", str(path)) is not None


def _is_ours(path: Path) -> bool:
    """Whether it is the name of one of this process's open files: the threads of a process have the same ones."""
    folder = re.sub(r"(?<=/proc/)(\d+)/task/\d+(?=/fd$)", r"\1", str(path.parent))
    return path.name.isdecimal() and folder == os.path.realpath("/dev/fd")


def _is_regular(name: str | Path) -> bool:
    """Whether a name is that of a regular file, or of none yet."""
    try:
        return stat.S_ISREG(os.stat(name).st_mode)  # noqa: PTH116 - any error but one is to be raised
    except FileNotFoundError:
        return True


def _replace(target: Path, content: bytes) -> None:
    there = target.exists()
    if there:
        os.close(os.open(target, os.O_WRONLY))  # one that is write-protected is not to be replaced either
    try:
        _beside(target, content, target.stat() if there else None)
    except OSError as error:
        if not there or error.errno not in _IMMOVABLE:
            raise
        _over(target, content)


def _beside(target: Path, content: bytes, before: os.stat_result | None) -> None:
    temporary = target.with_name(f".{os.urandom(8).hex()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        if before and hasattr(os, "fchmod"):
            with suppress(PermissionError):
                os.fchown(descriptor, before.st_uid, before.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
        _write(descriptor, content)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _over(target: Path, content: bytes) -> None:
    before = target.read_bytes()
    try:
        _write(os.open(target, os.O_WRONLY), content)
    except BaseException:
        _write(os.open(target, os.O_WRONLY), before)
        os.truncate(target, len(before))
        raise
    os.truncate(target, len(content))


def _write(descriptor: int, content: bytes) -> None:
    """Write all of it, onto the disk where there is one, and close the file."""
    with open(descriptor, "wb", buffering=0) as file:
        left = memoryview(content)
        while left:
            written = file.write(left)
            if written is None:  # it does not block, and takes nothing now
                wait(descriptor, "POLLOUT")
            left = left[written or 0 :]
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.fsync(descriptor)
