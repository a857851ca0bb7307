"""What the exit status says. Fixed: scripts rely on it."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class Exit(IntEnum):
    """The exit statuses, each with its meaning."""

    meaning: str

    def __new__(cls, status: int, meaning: str = "") -> Self:
        member = int.__new__(cls, status)
        member._value_ = status
        member.meaning = meaning
        return member

    DONE = 0, "done"
    DIFFERS = 1, "a check failed or has no submission, a comparison exceeded its tolerance"
    USAGE = 2, "usage, unknown name, bad expression"
    STRICT = 3, "--strict, and there was a numerical warning"
    DATA = 65, "bad data on input; what came before it has been written"
    BUG = 70, "a defect of actfn; ACTFN_DEBUG=1 shows where"
    OUTPUT = 74, "the answer or a message could not be written"
    INTERRUPTED = 130, "interrupted with Ctrl-C"
    CLOSED_PIPE = 141, "who read the answer has closed the pipe"
