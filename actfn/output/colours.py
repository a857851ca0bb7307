"""The colours of pictures, as codes of the 256 that terminals have, and the same as hexadecimal for files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actfn.output.forms import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

# those of `auto` have a contrast of at least 3.3 to black and to white alike
_CURVES: dict[Theme, Sequence[int]] = {
    Theme.AUTO: (33, 166, 29, 162, 99, 160, 94, 244),
    Theme.DARK: (75, 215, 79, 212, 141, 203, 185, 250),
    Theme.LIGHT: (25, 166, 29, 162, 55, 160, 94, 240),
}
_LEVELS = (0, 95, 135, 175, 215, 255)


def turn(place: int) -> int:
    """How often all colours are used up before the curve at a place: then something else must tell it apart."""
    return place // len(_CURVES[Theme.AUTO])


def code(theme: Theme, place: int) -> int:
    """The terminal's colour of the curve at a place; after the last comes the first again."""
    return _CURVES[theme][place % len(_CURVES[theme])]


def hexadecimal(theme: Theme, place: int) -> str:
    """The same colour as #rrggbb."""
    return rgb(code(Theme.LIGHT if theme is Theme.AUTO else theme, place))


def rgb(code: int) -> str:
    """A colour of the terminal's cube or of its greys, from 16 on, as #rrggbb."""
    if code >= 232:
        return "#" + f"{8 + 10 * (code - 232):02x}" * 3
    return "#" + "".join(f"{_LEVELS[(code - 16) // power % 6]:02x}" for power in (36, 6, 1))


def paper(theme: Theme) -> tuple[str, str, str]:
    """Background, text, and what is fainter than text, as #rrggbb."""
    return ("#16181d", "#d8dade", "#7d8088") if theme is Theme.DARK else ("#ffffff", "#222222", "#888888")
