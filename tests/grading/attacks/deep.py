"""Recurses."""


def sigmoid(x):
    return sigmoid(x)
