"""What the terminal is, asked once and here: everything below is told."""

import os
import shutil
import sys

from actfn.output.forms import Form, Screen


def screen(width: int | None = None, height: int | None = None) -> Screen:
    """The room there is: as asked for, else COLUMNS and LINES, else the terminal, else 80 by 24."""
    size = shutil.get_terminal_size((80, 24))
    return Screen(width or size.columns, height or size.lines, unicode=_writes_unicode())


def resolved(form: Form) -> Form:
    """What `auto` means here: a table for a person, plain numbers for a program."""
    if form is not Form.AUTO:
        return form
    return Form.TABLE if sys.stdout.isatty() else Form.PLAIN


def _writes_unicode() -> bool:
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        "─⣿".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return os.environ.get("TERM") != "linux" or encoding.lower().startswith("utf")
