"""Who a submission runs as, and what it may take: what is decided before there is a process."""

import os
import resource
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from actfn.sandbox import become, privileges
from actfn.sandbox.limits import Limits

READ, ACCESS = 1 << privileges.READ_ANY_FILE, 1 << privileges.ACCESS_ANY_FILE

pytestmark = pytest.mark.skipif(privileges.libc() is None, reason="the privileges of Linux")


@pytest.fixture
def root(monkeypatch):
    """Root with some of its rights: `root(READ)`."""

    def with_rights(held):
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(privileges, "_capabilities", lambda: held)

    return with_rights


def test_who_is_not_root_stays_who_they_are(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert privileges.unprivileged_user() is None


@pytest.mark.parametrize(
    ("held", "mode", "kept"),
    [
        (READ | ACCESS, 0o700, privileges.READ_ANY_FILE),
        (ACCESS, 0o755, None),
        (ACCESS, 0o700, privileges.ACCESS_ANY_FILE),
        (0, 0o755, None),
        (0, 0o700, None),
    ],
)
def test_of_roots_capabilities_one_is_kept_where_files_could_not_be_read_otherwise(root, folder, held, mode, kept):
    root(held)
    folder.chmod(mode)
    (folder / "student.py").write_text("")
    (folder / "student.py").chmod(0o644)
    found = privileges.unprivileged_user(str(folder / "student.py"))
    assert found.kept == kept
    assert found.number >= 61184


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_a_file_that_is_closed_is_not_open_to_all(folder, mode):
    (folder / "student.py").write_text("")
    (folder / "student.py").chmod(mode)
    assert not privileges._open_to_all(folder / "student.py")  # noqa: SLF001


@pytest.fixture
def calls(monkeypatch):
    """What is asked of the system, in order, and nothing of it done."""
    found = []

    def recorded(name):
        return lambda *arguments: found.append((name, *arguments[:3]))

    libc = SimpleNamespace(
        prctl=recorded("prctl"),
        syscall=recorded("syscall"),
        capset=lambda _, sets: found.append(("capset", sets[0].permitted)),
    )
    monkeypatch.setattr(privileges, "libc", lambda: libc)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: found.append((kind, *limits)))
    for name in ("setgroups", "setresgid", "setresuid", "_exit"):
        monkeypatch.setattr(os, name, recorded(name))
    monkeypatch.setattr(os, "getppid", os.getpid)
    return found


LIMITED = [
    (resource.RLIMIT_CPU, 8, 9), (resource.RLIMIT_DATA, 100 << 20, 100 << 20), (resource.RLIMIT_NOFILE, 256, 256),
    (resource.RLIMIT_FSIZE, 64 << 20, 64 << 20), (resource.RLIMIT_CORE, 0, 0),
]  # fmt: skip
BECOMING = [("prctl", 8, 1, 0), ("setgroups", []), ("setresgid", *[61184] * 3), ("setresuid", *[61184] * 3)]
DYING = ("prctl", 1, signal.SIGKILL, 0)  # with its parent, which becoming somebody else forgets
FOR_GOOD = [("prctl", 38, 1, 0), DYING]  # no new privileges


@pytest.mark.parametrize(
    ("user", "becoming"),
    [
        (None, []),
        (privileges.UnprivilegedUser(61184, None), [*BECOMING, ("capset", 0)]),
        (privileges.UnprivilegedUser(61184, 2), [*BECOMING, ("capset", 1 << 2), ("prctl", 47, 2, 2)]),
    ],
    ids=["who-one-is", "another-user", "another-user-who-reads"],
)
def test_a_child_takes_its_limits_and_then_gives_up_its_privileges(calls, user, becoming):
    privileges.restriction(Limits(seconds=7, memory=100), user)()
    bounds = [each for each in calls if isinstance(each[0], int)]
    assert set(LIMITED) <= set(bounds)
    assert calls == [*bounds, DYING, *becoming, *FOR_GOOD]


def test_what_is_confined_is_confined_last(calls):
    privileges.restriction(Limits(), None, rules=5, calls=bytes(8))()
    assert [each[:2] for each in calls[-3:]] == [DYING[:2], ("syscall", 446), ("prctl", 22)]


def test_a_child_that_keeps_its_privileges_for_now(calls):
    privileges.bounds(Limits(), None)()
    assert [each for each in calls if not isinstance(each[0], int)] == [DYING]


def test_a_child_whose_parent_is_gone_ends(calls, monkeypatch):
    monkeypatch.setattr(os, "getppid", lambda: 1)
    privileges.restriction(Limits(), None)()
    assert calls[-1] == ("_exit", 1)


def test_where_there_is_no_linux_there_are_limits_and_no_more(calls, monkeypatch):
    monkeypatch.setattr(privileges, "libc", lambda: None)
    privileges.shield.__wrapped__()
    privileges.restriction(Limits(), None)()
    assert calls
    assert all(isinstance(each[0], int) for each in calls)


def test_a_script_becomes_another_user():
    if os.geteuid() != 0:
        pytest.skip("only root becomes somebody else")
    script = [sys.executable, "-I", "-S", become.__file__]
    done = subprocess.run(
        [*script, "61190", "2", "grep", "-E", "Uid|Gid|CapEff", "/proc/self/status"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["Uid:", *["61190"] * 4, "Gid:", *["61190"] * 4, "CapEff:", f"{4:016x}"]
    done = subprocess.run([*script, "61190", "-1", "/nowhere"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "bwrap: execvp /nowhere: No such file or directory\n")
