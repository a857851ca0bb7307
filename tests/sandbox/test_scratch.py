"""Scratch directories go, whatever was done to them."""

import errno
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
    assert scratch.occupied(folder, 10, most=10) > 10
    nested(folder, 10, "n" * 255)
    assert scratch.occupied(folder, 10**9) < 3 << 20


def test_what_is_hidden_counts_as_too_much(folder, monkeypatch):
    (folder / "a/b").mkdir(parents=True)
    assert scratch.occupied(folder, 10**9, most=2) < 10**9 < scratch.occupied(folder, 10**9, most=1)
    nested(folder / "a", 50, "n" * 255)  # farther than a path goes
    assert scratch.occupied(folder, 10**9) > 10**9
    shutil.rmtree(folder / "a")
    (folder / "closed").mkdir()
    (folder / "closed").chmod(0)
    look = os.scandir

    def as_others_look(path):  # root may look everywhere
        if not Path(path).stat().st_mode & 0o400:
            raise PermissionError(errno.EACCES, "closed")
        return look(path)

    monkeypatch.setattr(os, "scandir", as_others_look)
    assert scratch.occupied(folder, 10**9) > 10**9
    (folder / "closed").chmod(0o700)
    assert scratch.occupied(folder, 10**9) < 10**4


def test_what_is_renamed_meanwhile_is_looked_at_again(folder, monkeypatch):
    (folder / "a").mkdir()
    (folder / "a/file").write_bytes(bytes(1 << 20))
    look, names = os.scandir, iter("bcd")

    def renaming(path):
        if Path(path) != folder and (name := next(names, "")):
            Path(path).rename(folder / name)
        return look(path)

    monkeypatch.setattr(os, "scandir", renaming)
    assert 1 << 20 <= scratch.occupied(folder, 10**9) < 3 << 20
