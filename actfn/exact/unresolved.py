"""Why a certified answer could not be given: a small hierarchy of exceptions that never leaves this package."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actfn.exact.reals import Real


class CertaintyError(Exception):
    """There is no certified number; the message says why."""


class UndefinedError(CertaintyError):
    """It is certain that the function has no real value here."""


class UnresolvedError(CertaintyError):
    """Neither a value nor its absence is certain."""


class NeedTermsError(UnresolvedError):
    """All known terms of an expansion cancel: an expansion with more terms may decide."""


class NeedBitsError(UnresolvedError):
    """The ball of a number is too wide, it contains 0 or a border: more bits may decide."""

    def __init__(self, message: str, number: Real | None = None) -> None:
        super().__init__(message)
        self.number = number
