"""Turns the guard off through C."""

import ctypes

ctypes.pythonapi.PySys_AddAuditHook


def sigmoid(x):
    import actfn

    return actfn.function("sigmoid")(x)
