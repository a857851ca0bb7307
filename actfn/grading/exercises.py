"""The exercises that come with actfn: a folder each, with `exercise.toml` and one or more files to start from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from actfn.errors import UnknownNameError, suggestion

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_EXERCISE = "exercise.toml"
_EXAMPLE = "example.toml"


@dataclass(frozen=True)
class Shipped:
    """An exercise that comes with actfn: its name, its title, the files to start from."""

    name: str
    title: str
    starters: tuple[str, ...]


def _folder() -> Traversable:
    return resources.files("actfn.grading").joinpath("exercises")


def shipped() -> list[Shipped]:
    """All of them, by name."""
    found = []
    for folder in sorted((each for each in _folder().iterdir() if each.is_dir()), key=lambda each: each.name):
        starters = sorted(each.name for each in folder.iterdir() if each.is_file() and each.name != _EXERCISE)
        title = tomllib.loads(folder.joinpath(_EXERCISE).read_text(encoding="utf-8"))["title"]
        found.append(Shipped(folder.name, title, tuple(starters)))
    return found


def files(name: str) -> dict[str, str]:
    """The files of an exercise by name. The exercise itself is called after it. Raises UnknownNameError."""
    known = {each.name: each for each in shipped()}
    if name not in known:
        message = f"no exercise is called {name!r}"
        raise UnknownNameError(message, hint=suggestion(name, list(known)) or "'actfn check --list' shows all")
    folder = _folder().joinpath(name)
    wanted = {f"{name}.toml": _EXERCISE} | {starter: starter for starter in known[name].starters}
    return {target: folder.joinpath(source).read_text(encoding="utf-8") for target, source in wanted.items()}


def example() -> str:
    """An exercise file that works as it is, with every key explained."""
    return resources.files("actfn.grading").joinpath(_EXAMPLE).read_text(encoding="utf-8")
