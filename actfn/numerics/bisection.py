"""Where something that depends on a number changes, to the last float: bisection on ordinals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

Ordinals = np.ndarray[Any, np.dtype[np.int64]]


def distinct(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The distinct numbers of a one-dimensional array without nan, ascending, as `np.unique` gives them.

    That one imports NumPy's masked arrays the first time, which takes as long as a plot.
    """
    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if ordered.size else ordered


def changes(
    label: Callable[[Ordinals], Any], samples: Ordinals, most: int, *, spread: bool = False
) -> list[tuple[int, int, Any, Any]]:
    """The neighbouring ordinals between which a label differs, with the labels on both sides, ascending.

    Args:
        label: ordinals to an array of labels, comparable with `!=`.
        samples: ascending ordinals to begin with; what changes and changes back between two of them is missed.
        most: about how many changes are followed, the lowest ones.
        spread: whether they are the outermost ones on both sides and those nearest to 0 instead.
    """
    low, high = samples[:-1], samples[1:]
    labels = label(samples)
    below, above = labels[:-1], labels[1:]
    while True:
        differ = np.flatnonzero(below != above)
        followed = _spread(low, differ, most) if spread and differ.size > most else differ[:most]
        low, high, below, above = (each[followed] for each in (low, high, below, above))
        if not np.any(high - low > 1):
            break
        middle = low + (high - low) // 2
        between = label(middle)
        low, high = np.concatenate([low, middle]), np.concatenate([middle, high])
        below, above = np.concatenate([below, between]), np.concatenate([between, above])
        apart = high > low
        low, high, below, above = (each[apart] for each in (low, high, below, above))
    order = np.argsort(low, kind="stable")
    return [(int(low[k]), int(high[k]), below[k], above[k]) for k in order]


def _spread(low: Ordinals, places: Any, most: int) -> Any:
    """Of more places than are followed those at both ends of the line, and those around 0."""
    places = places[np.argsort(low[places], kind="stable")]
    middle = int(np.searchsorted(low[places], 0))
    share = most // 4
    begin = min(max(middle - share, share), places.size - 3 * share)
    return places[np.r_[:share, begin : begin + 2 * share, places.size - share : places.size]]
