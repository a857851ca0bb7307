"""What must be there before a submission runs: afterwards the grader reads no file that it could have changed."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

import actfn
from actfn.grading.running import Program, PythonFunction, folders
from actfn.sandbox.workspace import scripts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.grading.grade import Check

_PACKAGES = ("numerics", "sandbox", "expression", "exact", "functions", "catalogue", "grading")
_LIBRARIES = ("difflib", "flint", "ml_dtypes", "numpy.linalg", "numpy.ma")


def runs_code(checks: Sequence[Check]) -> bool:
    """Return whether any of the checks starts a process."""
    return any(
        isinstance(each, PythonFunction | Program) for check in checks for each in (check.submission, check.slope_of)
    )


def prepare(checks: Sequence[Check]) -> None:
    """Import every module that grading may need, and look up what checks refuse."""
    for package in _PACKAGES:
        for place in actfn.__path__:
            for module in pkgutil.iter_modules([f"{place}/{package}"], f"actfn.{package}."):
                import_module(module.name)
    for library in _LIBRARIES:
        import_module(library)
    scripts()
    for name in {name for check in checks for name in check.refused}:
        folders(name)
