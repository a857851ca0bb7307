"""The grader as an ordinary user runs it, where the tests are run by root."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from actfn.sandbox import privileges
from tests.conftest import PLAIN

ROOT = Path(__file__).parents[2]
NUMBER = 54321 + os.getpid() % 1000  # of the user: tests run beside each other
_OTHERS = f"/usr/bin/python3.{sys.version_info.minor}"


def _paths():
    """Where this Python finds packages, and the tests."""
    return [str(ROOT), *(path for path in sys.path if path.endswith("-packages"))]


def python():
    """An interpreter that an ordinary user can run, and that finds what this one finds; else why there is none."""
    for path in (sys.executable, _OTHERS):
        if Path(path).exists() and privileges._open_to_all(Path(path)):  # noqa: SLF001
            done = as_user([path, "-c", "import actfn, numpy, mpmath, ml_dtypes"])
            if done.returncode == 0:
                return path
    return None


def as_user(command, **options):
    """Run a command as another user, who owns nothing."""
    environment = {name: PLAIN[name] for name in ("PATH",)} | {
        "HOME": "/nonexistent",
        "PYTHONPATH": os.pathsep.join(options.pop("first", []) + _paths()),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
    return subprocess.run(
        command, user=NUMBER, group=NUMBER, extra_groups=[], env=environment, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False, **{"timeout": 500} | options,
    )  # fmt: skip


@pytest.fixture(scope="session")
def ordinary():
    """Run Python as an ordinary user: `ordinary("-m", "actfn", …)`; skips where nobody can become one."""
    if os.geteuid() != 0:
        pytest.skip("the tests run as an ordinary user already")
    path = python()
    if not path:
        pytest.skip(f"no Python {sysconfig.get_python_version()} that an ordinary user can run has the packages")
    return lambda *arguments, **options: as_user([path, *arguments], **options)
