"""Once a submission has started, the grader reads no file that it could have changed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import actfn
from actfn.grading.against import submission
from actfn.grading.grade import Check
from actfn.grading.points import Group
from actfn.grading.preparation import runs_code
from actfn.output.reports import FORMATS
from tests.conftest import PLAIN
from tests.grading.users import NUMBER, ordinary  # noqa: F401 - a fixture

WATCHED = """
import json, sys, tempfile
from actfn.cli import app
started, seen, before = [], [], set()

def watch(event, arguments):
    if event == "subprocess.Popen" and ("runner.py" in str(arguments[1]) or "/bin/sh" in str(arguments[1])):
        if not started:
            before.update(sys.modules)
        started.append(True)
    elif started and event in ("open", "import", "exec", "compile"):
        name = str(arguments[0])
        folders = "/proc/", "/dev/", tempfile.gettempdir() + "/actfn-check-"
        scratch = name.startswith(folders) or name.endswith(".actfn")
        if not scratch and not isinstance(arguments[0], int):  # a pipe
            seen.append([event, name])

sys.addaudithook(watch)
status = app.run(sys.argv[1:])
sys.stdout.flush()
print(json.dumps([status, seen, sorted({*sys.modules} - before)]), file=sys.stderr)
"""
STUDENT = """import math

def wrong(x):
    return [1 / (1 + math.exp(-x)) if x > -3 else x, None, 1 / x][int(x) % 3]

def float32(x):
    import struct
    return struct.unpack("f", struct.pack("f", 1 / (1 + math.exp(-x))))[0]

def slope(x):
    return math.tanh(x)

def broken(x)
"""
GRADED = ["student.py:wrong", "student.py:float32", "student.py:slope", "broken.py:f", "nowhere.py:f", "sh -c 'exit 3'"]


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_nothing_is_imported_or_read_afterwards(form, folder):
    (folder / "student.py").write_text(STUDENT.partition("def broken")[0])
    (folder / "broken.py").write_text(STUDENT)
    checks = "".join(
        f'[[check]]\nname = "{place}"\nfunction = "{function}"\nagainst = {json.dumps(against)}\nat = [0, 1, -4, 5]\n'
        for place, (function, against) in enumerate(
            [*[("sigmoid", each) for each in GRADED], ("softmax", "student.py:wrong"), ("gelu", "student.py:slope")]
        )
    )
    (folder / "exercise.toml").write_text(f'title = "all kinds"\n{checks}')
    arguments = ["check", "exercise.toml", "--format", form, "--summary"]
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments], capture_output=True, text=True, cwd=folder, check=False,
        env=PLAIN | {"PYTHONUTF8": "1", "GITHUB_STEP_SUMMARY": str(folder / "summary")},
    )  # fmt: skip
    status, seen, imported = json.loads(done.stderr.splitlines()[-1])
    assert (status, seen, imported) == (1, [["open", str(folder / "summary")]], [])


LINES = [
    ["sigmoid", "student.py:linear"],
    ["gelu", "student.py:linear", "--at", "3", "--derivative=1"],
    ["mish", "sh -c 'cat; exit 3'", "--dtype", "bfloat16"],
    ["where(x > 0, log1p(x), sin(x))", "student.py:linear", "--range", "-2:2:9", "--ulp", "1"],
]


@pytest.mark.parametrize("line", LINES, ids=" ".join)
def test_nothing_is_imported_or_read_for_a_line(line, folder):
    (folder / "student.py").write_text("def linear(x):\n    return 0.1 * x\n")
    function, against, *options = line
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, "check", function, "--against", against, *options], capture_output=True,
        text=True, cwd=folder, check=False, env=PLAIN | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    assert json.loads(done.stderr.splitlines()[-1]) == [1, [], []]


def test_which_checks_run_code(folder):
    (folder / "student.py").write_text(STUDENT)

    def runs(text, **options):
        return runs_code([Check(actfn.function("x"), submission(text, folder), [Group("all", [])], **options)])

    assert [runs("x"), runs("student.py:f"), runs("cat"), runs("nowhere.py:f")] == [False, True, True, False]
    assert runs("x", slope_of=submission("cat", folder))


REWRITES = """
import os
for place, _, names in os.walk("{package}"):
    for name in names:
        if name.endswith((".py", ".pyc")):
            try:
                with open("rewritten", "w") as file:
                    file.write("import os\\nos.write(1, b'REWRITTEN')\\nos._exit(0)\\n")
                os.replace("rewritten", os.path.join(place, name.partition(".")[0] + ".py"))
            except OSError:
                pass


def sigmoid(x):
    return 0.75
"""
WITHOUT_LANDLOCK = "import sys; from actfn.sandbox import writing; writing.version = lambda libc: 0; "
RUN = "from actfn.cli.app import run; sys.exit(run(sys.argv[1:]))"


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_submission_that_rewrites_the_grader_does_not_pass(form, folder, ordinary):  # noqa: F811 - a fixture
    package = folder / "target/actfn"
    shutil.copytree(Path(actfn.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "student.py").write_text(REWRITES.format(package=package))
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, NUMBER, NUMBER)
    command = ["check", "sigmoid", "--against", "student.py:sigmoid", "--format", form, "--isolation", "process"]
    done = ordinary(
        "-c", WITHOUT_LANDLOCK + RUN, *command, "--at", "-2", "--at", "3", cwd=folder, first=[str(folder / "target")]
    )
    assert "os._exit(0)" in (package / "output/reports.py").read_text()
    assert (done.returncode, "REWRITTEN" in done.stdout) == (1, False)


def test_with_landlock_or_bubblewrap_it_rewrites_nothing(folder, ordinary):  # noqa: F811 - a fixture
    package = folder / "target/actfn"
    shutil.copytree(Path(actfn.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    text = (package / "errors.py").read_text()
    (folder / "student.py").write_text(REWRITES.format(package=package))
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, NUMBER, NUMBER)
    has = ordinary("-c", "from actfn.sandbox import privileges, writing; print(writing.version(privileges.libc()))")
    if has.stdout == "0\n":
        pytest.skip("this kernel has no Landlock")
    command = ["check", "sigmoid", "--against", "student.py:sigmoid", "--at", "-2"]
    done = ordinary("-c", "import sys; " + RUN, *command, cwd=folder, first=[str(folder / "target")])
    assert (done.returncode, (package / "errors.py").read_text()) == (1, text)


def test_modules_in_the_folder_of_a_submission_are_not_the_graders(folder):
    for name in ("numpy", "mpmath", "json", "typer"):
        (folder / f"{name}.py").write_text("import os\nos._exit(0)\n")
    (folder / "student.py").write_text("def sigmoid(x):\n    return 0.75\n")
    done = subprocess.run(
        [sys.executable, "-m", "actfn", "check", "sigmoid", "--against", "student.py:sigmoid", "--at", "1"],
        capture_output=True, text=True, cwd=folder, check=False, env=PLAIN,
    )  # fmt: skip
    assert (done.returncode, "0 of 1 check passed" in done.stdout) == (1, True)
