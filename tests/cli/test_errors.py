"""A folder of wrong command lines, each with the whole message that it gets, on standard error, with status 2.

A file is the command line, a line of three dashes, the message.
"""

import shlex
from pathlib import Path

import pytest

CASES = sorted((Path(__file__).parent / "errors").glob("*.txt"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_whole_message(path, actfn):
    command, message = path.read_text(encoding="utf-8").split("\n---\n")
    done = actfn(*shlex.split(command)[1:])
    assert (done.stderr, done.stdout, done.returncode) == (message, "", 2)


def test_there_are_cases():
    assert len(CASES) >= 19
