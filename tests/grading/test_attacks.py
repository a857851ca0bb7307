"""Submissions that try to pass without computing anything. Each is a file; none passes, and none ends the grader.

Several give the right answer if they find a hole: were there one, they would pass.
"""

import os
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
from actfn.sandbox.limits import Limits
from tests.conftest import PLAIN, PROGRAM

HERE = Path(__file__).parent / "attacks"
FUNCTIONS = sorted(HERE.glob("*.py"))
COMMANDS = sorted(HERE.glob("*.sh"))
LIMITS = Limits(seconds=1.0, memory=512)
POINTS = np.array([-2.0, 3.0])
LINE = ["--at", "-2", "--at", "3"]


@pytest.fixture(autouse=True)
def _the_program_is_on_the_path(monkeypatch):
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{PLAIN['PATH']}")


def graded(against, folder=HERE, limits=LIMITS):
    """Both points in one check, and then each in one of its own: asked together."""
    groups = [Group("both", singles(POINTS)), Group("first", singles(POINTS[:1])), Group("last", singles(POINTS[1:]))]
    return grade("attack", [Check(actfn.function("sigmoid"), submission(against, folder), groups, limits=limits)])


def run(*arguments, **options):
    return subprocess.run(
        [*PROGRAM, "check", "sigmoid", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=60, check=False, **{"env": PLAIN | {"PYTHONUTF8": "1"}} | options,
    )  # fmt: skip


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda path: path.stem)
def test_no_function_passes(path):
    report = graded(f"{path.name}:sigmoid")
    assert [outcome.verdict for outcome in report.outcomes] == [Verdict.FAILED] * 3
    assert (report.earned, report.worth) == (0, 3)


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_no_program_passes(path):
    assert {outcome.verdict for outcome in graded(f"sh {path.name}").outcomes} == {Verdict.FAILED}


def test_the_right_function_passes_where_the_others_fail(folder):
    (folder / "student.py").write_text("import math\ndef sigmoid(x):\n    return 1 / (1 + math.exp(-x))\n")
    assert graded("student.py:sigmoid", folder, Limits()).passed
    (folder / "right.sh").write_text("awk '{printf \"%.17g\\n\", 1/(1+exp(-$1))}'\n")
    assert graded("sh right.sh", folder, Limits()).passed


def test_the_grader_cannot_be_read(folder):
    done = run("--against", f"{HERE / 'reads_proc.py'}:sigmoid", *LINE, cwd=folder)
    assert (done.returncode, "0 of 2 checks passed" in done.stdout) == (1, True)


def test_the_environment_is_not_passed_on_nor_are_descriptors(tmp_path):
    (tmp_path / "secret").write_text("a secret")
    with (tmp_path / "secret").open() as file:
        os.set_inheritable(file.fileno(), True)
        environment = PLAIN | {"ACTFN_TEST_SECRET": "a secret"}
        done = run("--against", f"{HERE / 'sees_secrets.py'}:sigmoid", *LINE, close_fds=False, env=environment)
    assert (done.returncode, "0 of 2 checks passed" in done.stdout) == (1, True)


@pytest.mark.parametrize("name", ["leaves_processes", "keeps_the_pipe", "fork_bomb"])
def test_no_process_is_left(name, folder, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    graded(f"{name}.py:sigmoid")
    mark = str(folder).encode()
    assert not [path for path in Path("/proc").glob("[0-9]*/cmdline") if mark in contents(path)]


def contents(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


def test_the_scratch_directory_is_removed_and_nothing_outside_it(tmp_path, monkeypatch):
    (tmp_path / "kept").write_text("kept")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    graded("mess_in_the_directory.py:sigmoid")
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]
    assert len(list(HERE.iterdir())) > len(FUNCTIONS)


def test_killing_the_grader_is_no_pass(folder):
    (folder / "student.py").write_text("import os\nos.kill(os.getppid(), 9)\ndef sigmoid(x):\n    return 0.75\n")
    assert run("--against", "student.py:sigmoid", *LINE, cwd=folder).returncode in (1, -signal.SIGKILL)


@pytest.mark.parametrize("name", ["forged_verdict", "forged_in_exception", "forged_name"])
def test_no_line_of_a_report_is_the_submissions(name):
    report = graded(f"{name}.py:sigmoid")
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
def test_a_grader_that_is_limited_itself(limit, folder):
    (folder / "student.py").write_text("import math\ndef sigmoid(x):\n    return 1 / (1 + math.exp(-x))\n")
    command = [*PROGRAM, "check", "sigmoid", "--against", "student.py:sigmoid", *LINE]
    done = subprocess.run(
        ["bash", "-c", f'ulimit {limit} && exec "$@"', "bash", *command], capture_output=True, text=True, timeout=60,
        check=False, cwd=folder, env=PLAIN, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
