"""Found by every Python that starts in a submission: refuses packages that would know the answers.

`ACTFN_REFUSED` holds their names and folders. An audit hook cannot be taken away again by Python code; it also refuses
to start other programs and what would lead around it. What it refuses is an ordinary exception.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

_EVENTS = {
    **dict.fromkeys(("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"), "starting another program"),
    **dict.fromkeys(("gc.get_objects", "gc.get_referrers", "gc.get_referents"), "looking around"),
    **dict.fromkeys(("ctypes.dlopen", "ctypes.dlsym"), "foreign code"),
}


def _import_refusal(names: frozenset[str]) -> Callable[[object], None]:
    def refuse(name: object) -> None:
        top = str(name).partition(".")[0]
        if top in names or (names and top == "_ctypes"):
            message = f"importing {top!r} is refused here"
            raise ImportError(message, name=top)

    return refuse


def _file_refusal(names: frozenset[str], folders: tuple[str, ...]) -> Callable[[object], None]:
    installed = tuple(f"{os.sep}{home}-packages{os.sep}{name}{os.sep}" for name in names for home in ("site", "dist"))
    real = os.path.realpath

    def refuse(path: object) -> None:
        place = real(os.fsdecode(path)) if isinstance(path, str | bytes) else ""
        if place.startswith(folders) or any(part in place for part in installed):
            message = f"reading {os.path.basename(place)!r} is refused here"
            raise PermissionError(message)

    return refuse


def _finder(refuse_import: Callable[[object], None]) -> Any:
    """The first of the finders: importlib.import_module tells no audit hook what it looks for."""

    class Finder:
        @staticmethod
        def find_spec(name: str, _path: object = None, _target: object = None) -> None:
            refuse_import(name)

    return Finder


def _hook(
    refuse_import: Callable[[object], None], refuse_file: Callable[[object], None]
) -> Callable[[str, tuple[object, ...]], None]:
    events = dict(_EVENTS)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "import":
            refuse_import(arguments[0])
        elif event == "open":
            refuse_file(arguments[0])
        elif event in events:
            message = f"{events[event]} is refused here"
            raise PermissionError(message)
        elif event == "object.__setattr__" and arguments[1] == "__code__":
            message = "changing functions is refused here"
            raise PermissionError(message)

    return hook


def _fork_exec(*_: object) -> None:
    """Stand for what subprocess and multiprocessing start programs by: not all ways to it tell an audit hook."""
    message = "starting another program is refused here"
    raise PermissionError(message)


def _guard() -> None:
    refused = [entry for entry in os.environ.get("ACTFN_REFUSED", "").split(os.pathsep) if entry]
    names = frozenset(entry for entry in refused if os.sep not in entry)
    folders = tuple(os.path.join(entry, "") for entry in refused if os.sep in entry)
    if names:
        # the finder can be reached from sys.meta_path, and what it holds be changed: the hook shares nothing with it
        sys.meta_path.insert(0, _finder(_import_refusal(names)))
        with suppress(ImportError):
            import _posixsubprocess

            _posixsubprocess.fork_exec = _fork_exec  # type: ignore[assignment]
        names |= {"_posixsubprocess"}  # it is there, and not to be had anew
        sys.addaudithook(_hook(_import_refusal(names), _file_refusal(names, folders)))


_guard()
