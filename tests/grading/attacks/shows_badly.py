"""Returns something whose text has no end."""


class Endless:
    def __repr__(self):
        return "x" * 2**26


def sigmoid(x):
    return Endless()
