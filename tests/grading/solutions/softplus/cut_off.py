import math


def softplus(x):
    return x if x > 5 else math.log1p(math.exp(x))
