"""What the exit status says. Fixed: scripts rely on it."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit statuses."""

    DONE = 0
    DIFFERS = 1  # a check failed, a comparison exceeded its tolerance
    USAGE = 2  # usage, unknown name, bad expression
    STRICT = 3  # --strict, and there was a numerical warning
    DATA = 65  # bad data on input
    BUG = 70  # a defect of actfn itself
    OUTPUT = 74  # the answer could not be written
    INTERRUPTED = 130
    CLOSED_PIPE = 141
