import math


def scaled(z):
    return 1 / (1 + math.exp(-0.05 * z))
