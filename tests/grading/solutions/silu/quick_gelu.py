import math


def sigmoid(x):
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def silu(x):
    return x * sigmoid(1.702 * x)


def dsilu(x):
    return (silu(x + 1e-6) - silu(x - 1e-6)) / 2e-6
