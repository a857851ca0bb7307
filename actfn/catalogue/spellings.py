"""From a framework's name of a function to what it means, and from a row to what frameworks call it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from actfn.catalogue.frameworks import FRAMEWORKS
from actfn.catalogue.rows import OMITTED, normalised
from actfn.errors import UnknownNameError, suggestion

if TYPE_CHECKING:
    from actfn.catalogue.frameworks import Framework, Spelling


@cache
def _prefixes() -> tuple[tuple[str, Framework, str], ...]:
    """Every text that may stand before a spelling, the longest first, with its framework and module ("" for any)."""
    found: dict[str, tuple[Framework, str]] = {}
    for framework in FRAMEWORKS:
        for name in framework.names:
            found[name] = (framework, "")
    for framework in FRAMEWORKS:
        for module in framework.modules:
            found.setdefault(module.casefold(), (framework, module))
    return tuple((prefix, *found[prefix]) for prefix in sorted(found, key=len, reverse=True))


def qualified(text: str) -> Spelling | None:
    """The spelling that a name such as `tfa:gelu` or `torch.nn.GELU` means; None if no framework stands before it.

    Raises:
        UnknownNameError: the framework has no such function, or it is left out of the catalogue.
    """
    dotted = text.replace(":", ".").casefold()
    for prefix, framework, module in _prefixes():
        if not dotted.startswith(f"{prefix}."):
            continue
        name = text[len(prefix) + 1 :]
        there = [spelling for spelling in framework.spellings if module in ("", spelling.module)]
        for spelling in there:
            if normalised(spelling.name) == normalised(name):
                return _present(spelling)
        names = [spelling.name for spelling in there]
        message = f"{framework.title} has no function {name!r} in {module or framework.key}"
        raise UnknownNameError(message, hint=suggestion(name, names) or f"it has {', '.join(names)}")
    return None


@cache
def _unqualified() -> dict[str, Spelling]:
    found: dict[str, Spelling] = {}
    for framework in FRAMEWORKS:
        for spelling in framework.spellings:
            found.setdefault(normalised(spelling.name), spelling)
    return found


def unqualified(text: str) -> Spelling | None:
    """The first framework's spelling of a name that is no row's and no alias."""
    spelling = _unqualified().get(normalised(text))
    return _present(spelling) if spelling else None


def _present(spelling: Spelling) -> Spelling:
    if not spelling.row:
        reason = OMITTED.get(normalised(spelling.name), "")
        message = f"{spelling.name!r} of {spelling.framework.title} is not in the catalogue: {reason}"
        raise UnknownNameError(message, hint="'actfn list' shows what is")
    return spelling


def spellings(row: str) -> list[Spelling]:
    """All spellings that stand for a row, in the order of the frameworks."""
    return [each for framework in FRAMEWORKS for each in framework.spellings if each.row == row]


def homonyms(row: str) -> list[Spelling]:
    """The spellings that are the row's own name, but in their framework mean another function."""
    return [
        each
        for framework in FRAMEWORKS
        for each in framework.spellings
        if normalised(each.name) == normalised(row) and each.row and each.row != row
    ]
