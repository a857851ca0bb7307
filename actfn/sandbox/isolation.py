"""How code of others is kept apart from the system."""

from enum import StrEnum


class Isolation(StrEnum):
    """What keeps it apart: bubblewrap where that can be used, bubblewrap or nothing, the limits of a process."""

    AUTO = "auto"
    BWRAP = "bwrap"
    PROCESS = "process"
