import math


def scaled(z):
    return 1 / (1 + math.exp(-1e-9 * z))
