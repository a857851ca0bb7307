"""How long somebody else's code may take: `--timeout` of the commands that run some."""

from actfn.errors import UsageError

_LEAST, _MOST = 0.001, 100_000.0


def seconds(given: float | None, usual: float) -> float:
    """The time asked for, else the usual one. Raises UsageError where it is no time."""
    found = usual if given is None else given
    if not _LEAST <= found <= _MOST:
        message = f"a time limit is a number of seconds from {_LEAST:g} to {_MOST:g}, not {found:g}"
        raise UsageError(message, hint=f"without --timeout it is {usual:g} s")
    return found
