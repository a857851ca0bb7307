"""Leaves links, closed directories and a large file where it runs."""

import os
from pathlib import Path

os.symlink("/", "root")
os.symlink("..", "up")
os.symlink("loop", "loop")
Path("closed/inside").mkdir(parents=True)
Path("closed/inside/file").write_text("x")
Path("closed/inside").chmod(0)
Path("closed").chmod(0)
Path("\udcff\n::error::").mkdir()


def sigmoid(x):
    with Path("large").open("wb") as file:
        file.writelines(bytes(2**20) for _ in range(1024))
    return 0.75
