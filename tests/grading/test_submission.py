"""How each kind of submission is told from its text, asked, and how its answers are read."""

import math
import sys

import numpy as np
import pytest

from actfn.errors import ActfnError
from actfn.grading.against import submission
from actfn.grading.points import singles
from actfn.grading.running import Program, PythonFunction, spelled
from actfn.grading.submission import Formula, Missing, Place, Reply, Request
from actfn.numerics.formats import FLOAT64, FORMATS
from actfn.sandbox import system_calls
from actfn.sandbox.conversation import Ended
from actfn.sandbox.limits import Limits
from actfn.sandbox.workspace import Workspace

RIGHT = "import math\n\n\ndef sigmoid(x):\n    return 1 / (1 + math.exp(-x))\n"
PYTHON = f"{sys.executable} student.py"


def asked(text, folder, points, *, vector=False, seconds=10, **options):
    questions = [np.array(point) for point in points] if vector else singles(points)
    return submission(text, folder).ask(Request(questions, vector, FLOAT64, Limits(seconds), **options))


def values(text, folder, points, *, vector=False, **options):
    replies = asked(text, folder, points, vector=vector, **options)
    return [reply.values if vector or not reply.values else reply.values[0] for reply in replies]


@pytest.fixture
def student(folder):
    """Writes the submission's file: `student(text)` gives the directory it is in."""

    def write(text, name="student.py"):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
        return folder

    return write


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("student.py:sigmoid", PythonFunction),
        ("./student.py:sigmoid", PythonFunction),
        ("1/(1+exp(-x))", Formula),
        ("sigmoid", Formula),
        ("x", Formula),
        ("softmax", Formula),
        ("( x - 1 )", Formula),
        ("cat", Program),
        ("cat -n", Program),
        ("python3 student.py", Program),
        ("./student.py", Program),
        ("./student.py {x}", Program),
        ("nonsense {x}", Program),
        ('awk "{print 1/(1+exp(-\\$1))}"', Program),
    ],
)
def test_what_a_text_means(text, kind, student):
    assert type(submission(text, student(RIGHT))) is kind


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("", "the submission is empty", "student.py:sigmoid"),
        (" a\0b", "no program or file has the character NUL in its name: 'a\\x00b'", "write it without"),
        ("student.py", "which function of 'student.py' is meant?", "name it"),
        ("sigmiod", "unknown function 'sigmiod'", "did you mean 'sigmoid'"),
        ("1/(1+exp(-x)", "'(' is never closed", "add ')'"),
        ("pyhton3 student.py", "is neither a program nor an expression: there is no program 'pyhton3'", "unexpected"),
    ],
)
def test_what_no_text_means(text, message, hint, student):
    with pytest.raises(ActfnError) as caught:
        submission(text, student(RIGHT))
    assert message in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("studnet.py:f", "there is no file 'studnet.py'", "did you mean 'student.py'?"),
        (
            "nowhere/x.py:f",
            "there is no file 'nowhere/x.py'",
            "a function in a Python file is written student.py:sigmoid",
        ),
        (
            "./sigmoid",
            "there is no program './sigmoid'",
            "paths are looked for in the directory you are in, or in that of the exercise",
        ),
        (
            "./notes.txt",
            "'./notes.txt' cannot be run",
            "chmod +x ./notes.txt, or name what runs it: 'python3 ./notes.txt'",
        ),
    ],
)
def test_a_file_that_was_not_handed_in_answers_nothing(text, problem, hint, student):
    student("notes", "notes.txt").joinpath("notes.txt").chmod(0o644)
    missing = submission(text, student(RIGHT))
    assert missing == Missing(text, problem, hint)
    replies = missing.ask(Request(singles([1.0, 2.0]), False, FLOAT64))
    assert replies == [Reply(None, problem, everywhere=True, hint=hint)] * 2


def test_a_function_is_called_with_numbers(student):
    folder = student("def f(x):\n    assert type(x) is float\n    return [x, int(x), -x, 0.1][int(x)]\n")
    assert values("student.py:f", folder, [0.0, 1.0, 2.0, 3.0]) == [0.0, 1.0, -2.0, 0.1]


def test_every_float_arrives_and_comes_back_unchanged(student):
    folder = student("def f(x):\n    return x\n")
    points = [0.0, -0.0, 5e-324, -1.7976931348623157e308, 0.1, math.inf, -math.inf, math.nan]
    came = values("student.py:f", folder, points)
    np.testing.assert_array_equal(came, points)
    assert math.copysign(1, came[1]) == -1
    program = "import sys\nfor line in sys.stdin:\n    print(repr(float(line)))\n"
    np.testing.assert_array_equal(values(PYTHON, student(program), points), points)


def test_a_function_of_a_vector_is_called_with_an_array(student):
    folder = student("def f(x):\n    return 2 * x\n\ndef g(x):\n    assert type(x) is list\n    return tuple(x)\n")
    assert values("student.py:f", folder, [[1.0, 2.0], [3.0]], vector=True) == [(2.0, 4.0), (6.0,)]
    assert values("student.py:g", folder, [[1.0, 2.0]], vector=True, refused=["numpy"]) == [(1.0, 2.0)]


NO_VECTORS = ["'12'", "[1, '2']", "None", "0.5", "{1: 2}", "{1}", "[[1, 2]]", "[None]", "numpy.float64(3)"]


@pytest.mark.parametrize("value", NO_VECTORS)
def test_what_is_no_vector(value, student):
    folder = student(f"import numpy\ndef f(x):\n    return {value}\n")
    (reply,) = asked("student.py:f", folder, [[1.0, 2.0]], vector=True)
    assert reply.values is None
    assert "returned" in reply.problem


def test_numbers_of_numpy_and_the_standard_library_are_numbers(student):
    folder = student(
        "import numpy as np\nfrom decimal import Decimal\nfrom fractions import Fraction\n"
        "def f(x):\n    return [np.float32(0.5), np.array(0.25), np.int8(3), Decimal('0.75'), Fraction(1, 8)][int(x)]\n"
    )
    assert values("student.py:f", folder, [0.0, 1.0, 2.0, 3.0, 4.0]) == [0.5, 0.25, 3, 0.75, 0.125]


def test_a_failure_is_told_with_its_line(student):
    folder = student("def f(x):\n    if x == 0:\n        return 1\n    return 1 / (x - x)\n")
    replies = asked("student.py:f", folder, [0.0, 1.0])
    assert (replies[0].values, replies[0].place) == ((1.0,), Place(1))
    assert replies[1].problem == "raised ZeroDivisionError: float division by zero"
    assert replies[1].place == Place(4, "return 1 / (x - x)", (7, 18))


BEFORE, AFTER = "x" * 200, "y" * 400


@pytest.mark.parametrize(
    ("text", "problem", "line", "shown", "everywhere"),
    [
        ("x = 1\ndef f(x)\n    return x\n", "SyntaxError: expected ':'", 2, "def f(x)><", True),
        ("def f(x):\n    return (x\n", "SyntaxError: '(' was never closed", 2, "return >(<x", True),
        ("def f(x):\nreturn x\n", "IndentationError: expected an indented block after function definition on line 1",
         2, ">return< x", True),
        ("import nympy\n", "raised ModuleNotFoundError: No module named 'nympy'", 1, ">import nympy<", True),
        ("x = 1\nx = (2,\n  x / 0)\n", "raised ZeroDivisionError: division by zero", 3, ">x / 0<)", True),
        ("import helper\n", "SyntaxError: invalid syntax, in helper.py:1", 1, ">import helper<", True),
        ("def g(x): pass\n", "student.py has no function 'f', only g", 0, "", True),
        ("def f(x):\n    return g(x)\ndef g(x):\n\treturn 'é' + x\n",
         'raised TypeError: can only concatenate str (not "float") to str', 4, "return >'é' + x<", False),
        ("def f(x):\n    return max(\n        x, y)\n", "raised NameError: name 'y' is not defined", 3,
         "x, >y<)", False),
        ("def f(x):\n    return max(\n        x, 1, key=2)\n", "raised TypeError: 'int' object is not callable", 2,
         "return >max(<", False),
        (f"def f(x):\n    return '{BEFORE}' + nothing + '{AFTER}'\n", "raised NameError: name 'nothing' is not defined",
         2, f"{BEFORE[:96]}' + >nothing< + '{AFTER[:189]}", False),
        ("def f(x):\n    return exec('1/0')\n", "raised ZeroDivisionError: division by zero", 2,
         "return >exec('1/0')<", False),
        ("import linecache\nlinecache.getline = None\ndef f(x):\n    return 1/0\n",
         "raised ZeroDivisionError: division by zero", 3, "", False),
    ],
)  # fmt: skip
def test_the_place_of_a_failure_is_shown(text, problem, line, shown, everywhere, student):
    student("1 +* 2\n", "helper.py")
    (reply,) = asked("student.py:f", student(text), [1.0])
    source = reply.place.source
    start, end = reply.place.span
    assert (reply.problem, reply.place.line, reply.everywhere) == (problem, line, everywhere)
    assert (f"{source[:start]}>{source[start:end]}<{source[end:]}" if source else "") == shown


def test_after_a_death_the_next_point_is_asked(student):
    folder = student("import os\ndef f(x):\n    return os._exit(3) if x in (1, 2) else x\n")
    replies = asked("student.py:f", folder, [0.0, 1.0, 2.0, 3.0])
    assert [each.values for each in replies] == [(0.0,), None, None, (3.0,)]
    assert replies[1].problem == "ended with status 3 before it answered"


def test_a_function_finds_what_lies_beside_its_file(student):
    folder = student("from helper import double\nf = double\n")
    student("def double(x):\n    return 2 * x\n", "helper.py")
    assert values("student.py:f", folder, [4.0]) == [8.0]


def test_a_script_that_asks_for_input(student):
    folder = student("x = float(input())\ndef f(x):\n    return x\n")
    assert asked("student.py:f", folder, [1.0])[0].problem == "raised EOFError: EOF when reading a line"


def test_refused_packages_are_a_setting(student):
    folder = student("import fractions\ndef f(x):\n    return fractions.Fraction(3, 2)\n")
    assert values("student.py:f", folder, [1.0]) == [1.5]
    (reply,) = asked("student.py:f", folder, [1.0], refused=["numpy", "fractions"])
    assert (reply.problem, reply.place.line) == ("raised ImportError: importing 'fractions' is refused here", 1)


def test_nothing_refused_is_nothing_refused(student):
    folder = student("import actfn, subprocess\ndef f(x):\n    return actfn.function('sigmoid')(x)\n")
    assert values("student.py:f", folder, [0.0], refused=[]) == [0.5]
    program = "import actfn, sys\nprint(*map(actfn.function('sigmoid'), map(float, sys.stdin)), sep='\\n')\n"
    assert values(PYTHON, student(program), [0.0], refused=[]) == [0.5]
    assert "importing 'actfn' is refused here" in asked(PYTHON, folder, [0.0])[0].problem


STARTS = [
    "import subprocess; subprocess.run(['true'])",
    "import os; os.system('true')",
    "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "from multiprocessing import util; util.spawnv_passfds(b'/bin/true', [b'true'], [1])",
    "import sys, importlib; sys.modules.pop('_posixsubprocess'); importlib.import_module('_posixsubprocess')",
]


@pytest.mark.parametrize("start", STARTS)
def test_no_python_starts_another_program(start, student):
    folder = student(f"def f(x):\n    {start}\n    return x\n\nif __name__ == '__main__':\n    f(1)\n    print(1)\n")
    for text in ("student.py:f", PYTHON):
        (reply,) = asked(text, folder, [1.0])
        assert (reply.values, "is refused here" in reply.problem) == (None, True)
        assert asked(text, folder, [1.0], refused=[])[0].values == (1.0,) or "_posix" in start


def test_a_function_has_threads_and_no_processes(student):
    folder = student(
        "import os, threading\ndef f(x):\n    thread = threading.Thread(target=print)\n    thread.start()\n"
        "    thread.join()\n    return x\n\ndef g(x):\n    os.fork()\n    return x\n"
    )
    assert values("student.py:f", folder, [1.0]) == [1.0]
    if system_calls.program(alone=True):
        assert (
            asked("student.py:g", folder, [1.0])[0].problem
            == "raised PermissionError: [Errno 1] Operation not permitted"
        )


def test_a_program_as_a_filter_and_with_arguments(folder):
    assert values("awk '{print 2 * $1}'", folder, [1.0, 2.5]) == [2.0, 5.0]
    assert values("echo {x} | awk '{print 2 * $1}'", folder, [1.0, -2.5]) == [2.0, -5.0]
    assert values("awk '{print $2, $1}'", folder, [[1.0, 2.0], [3.0, 4.0]], vector=True) == [(2.0, 1.0), (4.0, 3.0)]


def test_a_program_that_takes_one_number_only(student):
    assert values(PYTHON, student("print(2 * float(input()))\n"), [1.0, 2.0, 3.0]) == [2.0, 4.0, 6.0]


def test_a_program_that_fails_at_some_points(student):
    folder = student("import sys\nfor line in sys.stdin:\n    print(1 / float(line))\n")
    replies = asked(PYTHON, folder, [1.0, 2.0, 0.0, 4.0, 0.0])
    assert [each.values for each in replies] == [(1.0,), (0.5,), None, (0.25,), None]
    assert replies[2].problem.endswith("ZeroDivisionError: float division by zero")


def test_a_program_that_loses_what_it_printed(student):
    folder = student("import os, sys\nfor line in sys.stdin:\n    print(line)\n    if float(line) == 3: os.abort()\n")
    replies = asked(PYTHON, folder, [1.0, 2.0, 3.0, 4.0])
    assert [each.values for each in replies] == [(1.0,), (2.0,), None, (4.0,)]
    assert "SIGABRT" in replies[2].problem


def test_a_program_that_never_works_is_not_started_for_every_point(folder, monkeypatch):
    starts, run = [], Workspace.run
    monkeypatch.setattr(Workspace, "run", lambda *arguments, **options: starts.append(1) or run(*arguments, **options))
    replies = asked("sh -c 'echo trouble >&2; exit 1'", folder, np.arange(60.0))
    assert [(each.values, each.problem) for each in replies] == [
        (None, "ended with status 1 before it answered: trouble")
    ] * 60
    assert len(starts) == 10


def test_no_run_finds_what_an_earlier_one_left(folder):
    replies = asked("sh -c 'echo x >> count; wc -l < count' {x}", folder, [0.0, 1.0, 2.0])
    assert [each.values for each in replies] == [(1.0,)] * 3


def test_a_program_that_the_system_does_not_start(folder):
    (reply,) = Program(f"true {'x' * 3_000_000}", folder).ask(Request(singles([1.0]), False, FLOAT64))
    assert (reply.values, reply.problem) == (None, "could not be started: Argument list too long")


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("echo hello", "printed 'hello', not a number"),
        ("echo 1 2", "printed '1 2', not one number"),
        ("printf '1\\n2\\n3\\n'", "printed 3 lines for 1 points: the first too many is '2'"),
        ("true", "ended with status 0 before it answered"),
        ("exit 3", "ended with status 3 before it answered"),
        ("echo 1; exit 3", "ended with status 3 before it answered"),
        ("echo trouble >&2; exit 4", "ended with status 4 before it answered: trouble"),
        ("kill -9 $$", "was killed by SIGKILL before it answered"),
        ("printf '\\033[31m1'", "printed '\\x1b[31m1', not a number"),
        ("printf '\\377'", "printed '\N{REPLACEMENT CHARACTER}', not a number"),
    ],
)
def test_what_is_no_answer(command, problem, folder):
    (reply,) = Program(command, folder).ask(Request(singles([1.0]), False, FLOAT64))
    assert (reply.values, reply.problem) == (None, problem)


@pytest.mark.parametrize("shown", ["0.5", " 0.5 ", "+.5", "5e-1", "0x1p-1", "[0.5]", "\n\n0.5\n\n", "0.5\r"])
def test_ways_to_write_a_number(shown, folder):
    (reply,) = Program(f"printf '{shown}\\n'", folder).ask(Request(singles([1.0]), False, FLOAT64))
    assert reply.values == (0.5,)


def test_numbers_are_spelled_so_that_awk_reads_them():
    assert [spelled(x) for x in (math.inf, -math.inf, math.nan, -0.0, 1e300, 0.1)] == [
        "+inf", "-inf", "+nan", "-0.0", "1e+300", "0.1",
    ]  # fmt: skip


def test_a_formula_is_executed_in_the_format(folder):
    formula = submission("1/(1+exp(-x))", folder)
    request = Request(singles([17.0]), False, FORMATS["float32"])
    assert formula.ask(request)[0].values == (1.0,)


def test_time_is_for_each_start(student):
    folder = student("def f(x):\n    while x: pass\n    return 1\n")
    replies = asked("student.py:f", folder, [0.0, 1.0, 2.0], seconds=2)
    assert [each.values for each in replies] == [(1.0,), None, None]
    assert [each.problem for each in replies[1:]] == ["did not answer within 2 s", "was not asked any more"]


def test_the_file_of_a_program_is_known_for_annotations(student):
    folder = student(RIGHT)
    assert Program("python3 student.py {x}", folder).file == "student.py"
    assert Program("awk 'BEGIN {", folder).file == ""
    assert submission("student.py:sigmoid", folder).text == "student.py:sigmoid"


def test_how_a_run_ended():
    assert Ended(None, b"", b"", "time").overtime
    assert Ended(None, b"", b"", "flood").flooded
    assert not Ended(0, b"", b"").overtime


def test_a_python_program_that_fails_is_told_with_its_line(student):
    folder = student("import sys\nfor line in sys.stdin:\n    print(1 / float(line))\n")
    replies = asked(PYTHON, folder, [1.0, 0.0])
    assert replies[1].place == Place(3, "print(1 / float(line))", (6, 21))
