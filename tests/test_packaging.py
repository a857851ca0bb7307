"""What a wheel holds: every module, and of other files exactly those that the program reads."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "actfn"
PATTERNS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"][
    "actfn"
]


def files():
    return {path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def test_files_that_are_no_modules_are_packed():
    packages = {path.parent for path in PACKAGE.rglob("__init__.py")}
    modules = {path for path in files() if path.suffix == ".py" and path.parent in packages}
    data = {path for pattern in PATTERNS for path in PACKAGE.glob(pattern) if path.is_file()}
    assert files() - modules == data


def test_every_pattern_is_of_use():
    assert all(list(PACKAGE.glob(pattern)) for pattern in PATTERNS)
