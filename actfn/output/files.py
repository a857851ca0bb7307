"""Pictures as the content of files, by the ending of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actfn.errors import UsageError, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from actfn.output.figure import Figure
    from actfn.output.forms import Screen, Theme

ENDINGS = (".txt", ".ansi", ".svg", ".html", ".png", ".pdf")

_COLUMN, _LINE = 10, 20  # pixels


def ending(name: str) -> str:
    """The ending of a file's name that says what it is to hold. Raises UsageError if it is none of `ENDINGS`."""
    found = next((each for each in ENDINGS if name.lower().endswith(each)), None)
    if found is None:
        message = f"no picture can be saved as {quoted(name)}"
        raise UsageError(message, hint=f"its name must end in one of {' '.join(ENDINGS)}")
    return found


def content(figures: Sequence[Figure], suffix: str, screen: Screen, theme: Theme) -> bytes:
    """What a file with that ending holds: pictures side by side.

    Args:
        figures: at least one.
        suffix: one of `ENDINGS`.
        screen: the room in columns and lines; an image has 10 pixels for a column and 20 for a line.
        theme: for which background the colours are.

    Raises:
        UsageError: a package is missing.
    """
    width, height = _COLUMN * screen.width, _LINE * screen.height
    if suffix in (".png", ".pdf"):
        from actfn.output.images import image

        return image(figures, suffix, width, height, theme)
    if suffix in (".svg", ".html"):
        from actfn.output.svg import page, svg

        return (svg if suffix == ".svg" else page)(figures, width, height, theme).encode()
    from actfn.output.plots import beside

    return f"{beside(figures, screen, colour=suffix == '.ansi', theme=theme)}\n".encode()
