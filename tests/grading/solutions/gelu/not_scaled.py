import math


def gelu(x):
    return 0.5 * x * math.erfc(-x)
