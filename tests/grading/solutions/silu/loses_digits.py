import numpy as np

np.seterr(all="ignore")


def silu(x):
    return float(x / (1 + np.exp(-x)))


def dsilu(x):
    s = 1 / (1 + np.exp(-x))
    return float(s * (1 + x * (1 - s)))
