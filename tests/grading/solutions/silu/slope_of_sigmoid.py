import math


def sigmoid(x):
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def silu(x):
    return x * sigmoid(x)


def dsilu(x):
    return sigmoid(x) * sigmoid(-x)
