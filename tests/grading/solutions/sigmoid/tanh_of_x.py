import math


def sigmoid(x):
    return (1 + math.tanh(x)) / 2
