"""The errors a person can cause. Each says what is wrong, where, and what to do next.

`str(error)` is the whole message: the sentence, the line it is about with a caret below the place, the hint.
"""

from typing import Self
from unicodedata import combining, east_asian_width

Span = tuple[int, int]

_LONGEST, _KEPT = 500, 240  # characters of a line of a message, and of its ends where it is longer
_CONTEXT = 60  # characters of the source shown before and after the place


class ActfnError(Exception):
    """A mistake in what was asked.

    Args:
        message: one sentence, lower case, naming the offending text in quotes.
        source: the text that the span points into.
        span: start and end of the place in `source`, end exclusive.
        hint: what to do next.
    """

    def __init__(self, message: str, *, source: str = "", span: Span | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.span = span
        self.hint = hint

    def __str__(self) -> str:
        lines = [self.message]
        if self.span is not None:
            lines += underlined(self.source, self.span)
        if self.hint:
            lines.append(f"hint: {self.hint}")
        return shortened("\n".join(lines))


class ExpressionError(ActfnError):
    """The text is not an expression of the language."""


class UnknownNameError(ActfnError):
    """No function, parameter or format has that name."""


class UsageError(ActfnError):
    """The request contradicts itself or misses a part."""


class LengthError(UsageError):
    """A formula that would have to be worked out is longer than anybody reads."""


class EffortError(UsageError):
    """The answer takes more operations than a limit allows."""


class DataError(ActfnError):
    """A number in the data cannot be read. The message begins with where: `stdin:3: …`."""


class InternalError(ActfnError):
    """Something of the program's own failed: no other request would mend it."""

    @classmethod
    def of(cls, error: Exception) -> Self:
        """The error as a sentence for people. It can be sent to another process, which not every exception can."""
        if isinstance(error, MemoryError):
            return cls("not enough memory for this")
        hint = "this is a defect of actfn; ACTFN_DEBUG=1 shows where"
        return cls(f"internal error: {type(error).__name__}: {error}", hint=hint)


def quoted(text: str, limit: int = 40) -> str:
    """The text in quotes as a message shows it: unprintable characters escaped, cut at `limit` characters."""
    return repr(text if len(text) <= limit else text[:limit] + "…")


def shortened(message: str) -> str:
    """The message without the middle of lines that nobody would read, as where a name of them is a page long."""
    lines = message.split("\n")
    return "\n".join(line if len(line) <= _LONGEST else f"{line[:_KEPT]} … {line[-_KEPT:]}" for line in lines)


def suggestion(name: str, known: list[str]) -> str:
    """A hint naming the known names nearest to a mistyped one; empty if none is near."""
    from difflib import get_close_matches

    # of spellings that differ in case and underscores only, the first is the one to show
    folded = {candidate.casefold().replace("_", ""): candidate for candidate in reversed(known)}
    near = get_close_matches(name.casefold().replace("_", ""), folded, n=2, cutoff=0.7)
    return f"did you mean {' or '.join(repr(folded[match]) for match in near)}?" if near else ""


def underlined(source: str, span: Span) -> list[str]:
    """Two lines: the part of the source around the span, and carets below the span."""
    start, end = span
    left, right = max(0, start - _CONTEXT), min(len(source), max(end, start + 1) + _CONTEXT)
    shown = "".join(character if character.isprintable() else " " for character in source[left:right])
    before, after = "…" if left else "", "…" if right < len(source) else ""
    carets = max(1, columns(shown[start - left : end - left]))
    return [
        f"  {before}{shown}{after}".rstrip(),
        "  " + " " * (len(before) + columns(shown[: start - left])) + "^" * carets,
    ]


def columns(text: str) -> int:
    """How many terminal columns the text takes."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
