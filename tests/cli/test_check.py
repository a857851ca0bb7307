"""`actfn check` as a teacher, a student and a CI job run it."""

import io
import json
import os
import pty
import subprocess
import sys
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

from actfn.cli import app
from actfn.sandbox import bubblewrap
from tests.conftest import PLAIN, PROGRAM

STUDENT = """import math


def sigmoid(x):
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    return math.exp(x) / (1 + math.exp(x))


def naive(x):
    return 1 / (1 + math.exp(-x))


def dsigmoid(x):
    return naive(x) * (1 - naive(x))


def softmax(x):
    parts = [math.exp(each - max(x)) for each in x]
    return [part / sum(parts) for part in parts]
"""


@pytest.fixture
def check(folder, monkeypatch, capsys):
    """Run `actfn check` in a directory with a `student.py`, in this process: it starts those of the submissions."""
    (folder / "student.py").write_text(STUDENT)
    monkeypatch.chdir(folder)

    def run(*arguments, stdin=""):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        status = app.run(["check", *arguments])
        said = capsys.readouterr()
        shown, isolated = said.err, ""
        if (at := shown.rfind("note: what was graded ran ")) >= 0:
            shown, isolated = shown[:at], shown[at:]
        return SimpleNamespace(returncode=status, stdout=said.out, stderr=shown, isolated=isolated)

    return run


def test_a_program_in_awk(check):
    done = check("sigmoid", "--against", 'awk "{print 1/(1+exp(-\\$1))}"', "--rtol", "1e-5")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == """sigmoid against awk "{print 1/(1+exp(-\\$1))}"
:) zero
:) small numbers
:) ordinary numbers
:) its thresholds
:) large numbers
:) huge numbers
:) infinities
:) nan
8 of 8 checks passed (8/8 points)
"""
    )


def test_a_function_as_junit(check):
    done = check("sigmoid", "--against", "student.py:sigmoid", "--ulp", "4", "--format", "junit")
    assert done.returncode == 0
    assert ET.fromstring(done.stdout).get("failures") == "0"  # noqa: S314 - ours
    assert check("sigmoid", "--against", "student.py:naive", "--ulp", "4").returncode == 1


def test_pairs_on_standard_input(folder):
    (folder / "student.py").write_text(f"{STUDENT}\nfor line in open(0):\n    print(sigmoid(float(line)))\n")
    answers = f"{sys.executable} student.py < xs.txt"
    script = f"seq -3 3 > xs.txt; {answers} | paste xs.txt - | {sys.executable} -m actfn check sigmoid"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, cwd=folder, env=PLAIN)
    assert done.stdout == "sigmoid against standard input\n:) 7 pairs\n1 of 1 check passed (1/1 points)\n"
    assert (done.returncode, done.stderr) == (0, "")


def test_a_pair_that_is_wrong(check):
    done = check("sigmoid", stdin="0 0.5\n\n1 0.7 # not quite\n-1 0.2689414213699951\n")
    assert done.returncode == 1
    assert "    at x = 1.0\n    expected 0.7310585786300049\n    actual   0.7\n    differs by 0.0311 " in done.stdout


def test_pairs_of_vectors(check):
    assert check("softmax", stdin="0 0 .5 .5\n7 1\n").returncode == 0
    assert check("glu", stdin="1 0 .5\n1 1 0 0 .5 .5").returncode == 0
    assert check("crelu", stdin="-1 0 1").returncode == 0
    assert check("sigmoid", "--vector", stdin="0 0 .5 .5\n").returncode == 0
    assert check("softmax", stdin="0 0 .5 .4\n").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        (["sigmoid"], "1 2\n3\n", "stdin:2: 1 number, not a pair x y"),
        (["sigmoid"], "1 2 3 4\n", "stdin:1: 4 numbers, not a pair x y"),
        (["softmax"], "1 1\n1 2 3\n", "stdin:2: 3 numbers, not a pair x y"),
        (["glu"], "1 2\n", "stdin:1: 2 numbers, not a pair x y"),
        (["sigmoid", "--vector"], "1 2 3\n", "stdin:1: 3 numbers, not a pair x y"),
        (["sigmoid"], "1 one\n", "stdin:1: not a number: 'one'"),
    ],
)
def test_bad_pairs(arguments, stdin, message, check):
    done = check(*arguments, stdin=stdin)
    assert (done.returncode, done.stdout) == (65, "")
    assert done.stderr.startswith(f"actfn: {message}")


def test_an_expression_that_overflows(check):
    done = check("softplus", "--against", "log(1+exp(x))")
    assert done.returncode == 1
    large = done.stdout.partition(":( large numbers\n")[2].splitlines()
    assert large[:3] == ["    at x = 710.0", "    expected 710.0", "    actual   inf"]
    assert "exp(x) overflows above 709.78" in large[4]


def test_an_exercise_as_annotations_with_a_summary(folder, check, monkeypatch):
    (folder / "exercise.toml").write_text(check("--example").stdout)
    assert check("exercise.toml").returncode == 0
    summary = folder / "summary.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    done = check("exercise.toml", "--format", "github", "--summary")
    assert done.stdout == "::notice title=softplus and its derivative::5 of 5 checks passed (7/7 points)\n"
    assert (done.returncode, done.stderr) == (0, "")
    shown = summary.read_text(encoding="utf-8")
    assert shown.startswith("before\n### softplus and its derivative: 5 of 5 checks passed (7/7 points)\n")


def test_a_summary_outside_a_job_is_a_note(check, monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    done = check("relu", "--against", "relu", "--at", "1", "--summary")
    assert done.returncode == 0
    assert done.stderr.startswith("note: $GITHUB_STEP_SUMMARY is not set")


def test_points(check):
    def names(*arguments):
        done = check("relu", "--against", "relu", "--format", "json", *arguments)
        return [result["name"] for result in json.loads(done.stdout)["results"]]

    assert names("--at", "-1", "--at", "2") == ["x = -1.0", "x = 2.0"]
    assert names("--at", "-1", "0", "1e3", "-inf") == ["x = -1.0", "x = 0.0", "x = 1000.0", "x = -inf"]
    assert names("--range", "-1:1:201") == ["201 points from -1.0 to 1.0"]
    assert names("--at", "0.1", "--dtype", "float16") == ["x = 0.1"]
    assert "its kinks" in names()


def test_slopes(check):
    assert check("sigmoid", "--derivative", "--against", "student.py:dsigmoid", "--range", "-5:5").returncode == 0
    done = check("sigmoid", "--derivative", "--against", "student.py:dsigmoid", "--at", "40", "--rtol", "1e-6")
    assert done.returncode == 1
    assert "use s(x)*s(-x)" in done.stdout
    assert done.stdout.startswith("the derivative of sigmoid against student.py:dsigmoid\n")
    assert check("x**3", "--derivative=2", "--against", "6*x", "--at", "2").returncode == 0


def test_parameters_and_vectors(check):
    assert check("leaky_relu", "-p", "alpha=0.2", "--against", "max(0.2*x, x)").returncode == 0
    assert check("softmax", "--against", "student.py:softmax").returncode == 0
    twice = 'awk \'{for (i = 1; i <= NF; i++) printf "%s ", 2 * $i; print ""}\''
    done = check("2*x", "--vector", "--against", twice, "--at", "-1", "2", "3")
    assert (done.returncode, done.stdout.splitlines()[1]) == (0, ":) a vector of 3 numbers")


def test_what_is_refused_is_a_setting(folder, check):
    (folder / "cheat.py").write_text(
        "import fractions, actfn\n\n\ndef f(x):\n    return actfn.function('sigmoid')(x)\n"
    )
    done = check("sigmoid", "--against", "cheat.py:f", "--at", "1")
    assert done.returncode == 1
    assert "importing 'actfn' is refused here" in done.stdout
    assert check("sigmoid", "--against", "cheat.py:f", "--at", "1", "--forbid", "").returncode == 0
    assert "'fractions'" in check("sigmoid", "--against", "cheat.py:f", "--at", "1", "--forbid", "fractions").stdout


def test_limits_are_settings(folder, check):
    (folder / "slow.py").write_text(
        "def f(x):\n    while True: pass\n\n\ndef g(x):\n    return len(bytearray(10**8)) * 0.0\n"
    )
    assert (
        "did not answer within 0.5 s" in check("relu", "--against", "slow.py:f", "--at", "1", "--timeout", "0.5").stdout
    )
    assert check("relu", "--against", "slow.py:g", "--at", "0").returncode == 0
    assert "MemoryError" in check("relu", "--against", "slow.py:g", "--at", "0", "--memory", "64").stdout


def test_the_exercises(folder, check):
    listed = check("--list")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [
        "gelu", "scale", "sigmoid", "sigmoid_awk", "silu", "softmax", "softplus", "softplus_c",
    ]  # fmt: skip
    done = check("--start", "silu")
    assert done.stderr == "note: silu.toml is written\nnote: silu.py is written\n"
    assert "def dsilu" in (folder / "silu.py").read_text()
    assert check("silu.toml").returncode == 1
    again = check("--start", "silu")
    assert (again.returncode, again.stderr.splitlines()[0]) == (2, "actfn: there is a file 'silu.toml' already")


def test_an_exercise_is_graded_where_it_lies(folder, check, monkeypatch):
    monkeypatch.chdir("/")
    (folder / "exercise.toml").write_text(
        '[[check]]\nname = "a"\nfunction = "sigmoid"\nagainst = "student.py:{function}"\n'
    )
    assert check(str(folder / "exercise.toml")).returncode == 0
    (folder / "student.py").write_text("def sigmoid(x):\n    return 0.7\n")
    monkeypatch.chdir(folder.parent)
    done = check(f"{folder.name}/exercise.toml", "--format", "github")
    assert done.stdout.startswith(f"::error file={folder.name}/student.py,line=1,title=")


def test_a_submission_that_was_not_handed_in_fails(folder, check):
    (folder / "exercise.toml").write_text('[[check]]\nname = "a"\nfunction = "relu"\nagainst = "nowhere.py:relu"\n')
    done = check("exercise.toml")
    assert done.returncode == 1
    assert done.stdout == (
        "exercise.toml\n:( a\n    there is no file 'nowhere.py'\n"
        "    hint: a function in a Python file is written student.py:sigmoid\n0 of 1 check passed (0/1 points)\n"
    )
    line = check("relu", "--against", "studnet.py:relu", "--at", "1", "2")
    assert (line.returncode, line.stderr) == (1, "")
    assert line.stdout == (
        "relu against studnet.py:relu\n:( x = 1.0\n    there is no file 'studnet.py'\n"
        "    hint: did you mean 'student.py'?\n:( x = 2.0: as above\n0 of 2 checks passed (0/2 points)\n"
    )


def test_nothing_but_the_report_on_a_pipe_without_utf_8(folder):
    (folder / "student.py").write_text("def f(x):\n    raise ValueError('zu groß …')\n")
    environment = {name: value for name, value in PLAIN.items() if name != "PYTHONUTF8"} | {"PYTHONIOENCODING": "ascii"}
    command = [*PROGRAM, "check", "relu", "--against", "student.py:f", "--at", "1", "-q"]
    done = subprocess.run(command, capture_output=True, check=False, cwd=folder, env=environment)
    assert b"raised ValueError: zu gro\\xdf \\u2026" in done.stdout
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_terminal_without_pairs_is_an_error_and_no_wait(folder):
    main, terminal = pty.openpty()
    try:
        done = subprocess.run(
            [*PROGRAM, "check", "sigmoid"], stdin=terminal, capture_output=True, text=True, check=False, cwd=folder,
            env=PLAIN, timeout=60,
        )  # fmt: skip
    finally:
        os.close(main)
        os.close(terminal)
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "actfn: there is nothing to check")


def test_an_exercise_may_begin_with_a_byte_order_mark(folder, check):
    text = '[[check]]\nname = "a"\nfunction = "relu"\nagainst = "relu"\n'
    (folder / "exercise.toml").write_text(text, encoding="utf-8-sig")
    assert check("exercise.toml").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["student.py:sigmoid", "--against", "sigmoid"],
            (
                "'student.py:sigmoid' is no function, but can be graded\n"
                "hint: what is right comes first: actfn check sigmoid --against student.py:sigmoid"
            ),
        ),
        (
            ["student.py", "--against", "x**2"],
            (
                "'student.py' is no function, but can be graded\n"
                "hint: what is right comes first: actfn check 'x**2' --against student.py:f"
            ),
        ),
        (
            ["cat -n"],
            (
                "'cat -n' is no function, but can be graded\n"
                "hint: what is right comes first: actfn check sigmoid --against 'cat -n'"
            ),
        ),
        (
            ["x**2", "student.py:naive"],
            (
                "'student.py:naive' is no point, and nothing is said to be graded\n"
                "hint: actfn check 'x**2' --against student.py:naive"
            ),
        ),
        (
            ["sigmoid", "-1", "2"],
            "there is nothing to check at these points\nhint: add --against, or pipe in lines of x and y",
        ),
        (
            ["exercise.toml", "student.py"],
            (
                "points are not for an exercise file\nhint: write it into exercise.toml: "
                'against = "student.py:{function}" says what is graded, at = [0, 1] where'
            ),
        ),
        (
            ["exercise.toml", "--ulp", "4"],
            "--ulp is not for an exercise file\nhint: write it into exercise.toml",
        ),
    ],
)
def test_what_is_mixed_up(arguments, message, check):
    done = check(*arguments)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"actfn: {message}\n")


def test_quiet_is_about_failures_only(check, monkeypatch):
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    done = check("sigmoid", "--against", "student.py:sigmoid", "-q", "--summary")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    done = check("sigmoid", "--against", "student.py:naive", "--at", "0", "-1000", "-q")
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line[:4].strip()] == [
        "sigmoid against student.py:naive", ":( x = -1000.0", "1 of 2 checks passed (1/2 points)",
    ]  # fmt: skip
    assert check("--list", "-q").stderr == check("--start", "silu", "-q").stderr == ""


def test_json_is_short_for_its_format(check):
    wanted = ["relu", "--against", "relu", "--at", "1"]
    assert check(*wanted, "--json").stdout == check(*wanted, "--format", "json").stdout


@pytest.mark.parametrize("memory", ["15", "0", "-1", "1048577", "99999999999999", "9" * 400])
def test_a_memory_limit_that_is_none(memory, check):
    done = check("relu", "--against", "student.py:relu", "--memory", memory)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"a memory limit is a number of MiB from 16 to 1048576, not {memory[:40]}" in done.stderr


def test_an_exercise_that_is_no_text(folder, check):
    (folder / "exercise.toml").write_bytes(b"[[check]]\nname = '\xff'\n")
    done = check("exercise.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("actfn: exercise.toml:2: this is not UTF-8")


def test_the_default_points_of_a_function_taken_as_a_vector(check):
    done = check("relu", "--vector", "--against", "max(x, 0)", "--format", "json")
    assert {result["name"] for result in json.loads(done.stdout)["results"]} >= {"zero", "its kinks"}


def test_a_closed_output(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.stdout", None)
    assert app.run(["check", "sigmoid", "--against", "1/(1+exp(-x))", "--at", "0"]) == 74
    assert capsys.readouterr().err == "actfn: cannot write the answer: standard output is closed\n"


def test_a_submission_that_reads_nothing_does_not_end_the_grader(program):
    points = ["--range", "-5:5:20000"]  # more than a pipe holds
    done = program("check", "sigmoid", "--against", "sh -c false", *points, "-q")
    assert (done.returncode, done.stderr) == (1, "")
    assert "ended with status 1 before it answered" in done.stdout


FORGED = """import sys
sys.stderr.write('  File "forged.py", line 3, in f\\n    ::error::forged \\x1b[31m\\n    ^^^^^^^\\nError: ok')
sys.exit(3)
"""
HOSTILE = {
    "a forged traceback": ("forged.py", FORGED, "python3 forged.py"),
    "a message": (
        "raises.py",
        'def f(x):\n    raise ValueError("\\n::error::x\\n\\x1b[31m\\nok 1\\n# a ##[b]")\n',
        "raises.py:f",
    ),
    "a line": ("line.py", "def f(x):\n ::error::x\n", "line.py:f"),
    "an answer": ("prints.sh", "cat >/dev/null; printf '::error::x \\033[31m\\n'", "sh prints.sh"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("form", ["text", "junit", "tap", "github", "markdown", "json", "gradescope"])
def test_a_submission_commands_no_runner(name, form, folder, check):
    file, content, against = HOSTILE[name]
    (folder / file).write_text(content)
    done = check("relu", "--against", against, "--at", "1", "--format", form)
    assert done.returncode == 1
    lines = done.stdout.split("\n")
    assert all(line.isprintable() for line in lines)
    assert sum(line.lstrip().startswith(("::", "ok")) for line in lines) == (form == "github")
    assert "##[" not in done.stdout


WITHOUT = "note: what was graded ran without bubblewrap"
AND_SO = "it could read your files"


def test_how_it_was_kept_apart_is_said_once(check, monkeypatch):
    monkeypatch.setattr(bubblewrap, "trial", lambda: bubblewrap.Trial("", "it is not installed"))
    line = ["sigmoid", "--against", "student.py:sigmoid", "--ulp", "4"]
    done = check(*line)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.isolated.startswith(f"{WITHOUT} (it is not installed): {AND_SO}")
    assert done.isolated.count("\n") == 1
    assert check(*line, "--isolation", "process").isolated.startswith(f"{WITHOUT}: {AND_SO}")
    assert check(*line, "--json").isolated.startswith(WITHOUT)
    assert check(*line, "-q").isolated == ""
    assert check("sigmoid", "--against", "1/(1+exp(-x))", "--at", "1").isolated == ""


def test_bubblewrap_is_used_where_it_can_be(check):
    if not bubblewrap.trial().program:
        pytest.skip(f"no bubblewrap: {bubblewrap.trial().problem}")
    line = ["sigmoid", "--against", "student.py:sigmoid", "--ulp", "4"]
    for isolation in (["--isolation", "auto"], ["--isolation", "bwrap"], []):
        done = check(*line, *isolation)
        assert (done.returncode, done.isolated) == (0, "note: what was graded ran in bubblewrap\n")


def test_bubblewrap_that_is_wanted_and_cannot_be_used_is_an_error(check, monkeypatch):
    monkeypatch.setattr(bubblewrap, "trial", lambda: bubblewrap.Trial("", "it is not installed"))
    done = check("sigmoid", "--against", "student.py:sigmoid", "--isolation", "bwrap")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("actfn: bubblewrap cannot be used: it is not installed\nhint: install")
    assert check("sigmoid", "--against", "student.py:sigmoid", "--isolation", "jail").returncode == 2


def test_isolation_is_for_exercise_files_too(check, folder):
    (folder / "exercise.toml").write_text(check("--example").stdout)
    assert check("exercise.toml", "--isolation", "process").returncode == 0


def test_an_exercise_that_is_too_long_is_not_read(actfn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("actfn.cli.check._MOST_BYTES", 1000)
    (tmp_path / "e.toml").write_bytes(b"#" * 1001)
    done = actfn("check", "e.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "actfn: 'e.toml' is longer than 1000 bytes, which is the limit of an exercise file\n"
        "hint: is it an exercise? One of many checks can be split into several files\n"
    )
