"""How an experiment tells how far it is, without knowing a terminal."""

from collections.abc import Callable

Watch = Callable[[str, float], None]  # what is being done, and the share that is done


def unwatched(_doing: str, _share: float) -> None:
    """Nobody watches."""
