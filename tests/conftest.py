"""Shared by all tests: the program as a person runs it, and hypothesis' budget."""

import io
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is imported; small matrices are slower on several

settings.register_profile("actfn", deadline=None, derandomize=True, max_examples=200)
settings.load_profile("actfn")

PROGRAM = [sys.executable, "-m", "actfn"]
PLAIN = {
    name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"}
}


class Done(NamedTuple):
    """What a run of the program gave."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def program():
    """Run the program in its own process: `program("eval", "relu", "1", stdin="")` gives what it gave."""

    def run(*arguments, stdin="", env=None):
        done = subprocess.run(
            [*PROGRAM, *arguments], input=stdin.encode(), capture_output=True, timeout=60, check=False,
            env=PLAIN | {"PYTHONUTF8": "1"} | (env or {}),
        )  # fmt: skip
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def actfn(monkeypatch):
    """The same in this process, with the streams that it has in a pipe: no start of Python is paid for.

    With `together`, standard error goes where standard output does.
    """
    from actfn.cli import app

    def run(*arguments, stdin="", env=None, together=False):
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
        err = out if together else err
        given = stdin.encode() if isinstance(stdin, str) else stdin
        with monkeypatch.context() as here:
            for name in ("NO_COLOR", "FORCE_COLOR"):
                here.delenv(name, raising=False)
            for name, value in ({"COLUMNS": "80", "LINES": "24"} | (env or {})).items():
                here.setenv(name, value)
            here.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(given)), "utf-8"))
            here.setattr("sys.stdout", out)
            here.setattr("sys.stderr", err)
            status = app.run(list(arguments))
            out.flush()
            err.flush()
        return Done(status, *(stream.buffer.getvalue().decode() for stream in (out, err)))

    return run


@pytest.fixture
def typed(actfn, monkeypatch):
    """Run a line as it is typed in a directory: in this process, or by bash where it is more than one actfn."""

    def run(line, directory, *, together=False, env=None):
        words = list(shlex.shlex(line, posix=True, punctuation_chars=True))
        if words[0] == "actfn" and "$" not in line and not any(set(word) <= set("|&;<>()") for word in words):
            with monkeypatch.context() as here:
                here.chdir(directory)
                return actfn(*shlex.split(line, comments=True)[1:], together=together, env=env)
        path = f"{Path(sys.executable).parent}:{PLAIN['PATH']}"
        done = subprocess.run(
            ["bash", "-c", line], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=60, check=False,
            stderr=subprocess.STDOUT if together else subprocess.PIPE, cwd=directory,
            env=PLAIN | {"PATH": path, "COLUMNS": "80", "PYTHONUTF8": "1"} | (env or {}),
        )  # fmt: skip
        return Done(done.returncode, done.stdout.decode(), (done.stderr or b"").decode())

    return run


@pytest.fixture
def folder():
    """An empty directory that any user may read, as submissions run for root are another's; `tmp_path` is closed."""
    path = Path(tempfile.mkdtemp(prefix="actfn-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)
