"""A folder of wrong command lines, each with the whole message that it gets, on standard error, with status 2.

A file is the command line, a line of three dashes, the message. In `records` something wrong is piped in by `printf`,
and what is written before the message stands above it, after another line of dashes; the status is 65, or 2 if nothing
is written because the columns are not as asked for.
"""

import shlex
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "errors"
CASES = sorted(FOLDER.glob("*.txt"))
RECORDS = sorted(FOLDER.glob("records/*.txt"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_whole_message(path, actfn):
    command, message = path.read_text(encoding="utf-8").split("\n---\n")
    done = actfn(*shlex.split(command)[1:])
    assert (done.stderr, done.stdout, done.returncode) == (message, "", 2)


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_the_whole_message_about_records(path, actfn):
    command, written, message = path.read_text(encoding="utf-8").split("---\n")
    _, shown, pipe, _, *arguments = shlex.split(command)
    assert pipe == "|"
    given = shown.encode("latin-1").decode("unicode_escape").encode("latin-1")  # as printf does
    done = actfn(*arguments, stdin=given)
    of_columns = message.startswith("actfn: stdin: ")
    assert (done.stderr, done.stdout, done.returncode) == (message, written, 2 if of_columns else 65)


def test_there_are_cases():
    assert len(CASES) >= 19
    assert len(RECORDS) >= 25
