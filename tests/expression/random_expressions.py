"""A few hundred random smooth-ish expressions in x, the same ones on every run."""

import random

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
