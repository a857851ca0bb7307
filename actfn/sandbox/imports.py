"""No module is read from a file once code of others has run: it could have written that file."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Seal:
    """The first of the finders: it finds nothing, and lets no other one look, but for what is part of Python itself."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:  # noqa: ARG004 - as finders are asked
        import _imp

        if not (_imp.is_builtin(name) or _imp.is_frozen(name)):
            message = f"{name!r} was not imported before code of others ran"
            raise ImportError(message, name=name)


@contextmanager
def sealed() -> Iterator[None]:
    """Refuse every import from a file. What is needed must have been imported before."""
    seal = _Seal()
    sys.meta_path.insert(0, seal)
    try:
        yield
    finally:
        sys.meta_path.remove(seal)
