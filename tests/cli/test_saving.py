"""Files that are replaced: whole or not at all, whatever happens in between."""

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from actfn.cli import saving
from tests.conftest import PLAIN

OLD, NEW = b"old\n" * 3000, b"new\n" * 20_000
LIMITED = """
import resource, signal, sys
from actfn.cli.app import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
main(sys.argv[2:])
"""


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "a.svg"
    path.write_bytes(OLD)
    return path


def limited(*arguments, directory, size=1000, **environment):
    """Run the program where no file may grow beyond so many bytes, which fails as a full disk does."""
    return subprocess.run(
        [sys.executable, "-c", LIMITED, str(size), *arguments], capture_output=True, cwd=directory, check=False,
        env=PLAIN | {"HOME": str(directory)} | environment,
    )  # fmt: skip


def listed(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("content", [NEW, b"", b"x"])
def test_a_file_is_there_or_replaced(old, content):
    saving.replace(old, content)
    saving.replace(old.with_name("b.svg"), content)
    assert old.read_bytes() == old.with_name("b.svg").read_bytes() == content
    assert listed(old.parent) == ["a.svg", "b.svg"]


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o666, 0o755, 0o640])
def test_the_mode_is_kept(old, mode):
    old.chmod(mode)
    before = old.stat()
    saving.replace(old, NEW)
    after = old.stat()
    assert stat.S_IMODE(after.st_mode) == mode
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_the_owner_is_kept(old):
    os.chown(old, 1234, 4321)
    saving.replace(old, NEW)
    assert (old.stat().st_uid, old.stat().st_gid) == (1234, 4321)


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_usual_mode(tmp_path, umask):
    before = os.umask(umask)
    try:
        saving.replace(tmp_path / "a.svg", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.svg").stat().st_mode) == 0o666 & ~umask


def test_symbolic_links_are_followed_and_kept(old):
    folder = old.parent / "folder"
    folder.mkdir()
    (folder / "one.svg").symlink_to("../a.svg")
    (folder / "two.svg").symlink_to("one.svg")
    (old.parent / "there").symlink_to(folder)
    saving.replace(old.parent / "there" / "two.svg", NEW)
    assert old.read_bytes() == NEW
    assert [path.is_symlink() for path in (folder / "one.svg", folder / "two.svg", old)] == [True, True, False]
    assert listed(old.parent) == ["a.svg", "folder", "there"]
    assert listed(folder) == ["one.svg", "two.svg"]


def test_a_link_to_nothing_becomes_a_link_to_the_file(tmp_path):
    (tmp_path / "a.svg").symlink_to("b.svg")
    saving.replace(tmp_path / "a.svg", NEW)
    assert (tmp_path / "a.svg").is_symlink()
    assert (tmp_path / "b.svg").read_bytes() == NEW


def test_a_further_hard_link_keeps_the_old_content(old):
    other = old.with_name("b.svg")
    other.hardlink_to(old)
    saving.replace(old, NEW)
    assert (old.read_bytes(), other.read_bytes()) == (NEW, OLD)


def test_a_write_protected_file_is_not_replaced(old, monkeypatch):
    opened = os.open

    def protected(path, flags, *mode):
        if Path(path) == old and flags & os.O_WRONLY:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return opened(path, flags, *mode)

    monkeypatch.setattr(os, "open", protected)  # root may write to any
    with pytest.raises(PermissionError):
        saving.replace(old, NEW)
    assert old.read_bytes() == OLD
    assert listed(old.parent) == ["a.svg"]


def no_further_file(monkeypatch, number=errno.EACCES):
    opened = os.open

    def refusing(path, flags, *mode):
        if flags & os.O_EXCL:
            raise OSError(number, os.strerror(number), path)
        return opened(path, flags, *mode)

    monkeypatch.setattr(os, "open", refusing)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EROFS])
@pytest.mark.parametrize("content", [NEW, b"", b"x"])
def test_in_a_directory_that_takes_no_file_it_is_overwritten(old, content, number, monkeypatch):
    no_further_file(monkeypatch, number)
    before = old.stat().st_ino
    saving.replace(old, content)
    assert (old.read_bytes(), old.stat().st_ino) == (content, before)
    with pytest.raises(OSError, match=r"b\.svg"):
        saving.replace(old.with_name("b.svg"), content)


def test_a_file_that_is_mounted_is_overwritten(old, monkeypatch):
    def busy(*_):
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(Path, "replace", busy)
    saving.replace(old, NEW)
    assert old.read_bytes() == NEW
    assert listed(old.parent) == ["a.svg"]


def failing(kind, after):
    """What a system call does that is interrupted, or fails, when it is called for the `after`-th time."""
    count = 0

    def call(*_):
        nonlocal count
        count += 1
        if count == after:
            if kind is KeyboardInterrupt:
                signal.raise_signal(signal.SIGINT)
            else:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return call


@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("place", ["os.fsync", "os.fchmod", "pathlib.Path.replace"])
def test_what_was_there_stays_where_it_is_cut_short(old, kind, place, monkeypatch):
    monkeypatch.setattr(place, failing(kind, 1))
    with pytest.raises(kind):
        saving.replace(old, NEW)
    assert old.read_bytes() == OLD
    assert listed(old.parent) == ["a.svg"]


@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("content", [NEW, b"x"])
def test_what_was_overwritten_is_restored(old, kind, content, monkeypatch):
    no_further_file(monkeypatch)
    monkeypatch.setattr("os.fsync", failing(kind, 1))
    with pytest.raises(kind):
        saving.replace(old, content)
    assert old.read_bytes() == OLD


def test_a_pipe_is_written_to(tmp_path):
    os.mkfifo(tmp_path / "a.svg")
    with subprocess.Popen(["cat", tmp_path / "a.svg"], stdout=subprocess.PIPE) as reader:
        saving.replace(tmp_path / "a.svg", NEW)
        saving_done = reader.communicate()[0]
    assert saving_done == NEW
    assert stat.S_ISFIFO((tmp_path / "a.svg").stat().st_mode)


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/proc/thread-self/fd/1"])
@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("write", ["replace", "append"])
def test_an_open_file_is_written_to_where_it_stands(name, linked, write, tmp_path):
    if not Path("/dev/fd").exists() or (name.startswith("/proc") and not Path(name).exists()):
        pytest.skip(f"there is no {name} here")
    if linked:
        (tmp_path / "further").symlink_to(name)
        (tmp_path / "link").symlink_to("further")
        name = "link"
    code = (
        f"import os; from actfn.cli.saving import {write}; os.write(1, b'before,'); {write}({name!r}, b'in,'); "
        f"os.write(1, b'after')"
    )
    with (tmp_path / "out").open("wb") as out:
        subprocess.run([sys.executable, "-c", code], stdout=out, check=True, cwd=tmp_path, env=PLAIN)
    assert (tmp_path / "out").read_bytes() == b"before,in,after"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
@pytest.mark.parametrize("folder", ["/proc/{}/fd", "/proc/{}/task/{}/fd"])
def test_an_open_file_of_another_process_is_written_to_as_it_is(old, folder):
    before = old.stat().st_ino
    with old.open("ab") as out, subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=out) as other:
        (old.parent / "link").symlink_to(f"{folder.replace('{}', str(other.pid))}/1")
        saving.replace(old.parent / "link", NEW[:100])
        other.communicate()
    assert (old.read_bytes(), old.stat().st_ino, (old.parent / "link").is_symlink()) == (NEW[:100], before, True)


def test_an_open_pipe_that_does_not_block_gets_all(tmp_path):
    code = (
        "import os; from actfn.cli.saving import replace; os.set_blocking(1, False); "
        "replace('/dev/stdout', b'x' * 1_000_000)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=tmp_path, env=PLAIN) as writer:
        assert writer.communicate()[0] == b"x" * 1_000_000
        assert writer.returncode == 0


def test_an_open_pipe_of_a_large_number_gets_all_too(tmp_path):
    """`select` takes none from 1024 on."""
    code = (
        "import os, resource; from actfn.cli.saving import replace; os.set_blocking(1, False); "
        "resource.setrlimit(resource.RLIMIT_NOFILE, (1100, resource.getrlimit(resource.RLIMIT_NOFILE)[1])); "
        "held = [os.dup(0) for _ in range(1030)]; replace('/dev/stdout', b'x' * 1_000_000)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=tmp_path, env=PLAIN) as writer:
        assert writer.communicate()[0] == b"x" * 1_000_000
        assert writer.returncode == 0


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("folder", errno.EISDIR),
        ("nowhere/a.svg", errno.ENOENT),
        ("a.svg/b.svg", errno.ENOTDIR),
        (f"{'x' * 300}.svg", errno.ENAMETOOLONG),
        ("loop", errno.ELOOP),
        ("/dev/full", errno.ENOSPC),
    ],
)
@pytest.mark.parametrize("write", [saving.replace, saving.append])
def test_an_error_bears_the_name_that_was_given(old, name, number, write):
    if number == errno.ENOSPC and not Path(name).exists():
        pytest.skip("there is no /dev/full here")
    (old.parent / "folder").mkdir()
    (old.parent / "loop").symlink_to("loop")
    with pytest.raises(OSError, match=r"\[Errno") as caught:
        write(old.parent / name, NEW)
    assert (caught.value.errno, caught.value.filename) == (number, str(old.parent / name))
    assert listed(old.parent) == ["a.svg", "folder", "loop"]
    assert old.read_bytes() == OLD


def test_what_could_not_be_appended_whole_is_taken_back(old, monkeypatch):
    saving.append(old, b"more")
    monkeypatch.setattr("os.fsync", failing(KeyboardInterrupt, 1))
    with pytest.raises(KeyboardInterrupt):
        saving.append(old, NEW)
    assert old.read_bytes() == OLD + b"more"


def test_a_picture_for_which_there_is_no_room(old):
    done = limited("plot", "relu", "--save", "a.svg", directory=old.parent)
    assert done.stderr == b"actfn: cannot write the answer to 'a.svg': File too large\n"
    assert (done.returncode, done.stdout, old.read_bytes()) == (74, b"", OLD)
    assert listed(old.parent) == ["a.svg"]


def test_an_exercise_for_which_there_is_no_room_is_not_begun(tmp_path):
    done = limited("check", "--start", "softmax", directory=tmp_path, size=100)
    assert done.stderr == b"actfn: cannot write the answer to 'softmax.toml': File too large\n"
    assert (done.returncode, listed(tmp_path)) == (74, [])


@pytest.mark.parametrize(("kind", "status"), [(OSError, 74), (KeyboardInterrupt, 130)])
def test_an_exercise_is_written_with_all_its_files_or_none(kind, status, actfn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("os.fsync", failing(kind, 2))
    done = actfn("check", "--start", "softmax")
    assert (done.returncode, "is written" in done.stderr, listed(tmp_path)) == (status, False, [])


def test_a_summary_for_which_there_is_no_room(old):
    done = limited(
        "check", "relu", "--against", "relu", "--summary", directory=old.parent, GITHUB_STEP_SUMMARY="a.svg"
    )  # fmt: skip
    assert b"cannot write the answer to 'a.svg': File too large" in done.stderr
    assert (done.returncode, old.read_bytes()) == (74, OLD)


def test_the_start_of_a_shell_is_left_whole(tmp_path):
    (tmp_path / ".bashrc").write_bytes(b"\xff is no UTF-8\n" * 71)  # 994 bytes
    done = limited("--install-completion=bash", directory=tmp_path)
    assert done.returncode == 74
    assert (tmp_path / ".bashrc").read_bytes() == b"\xff is no UTF-8\n" * 71
    assert listed(tmp_path / ".bash_completions") in ([], ["actfn.sh"])
