"""Found by every Python that starts in a submission: refuses packages that would know the answers.

`ACTFN_REFUSED` holds their names and folders. An audit hook cannot be taken away again by Python code; it also refuses
to start other programs and what would lead around it. What it refuses is an ordinary exception.
"""

import os
import sys


def _guard() -> None:
    refused = os.environ.get("ACTFN_REFUSED", "").split(os.pathsep)
    names = frozenset(entry for entry in refused if entry and os.sep not in entry)
    folders = tuple(os.path.join(entry, "") for entry in refused if os.sep in entry)
    installed = tuple(f"{os.sep}{home}-packages{os.sep}{name}{os.sep}" for name in names for home in ("site", "dist"))
    others = {
        **dict.fromkeys(("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"), "starting another program"),
        **dict.fromkeys(("gc.get_objects", "gc.get_referrers", "gc.get_referents"), "looking around"),
        **dict.fromkeys(("ctypes.dlopen", "ctypes.dlsym"), "foreign code"),
    }
    real = os.path.realpath

    def refuse_import(name: object) -> None:
        top = str(name).partition(".")[0]
        if top in names or (names and top == "_ctypes"):
            message = f"importing {top!r} is refused here"
            raise ImportError(message, name=top)

    def refuse_file(path: object) -> None:
        place = real(os.fsdecode(path)) if isinstance(path, str | bytes) else ""
        if place.startswith(folders) or any(part in place for part in installed):
            message = f"reading {os.path.basename(place)!r} is refused here"
            raise PermissionError(message)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "import":
            refuse_import(arguments[0])
        elif event == "open":
            refuse_file(arguments[0])
        elif event in others:
            message = f"{others[event]} is refused here"
            raise PermissionError(message)
        elif event == "object.__setattr__" and arguments[1] == "__code__":
            message = "changing functions is refused here"
            raise PermissionError(message)

    class Finder:
        """importlib.import_module tells no audit hook what it looks for."""

        @staticmethod
        def find_spec(name: str, _path: object = None, _target: object = None) -> None:
            refuse_import(name)

    sys.meta_path.insert(0, Finder)
    sys.addaudithook(hook)


_guard()
del _guard
