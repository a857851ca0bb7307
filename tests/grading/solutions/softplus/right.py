import math


def softplus(x):
    return max(x, 0.0) + math.log1p(math.exp(-abs(x))) if x == x else x
