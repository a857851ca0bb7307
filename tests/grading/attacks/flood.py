"""Prints a gigabyte."""

import sys


def sigmoid(x):
    for _ in range(1024):
        sys.stdout.write("x" * 2**20)
    return 0.75
