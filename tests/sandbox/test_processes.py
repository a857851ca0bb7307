"""Which processes a program became, what they hold, and that all of them end."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from actfn.sandbox import privileges, processes

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="only Linux tells of processes")
TREE = "sleep 600 & (sleep 600 & exec sleep 600) & setsid sh -c 'sleep 600 & sleep 600' & echo started; wait"


@pytest.fixture
def started():
    """Start a program in a group of its own; gives the process once it has printed a line."""
    privileges.adopt_orphans()
    before = processes.children()
    found = []

    def start(*command):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
        found.append(process)
        process.stdout.readline()
        return process

    yield start
    for process in found:
        processes.end(process, before)
        process.stdout.close()


def alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_descendants_are_found_and_ended(started):
    before = processes.children()
    process = started("sh", "-c", TREE)
    found = set()
    deadline = time.monotonic() + 60
    while len(found) < 6 and time.monotonic() < deadline:
        found = processes.descendants([process.pid])
    assert len(found) >= 6
    processes.end(process, before)
    assert process.returncode == -9
    assert not any(map(alive, found))
    assert processes.children() <= before


def test_those_that_were_there_before_live_on(started):
    other = started("sh", "-c", "echo; exec sleep 600")
    before = processes.children()
    processes.end(started("sh", "-c", "echo; exec sleep 600"), before)
    assert other.poll() is None


SEIZER = """
import ctypes, os, signal, sys, time
libc = ctypes.CDLL(None)
target = os.getppid()
os.setsid()
assert libc.ptrace(0x4206, target, 0, 0) == 0
print("seized", flush=True)
time.sleep(600)
"""


def test_one_that_is_traced_is_no_reason_to_wait(started):
    before = processes.children()
    process = started("sh", "-c", f"{sys.executable} -c '{SEIZER}' & echo; sleep 600")
    if not os.read(process.stdout.fileno(), 100).startswith(b"seized"):
        pytest.skip("nothing may be traced here")
    os.kill(process.pid, 9)  # its end is told to the tracer first, and that sleeps
    start = time.monotonic()
    processes.end(process, before)
    assert time.monotonic() - start < processes._PATIENCE  # noqa: SLF001
    assert process.returncode == -9


HOLDER = """
import mmap, os, sys, tempfile, time
{hold}
print("held", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize(
    "hold",
    [
        "x = bytearray(50 << 20)",
        "x = mmap.mmap(-1, 50 << 20); x.write(bytes(50 << 20))",
        "x = mmap.mmap(-1, 50 << 20); x.write(bytes(50 << 20)); os.fork() or os.fork()",
        "x = tempfile.TemporaryFile(dir='/dev/shm'); x.write(bytes(50 << 20)); x.flush()",
        "x = os.memfd_create('x'); os.write(x, bytes(50 << 20)); x = os.dup(x); os.fork()",
        "f = tempfile.TemporaryFile(); f.write(bytes(50 << 20)); x = mmap.mmap(f.fileno(), 0); os.closerange(3, 9)",
        "import socket; x = [socket.socketpair() for _ in range(70)]; os.fork()",
    ],
)
def test_what_they_hold_is_counted_once(hold, started):
    process = started(sys.executable, "-c", HOLDER.format(hold=hold))
    found = processes.held(processes.descendants([process.pid]), 50 << 20)
    assert 50 << 20 <= found < 90 << 20


def test_little_is_counted_roughly(started):
    process = started("sh", "-c", "echo; exec sleep 600")
    assert 0 < processes.held([process.pid], 1 << 40) < 20 << 20
    assert processes.held([2**22 - 1], 1) == 0
