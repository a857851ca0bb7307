"""bubblewrap: a program that runs a command in namespaces of its own, where it is installed and may do that.

The command sees the system read-only, without the homes of people, what other programs keep in /tmp and /run, the
network, and packages that are refused. What it writes is in memory, bounded, and gone with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from actfn.errors import UsageError
from actfn.sandbox import become, privileges
from actfn.sandbox.isolation import Isolation
from actfn.sandbox.limits import FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from actfn.sandbox.privileges import UnprivilegedUser

PROGRAM = "bwrap"
_PATIENCE = 20.0  # seconds for a trial, on a busy machine
_SMALL = 4096  # bytes of a directory that hides another one
_HIDDEN = ("/tmp", "/var/tmp", "/run", "/home", "/root", "/dev/shm")  # noqa: S108 - of the system, not used
_WRITABLE = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - as above
_PROGRAMS = ("bin", "sbin", "shims")  # folders of programs, whose libraries lie beside the folder
_PACKAGES = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class Trial:
    """Whether bubblewrap can be used here.

    Attributes:
        program: its path; empty where it cannot.
        problem: why it cannot.
    """

    program: str
    problem: str = ""


@cache
def trial() -> Trial:
    """Try bubblewrap, once, with what a run takes of it."""
    found = shutil.which(PROGRAM) if sys.platform == "linux" else None
    if not found:
        return Trial("", "it is not installed")
    try:
        view = View(Path("/"), [become.__file__], []).options()  # of an environment in a hidden directory, that is seen
        user = privileges.unprivileged_user()
        command = [found, *namespaces(), *view, *_becoming(user, Path(become.__file__)), "true"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603 - ours
    except (OSError, subprocess.TimeoutExpired) as error:
        return Trial("", str(error))
    said = done.stderr.decode(errors="replace").strip().removeprefix(f"{PROGRAM}: ")
    return Trial("", said or f"it ended with status {done.returncode}") if done.returncode else Trial(found)


def program(wanted: Isolation) -> str:
    """Return the path of bubblewrap where it is to be used, else an empty text.

    Raises:
        UsageError: it is wanted and cannot be used.
    """
    if wanted is Isolation.PROCESS:
        return ""
    tried = trial()
    if wanted is Isolation.BWRAP and not tried.program:
        message = f"bubblewrap cannot be used: {tried.problem}"
        raise UsageError(
            message, hint="install the package bubblewrap where namespaces are allowed, or --isolation auto"
        )
    return tried.program


def namespaces() -> list[str]:
    """Return the options for namespaces: root needs none of users, and could become nobody else in one."""
    user = [] if os.geteuid() == 0 else ["--unshare-user"]
    others = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    return [*user, *others, "--die-with-parent", "--new-session"]


def _folder(path: str, size: int = FILE) -> list[str]:
    return ["--perms", "1777", "--size", str(size), "--tmpfs", path]


@dataclass(frozen=True)
class View:
    """What a command sees of the file system.

    Attributes:
        folder: the directory whose files it may read, but for those with a dot in front.
        programs: files that it needs, with what lies beside them.
        masked: directories that it must not see.
    """

    folder: Path
    programs: Sequence[str]
    masked: Sequence[str]

    def options(self) -> list[str]:
        """Return the options of bubblewrap, those that come later lying over the earlier ones."""
        found = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
        hidden = [Path(each).resolve() for each in (*_HIDDEN, _home()) if _is_folder(each)]
        hidden = [each for each in dict.fromkeys(hidden) if each != Path("/")]
        for each in sorted(hidden):
            found += _folder(str(each), FILE if str(each) in _WRITABLE else _SMALL)
        folder, dotted = self.folder.resolve(), self._dotted()
        programs = {*self._programs()}
        for each in sorted(_below(hidden, {path for path in (folder, *programs) if folder.is_relative_to(path)})):
            found += ["--ro-bind", str(each), str(each)]
        for each in dotted:
            found += ["--ro-bind", os.devnull, str(each)] if each.is_file() else _folder(str(each), _SMALL)
        # an environment may lie in the folder, behind a dot
        for each in sorted(_below([*hidden, *dotted], {path for path in programs if not folder.is_relative_to(path)})):
            found += ["--ro-bind", str(each), str(each)]
        for place in self.masked:
            if Path(place).is_dir():
                found += [*_folder(place, _SMALL), "--remount-ro", place]
        for each in hidden:
            if str(each) not in _WRITABLE:
                found += ["--remount-ro", str(each)]
        return [*found, "--remount-ro", "/dev"]

    def _programs(self) -> Iterable[Path]:
        for path in self.programs:
            yield Path(path).resolve().parent
        python = (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
        places = os.environ.get("PATH", os.defpath).split(os.pathsep)
        for each in (Path(path) for path in (*python, *filter(os.path.isabs, places), *sys.path)):
            if _is_folder(each) and (str(each) in (*python, *places) or each.name in _PACKAGES):
                whole = each.parent if each.name in _PROGRAMS and each.parent != _home() else each
                yield from (whole, whole.resolve())

    def _dotted(self) -> list[Path]:
        with os.scandir(self.folder.resolve()) as entries:
            return [Path(each.path) for each in entries if each.name[0] == "." and not each.is_symlink()]


def _below(folders: Sequence[Path], paths: Iterable[Path]) -> list[Path]:
    """Those of the paths that lie in one of the folders, or are one."""
    return [path for path in paths if any(map(path.is_relative_to, folders))]


def _home() -> Path:
    return Path(os.path.expanduser("~"))  # noqa: PTH111 - pathlib's raises where nobody knows


def _is_folder(path: str | Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - pathlib's raises where one may not look


def command(
    program: str,
    view: Sequence[str],
    work: Path,
    links: Iterable[tuple[str, str]],
    user: UnprivilegedUser | None,
    options: Sequence[str] = (),
) -> list[str]:
    """Return the command line to which that of a program is added.

    Args:
        program: the path of bubblewrap.
        view: options of a `View`.
        work: the directory it starts in; what is beside it is seen read-only, scripts in `guard` among that.
        links: names in `work` and what they lead to.
        user: whom it becomes; None for who it is.
        options: further ones.
    """
    found = [program, *namespaces(), *view, "--ro-bind", str(work.parent), str(work.parent), *_folder(str(work))]
    for name, target in links:
        found += ["--symlink", target, str(work / name)]
    return [*found, "--chdir", str(work), *options, *_becoming(user, work.parent / "guard/become.py")]


def shortened(command: Sequence[str], folder: Path) -> tuple[list[str], int]:
    """Return a command line with its options in a file, as a command line is not as long; and the file's descriptor.

    Args:
        command: a command line with `--` behind the options.
        folder: where the file is made, which has no name there.
    """
    end = command.index("--")
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"".join(os.fsencode(option) + b"\0" for option in command[1:end]))
        file.seek(0)
        options = os.dup(file.fileno())
    return [command[0], "--args", str(options), *command[end:]], options


def _becoming(user: UnprivilegedUser | None, script: Path) -> list[str]:
    """The end of the options, and what makes the command another user's."""
    if user is None:
        return ["--"]
    names = ("CAP_SETUID", "CAP_SETGID", *_KEPT[user.kept])
    allowed = [option for name in names for option in ("--cap-add", name)]
    kept = -1 if user.kept is None else user.kept
    return [*allowed, "--", sys.executable, "-I", "-S", str(script), str(user.number), str(kept)]


_KEPT: dict[int | None, tuple[str, ...]] = {None: (), 1: ("CAP_DAC_OVERRIDE",), 2: ("CAP_DAC_READ_SEARCH",)}
