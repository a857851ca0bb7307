"""Yes."""


def sigmoid(x):
    return True
