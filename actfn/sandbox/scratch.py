"""Scratch directories: how much is in them, and their removal, whatever was done to them."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ENTRY = 1024  # bytes, about, that a name and an inode take
_HIDING = {errno.EACCES, errno.ENAMETOOLONG}
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def remove(path: Path) -> None:
    """Remove a directory that nobody uses any more, however deep it is, long its names are and closed its parts.

    Folders inside are moved up to the top, one after the other: no path grows long, and nothing recurses.
    """
    try:
        top = os.open(path, _OPEN)
    except OSError:
        return
    try:
        fresh = (f"{number:x}.actfn" for number in count())
        waiting = _emptied(top, top, fresh)
        while waiting:
            name = waiting.pop()
            with suppress(OSError):
                folder = os.open(name, _OPEN, dir_fd=top)
                try:
                    waiting += _emptied(folder, top, fresh)
                finally:
                    os.close(folder)
            with suppress(OSError):
                os.rmdir(name, dir_fd=top)
    finally:
        os.close(top)
    with suppress(OSError):
        path.rmdir()


def _emptied(folder: int, top: int, fresh: Iterator[str]) -> list[str]:
    """Remove the files of a folder and move its folders to the top, under fresh names, which are returned."""
    moved = []
    for name in os.listdir(folder):
        try:
            if not stat.S_ISDIR(os.lstat(name, dir_fd=folder).st_mode):
                os.unlink(name, dir_fd=folder)
                continue
            with suppress(OSError):  # root may lack the right to change what is another's, and not need it
                os.chmod(name, stat.S_IRWXU, dir_fd=folder)  # to be moved, it must be writable itself
            for free in fresh:
                if not _there(free, top):
                    os.rename(name, free, src_dir_fd=folder, dst_dir_fd=top)
                    moved.append(free)
                    break
        except OSError:
            continue
    return moved


def _there(name: str, folder: int) -> bool:
    try:
        os.lstat(name, dir_fd=folder)
    except FileNotFoundError:
        return False
    return True


def occupied(path: Path, enough: int, most: int = 50_000) -> int:
    """Return about how many bytes the files below a directory take; no more is counted once it is more than `enough`.

    What is hidden counts as more: behind too many entries, too long a path, a closed folder or ever new names.

    Args:
        path: the directory.
        enough: bytes.
        most: entries that are looked at.
    """
    top, seen = os.fspath(path), 0
    while True:
        total, waiting, missed = 0, [top], False
        while waiting and total <= enough:
            place = waiting.pop()
            try:
                with os.scandir(place) as entries:
                    for entry in entries:
                        seen += 1
                        if seen > most:
                            return enough + 1
                        status = entry.stat(follow_symlinks=False)
                        total += status.st_blocks * 512 + _ENTRY
                        if stat.S_ISDIR(status.st_mode):
                            waiting.append(entry.path)
            except FileNotFoundError:  # renamed or removed meanwhile
                missed = seen > 0
            except OSError as error:
                # root may lack the right to look into the directory of somebody else
                if error.errno in _HIDING and place != top:
                    return enough + 1
        if total > enough or not missed:
            return total
