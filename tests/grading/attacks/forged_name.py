"""Puts the marks of reports into the name of an exception."""


def sigmoid(x):
    raise type("\n::error::forged\n", (Exception,), {})
