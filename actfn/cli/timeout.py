"""How long somebody else's code may take: `--timeout` of the commands that run some."""

from actfn.errors import UsageError
from actfn.grading.keys import LEAST_SECONDS, MOST_SECONDS


def seconds(given: float | None, usual: float) -> float:
    """The time asked for, else the usual one. Raises UsageError where it is no time."""
    found = usual if given is None else given
    if not LEAST_SECONDS <= found <= MOST_SECONDS:
        message = f"a time limit is a number of seconds from {LEAST_SECONDS:g} to {MOST_SECONDS:g}, not {found:g}"
        raise UsageError(message, hint=f"without --timeout it is {usual:g} s")
    return found
