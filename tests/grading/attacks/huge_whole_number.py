"""A whole number that is no float."""


def sigmoid(x):
    return 10**400
