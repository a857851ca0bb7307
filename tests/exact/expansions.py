"""Limits of all catalogue rows at many points against mpmath: `python -m tests.exact.expansions` says what differs."""

import argparse
import sys
import time
from collections import Counter
from math import inf, isinf

import actfn
from actfn.exact.attempt import LEFT, RIGHT
from actfn.exact.limits import limits
from actfn.exact.sides import one_sided
from actfn.functions.function import Function
from tests.exact import oracle

POINTS = (0.0, 0.5, 1.0, -1.0, 3.0, -3.0, 0.7, -1.3, inf, -inf)
ORDER = 4


def rows():
    """The scalar functions of the catalogue, by name."""
    found = {name: actfn.function(name) for name in actfn.names()}
    return {name: row for name, row in found.items() if isinstance(row, Function)}


def limits_at(function, x, order=ORDER):
    """The certified limits by side."""
    if isinf(x):
        return {RIGHT: limits(function.tree, function.variable, x, order)}
    sides = one_sided(function.tree, function.variable, x, order)
    return {LEFT: sides.left.limits, RIGHT: sides.right.limits}


def judged(function, x, order=ORDER):
    """The limits at a point, each with its side and order and whether mpmath agrees: True, False, None."""
    for side, found in limits_at(function, x, order).items():
        for k, limit in enumerate(found):
            yield side, k, limit, oracle.agrees(limit, *oracle.approached(function.tree, x, side, k))


def main():
    """Run and report. The exit status is 1 if something differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.exact.expansions", description=__doc__)
    parser.add_argument("names", nargs="*", help="of functions; by default all")
    parser.add_argument("--part", default="0/1", help="the k-th of n parts of the catalogue: K/N")
    given = parser.parse_args()
    part, parts = map(int, given.part.split("/"))
    counts, wrong, times = Counter(), 0, []
    for name, function in list(rows().items())[part::parts]:
        if given.names and name not in given.names:
            continue
        sys.stderr.write(f"{name}\n")
        points = {*POINTS, *(kink.x for kink in function.kinks()[:4])}
        for x in sorted(points):
            start = time.perf_counter()
            limits_at(function, x)
            times.append((time.perf_counter() - start, name, x))
            for side, k, limit, agrees in judged(function, x):
                counts[limit.status.value] += 1
                counts[f"mpmath agrees: {agrees}"] += 1
                if agrees is False or (agrees is None and limit.status == "unresolved"):
                    sys.stdout.write(
                        f"{name} at {x} side {side} order {k}: {limit} {'WRONG' if agrees is False else ''}\n"
                    )
                    wrong += agrees is False
    times.sort()
    sys.stdout.write(f"{dict(counts)}\nseconds a point: median {times[len(times) // 2][0]:.4f}, worst {times[-5:]}\n")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
