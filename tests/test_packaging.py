"""What a wheel holds: the package as it is in the source tree, and nothing else."""

import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import actfn
from tests.lowest import PROJECT, lowest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "actfn"
PATTERNS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"][
    "actfn"
]
BUILD = """
import sys
from setuptools import build_meta
_, folder = sys.argv  # which setuptools changes
sdist = build_meta.build_sdist(folder)
print(sdist, build_meta.build_wheel(folder), sep="\\n")
"""


def files():
    return {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def names():
    return {path.relative_to(ROOT).as_posix() for path in files()}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The paths of an sdist and a wheel, built from a copy of the tree as an installer does."""
    pytest.importorskip("setuptools", minversion="77")
    folder = tmp_path_factory.mktemp("built")
    without = shutil.ignore_patterns("__pycache__", ".*", "*.egg-info", "build", "dist")
    shutil.copytree(ROOT, folder / "source", ignore=without)
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(folder)], cwd=folder / "source", capture_output=True, text=True, check=True
    )
    return [folder / name for name in done.stdout.splitlines()[-2:]]


def test_a_wheel_holds_the_package_and_no_more(built):
    with zipfile.ZipFile(built[1]) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
        about = next(name for name in wheel.namelist() if name.endswith("/METADATA"))
        metadata = wheel.read(about).decode()
        script = wheel.read(about.replace("METADATA", "entry_points.txt")).decode()
        licences = [name for name in wheel.namelist() if name.endswith("/licenses/LICENSE")]
    assert held == names()
    assert "actfn/py.typed" in held
    assert f"Version: {actfn.__version__}\n" in metadata
    assert "Requires-Python: >=3.11\n" in metadata
    assert "License-Expression: MIT\n" in metadata
    assert {*re.findall(r"Provides-Extra: (\w+)", metadata)} == {*PROJECT["optional-dependencies"]}
    assert "actfn = actfn.__main__:main" in script
    assert licences


def test_an_sdist_holds_what_builds_and_tests_it(built):
    with tarfile.open(built[0]) as sdist:
        held = {name.partition("/")[2] for name in sdist.getnames()}
    assert names() <= held
    assert {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "tests/conftest.py", "tests/cli/errors"} <= held


def test_files_that_are_no_modules_are_packed():
    packages = {path.parent for path in PACKAGE.rglob("__init__.py")}
    modules = {path for path in files() if path.suffix == ".py" and path.parent in packages}
    data = {path for pattern in PATTERNS for path in PACKAGE.glob(pattern) if path.is_file()}
    assert files() - modules == data


def test_every_pattern_is_of_use():
    assert all(list(PACKAGE.glob(pattern)) for pattern in PATTERNS)


def test_every_requirement_has_a_lower_bound():
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", requirement) for requirement in lowest())
