"""Scratch directories go, whatever was done to them."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from actfn.sandbox import scratch

MEMORY = Path("/dev/shm")  # noqa: S108 - where a disk would take a minute


@pytest.fixture
def folder():
    path = Path(tempfile.mkdtemp(prefix="actfn-test-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
    yield path
    shutil.rmtree(path, ignore_errors=True)


def nested(folder, depth, name):
    """Make folders inside each other without a path."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=here)
        inside = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inside
    os.close(here)


def test_however_deep_it_is(folder):
    nested(folder, 20_000, "n" * 255)
    scratch.remove(folder)
    assert not folder.exists()


def test_however_closed_and_odd_it_is(folder):
    (folder / "kept").mkdir()
    (folder / "kept/file").write_text("kept")
    top = folder / "top"
    (top / "a/b/c").mkdir(parents=True)
    (top / "a/b/c/file").write_text("x")
    (top / "0.actfn").write_text("a name that removing uses")
    (top / "1.actfn/2.actfn").mkdir(parents=True)
    (top / "out").symlink_to(folder / "kept")
    (top / "loop").symlink_to("loop")
    os.mkfifo(top / "fifo")
    os.link(folder / "kept/file", top / "hard")
    (top / "\udcff\n").mkdir()
    for path in (top / "a/b/c", top / "a/b", top / "a"):
        path.chmod(0)
    scratch.remove(top)
    assert not top.exists()
    assert (folder / "kept/file").read_text() == "kept"


def test_what_is_no_directory_is_left_alone(folder):
    (folder / "link").symlink_to("/")
    scratch.remove(folder / "link")
    scratch.remove(folder / "nowhere")
    assert (folder / "link").is_symlink()


def test_what_it_takes_is_counted(folder):
    assert scratch.occupied(folder, 10**9) == 0
    (folder / "a/b").mkdir(parents=True)
    (folder / "a/b/file").write_bytes(bytes(1 << 20))
    assert 1 << 20 <= scratch.occupied(folder, 10**9) < 3 << 20
    assert scratch.occupied(folder, 10**9, most=2) < 1 << 20
    nested(folder, 50, "n" * 255)  # as far as a path goes
    assert scratch.occupied(folder, 10**9) < 3 << 20
