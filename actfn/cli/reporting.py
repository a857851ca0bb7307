"""Where the report of a grading goes: standard output, and the summary of a GitHub Actions step."""

from __future__ import annotations

import os
import sys

from actfn.cli import emit, saving, terminal
from actfn.output.forms import ReportForm

_SUMMARY = "GITHUB_STEP_SUMMARY"


def write(text: str, form: ReportForm) -> None:
    """Write a report to standard output; for people as wide as the terminal, for programs in UTF-8."""
    if form is ReportForm.TEXT and sys.stdout.isatty():
        text = terminal.folded(text, terminal.screen().width)
    encoding = (sys.stdout.encoding or "ascii") if form is ReportForm.TEXT else "utf-8"
    sys.stdout.buffer.write(text.encode(encoding, "backslashreplace"))
    sys.stdout.buffer.flush()


def append(text: str, *, quiet: bool) -> None:
    """Add to the summary of a GitHub Actions step."""
    target = os.environ.get(_SUMMARY)
    if not target:
        if not quiet:
            emit.note(f"${_SUMMARY} is not set, as it is in a GitHub Actions job: no summary is written")
        return
    saving.append(target, text.encode())
