"""An array where a number is asked for, with the right number in it."""

import numpy as np


def sigmoid(x):
    return np.array([1 / (1 + np.exp(-x))])
