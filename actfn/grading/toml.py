"""A TOML file that knows on which line everything stands, so that an error can say so."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from actfn.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

Place = tuple[str | int, ...]  # ("check", 2, "rtol"): keys, and places in arrays

_DEEPEST = 100  # arrays and inline tables in one another
_INTEGERS = range(-(2**63), 2**63)  # that TOML has

_OTHER_WORDS = {
    r"Illegal character '\n'": "a text in quotes does not end on its line",
    "Invalid value": "this is no value: a text stands in quotes",
    "Cannot overwrite a value": "the key is there already",
}

# A text that does not end goes on to the end of its line, or of the file: each piece is looked at once.
_PIECE = re.compile(
    r"""
      \"{3} (?: [^"\\] | \\. | "(?!"") )*+ (?: "{3,5} | \\?\Z )  # over several lines
    | '{3} (?: [^'] | '(?!'') )*+ (?: '{3,5} | \Z )
    | " (?: [^"\\\n] | \\[^\n] )*+ ["\\]?
    | ' [^'\n]*+ '?
    | [^"'#\[\]{}\n]++
    | (?P<comment> \#[^\n]*+ )
    | (?P<open> [\[{] )
    | (?P<close> [\]}] )
    | (?P<end> \n )
    """,
    re.DOTALL | re.VERBOSE,
)


class Statement(NamedTuple):
    """What stands on a line and those that it goes on in: the number of the first, and the text."""

    line: int
    text: str


@dataclass(frozen=True)
class Text:
    """The text of a file, and what errors call it."""

    text: str
    name: str

    def table(self) -> dict[str, Any]:
        """What the file holds. Raises UsageError where it is no TOML."""
        statements = self._statements
        try:
            found = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            raise self._no_toml(str(error)) from None
        except ValueError:  # of Python, which reads no number of thousands of digits
            number = next(each.line for each in statements if not _is_toml(each.text))
            raise self._on_line(number, "a number has too many digits") from None
        for place, value in _leaves(found):
            if isinstance(value, int) and value not in _INTEGERS:
                raise self.error(place, "a whole number is too large", "from 2**63 on write it as 1e20")
            if isinstance(value, str) and "\0" in value:
                raise self.error(place, "a text holds the character NUL", "no file, name or formula does")
        return found

    def error(self, place: Place, message: str, hint: str = "") -> UsageError:
        """An error about an entry: the message after the file's name and the line, the key underlined."""
        number, key = self.line(place), place[-1]
        source = self._lines[number - 1]
        start = max(source.find(key), 0) if isinstance(key, str) else 0
        span = (start, start + len(key)) if isinstance(key, str) else (0, len(source))
        return UsageError(f"{self.name}:{number}: {message}", source=source, span=span, hint=hint)

    def line(self, place: Place) -> int:
        """The number of the line on which an entry begins. Raises KeyError where there is none."""
        for statement, table in _with_tables(self._statements):
            if place == table[: len(place)]:
                return statement.line
            inside = place[len(table) :]
            if table == place[: len(table)] and _holds(tomllib.loads(statement.text), inside):
                return statement.line
        raise KeyError(place)

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.replace("\r\n", "\n").split("\n")

    @cached_property
    def _statements(self) -> list[Statement]:
        """What the file is made of, without comments and blank lines. Raises UsageError where it is too deep."""
        text = "\n".join(self._lines)
        found = list[Statement]()
        line, depth, begin = 1, 0, -1  # where a statement begins: on which line, and at which character
        first = line
        for piece in _PIECE.finditer(text):
            if begin < 0 and piece.lastgroup not in ("comment", "end") and not piece[0].isspace():
                begin, first = piece.start(), line
            if piece.lastgroup == "open":
                depth += 1
                if depth > _DEEPEST:
                    raise self._on_line(line, f"more than {_DEEPEST} lists or tables stand in one another")
            elif piece.lastgroup == "close":
                depth = max(depth - 1, 0)
            elif piece.lastgroup == "end" and not depth and begin >= 0:
                found.append(Statement(first, text[begin : piece.start()]))
                begin = -1
            line += piece[0].count("\n")
        return found if begin < 0 else [*found, Statement(first, text[begin:])]

    def _on_line(self, number: int, message: str) -> UsageError:
        source = self._lines[number - 1]
        return UsageError(f"{self.name}:{number}: {message}", source=source, span=(0, len(source)))

    def _no_toml(self, said: str) -> UsageError:
        match = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", said)
        if not match:  # it is seen at the end of the file: the last statement does not end
            said = said.removesuffix(" (at end of document)")
            return self._on_line(self._statements[-1].line, _in_our_words(said))
        line, column = int(match[2]), int(match[3])
        source = self._lines[line - 1]
        place = min(column - 1, len(source))
        return UsageError(f"{self.name}:{line}: {_in_our_words(match[1])}", source=source, span=(place, place + 1))


def _in_our_words(said: str) -> str:
    """What TOML's reader says of an error."""
    return _OTHER_WORDS.get(said, f"{said[:1].lower()}{said[1:]}")


def _with_tables(statements: list[Statement]) -> Iterator[tuple[Statement, Place]]:
    """Each statement with the table that it stands in; a heading, without its text, with the one that it begins."""
    table: Place = ()
    lengths = dict[Place, int]()  # of arrays of tables
    for statement in statements:
        if statement.text.startswith("["):
            table, keys = (), tomllib.loads(statement.text)
            while keys:
                if table in lengths:
                    table = (*table, lengths[table] - 1)
                ((key, keys),) = keys.items()
                table = (*table, key)
                if isinstance(keys, list):
                    lengths[table] = lengths.get(table, 0) + 1
                    table, keys = (*table, lengths[table] - 1), {}
            yield statement._replace(text=""), table
        else:
            yield statement, table


def _leaves(table: dict[str, Any]) -> Iterator[tuple[Place, Any]]:
    """Everything in a table that is neither table nor array, however deep, in order."""
    left: list[tuple[Place, Any]] = [((), table)]
    while left:
        place, value = left.pop()
        if isinstance(value, dict | list):
            inside = value.items() if isinstance(value, dict) else enumerate(value)
            left += reversed([((*place, step), each) for step, each in inside])
        else:
            yield place, value


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


def _holds(table: Any, place: Place) -> bool:
    for step in place:
        there = step < len(table) if isinstance(step, int) else step in table
        if not there:
            return False
        table = table[step]
    return True
