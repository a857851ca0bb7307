"""What `--against` and `against =` mean: which kind of submission a text is, by rules that a person can keep in mind.

1. `student.py:sigmoid` is a function in a Python file.
2. A text of several words of which the first is a program that can be run, or any text with `{x}`, is a shell command.
3. What can be read as an expression, or is a name of the catalogue, is an expression.
4. A single word that is a program is a shell command.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from actfn.catalogue import lookup
from actfn.errors import ActfnError, UsageError, quoted, suggestion
from actfn.grading.running import Program, PythonFunction
from actfn.grading.submission import Formula, Missing

if TYPE_CHECKING:
    from actfn.grading.submission import Submission

_PYTHON = re.compile(r"(?P<path>.+\.py):(?P<name>[^\W\d]\w*)")
_PATHS = ("./", "../", "/", "~/")


def submission(text: str, folder: Path) -> Submission:
    """The submission that a text means. A file that is not there is one that answers nothing, and no error.

    Args:
        text: what stands behind `--against`.
        folder: where its files are looked for.

    Raises:
        UsageError: it is none; the message says why.
    """
    text = text.strip()
    if "\0" in text:
        message = f"no program or file has the character NUL in its name: {quoted(text)}"
        raise UsageError(message, hint="write it without")
    if not text:
        message = "the submission is empty"
        raise UsageError(message, hint="name a program, a function such as student.py:sigmoid, or an expression")
    try:
        return _python_function(text, folder) or _program(text, folder) or _formula(text, folder)
    except _MissingError as error:
        return Missing(text, error.message, error.hint)


def is_submission(text: str, folder: Path) -> bool:
    """Whether a text that is no function can be meant to be graded: a Python file or a program."""
    text = text.strip()
    first = text.partition(" ")[0]
    return (
        text.endswith(".py") or bool(_PYTHON.fullmatch(text)) or first.startswith(_PATHS) or _is_program(first, folder)
    )


class _MissingError(UsageError):
    """A file is not there, or cannot be run."""


def _python_function(text: str, folder: Path) -> PythonFunction | None:
    python = _PYTHON.fullmatch(text)
    if not python:
        if text.endswith(".py") and (folder / text).is_file() and not _is_program(text, folder):
            message = f"which function of {text!r} is meant?"
            raise UsageError(message, hint=f"name it, as in {text}:sigmoid, or run the file: 'python3 {text}'")
        return None
    path = python["path"]
    file = _place(path, folder)
    if not file.is_file():
        there = (
            sorted(entry.name for entry in file.parent.glob("*.py") if entry.is_file()) if file.parent.is_dir() else []
        )
        message = f"there is no file {quoted(path)}"
        hint = suggestion(Path(path).name, there) or "a function in a Python file is written student.py:sigmoid"
        raise _MissingError(message, hint=hint)
    return PythonFunction(file.resolve(), python["name"], folder.resolve())


def _program(text: str, folder: Path) -> Program | None:
    first, several, _ = text.partition(" ")
    if "{x}" in text or (several and _is_program(first, folder)):
        return Program(text, folder)
    if not first.startswith(_PATHS):
        return None
    if not _place(first, folder).is_file():
        message = f"there is no program {quoted(first)}"
        hint = "paths are looked for in the directory you are in, or in that of the exercise"
        raise _MissingError(message, hint=hint)
    if not _is_program(first, folder):
        message = f"{quoted(first)} cannot be run"
        raise _MissingError(message, hint=f"chmod +x {first}, or name what runs it: 'python3 {first}'")
    return Program(text, folder)


def _formula(text: str, folder: Path) -> Formula | Program:
    try:
        return Formula(lookup.function(text))
    except ActfnError as error:
        first, several, _ = text.partition(" ")
        if _is_program(first, folder):
            return Program(text, folder)
        if several and first.replace("-", "").isalnum():
            message = f"{quoted(text)} is neither a program nor an expression: there is no program {quoted(first)}"
            raise UsageError(message, hint=f"as an expression, {error.message}") from None
        raise


def _place(path: str, folder: Path) -> Path:
    """Where a path is, `~` being a person's home, if there is such a person."""
    try:
        return folder / Path(path).expanduser()
    except RuntimeError:
        return folder / path


def _is_program(word: str, folder: Path) -> bool:
    """Whether a word can be run: as a path, or by the PATH."""
    if "/" in word:
        return shutil.which(_place(word, folder)) is not None
    return shutil.which(word) is not None
