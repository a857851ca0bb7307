"""Where in a file an error arose, by the traceback that Python printed."""

from __future__ import annotations

import re
from pathlib import PurePath

from actfn.grading.submission import NOWHERE, Place

_FRAME = re.compile(
    r'^ *File "(?P<file>[^"\n]*)", line (?P<line>\d{1,9}).*(?:\n(?P<source> .*)(?:\n(?P<marks>[ ~^]+)$)?)?',
    re.MULTILINE,
)
_MOST = 300  # characters of a line that are kept


def innermost(errors: str, file: str) -> Place:
    """The last place in a file that a traceback tells; NOWHERE if there is none.

    Args:
        errors: what was printed.
        file: the file's name; in which directory it lay when it ran is no matter.
    """
    found = [match for match in _FRAME.finditer(errors) if PurePath(match["file"]).name == PurePath(file).name]
    if not file or not found or not found[-1]["source"]:
        return NOWHERE
    last = found[-1]
    indent = len(last["source"]) - len(last["source"].lstrip())
    source = last["source"].strip()[:_MOST]
    marks = last["marks"] or ""
    start = min(max(len(marks) - len(marks.lstrip()) - indent, 0), len(source)) if marks.strip() else 0
    end = min(len(marks.rstrip()) - indent, len(source)) if marks.strip() else len(source)
    return Place(int(last["line"]), source, (start, end))
