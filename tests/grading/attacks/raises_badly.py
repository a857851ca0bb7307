"""Raises something that cannot be told."""


class Worst(BaseException):
    def __str__(self):
        raise self

    __repr__ = __str__


def sigmoid(x):
    raise Worst
