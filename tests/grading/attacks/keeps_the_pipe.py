"""Answers wrongly and leaves a process that holds the descriptors open."""

import os
import time

if not os.fork():
    time.sleep(600)


def sigmoid(x):
    return 0.75
