"""Who a submission runs as, and what it may take: what is decided before there is a process."""

import os
import resource
import signal
import threading
from types import SimpleNamespace

import pytest

from actfn.grading import rights

READ, ACCESS = 1 << rights._READ_ANY_FILE, 1 << rights._ACCESS_ANY_FILE  # noqa: SLF001

pytestmark = pytest.mark.skipif(rights._libc() is None, reason="the rights of Linux")  # noqa: SLF001


@pytest.fixture
def root(monkeypatch):
    """Root with some of its rights: `root(READ)`."""

    def with_rights(held):
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(rights, "_rights", lambda: held)

    return with_rights


def test_who_is_not_root_stays_who_they_are(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert rights.stranger() is None


@pytest.mark.parametrize(
    ("held", "mode", "kept"),
    [
        (READ | ACCESS, 0o700, rights._READ_ANY_FILE),  # noqa: SLF001
        (ACCESS, 0o755, None),
        (ACCESS, 0o700, rights._ACCESS_ANY_FILE),  # noqa: SLF001
        (0, 0o755, None),
        (0, 0o700, None),
    ],
)
def test_of_roots_rights_one_is_kept_where_files_could_not_be_read_otherwise(root, folder, held, mode, kept):
    root(held)
    folder.chmod(mode)
    (folder / "student.py").write_text("")
    (folder / "student.py").chmod(0o644)
    found = rights.stranger(str(folder / "student.py"))
    assert found.kept == kept
    assert found.number >= 61184


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_a_file_that_is_closed_is_not_open_to_all(folder, mode):
    (folder / "student.py").write_text("")
    (folder / "student.py").chmod(mode)
    assert not rights._open_to_all(folder / "student.py")  # noqa: SLF001


@pytest.fixture
def calls(monkeypatch):
    """What is asked of the system, in order, and nothing of it done."""
    found = []

    def recorded(name):
        return lambda *arguments: found.append((name, *arguments[:3]))

    libc = SimpleNamespace(prctl=recorded("prctl"), capset=lambda _, sets: found.append(("capset", sets[0].permitted)))
    monkeypatch.setattr(rights, "_libc", lambda: libc)
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
FOR_GOOD = [("prctl", 38, 1, 0), ("prctl", 1, signal.SIGKILL, 0)]  # no new rights, and an end with the parent's


@pytest.mark.parametrize(
    ("user", "becoming"),
    [
        (None, []),
        (rights.Stranger(61184, None), [*BECOMING, ("capset", 0)]),
        (rights.Stranger(61184, 2), [*BECOMING, ("capset", 1 << 2), ("prctl", 47, 2, 2)]),
    ],
    ids=["who-one-is", "a-stranger", "a-stranger-who-reads"],
)
def test_a_child_takes_its_limits_and_then_gives_up_its_rights(calls, user, becoming):
    rights.restriction(rights.Limits(seconds=7, memory=100), user)()
    limits = [each for each in calls if isinstance(each[0], int)]
    assert set(LIMITED) <= set(limits)
    assert calls == [*limits, *becoming, *FOR_GOOD]


def test_a_child_whose_parent_is_gone_ends(calls, monkeypatch):
    monkeypatch.setattr(os, "getppid", lambda: 1)
    rights.restriction(rights.Limits(), None)()
    assert calls[-1] == ("_exit", 1)


def test_where_there_is_no_linux_there_are_limits_and_no_more(calls, monkeypatch):
    monkeypatch.setattr(rights, "_libc", lambda: None)
    rights.shield.__wrapped__()
    rights.restriction(rights.Limits(), None)()
    assert calls
    assert all(isinstance(each[0], int) for each in calls)


def test_a_limit_is_never_raised():
    infinite = resource.RLIM_INFINITY
    cases = [(5, 7), (7, 5), (5, infinite), (infinite, 5), (infinite, infinite)]
    assert [rights._at_most(*case) for case in cases] == [5, 5, 5, 5, infinite]  # noqa: SLF001


def test_the_tasks_of_a_user_are_counted_with_their_threads():
    held = threading.Event()
    user = os.stat("/proc/self").st_uid  # noqa: PTH116 - as a process has it
    one = rights._tasks_of(user)  # noqa: SLF001
    assert one >= 1
    threads = [threading.Thread(target=held.wait) for _ in range(200)]
    for thread in threads:
        thread.start()
    try:
        assert rights._tasks_of(user) > one  # noqa: SLF001
    finally:
        held.set()
    assert rights._tasks_of(61183) == 0  # noqa: SLF001
