"""A TOML file that knows on which line everything stands, so that an error can say so."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from actfn.errors import UsageError

Place = tuple[str | int, ...]  # ("check", 2, "rtol"): keys, and places in arrays

_OTHER_WORDS = {
    r"Illegal character '\n'": "a text in quotes does not end on its line",
    "Invalid value": "this is no value: a text stands in quotes",
    "Cannot overwrite a value": "the key is there already",
}


@dataclass(frozen=True)
class Text:
    """The text of a file, and what errors call it."""

    text: str
    name: str

    def table(self) -> dict[str, Any]:
        """What the file holds. Raises UsageError where it is no TOML."""
        try:
            return tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise self._no_toml(str(error)) from None

    def error(self, place: Place, message: str, hint: str = "") -> UsageError:
        """An error about an entry: the message after the file's name and the line, the key underlined."""
        number, key = self.line(place), place[-1]
        source = self.text.splitlines()[number - 1]
        start = max(source.find(key), 0) if isinstance(key, str) else 0
        span = (start, start + len(key)) if isinstance(key, str) else (0, len(source))
        return UsageError(f"{self.name}:{number}: {message}", source=source, span=span, hint=hint)

    def line(self, place: Place) -> int:
        """The number of the line on which an entry begins; the entry must be there.

        TOML's own reader tells no lines, but it can be given the lines up to one: the entry begins on the first line
        that must be added to what can be read without it.
        """
        lines = self.text.splitlines()
        without = 0
        for end in range(1, len(lines) + 1):
            try:
                table = tomllib.loads("\n".join(lines[:end]))
            except tomllib.TOMLDecodeError:
                continue
            if _holds(table, place):
                return without + 1
            without = end
        raise KeyError(place)

    def _no_toml(self, said: str) -> UsageError:
        match = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", said)
        if not match:
            return self._never_ends(said.removesuffix(" (at end of document)"))
        line, column = int(match[2]), int(match[3])
        message = _OTHER_WORDS.get(match[1], f"{match[1][:1].lower()}{match[1][1:]}")
        source = self.text.splitlines()[line - 1]
        place = min(column - 1, len(source))
        return UsageError(f"{self.name}:{line}: {message}", source=source, span=(place, place + 1))

    def _never_ends(self, said: str) -> UsageError:
        """An error that TOML's reader sees at the end of the file: it begins behind the last line that can be read."""
        lines = self.text.splitlines()
        begin = max(end for end in range(len(lines)) if _is_toml("\n".join(lines[:end])))
        begin = next((place for place in range(begin, len(lines)) if lines[place].strip()), begin)
        message = f"{self.name}:{begin + 1}: {_OTHER_WORDS.get(said, f'{said[:1].lower()}{said[1:]}')}"
        return UsageError(message, source=lines[begin], span=(0, len(lines[begin])))


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _holds(table: Any, place: Place) -> bool:
    for step in place:
        there = step < len(table) if isinstance(step, int) else step in table
        if not there:
            return False
        table = table[step]
    return True
