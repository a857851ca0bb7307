"""Random expressions, trees and texts, the same ones on every run.

They are drawn many times as fast as Hypothesis draws them: thousands here, hundreds there, where what fails is shrunk.
"""

import random

from actfn.expression.primitives import CONSTANTS, INFIX, PREFIX
from actfn.expression.tree import apply, number, variable
from tests.expression.strategies import ROWS

UNARY = [
    "sin({})", "cos({})", "tanh({})", "sigmoid({})", "exp(-({})**2)", "softplus({})", "atan({})", "log(1 + ({})**2)",
    "sqrt(1 + ({})**2)", "gelu({})", "mish({})", "silu({})", "erf({})", "-({})", "({})**2", "({})**3", "asinh({})",
    "softsign({})", "ndtr({})", "relu({})", "abs({})", "sech({})", "log_sigmoid({})", "tanhshrink({})",
]  # fmt: skip
BINARY = [
    "{} + {}", "{} - ({})", "({})*({})", "({})/(2 + ({})**2)", "max({}, {})", "min({}, {})",
    "({0} if {1} > 0.3 else 2*({0}))", "atan2({}, 3 + ({})**2)", "(1.5 + sin({}))**({})",
]  # fmt: skip
LEAVES = ["x", "x", "x", "0.7", "2", "x/2", "1 - x", "pi"]


def expressions(count, seed=20, depth=3):
    generator = random.Random(seed)  # noqa: S311 - reproducible, not secret

    def grow(levels):
        if levels == 0 or generator.random() < 0.15:
            return generator.choice(LEAVES)
        if generator.random() < 0.5:
            return generator.choice(UNARY).format(grow(levels - 1))
        return generator.choice(BINARY).format(grow(levels - 1), grow(levels - 1))

    return [grow(depth) for _ in range(count)]


SOME_NUMBERS = [0.0, 1.0, 2.0, 0.5, -1.0, -0.0, 1e22, 1e-7, float("inf"), float("-inf"), float("nan")]
SOME_NAMES = ["x", "g", "score", "x1", "é"]
SOME_TEXTS = ["x", "y", "0", "1", "2.5", ".5", "3.", "1e2", "1_0", "2E-1", *map(str, range(10))]
OPERATORS = ["+", "-", "*", "/", "%", "**", "<", "<=", ">", ">=", "==", "!=", " and ", " or "]


def trees(count, seed=21, most_leaves=25):
    """Trees over the whole table, of at most so many leaves."""
    generator = random.Random(seed)  # noqa: S311 - reproducible, not secret

    def leaf():
        kind = generator.random()
        if kind < 0.3:
            return variable(generator.choice(SOME_NAMES))
        if kind < 0.4:
            return apply(generator.choice(list(CONSTANTS.values())))
        if kind < 0.7:
            return number(generator.choice(SOME_NUMBERS))
        return number(generator.choice([-1, 1]) * generator.random() * 10.0 ** generator.randint(-320, 308))

    def grow(leaves):
        if leaves == 1 and generator.random() < 0.6:
            return leaf()
        rows = [*INFIX.values(), *PREFIX.values()] if generator.random() < 0.4 else ROWS
        row = generator.choice([row for row in rows if len(row.arguments) <= leaves])
        return apply(row, *map(grow, parted(generator, leaves, len(row.arguments))))

    for _ in range(count):
        yield grow(generator.randint(1, generator.randint(1, most_leaves)))


def texts(count, seed=22, most_leaves=12):
    """Expressions in x and y that mean the same in Python, with every operator and random blanks and parentheses."""
    generator = random.Random(seed)  # noqa: S311 - reproducible, not secret
    pick = generator.choice

    def grow(leaves):
        if leaves > 1 or generator.random() < 0.3:
            kind = generator.randint(0, 9)
            if kind <= 3 and leaves > 1:
                first, second = map(grow, parted(generator, leaves, 2))
                return f"{first}{pick(BLANKS)}{pick(OPERATORS)}{pick(BLANKS)}{second}"
            if kind == 4 and leaves > 2:
                first, second, third = map(grow, parted(generator, leaves, 3))
                return f"{first}{pick(OPERATORS)}{second}{pick(OPERATORS)}{third}"
            if kind == 5 and leaves > 1:
                return "max({}, {})".format(*map(grow, parted(generator, leaves, 2)))
            if kind == 6 and leaves > 2:
                return pick(["{} if {} else {}", "min({}, {}, {})"]).format(*map(grow, parted(generator, leaves, 3)))
            return pick(["({})", "({})", "-{}", "+{}", "(not {})", "abs({})"]).format(grow(leaves))
        return pick(SOME_TEXTS)

    for _ in range(count):
        yield grow(generator.randint(1, generator.randint(1, most_leaves)))


BLANKS = ["", " "]


def parted(generator, whole, parts):
    """A whole number as the sum of some that are at least 1."""
    cuts = sorted(generator.sample(range(1, whole), parts - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, whole], strict=True)]
