"""Asks actfn itself."""

import actfn


def sigmoid(x):
    return actfn.function("sigmoid")(x)
