import math


def softplus(x):
    return max(x, 0.0) + math.log(1 + math.exp(-abs(x))) if x == x else x
