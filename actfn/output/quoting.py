"""Text of others, as reports may show it: what a submission prints, raises or is called must command no reader.

A CI runner obeys lines that begin with `::`, after spaces too, and `##[` anywhere in a line; a terminal obeys control
characters; a reader of TAP takes a line that begins with `ok` for a result, one of Markdown `#` for a heading.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from actfn.errors import underlined

if TYPE_CHECKING:
    from actfn.grading.submission import Place

_Record = TypeVar("_Record", bound=Any)

_MARK = "| "  # in front of a line that is not ours
_SPACES = re.compile(r"[\t\n\r \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_COMMAND = re.compile(r"##(?=\w*\[)")  # ##[error], ##vso[…], ##teamcity[…]
_OBEYED = re.compile(r"\s*(?:::|#|(?:not )?ok\b|Bail out!)")


def line(text: str) -> str:
    """Return a text in one line, with control characters, direction marks and lone surrogates as escapes."""
    return _COMMAND.sub("# #", _visible(_SPACES.sub(" ", text).strip(" ")))


def lines(record: _Record) -> _Record:
    """Return a frozen record with each of its texts made such a line."""
    given = {field.name: getattr(record, field.name) for field in fields(record)}
    return replace(record, **{name: line(value) for name, value in given.items() if type(value) is str})


def source(place: Place) -> Place:
    """Return a place whose line of source has no such characters either; its span covers the same part."""
    start = place.span[0]
    end = max(place.span[1], start)
    before, meant, behind = (
        _COMMAND.sub("# #", _visible(part.replace("\t", " ")))
        for part in (place.source[:start], place.source[start:end], place.source[end:])
    )
    span = len(before), len(before) + len(meant)
    return replace(place, source=_COMMAND.sub("# #", before + meant + behind), span=span)


def guarded(text: str) -> str:
    """Return a line that nobody obeys: one that begins as a command does is marked."""
    return f"{_MARK}{text}" if _OBEYED.match(text) else text


def marked(place: Place) -> list[str]:
    """Return the source of a place and the line of carets below it, each marked as somebody else's."""
    return [f"{_MARK}{each.removeprefix('  ')}" for each in underlined(place.source, place.span)]


def _visible(text: str) -> str:
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
