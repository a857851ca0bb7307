"""Forgets to return."""


def sigmoid(x):
    1 / (1 + 2.718281828459045**-x)
