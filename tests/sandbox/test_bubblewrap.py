"""What a command in bubblewrap sees, and what it can do; and when bubblewrap is used."""

import os
import sys
from pathlib import Path

import pytest

from actfn.errors import UsageError
from actfn.sandbox import bubblewrap
from actfn.sandbox.isolation import Isolation
from actfn.sandbox.limits import Limits
from actfn.sandbox.workspace import Workspace

needed = pytest.mark.skipif(not bubblewrap.trial().program, reason=f"no bubblewrap: {bubblewrap.trial().problem}")
ACTFN = str(Path(bubblewrap.__file__).parents[1])


def run(script, folder, *, refused=("actfn", ACTFN), **limits):
    options = {"bwrap": bubblewrap.program(Isolation.BWRAP)}
    with Workspace(folder, Limits(**limits), refused, [sys.executable], **options) as workspace:
        return workspace.run(["/bin/sh", "-c", script], b"", 10**6)


def said(script, folder, **options):
    return run(script, folder, **options).output.decode().split()


@needed
def test_it_sees_its_files_and_python_and_not_actfn(folder):
    (folder / "data.txt").write_text("42")
    (folder / ".secret").write_text("secret")
    (folder / ".git").mkdir()
    (folder / ".git/config").write_text("secret")
    assert said("ls -A; cat data.txt", folder) == ["data.txt", "42"]
    assert said(f"cat {folder}/data.txt {folder}/.secret {folder}/.git/config", folder) == ["42"]
    assert said(f"ls -A {ACTFN}; {sys.executable} -c 'import numpy; print(numpy.pi)'", folder)[0][:4] == "3.14"
    ended = run(f"{sys.executable} -I -c 'import actfn.cli.app; print(actfn)'", folder)
    assert (ended.status, ended.output) == (1, b"")
    ended = run(f"{sys.executable} -c 'import actfn.errors; print(actfn.errors.__name__)'", folder, refused=())
    assert ended.output == b"actfn.errors\n"


@needed
def test_an_environment_behind_a_dot_is_seen(folder, monkeypatch):
    for place in (folder / ".venv/bin", folder / ".other"):
        place.mkdir(parents=True)
        (place / "file").write_text("seen")
    monkeypatch.setattr(sys, "prefix", str(folder / ".venv"))
    monkeypatch.setattr(bubblewrap, "_HIDDEN", ("/run",))
    assert said(f"cat {folder}/.venv/bin/file {folder}/.other/file", folder) == ["seen"]


@needed
def test_it_has_namespaces_of_its_own(folder):
    kinds = ["pid", "ipc", "mnt", "net", "uts"]
    inside = said(f"cd /proc/self/ns; for each in {' '.join(kinds)}; do readlink $each; done", folder)
    assert not set(inside) & {os.readlink(f"/proc/self/ns/{each}") for each in kinds}  # noqa: PTH115 - no path
    assert len(said("ls -d /proc/[0-9]*", folder)) < 10
    assert said("hostname; cat /proc/net/dev | wc -l", folder)[-1] == "3"  # two lines above the loopback's


@needed
def test_it_writes_nowhere_but_into_memory_of_its_own(folder):
    places = ["$HOME", "/tmp", "/var/tmp", "/dev/shm", "/", "/run", "/dev", "/etc", str(folder), ACTFN]  # noqa: S108
    script = f"for each in {' '.join(places)}; do echo x 2> /dev/null > $each/actfn-test && echo yes || echo no; done"
    assert said(script, folder) == ["yes"] * 4 + ["no"] * 6
    assert not any(Path(place, "actfn-test").exists() for place in places[1:])


@needed
@pytest.mark.parametrize("place", ["$HOME", "/tmp", "/var/tmp", "/dev/shm"])  # noqa: S108
def test_what_it_writes_is_bounded(place, folder):
    script = f"for n in 1 2 3; do head -c 40000000 /dev/zero > {place}/$n; done; du -smx {place}"
    assert int(said(script, folder)[0]) <= 65


@needed
@pytest.mark.parametrize("count", [3000, 1900])
def test_a_folder_of_many_files_with_long_names(count, folder):
    deep = folder / ("d" * 200) / ("e" * 200)
    deep.mkdir(parents=True)
    for number in range(count):
        (deep / f"{number:0200d}").touch()
    assert said("ls | wc -l", deep) == [str(min(count, 2000))]


@needed
def test_each_run_is_new(folder):
    with Workspace(folder, Limits(), [], bwrap=bubblewrap.program(Isolation.BWRAP)) as workspace:
        for _ in range(2):
            assert workspace.run(["/bin/sh", "-c", "ls; touch left /tmp/left; ls"], b"", 100).output == b"left\n"
        assert not workspace.base.exists()


@needed
def test_how_it_ends(folder):
    assert run("exit 3", folder).status == 3
    assert run("kill -SEGV $$", folder).status == 128 + 11
    assert run("echo 1; sleep 600", folder, seconds=2).overtime
    assert run("yes", folder).flooded
    assert run("setsid sleep 600 & echo 1", folder).output == b"1\n"


@needed
def test_what_it_cannot_start_is_told(folder):
    with Workspace(folder, Limits(), [], bwrap=bubblewrap.program(Isolation.BWRAP)) as workspace:
        ended = workspace.run(["/nowhere/program"], b"", 100)
    assert (ended.unstarted, ended.status, ended.errors) == (True, None, b"No such file or directory")


@pytest.mark.parametrize("folder_of", ["/", "/tmp", "~"])  # noqa: S108
@needed
def test_any_folder_can_be_graded(folder_of):
    assert run("echo 1", Path(folder_of).expanduser()).output == b"1\n"


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Put a program in the place of bubblewrap: `fake(script)`; what was tried before counts no more."""

    def put(script):
        bubblewrap.trial.cache_clear()
        monkeypatch.setenv("PATH", str(tmp_path))
        if script:
            (tmp_path / "bwrap").write_text(f"#!/bin/sh\n{script}\n")
            (tmp_path / "bwrap").chmod(0o755)

    yield put
    bubblewrap.trial.cache_clear()


CASES = [
    ("", "it is not installed"),
    ("echo 'bwrap: No permissions to create new namespace' >&2; exit 1", "No permissions to create new namespace"),
    ("exit 7", "it ended with status 7"),
]


@pytest.mark.parametrize(("script", "problem"), CASES)
def test_where_it_cannot_be_used_that_is_no_error_unless_it_is_wanted(script, problem, fake):
    fake(script)
    assert bubblewrap.program(Isolation.AUTO) == bubblewrap.program(Isolation.PROCESS) == ""
    with pytest.raises(UsageError) as caught:
        bubblewrap.program(Isolation.BWRAP)
    assert caught.value.message == f"bubblewrap cannot be used: {problem}"
    assert "--isolation auto" in caught.value.hint


def test_one_that_never_answers_is_not_used(fake, monkeypatch):
    monkeypatch.setattr(bubblewrap, "_PATIENCE", 0.1)
    fake("/bin/sleep 60")
    assert bubblewrap.program(Isolation.AUTO) == ""
    assert "timed out" in bubblewrap.trial().problem


def test_it_is_tried_once_and_not_at_all_where_it_is_not_wanted(fake, tmp_path):
    fake(f"echo x >> {tmp_path}/count")
    assert bubblewrap.program(Isolation.PROCESS) == ""
    assert not (tmp_path / "count").exists()
    assert bubblewrap.program(Isolation.AUTO) == bubblewrap.program(Isolation.BWRAP) == str(tmp_path / "bwrap")
    assert (tmp_path / "count").read_text() == "x\n"
