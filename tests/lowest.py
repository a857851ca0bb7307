"""The lowest versions that actfn says it runs with, as constraints for pip.

    python -m tests.lowest > lowest.txt && pip install -e '.[test]' -c lowest.txt && pytest -n auto

The tools of the tests are not among them: only what a user's environment holds is.
"""

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def lowest():
    """The requirements of running, each with `==` and its lower bound."""
    needed = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["figures"]]
    return [re.sub(r">=([\d.]+).*", r"==\1", requirement) for requirement in needed]


if __name__ == "__main__":
    print("\n".join(lowest()))  # noqa: T201 - a command
