"""Makes the interpreter crash."""

import os
import signal


def sigmoid(x):
    os.kill(os.getpid(), signal.SIGSEGV)
