"""Never answers, deaf to signals that can be ignored, without using the processor."""

import signal
import threading

for each in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(each, signal.SIG_IGN)


def sigmoid(x):
    threading.Event().wait()
