"""Certified statements about random formulas, judged by mpmath: `python -m tests.exact.sweep --trees 10000 --seed 1`.

Formulas are made of all rows of the table. Of each are judged: exact values and derivatives at a point, the limits of
the function and its derivatives from both sides there and at inf or -inf, whether these are equal, the one-sided
slopes, and the kinks. What is unresolved is counted. mpmath computes with 450 digits; where it disagrees, with 2000.
"""

import argparse
import random
import sys
import time
from collections import Counter
from functools import partial
from itertools import compress, starmap
from math import inf, isinf, isnan

import mpmath

from actfn.exact.attempt import LEFT, RIGHT
from actfn.exact.limits import limits
from actfn.exact.number import Status
from actfn.exact.sides import one_sided
from actfn.expression import printer
from actfn.expression.primitives import INFIX, TABLE
from actfn.expression.tree import Apply, apply, number, postorder, variable, variables
from actfn.functions.function import Function
from actfn.functions.kinks import Break
from tests.exact import oracle

mp = mpmath.mp
NUMBERS = [0.0, 1.0, -1.0, 2.0, 0.5, 3.0, -2.0, 0.1, 1.702, 10.0]
EXPONENTS = [-2.0, -1.0, -0.5, 1 / 3, 0.5, 1.5, 2.0, 2.0, 3.0, 4.0]
POINTS = [0.0, 0.0, 1.0, -1.0, 0.5, 2.0, -3.0, 0.7, -1.3, 1e-3, 25.0]
ENDS = [inf, -inf]
ORDER, DIGITS = 3, 20
MOST_KINKS, ALONE = 2, 1e-6  # so many kinks that have no other so near, relative to their size
SMALLEST_KINK, STEEPEST = 1e-9, 1e6  # kinks nearer to 0, as of 1 % x, or to a pole, as of tan(x) % 1, are too many
DEPTH = 4
MORE_DIGITS = 2000
NEAR_KINK = (mp.mpf(10) ** -8, mp.mpf(10) ** -11)  # distances from a float that a kink is near, relative to its size


def formula(generator, depth=DEPTH):
    """A random formula in x, of all rows of the table."""

    def grown(levels):
        if not levels or generator.random() < 0.12:
            return variable("x") if generator.random() < 0.7 else number(generator.choice(NUMBERS))
        row = generator.choice([*TABLE, *INFIX.values()])
        args = [grown(levels - 1) for _ in range(row.required)]
        if row is INFIX["**"] and generator.random() < 0.8:
            args[1] = number(generator.choice(EXPONENTS))
        return apply(row, *args, *(number(value) for value in row.defaults.values()))

    while True:
        tree = grown(generator.randint(1, depth))
        if variables(tree):
            return tree


class Judge:
    """Statements about one formula and what mpmath says of them.

    Attributes:
        counts: of statements by kind and verdict.
        wrong: those that mpmath contradicts, as text.
    """

    def __init__(self, tree):
        self.function = Function(tree, "x", printer.text(tree))
        self.tree = oracle.written_out(tree)
        self.counts = Counter()
        self.wrong = []

    def note(self, kind, place, said, judge):
        """Count a statement; `judge(digits)` says whether mpmath agrees: True, False, or None where it cannot tell."""
        oracle.capped.clear()
        agrees = judge(oracle.DIGITS)
        if agrees is False:
            agrees = judge(MORE_DIGITS)
        if agrees is False and oracle.capped:
            agrees = None
        self.counts[f"{kind}: {'agreed' if agrees else 'not judged' if agrees is None else 'WRONG'}"] += 1
        if agrees is False:
            self.wrong.append(f"{kind} of {self.function.name} at {place!r}: {said}")

    def values(self, x):
        """Judge exact values and derivatives at a point."""
        for order in range(ORDER + 1):
            exact = self.function.derivative(order).exact(x, DIGITS)
            kind = "derivative" if order else "value"
            if not exact.certain:
                self.counts[f"{kind}: unresolved"] += 1
                continue
            self.note(kind, (x, order), exact, lambda digits, k=order, e=exact: self._has_value(x, k, e, digits))

    def _has_value(self, x, order, exact, digits):
        with mp.workdps(digits):
            step = mp.mpf(10) ** (-digits // 6)
            found = oracle.beside(self.tree, mp.mpf(x), order, step)
            if exact.status is not Status.NUMBER:
                there = oracle.value(self.tree, mp.mpf(x))
                if exact.status is Status.UNDEFINED and mp.isnan(there):
                    return True
                return None if order else bool(exact.status is Status.INFINITE and there == exact.sign * mp.inf)
            if mp.isnan(found):
                return None if order and self._breaks(mp.mpf(x), order, mp.sqrt(step), mp.nan) else False
            low, high = mp.mpf(str(exact.lower)), mp.mpf(str(exact.upper))
            slack = mp.mpf(10) ** -60 * max(1, abs(found)) if order else mp.mpf(10) ** -60 * abs(found)
            if low - slack <= found <= high + slack:
                return True
            if max(abs(low), abs(high), abs(found)) < mp.mpf(10) ** (-digits // 2):
                return None  # mpmath's digits end before such a number begins
            # at a break, or nearer to one than digits can tell, differences are no derivative
            return None if order and self._breaks(mp.mpf(x), order, mp.sqrt(step), low) else False

    def _breaks(self, x, order, distance, said):
        """Whether a derivative up to an order is not the same on both sides and at it, or is a convention there."""
        value = oracle.value(self.tree, x)
        fine = distance * oracle.FINE
        for k in range(order + 1):
            left, right = (oracle.beside(self.tree, x + side * distance, k, fine) for side in (-1, 1))
            there = [left, right] if k else [left, right, value]
            if not _are_near(*there):
                return True
        return _are_near(left, right, said) or self._has_tie(x)

    def _has_tie(self, x):
        """Whether a row shares its slope evenly there, also where the function is smooth: max(sin(x), x) at 0."""
        shares = [node for node in postorder(self.tree) if isinstance(node, Apply) and node.row.shares]
        sides = [[oracle.value(each, x) for each in (*node.args, number(0.0))[:2]] for node in shares]
        return any(first == second for first, second in sides)

    def sides(self, x):
        """Judge limits from both sides, one-sided slopes, and whether those of the two sides are equal."""
        if isinf(x):
            found = {RIGHT: limits(self.function.tree, "x", x, ORDER)}
        else:
            sides = one_sided(self.function.tree, "x", x, ORDER)
            found = {LEFT: sides.left.limits, RIGHT: sides.right.limits}
            self._equal(x, [*zip(sides.left.limits, sides.right.limits, sides.same, strict=True)])
            self._equal(x, [(sides.left.quotient, sides.right.quotient, sides.same_quotients)])
            for side, each in ((LEFT, sides.left), (RIGHT, sides.right)):
                self._limit(
                    "one-sided slope", x, side, each.quotient, lambda digits, s=side: self._quotients(x, s, digits)
                )
        for side, ofside in found.items():
            for k, limit in enumerate(ofside):
                self._limit("limit", (x, k), side, limit,
                            lambda digits, s=side, k=k: oracle.approached(self.tree, x, s, k, digits))  # fmt: skip

    def _limit(self, kind, place, side, limit, approached):
        if limit.status is Status.UNRESOLVED:
            self.counts[f"{kind}: unresolved"] += 1
        else:
            self.note(kind, (place, side), limit, lambda digits: oracle.agrees(limit, *approached(digits)))

    def _quotients(self, x, side, digits):
        with mp.workdps(digits):
            x = mp.mpf(x)
            there = oracle.value(self.tree, x)
            if mp.isinf(there):
                oracle.capped.add("inf")  # the slope of an infinite constant
            steps = oracle.STEPS if digits <= oracle.DIGITS else oracle.NEARER
            return [(oracle.value(self.tree, x + side * h) - there) / (side * h) for h in steps]

    def _equal(self, x, pairs):
        for left, right, same in pairs:
            if same is not None and left.known and right.known:
                balls = [mp.mpf(str(float(each))) for each in (left, right)]
                apart = balls[0] != balls[1] and abs(balls[0] - balls[1]) > 1e-14 * max(map(abs, balls))
                self.note("equality", x, (str(left), str(right), same), lambda _, a=apart, s=same: not (a and s))

    def kinks(self):
        """Judge the limits and slopes that kinks are said to have."""
        kinks = self.function.kinks(-4, 4)
        x = [-inf, *(kink.x for kink in kinks), inf]
        apart = [
            min(here - left, right - here) > ALONE * abs(here)
            for left, here, right in zip(x, x[1:], x[2:], strict=False)
        ]
        for kink in list(compress(kinks, apart))[:MOST_KINKS]:
            if 0 < abs(kink.x) < SMALLEST_KINK or abs(kink.slope_left) > STEEPEST:
                continue
            order = kink.order if kink.kind is Break.KINK else 0
            said = {(0, LEFT): kink.left, (0, RIGHT): kink.right}
            if order:
                said |= {(order, LEFT): kink.slope_left, (order, RIGHT): kink.slope_right}
            for (k, side), limit in said.items():
                self.note("kink", (kink.x, k, side), limit, partial(self._tends, kink.x, side, k, limit))

    def _tends(self, x, side, order, said, digits):
        """Whether a derivative tends to a float near a point."""
        with mp.workdps(digits):
            distances = [h * abs(x or 1) for h in NEAR_KINK]
            near = [oracle.beside(self.tree, mp.mpf(x) + side * h, order, h * oracle.FINE) for h in distances]
            if any(map(mp.isnan, near)):
                return None if isnan(said) else False
            if isinf(said):
                grows = mp.isinf(near[1]) or abs(near[1]) > abs(near[0])
                return bool(grows and mp.sign(near[1]) == mp.sign(said))
            errors = [abs(each - said) for each in near]
            return bool(errors[1] < 1e-9 * max(1, abs(said)) or errors[1] < 0.75 * errors[0])


def _are_near(*numbers):
    close = mp.mpf(10) ** -15 * max(1, *map(abs, numbers))
    return not any(map(mp.isnan, numbers)) and max(numbers) - min(numbers) <= close


def judged(seed, index):
    """The judge of the formula of a number, which depends on seed and number only."""
    generator = random.Random(f"{seed}:{index}")  # noqa: S311 - reproducible, not secret
    judge = Judge(formula(generator))
    x = generator.choice(POINTS)
    judge.values(x)
    judge.sides(x)
    judge.sides(generator.choice(ENDS))
    judge.kinks()
    return judge


def main():
    """Run and report. The exit status is 1 if something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.exact.sweep", description=__doc__)
    parser.add_argument("--trees", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first one")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    start, counts, wrong, slowest = time.monotonic(), Counter(), 0, (0.0, "")
    for index in range(asked.first, asked.first + asked.trees):
        before = time.monotonic()
        judge = judged(asked.seed, index)
        slowest = max(slowest, (time.monotonic() - before, f"{index}: {judge.function.name}"))
        counts += judge.counts
        wrong += len(judge.wrong)
        for each in judge.wrong:
            sys.stdout.write(f"{asked.seed}:{index}: {each}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{asked.trees} formulas in {time.monotonic() - start:.0f} s; {wrong} statements are wrong\n")
    sys.stdout.write("".join(starmap("{:28} {}\n".format, sorted(counts.items()))))
    sys.stdout.write(f"slowest: {slowest[0]:.1f} s, {slowest[1]}\n")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
