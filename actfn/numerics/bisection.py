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


def runs(there: np.ndarray[Any, np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    """The first and the last place of each run of true elements, in one dimension."""
    edges = np.diff(np.concatenate([[False], there, [False]]).astype(np.int8))
    return list(zip(np.flatnonzero(edges == 1).tolist(), (np.flatnonzero(edges == -1) - 1).tolist(), strict=True))


def changes(
    label: Callable[[Ordinals], Any],
    samples: Ordinals,
    most: int,
    known: Any = None,
    *,
    spread: bool = False,
    at_once: int = 64,
) -> list[tuple[int, int, Any, Any]]:
    """The neighbouring ordinals between which a label differs, with the labels on both sides, ascending.

    Args:
        label: ordinals to an array of labels, comparable with `!=`.
        samples: ascending ordinals to begin with; what changes and changes back between two of them is missed.
        most: about how many changes are followed, the lowest ones.
        known: the labels of the samples; None if `label` is to be asked for them.
        spread: whether they are the outermost ones on both sides and those nearest to 0 instead.
        at_once: about how many places the label is asked for in one call, some of them ahead of need: the answer is
            the same. 1 where a call costs little beside what a place costs.
    """
    place, labels = samples, label(samples) if known is None else known
    left = np.arange(place.size - 1)
    step = 1  # from the left end of an interval to its right one; between them the labels are known
    while True:
        differ = np.flatnonzero(labels[left] != labels[left + step])
        left = left[_spread(place[left], differ, most) if spread and differ.size > most else differ[:most]]
        if not np.any(place[left + step] - place[left] > 1):
            break
        if step == 1:
            place, labels, step = _halved(label, place, labels, left, at_once)
            left = np.arange(left.size) * (step + 1)
        step //= 2
        left = np.concatenate([left, left + step])
        left = left[place[left + step] > place[left]]
    left = left[np.argsort(place[left], kind="stable")]
    return [(int(place[k]), int(place[k + step]), labels[k], labels[k + step]) for k in left]


def pieces(found: list[tuple[int, int, Any, Any]], low: int, high: int) -> list[tuple[int, int]]:
    """The first and the last ordinal of each stretch that such changes cut the ordinals from low to high into."""
    starts, ends = [low, *(start for _, start, _, _ in found)], [*(end for end, _, _, _ in found), high]
    return list(zip(starts, ends, strict=True))


def _halved(
    label: Callable[[Ordinals], Any], place: Ordinals, labels: Any, left: Ordinals, at_once: int
) -> tuple[Ordinals, Any, int]:
    """The intervals beginning at `left` halved several times: all places, their labels, and the parts of each."""
    halvings = max(1, min(6, (at_once // left.size).bit_length() - 1))
    parts = np.stack([place[left], place[left + 1]], axis=1)
    for _ in range(halvings):
        middles = parts[:, :-1] + (parts[:, 1:] - parts[:, :-1]) // 2
        finer = np.empty((left.size, parts.shape[1] + middles.shape[1]), np.int64)
        finer[:, ::2], finer[:, 1::2] = parts, middles
        parts = finer
    inside = label(parts[:, 1:-1].reshape(-1)).reshape(left.size, -1)
    known = np.concatenate([labels[left][:, None], inside, labels[left + 1][:, None]], axis=1)
    return parts.reshape(-1), known.reshape(-1), parts.shape[1] - 1


def _spread(low: Ordinals, places: Any, most: int) -> Any:
    """Of more places than are followed those at both ends of the line, and those around 0."""
    places = places[np.argsort(low[places], kind="stable")]
    middle = int(np.searchsorted(low[places], 0))
    share = most // 4
    begin = min(max(middle - share, share), places.size - 3 * share)
    return places[np.r_[:share, begin : begin + 2 * share, places.size - share : places.size]]
