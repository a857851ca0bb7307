"""What the filter of system calls refuses, and that it is a program that the kernel takes."""

import errno
import os
import struct
import subprocess
import sys

import pytest

from actfn.sandbox import privileges, system_calls, writing

pytestmark = pytest.mark.skipif(not system_calls.program(alone=False), reason="no filter for this machine")
TRY = """
import ctypes, os, threading
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    ctypes.set_errno(0)
    return ctypes.get_errno() if getattr(libc, name)(*arguments) < 0 else 0
print(call("shmget", 0, 4096, 0o1600), call("semget", 0, 1, 0o1600), call("msgget", 0, 0o1600))
print(call("prlimit", os.getppid(), 7, None, None), call("prlimit", 0, 7, None, None))
print(call("open_by_handle_at", 0, None, 0))
print(call("unshare", 0x10000000), call("ptrace", 0, 0, 0, 0), call("memfd_create", b"x", 0))
thread = threading.Thread(target=print, args=["thread"])
thread.start()
thread.join()
for fork in (os.fork, lambda: os.posix_spawn("/bin/true", ["true"], {})):
    try:
        child = fork()
    except OSError as error:
        print(error.errno)
        continue
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    print("child")
"""
REFUSED = [*["1"] * 4, "0", *["1"] * 3, str(errno.ENOSYS), "thread"]


@pytest.mark.parametrize(("alone", "forks"), [(False, ["child"] * 2), (True, ["1"] * 2)])
def test_what_is_refused(alone, forks):
    calls = system_calls.program(alone=alone)

    def prepare():
        privileges.libc().prctl(38, 1, 0, 0, 0)
        system_calls.refuse(privileges.libc(), calls)

    done = subprocess.run(
        [sys.executable, "-c", TRY],
        capture_output=True,
        text=True,
        preexec_fn=prepare,
        check=True,
    )
    assert done.stdout.split() == [*REFUSED, *forks]


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
@pytest.mark.parametrize("alone", [False, True])
def test_each_program_is_of_form(machine, alone, monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: machine)
    program = system_calls.program.__wrapped__(alone=alone)
    lines = [*struct.iter_unpack("HBBI", program)]
    assert len(lines) < 4096
    for place, (code, true, false, _) in enumerate(lines):
        if code & 7 == 5:  # a jump lands inside
            assert place + 1 + max(true, false) < len(lines)
    assert lines[-1] == (6, 0, 0, 0x7FFF0000)


def test_another_machine_has_none(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "s390x")
    assert system_calls.program.__wrapped__(alone=True) == b""


def test_it_can_be_read_from_a_descriptor():
    reading = system_calls.readable(b"12345678")
    assert (os.read(reading, 100), os.read(reading, 100)) == (b"12345678", b"")
    os.close(reading)


WRITE = """
for place in "$1" "$2" /dev/null; do echo x > "$place" && echo yes || echo no; done
kill -0 "$3" && echo yes || echo no
"""


@pytest.mark.skipif(not writing.version(privileges.libc()), reason="this kernel has no Landlock")
def test_only_a_folder_is_written_to(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    rules = writing.ruleset(privileges.libc(), inside)

    def prepare():
        privileges.libc().prctl(38, 1, 0, 0, 0)
        writing.confine(privileges.libc(), rules)

    done = subprocess.run(
        ["sh", "-c", WRITE, "sh", str(inside / "a"), str(tmp_path / "b"), str(os.getpid())],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, preexec_fn=prepare, check=False,
    )  # fmt: skip
    os.close(rules)
    signals = "no" if writing.version(privileges.libc()) >= 6 else "yes"
    assert done.stdout.split() == ["yes", "no", "yes", signals]


def test_without_landlock_there_is_no_rule(tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "version", lambda _: 0)
    assert writing.ruleset(privileges.libc(), tmp_path) == -1
