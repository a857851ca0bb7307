"""Leaves processes behind that have left its group and session."""

import os
import time

for _ in range(3):
    if not os.fork():
        os.setsid()
        if os.fork():
            os._exit(0)
        time.sleep(600)


def sigmoid(x):
    return 0.75
