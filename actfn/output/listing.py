"""Lists for reading: grouped under headings for a terminal, which is quicker than a table, and within a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from actfn.output.forms import Screen

_WIDEST = 28  # of a column but the last
_LEAST = 30  # columns for the last; on a narrower screen the line is longer


def grouped(groups: Mapping[str, Sequence[tuple[str, ...]]], screen: Screen) -> str:
    """Lines of aligned cells under the name of their group; what is too long for the screen is cut.

    Args:
        groups: heading to rows of cells, all rows of one length.
        screen: its width and whether it has an ellipsis.
    """
    rows = [row for group in groups.values() for row in group]
    widths = [min(max(map(len, column)), _WIDEST) for column in list(zip(*rows, strict=True))[:-1]]
    room = max(screen.width - sum(widths) - 2 * len(widths) - 2, _LEAST)
    more = "…" if screen.unicode else "..."
    lines: list[str] = []
    for heading, group in groups.items():
        lines += ["", heading] if lines else [heading]
        for row in group:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
            last = row[-1] if len(row[-1]) <= room else row[-1][: room - len(more)] + more
            lines.append(f"  {'  '.join([*cells, last])}".rstrip())
    return "".join(f"{line}\n" for line in lines)


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names as in a sentence: a, b and c."""
    return f" {last} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def assignments(values: Mapping[str, float]) -> str:
    """Parameters with their values, in full: alpha=1, beta=1.6732632423543772."""
    return ", ".join(f"{name}={_whole(value)}" for name, value in values.items())


def _whole(value: float) -> str:
    short = f"{value:g}"
    return short if float(short) == value or value != value else repr(value)  # noqa: PLR0124 - nan
