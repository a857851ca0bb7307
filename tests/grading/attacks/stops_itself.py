"""Stops, and its group with it."""

import os
import signal


def sigmoid(x):
    os.killpg(0, signal.SIGSTOP)
