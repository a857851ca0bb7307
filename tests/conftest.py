"""Shared by all tests: the program as a person runs it, and hypothesis' budget."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when NumPy is imported; small matrices are slower on several

settings.register_profile("actfn", deadline=None, derandomize=True, max_examples=200)
settings.load_profile("actfn")

PROGRAM = [sys.executable, "-m", "actfn"]
PLAIN = {
    name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"}
}


@pytest.fixture
def actfn():
    """Run the program in its own process: `actfn("eval", "relu", "1", stdin="")` gives its CompletedProcess."""

    def run(*arguments, stdin="", env=None, **options):
        return subprocess.run(
            [*PROGRAM, *arguments], input=stdin, capture_output=True, text=True, timeout=60, check=False,
            env=PLAIN | {"PYTHONUTF8": "1"} | (env or {}), **options,
        )  # fmt: skip

    return run


@pytest.fixture
def folder():
    """An empty directory that any user may read, as submissions run for root are another's; `tmp_path` is closed."""
    path = Path(tempfile.mkdtemp(prefix="actfn-test-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)
