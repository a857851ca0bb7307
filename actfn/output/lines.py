"""Lines through points as every renderer needs them: cut to the frame, and of no more points than can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from actfn.numerics.bisection import distinct

if TYPE_CHECKING:
    from actfn.numerics.kernels import Array


def cut(u: Array, v: Array) -> list[tuple[Array, Array]]:
    """A line through points, cut to the unit square: the pieces that are inside. Points with nan interrupt it."""
    there = np.isfinite(u) & np.isfinite(v)
    joined = there[:-1] & there[1:]
    enter, leave = np.zeros(joined.size), np.ones(joined.size)
    with np.errstate(all="ignore"):
        for part in (u, v):
            start, way = part[:-1], np.diff(part)
            low, high = -start / way, (1 - start) / way
            inside = (start >= 0) & (start <= 1)
            still = way == 0
            enter = np.maximum(enter, np.where(still, np.where(inside, 0.0, np.inf), np.minimum(low, high)))
            leave = np.minimum(leave, np.where(still, np.where(inside, 1.0, -np.inf), np.maximum(low, high)))
        kept = joined & (enter <= leave)
    first = np.flatnonzero(kept)
    begins = np.ones(first.size, bool)
    begins[1:] = (np.diff(first) > 1) | (leave[first[:-1]] < 1) | (enter[first[1:]] > 0)
    pieces = []
    for run in np.split(first, np.flatnonzero(begins)[1:]) if first.size else []:
        paths = []
        for part in (u, v):
            heads = part[run] + enter[run[0]] * (run == run[0]) * (part[run + 1] - part[run])
            last = part[run[-1]] + leave[run[-1]] * (part[run[-1] + 1] - part[run[-1]])
            paths.append(np.clip(np.append(heads, last), 0.0, 1.0))
        pieces.append((paths[0], paths[1]))
    alone = there & ~np.append(joined, False) & ~np.append(False, joined)
    alone &= (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)
    return pieces + [(u[place : place + 1], v[place : place + 1]) for place in np.flatnonzero(alone).tolist()]


def thinned(x: Array, y: Array, most: int) -> tuple[Array, Array]:
    """Of a curve of very many points the lowest and the highest of every few, and all gaps."""
    every = -(-2 * x.size // most)
    if every <= 2:
        return x, y
    whole = x.size // every * every
    rows = np.arange(len(x) // every)
    heights = y[:whole].reshape(-1, every)
    gaps = np.isnan(heights)
    lowest = rows * every + np.argmin(np.where(gaps, np.inf, heights), axis=1)
    highest = rows * every + np.argmax(np.where(gaps, -np.inf, heights), axis=1)
    kept = distinct(np.concatenate([[0], lowest, highest, np.flatnonzero(np.isnan(y)), np.arange(whole, x.size)]))
    return x[kept], y[kept]
