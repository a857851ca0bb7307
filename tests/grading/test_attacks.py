"""Submissions that try to pass without computing anything. Each is a file; none passes, and none ends the grader.

Several give the right answer if they find a hole: were there one, they would pass. All of it in bubblewrap and without,
as whoever runs the tests, and as an ordinary user where that is root.
"""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

import actfn
from actfn.grading.against import submission
from actfn.grading.grade import Check, grade
from actfn.grading.points import Group, singles
from actfn.grading.report import Verdict
from actfn.output.reports import FORMATS, render
from actfn.sandbox import bubblewrap
from actfn.sandbox.limits import Limits
from tests.conftest import PLAIN, PROGRAM
from tests.grading.users import NUMBER, ordinary  # noqa: F401 - a fixture

HERE = Path(__file__).parent / "attacks"
FUNCTIONS = sorted(HERE.glob("*.py"))
COMMANDS = sorted(HERE.glob("*.sh"))
LIMITS = Limits(seconds=1.0, memory=512)
POINTS = np.array([-2.0, 3.0])
LINE = ["--at", "-2", "--at", "3"]
SHARED = [Path(place) for place in ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", "/run/lock")]  # noqa: S108


@pytest.fixture(autouse=True)
def _the_program_is_on_the_path(monkeypatch):
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{PLAIN['PATH']}")


@pytest.fixture(params=["process", "bwrap"])
def mode(request):
    """Each kind of isolation."""
    if request.param == "bwrap" and not bubblewrap.trial().program:
        pytest.skip(f"no bubblewrap: {bubblewrap.trial().problem}")
    return request.param


@pytest.fixture
def bwrap(mode):
    """The path of bubblewrap, and none."""
    return bubblewrap.program(bubblewrap.Isolation(mode))


def graded(against, folder=HERE, limits=LIMITS, bwrap=""):
    """Both points in one check, and then each in one of its own: asked together."""
    groups = [Group("both", singles(POINTS)), Group("first", singles(POINTS[:1])), Group("last", singles(POINTS[1:]))]
    check = Check(actfn.function("sigmoid"), submission(against, folder), groups, limits=limits)
    return grade("attack", [check], bwrap)


def run(*arguments, **options):
    return subprocess.run(
        [*PROGRAM, "check", "sigmoid", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=60, check=False, **{"env": PLAIN | {"PYTHONUTF8": "1"}} | options,
    )  # fmt: skip


def command(path):
    return f"{path.name}:sigmoid" if path.suffix == ".py" else f"sh {path.name}"


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda path: path.stem)
def test_no_function_passes(path, bwrap):
    report = graded(f"{path.name}:sigmoid", bwrap=bwrap)
    assert [outcome.verdict for outcome in report.outcomes] == [Verdict.FAILED] * 3
    assert (report.earned, report.worth) == (0, 3)


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_no_program_passes(path, bwrap):
    assert {outcome.verdict for outcome in graded(f"sh {path.name}", bwrap=bwrap).outcomes} == {Verdict.FAILED}


ALL = """
import json, sys
from tests.grading import test_attacks as attacks
bwrap = attacks.bubblewrap.program(attacks.bubblewrap.Isolation(sys.argv[1]))
for path in attacks.FUNCTIONS + attacks.COMMANDS:
    report = attacks.graded(attacks.command(path), bwrap=bwrap)
    print(json.dumps([path.name, report.earned, [outcome.verdict for outcome in report.outcomes]]), flush=True)
"""


def test_nothing_passes_where_an_ordinary_user_grades(mode, ordinary):  # noqa: F811 - a fixture
    done = ordinary("-c", ALL, mode)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.stderr == ""
    assert found == [[path.name, 0, ["failed"] * 3] for path in FUNCTIONS + COMMANDS]
    left = [contents(path) for path in Path("/proc").glob("[0-9]*/status")]
    # one that has ended stays listed until its parent looks
    assert not [each for each in left if f"\nUid:\t{NUMBER}\t".encode() in each and b"\nState:\tZ" not in each]


def test_the_right_function_passes_where_the_others_fail(folder, bwrap):
    (folder / "student.py").write_text("import math\ndef sigmoid(x):\n    return 1 / (1 + math.exp(-x))\n")
    assert graded("student.py:sigmoid", folder, Limits(), bwrap).passed
    (folder / "right.sh").write_text("awk '{printf \"%.17g\\n\", 1/(1+exp(-$1))}'\n")
    assert graded("sh right.sh", folder, Limits(), bwrap).passed


RIGHT = """
from pathlib import Path
import sys
from tests.grading import test_attacks as attacks
bwrap = attacks.bubblewrap.program(attacks.bubblewrap.Isolation(sys.argv[1]))
print([attacks.graded(each, Path(sys.argv[2]), attacks.Limits(), bwrap).passed for each in sys.argv[3:]])
"""


def test_the_right_function_passes_where_an_ordinary_user_grades(folder, mode, ordinary):  # noqa: F811 - a fixture
    (folder / "student.py").write_text("import math\ndef sigmoid(x):\n    return 1 / (1 + math.exp(-x))\n")
    (folder / "right.sh").write_text("awk '{printf \"%.17g\\n\", 1/(1+exp(-$1))}'\n")
    done = ordinary("-c", RIGHT, mode, str(folder), "student.py:sigmoid", "sh right.sh")
    assert (done.stdout, done.stderr) == ("[True, True]\n", "")


def test_the_grader_cannot_be_read(folder, mode):
    done = run("--against", f"{HERE / 'reads_proc.py'}:sigmoid", *LINE, "--isolation", mode, cwd=folder)
    assert (done.returncode, "0 of 2 checks passed" in done.stdout) == (1, True)


def test_the_environment_is_not_passed_on_nor_are_descriptors(tmp_path, mode):
    (tmp_path / "secret").write_text("a secret")
    with (tmp_path / "secret").open() as file:
        os.set_inheritable(file.fileno(), True)
        environment = PLAIN | {"ACTFN_TEST_SECRET": "a secret"}
        against = ["--against", f"{HERE / 'sees_secrets.py'}:sigmoid", "--isolation", mode]
        done = run(*against, *LINE, close_fds=False, env=environment)
    assert (done.returncode, "0 of 2 checks passed" in done.stdout) == (1, True)


@pytest.mark.parametrize(
    "name", ["leaves_processes.py", "keeps_the_pipe.py", "fork_bomb.py", "comet.sh", "leaves_a_child.sh"]
)
def test_no_process_is_left(name, folder, monkeypatch, bwrap):
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    graded(command(HERE / name), bwrap=bwrap)
    against = f"python3 {name}" if name.endswith(".py") else command(HERE / name)  # a function may not fork at all
    graded(against, bwrap=bwrap)
    mark = str(folder).encode()
    assert not [path for path in Path("/proc").glob("[0-9]*/environ") if mark in contents(path)]


def contents(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_the_scratch_directory_is_removed_and_nothing_outside_it(tmp_path, monkeypatch, bwrap):
    (tmp_path / "kept").write_text("kept")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    graded("mess_in_the_directory.py:sigmoid", bwrap=bwrap)
    graded("deep_directory.py:sigmoid", bwrap=bwrap)
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]
    assert len(list(HERE.iterdir())) > len(FUNCTIONS)


@pytest.fixture
def segments():
    """The System V objects of the machine, by kind; what a test adds is removed."""

    def listed():
        found = set()
        for kind in ("shm", "sem", "msg"):
            lines = contents(Path("/proc/sysvipc") / kind).decode().splitlines()[1:]
            found |= {(kind, int(line.split()[1])) for line in lines if 0x61637466 <= int(line.split()[0]) < 0x616374FF}
        return found

    yield listed
    libc = ctypes.CDLL(None)
    for kind, number in listed():
        arguments = [number, 0, 0, None] if kind == "sem" else [number, 0, None]
        getattr(libc, f"{kind}ctl")(*arguments)


@pytest.mark.skipif(not Path("/proc/sysvipc").is_dir(), reason="Linux lists what there is")
def test_nothing_is_left_in_the_system(segments, bwrap):
    def left():
        return {path for place in SHARED if place.is_dir() for path in place.glob("actfn-attack-*")}

    try:
        graded("sh leaves_segments.sh", bwrap=bwrap)
        graded("sh leaves_files.sh", bwrap=bwrap)
        graded("sh files_in_memory.sh", bwrap=bwrap)
        assert segments() == set()
        assert left() == set()
    finally:
        for path in left():
            shutil.rmtree(path, ignore_errors=True)
            path.unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("name", "problem"), [("memory", "raised MemoryError"), ("shared_memory", "used more than 200 MiB of memory")]
)
def test_memory_is_limited_however_it_is_taken(name, problem, bwrap):
    report = graded(f"{name}.py:sigmoid", limits=Limits(seconds=60, memory=200), bwrap=bwrap)
    assert report.outcomes[0].miss.problem == problem


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_grader_that_is_told_to_end_leaves_nothing(number, folder, tmp_path, mode):
    (folder / "student.py").write_text("import time\ntime.sleep(600)\n")
    process = subprocess.Popen(
        [*PROGRAM, "check", "sigmoid", "--against", "student.py:f", *LINE, "--isolation", mode], cwd=folder,
        env=PLAIN | {"TMPDIR": str(tmp_path)}, stdin=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509 - nohup has it ignored
    )  # fmt: skip
    while not list(tmp_path.glob("actfn-check-*/work/*")) and not list(tmp_path.glob("actfn-check-*/guard/runner.py")):
        assert process.poll() is None
    process.send_signal(number)
    assert process.wait(30) == 128 + number
    assert list(tmp_path.iterdir()) == []


def test_memory_of_many_processes_is_one_limit(folder, bwrap):
    (folder / "many.py").write_text(
        "import os, time\nfor _ in range(8):\n    if not os.fork():\n        break\n"
        "hoard = [bytes([1]) * (60 << 20)]\ntime.sleep(600)\n"
    )
    report = graded("python3 many.py", folder, Limits(seconds=60, memory=200), bwrap)
    assert report.outcomes[0].miss.problem == "used more than 200 MiB of memory"


HIDING = {
    "behind a long path": "for _ in range(30):\n    os.mkdir('d' * 200)\n    os.chdir('d' * 200)\nfill(150)\n",
    "behind many names": "for k in range(50_001):\n    os.mknod(str(k))\n",
    "without a name": "import mmap\nkept = []\nfor _ in range(5):\n    with open('f', 'w+b') as f:\n"
    "        f.write(bytes(50 << 20))\n        kept.append(mmap.mmap(f.fileno(), 0))\n    os.unlink('f')\n"
    "    os.closerange(3, 20)\n",
    "on the way": "import socket\na, b = socket.socketpair()\nfor _ in range(5):\n    with open('f', 'w+b') as f:\n"
    "        f.write(bytes(50 << 20))\n        socket.send_fds(a, [b'x'], [f.fileno()])\n    os.unlink('f')\n",
    "in sockets": "import socket\nfor _ in range(8):\n    if not os.fork():\n        break\n"
    "kept = [socket.socketpair() for _ in range(100)]\n",
}


@pytest.mark.parametrize("hidden", HIDING)
def test_what_is_hidden_from_the_limit_counts(hidden, folder):
    fill = "def fill(count):\n    with open('f', 'wb') as f:\n        f.write(bytes(count << 20 >> 2))\n"
    (folder / "hides.py").write_text(f"import os, time\n{fill}{HIDING[hidden]}time.sleep(600)\n")
    report = graded("python3 -I hides.py", folder, Limits(seconds=60, memory=200))
    assert report.outcomes[0].miss.problem == "used more than 200 MiB of memory"


def test_a_file_named_as_a_module_that_the_runner_needs(folder, bwrap):
    (folder / "linecache.py").write_text("raise SystemExit\n")
    (folder / "tokenize.py").write_text("raise SystemExit\n")
    (folder / "student.py").write_text("def sigmoid(x):\n    return 1 / 0\n")
    report = graded("student.py:sigmoid", folder, bwrap=bwrap)
    assert report.outcomes[0].miss.problem == "raised ZeroDivisionError: division by zero"


def test_a_link_that_leads_to_itself_is_no_file(folder):
    (folder / "student.py").symlink_to("student.py")
    (folder / "pipe.py").symlink_to("/dev/zero")
    for name in ("student", "pipe"):
        report = graded(f"{name}.py:sigmoid", folder)
        assert report.outcomes[0].miss.problem == f"there is no file '{name}.py'"
        assert "did you mean" not in report.outcomes[0].hint


def test_killing_the_grader_is_no_pass(folder, mode):
    (folder / "student.py").write_text("import os\nos.kill(os.getppid(), 9)\ndef sigmoid(x):\n    return 0.75\n")
    done = run("--against", "student.py:sigmoid", *LINE, "--isolation", mode, cwd=folder)
    assert done.returncode in (1, -signal.SIGKILL)


@pytest.mark.parametrize("name", [
    "forged_verdict.py", "forged_in_exception.py", "forged_name.py", "forged_bubblewrap.sh", "odd_frames.py",
    "error_without_a_place.py", "lying_error.py",
])  # fmt: skip
def test_no_line_of_a_report_is_the_submissions(name, bwrap):
    report = graded(command(HERE / name), bwrap=bwrap)
    for form in FORMATS:
        shown = render(report, form)
        for line in shown.splitlines():
            assert "\x1b" not in line
            assert not line.lstrip().startswith((":) all", "ok 1 - zero", "::error::", "::set-output", "8 of 8"))
        if form == "github":
            assert "##[" not in shown
        if form == "junit":
            ET.fromstring(shown)  # noqa: S314 - ours


ULIMITS = ["-v 4000000", "-t 30", "-n 64", "-f 100000", "-u 4000", "-d 2000000"]


@pytest.mark.parametrize("limit", ULIMITS)
def test_a_grader_that_is_limited_itself(limit, folder, mode):
    (folder / "student.py").write_text("import math\ndef sigmoid(x):\n    return 1 / (1 + math.exp(-x))\n")
    arguments = [*PROGRAM, "check", "sigmoid", "--against", "student.py:sigmoid", *LINE, "-q", "--isolation", mode]
    done = subprocess.run(
        ["bash", "-c", f'ulimit {limit} && exec "$@"', "bash", *arguments], capture_output=True, text=True, timeout=60,
        check=False, cwd=folder, env=PLAIN, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
