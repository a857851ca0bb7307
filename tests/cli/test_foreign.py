"""Callables that do what callables of strangers do. Each is a function `f` in a file, in a process of its own."""

import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from actfn.cli.foreign import Foreign
from actfn.errors import UsageError
from actfn.numerics.formats import FORMATS

X = np.array([-1.0, 0.0, 2.0])
ON_NUMBERS = "def f(x):\n    x = float(x) if isinstance(x, float) else {}['array']\n"  # raises on arrays


@pytest.fixture
def asked(tmp_path):
    """Ask a callable once: a source text of a function `f`, or what it is called."""

    def ask(source, x=X, seconds=30.0, form="float64"):
        name = source
        if "\n" in source:
            (tmp_path / "pupil.py").write_text(source)
            name = f"{tmp_path}/pupil.py:f"
        with closing(Foreign(name, seconds)) as foreign:
            return foreign.answers(x, FORMATS[form])

    return ask


def test_arrays_numbers_and_what_both_give(asked):
    on_arrays, on_numbers = asked("numpy:tanh"), asked("math:tanh")
    assert (on_arrays.on_numbers, on_numbers.on_numbers) == (False, True)
    assert on_arrays.findings == on_numbers.findings == ()
    assert on_arrays.values == pytest.approx(on_numbers.values)
    assert asked("def f(x):\n    return [float(each) for each in x]\n").values.tolist() == X.tolist()
    assert asked(f"{ON_NUMBERS}    return x > 0\n").values.tolist() == [0, 0, 1]
    for kind in ("int", "__import__('fractions').Fraction", "__import__('decimal').Decimal"):
        found = asked(f"{ON_NUMBERS}    return {kind}(x)\n")
        assert (found.values.tolist(), found.answered) == (X.tolist(), 3)


def test_every_number_arrives_and_comes_back_unchanged(asked):
    x = np.array([0.0, -0.0, 5e-324, -1.7976931348623157e308, 0.1, np.inf, -np.inf, np.nan])
    for source in ("def f(x):\n    return x\n", f"{ON_NUMBERS}    return x\n", "operator:pos"):
        assert asked(source, x).values.tobytes() == x.tobytes()


def test_many_points(asked):
    x = np.linspace(-5, 5, 300_000)  # far more than a pipe holds
    assert asked("def f(x):\n    return 2 * x\n", x).values.tolist() == (2 * x).tolist()
    assert asked(f"{ON_NUMBERS}    return 2 * x\n", x).values.tolist() == (2 * x).tolist()


def test_the_points_are_not_changed_by_a_callable_that_changes_its_argument(asked):
    x = X.copy()
    assert asked("def f(x):\n    x *= 2\n    return x\n", x).values.tolist() == [-2, 0, 4]
    assert x.tolist() == X.tolist()


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        ("1 / x", "it raises ZeroDivisionError: float division by zero at x = 0.0"),
        ("None if x == 0 else x", "it returns None at x = 0.0, not a number"),
        ("'one' if x == 0 else x", "it returns 'one' at x = 0.0, not a number"),
        ("1j if x == 0 else x", "it returns 1j at x = 0.0, not a number"),
        (
            "__import__('numpy').zeros((2, 3)) if x == 0 else x",
            "it returns an array of shape (2, 3) at x = 0.0, not a number",
        ),
        ("{} if x == 0 else x", "it returns a dict at x = 0.0, not a number"),
        ("__import__('sys').exit(3) if x == 0 else x", "it raises SystemExit: 3 at x = 0.0"),
        ("''.index('x') if x == 0 else x", "it raises ValueError: substring not found at x = 0.0"),
        ("10**400 if x == 0 else x", "it raises OverflowError: int too large to convert to float at x = 0.0"),
    ],
)
def test_one_bad_answer_is_told_and_the_others_count(answer, finding, asked):
    found = asked(f"{ON_NUMBERS}    return {answer}\n")
    assert found.findings == (finding,)
    assert np.isnan(found.values).tolist() == [False, True, False]
    assert found.answered == 2


def test_the_wrong_shape_from_an_array_means_that_it_is_asked_for_numbers(asked):
    found = asked("import numpy as np\ndef f(x):\n    return np.maximum(np.sum(x), 0)\n")
    assert found.on_numbers
    assert found.values.tolist() == [0, 0, 2]


def test_nan_and_infinity_are_numbers(asked):
    found = asked("numpy:log")
    assert (found.findings, found.answered) == ((), 3)
    assert np.isnan(found.values[0])
    assert found.values[1] == -np.inf


@pytest.mark.parametrize(
    "print_",
    [
        "print('debug', x)",
        "import os; os.write(1, b'debug [-1.  0.  2.]')",
        "import os; os.system(\"echo 'debug [-1.  0.  2.]'\")",
    ],
)
def test_printing_is_kept_off_the_answer(print_, asked, capfd):
    found = asked(f"def f(x):\n    {print_}\n    return x\n")
    assert found.values.tolist() == X.tolist()
    assert found.findings == ("it prints: 'debug [-1.  0.  2.]'",)
    assert capfd.readouterr() == ("", "")


def test_floods_are_read_and_thrown_away(asked, capfd):
    both = "        os.write(1, b'x' * 2**20)\n        os.write(2, b'y' * 2**20)\n"
    found = asked(f"import os\ndef f(x):\n    for _ in range(300):\n{both}    return x\n")
    assert found.values.tolist() == X.tolist()
    assert found.findings[0].startswith("it prints: 'xxxx")
    assert capfd.readouterr() == ("", "")


DEAF = "import signal, time\nfor each in set(signal.Signals) - {9, 19}:\n    signal.signal(each, signal.SIG_IGN)\n"


@pytest.mark.parametrize(
    "hang",
    [
        "__import__('time').sleep(600)",
        "__import__('re').match('(a+)+$', 'a' * 60 + 'b')",  # in C, without a look at signals
        "__import__('os').kill(0, 19)",
        "exec('while True: pass')",
    ],
)
def test_hanging_is_ended(hang, asked):
    start = time.monotonic()
    found = asked(f"{DEAF}def f(x):\n    {hang}\n", seconds=1)
    assert time.monotonic() - start < 60
    assert found.findings == ("it had given no answer after 1 s",)
    assert (np.isnan(found.values).all(), found.answered) == (True, 0)
    found = asked(f"{DEAF}{ON_NUMBERS}    x or {hang}\n    return x\n", seconds=1)
    assert found.findings == ("it was stopped after 1 s, at x = 0.0",)
    assert found.values.tolist()[:1] == [-1]
    assert (np.isnan(found.values[1:]).all(), found.answered) == (True, 1)


@pytest.mark.parametrize(
    ("end", "said"),
    [
        ("os._exit(0)", "it ends the process with status 0"),
        ("os._exit(3)", "it ends the process with status 3"),
        ("os.abort()", "it is killed by SIGABRT"),
        ("os.kill(os.getpid(), 11)", "it is killed by SIGSEGV"),
        ("os.kill(0, 9)", "it is killed by SIGKILL"),
        ("os.execv('/bin/true', ['true'])", "it ends the process with status 0"),
        ("os.closerange(0, 256)", "it ends the process with status 1"),
        ("scribble()", "it wrote among its own answers"),
    ],
)
def test_a_callable_that_ends_its_process_has_no_answer(end, said, asked):
    begin = (
        "import os\ndef scribble():\n    for each in range(3, 64):\n        try:\n"
        "            os.write(each, bytes(100))\n        except OSError:\n            pass\n"
    )
    found = asked(f"{begin}def f(x):\n    {end}\n    return x\n")
    assert (found.findings, found.answered) == ((said,), 0)
    found = asked(f"{begin}{ON_NUMBERS}    x or {end}\n    return x\n")
    assert (found.findings, found.answered) == ((f"{said} at x = 0.0",), 1)
    assert np.isnan(found.values).tolist() == [False, True, True]


def test_a_fork_answers_nothing_and_nothing_is_left(asked, tmp_path):
    source = (
        "import os, time\ndef f(x):\n    reading, writing = os.pipe()\n    os.fork()\n    if not os.fork():\n"
        f"        os.setsid()\n        open('{tmp_path}/child', 'a').write(f'{{os.getpid()}} ')\n"
        "        os.write(writing, b'x')\n        time.sleep(600)\n    os.read(reading, 1)\n    return x\n"
    )
    found = asked(source)
    assert (found.values.tolist(), found.findings) == (X.tolist(), ())
    for child in (tmp_path / "child").read_text().split():
        assert not Path(f"/proc/{child}").exists()


def test_after_an_end_it_is_asked_again_twice(tmp_path):
    (tmp_path / "pupil.py").write_text(
        f"import os\nopen('{tmp_path}/starts', 'a').write('x')\n{ON_NUMBERS}    return x if x < 2 else os._exit(0)\n"
    )
    with closing(Foreign(f"{tmp_path}/pupil.py:f")) as foreign:
        assert [foreign.answers(X).answered, foreign.answers(X[:2]).answered] == [2, 2]
        assert [foreign.answers(X).answered for _ in range(3)] == [2, 0, 0]
    assert (tmp_path / "starts").read_text() == "xx"


def test_it_has_the_rights_the_folder_and_the_environment_of_the_user(asked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACTFN_TEST_VARIABLE", "7")
    (tmp_path / "data").write_text("5")
    source = (
        "import os, sys, actfn\ndef f(x):\n    open('seen', 'w').write(sys.stdin.read())\n"
        "    return x * int(os.environ['ACTFN_TEST_VARIABLE']) + int(open('data').read())\n"
    )
    assert asked(source).values.tolist() == [-2, 5, 19]
    assert (tmp_path / "seen").read_text() == ""


def test_formats(asked):
    seen = (
        "import numpy as np\ndef f(x):\n    return np.full(x.shape, [*map(str, names)].index(x.dtype.name), x.dtype)\n"
    )
    names = ["float16", "float32", "bfloat16", "float8_e4m3fn"]
    for place, form in enumerate(names):
        assert asked(f"names = {names}\n{seen}", form=form).values.tolist() == [place] * 3
    assert asked("def f(x):\n    return x.astype('float32')\n").findings == ("it answers in float32 to float64",)
    assert asked("numpy:tanh", form="bfloat16").values.tolist() == pytest.approx(np.tanh(X), abs=4e-3)


def test_a_tensor_where_an_array_is_refused(asked, tmp_path):
    (tmp_path / "torch.py").write_text(
        "class Tensor:\n    def __init__(self, array):\n        self.array = array\n"
        "    def detach(self):\n        return self.array\n\nfrom_numpy = Tensor\n"
    )
    found = asked("import torch\ndef f(x):\n    return torch.Tensor(2 * x.array)\n")
    assert found.values.tolist() == (2 * X).tolist()
    assert not found.on_numbers


def test_slopes():
    with closing(Foreign("numpy:tanh")) as tanh, closing(Foreign("math:exp")) as exp:
        assert tanh.slopes(X) == pytest.approx(1 / np.cosh(X) ** 2, rel=1e-9)
        assert exp.slopes(np.array([5.0])) == pytest.approx(np.exp(5), rel=1e-8)


STUDENT = """
import math
import helper

def double(x):
    return helper.two * x

class Layer:
    def __call__(self, x):
        return 3 * x

number = 4
"""


def test_loading(tmp_path, monkeypatch, asked):
    (tmp_path / "pupil.py").write_text(STUDENT)
    (tmp_path / "helper.py").write_text("two = 2\n")
    monkeypatch.chdir(tmp_path)
    assert asked(f"{tmp_path}/pupil.py:double").values.tolist() == [-2, 0, 4]
    assert asked(f"{tmp_path}/pupil.py:Layer").values.tolist() == [-3, 0, 6]
    assert asked("pupil.py:Layer").values.tolist() == [-3, 0, 6]
    assert asked("pupil:double").values.tolist() == [-2, 0, 4]
    assert asked("os.path:join").answered == 0


@pytest.mark.parametrize(
    ("source", "name", "message"),
    [
        ("x = (", "f", "cannot be loaded, line 1: SyntaxError: '(' was never closed\n  x = (\n      ^"),
        ("def g():\n  1/0\ng()", "f", "cannot be loaded, line 2: ZeroDivisionError: division by zero\n  1/0\n  ^^^"),
        ("import math\nmath.nothing", "f", "cannot be loaded, line 2: AttributeError: "),
        ("raise SystemExit(2)", "f", "cannot be loaded, line 1: SystemExit: 2\n  raise SystemExit(2)\n  ^^^"),
        ("exec('x = (')", "f", "cannot be loaded, line 1: SyntaxError: '(' was never closed\n  exec('x = (')\n  ^^^"),
        ("f = 3", "f", "is a int, not a function"),
        ("def gelu(x): return x", "gleu", "has no function 'gleu'"),
        (
            "import surely_not_there",
            "f",
            "cannot be loaded, line 1: ModuleNotFoundError: No module named 'surely_not_there'\n",
        ),
        ("import time; time.sleep(600)", "f", "cannot be imported: it had not ended after 5 s"),
        ("import os; os._exit(0)", "f", "cannot be imported: it ends the process with status 0"),
        (
            "class f:\n  def __init__(self):\n    raise KeyboardInterrupt",
            "f",
            "cannot be loaded, line 3: KeyboardInterrupt",
        ),
    ],
)
def test_what_cannot_be_loaded(tmp_path, source, name, message):
    (tmp_path / "student.py").write_text(source)
    with pytest.raises(UsageError) as caught, closing(Foreign(f"{tmp_path}/student.py:{name}", 5)) as foreign:
        foreign.answers(X)
    assert message in f"{caught.value}\n"


def test_what_is_not_there(asked):
    with pytest.raises(UsageError, match="there is no file"):
        asked("nowhere.py:f")
    with pytest.raises(UsageError, match="there is no module 'nowhere'"):
        asked("nowhere.at_all:f")


CHANNEL = """
import json, os, struct, sys, threading, time
def channel():
    frame = sys._current_frames()[threading.main_thread().ident]
    while frame and "channel" not in frame.f_locals:
        frame = frame.f_back
    return frame and frame.f_locals["channel"]
def refuse(content):
    os.write(int(sys.argv[-1]), struct.pack("=8scI", bytes(8), b"E", len(content)) + content)
"""


@pytest.mark.parametrize(
    "content",
    ["b'xxx'", "b'[' * 200_000", "b'a\\0b\\0c\\0d\\0e'", "b'\\xff\\0' * 9"],
)
def test_a_forged_refusal_is_an_error_as_another(content, asked):
    with pytest.raises(UsageError, match="cannot be loaded: it wrote among the answers of its process"):
        asked(f"{CHANNEL}refuse({content})\ndef f(x): return x\n")


def test_a_forged_place_is_no_longer_than_its_line(asked):
    with pytest.raises(UsageError) as caught:
        asked(f"{CHANNEL}refuse(b'said\\0\\0line\\0-5\\0' + b'9' * 12)\ndef f(x): return x\n")
    assert caught.value.span == (0, 4)


@pytest.mark.parametrize(
    "sent",
    [
        "'F', b'[' * 200_000",
        "'F', b'another kind\\0::error::'",
        "'F', b'error'",
        "'V', bytes(8)",
        "'A', b'\\xff\\0' + bytes(24)",
        "'B', bytes(1 << 25)",
    ],
)
def test_a_forged_answer_is_none(sent, asked):
    kind, content = sent.split(", ", 1)
    found = asked(f"{CHANNEL}def f(x):\n    channel().send(b{kind}, {content})\n    return x\n")
    assert (found.answered, found.findings) == (0, ("it wrote among its own answers",))


def test_what_is_said_before_the_callable_is_called_is_no_answer(asked):
    go = "    while not (it := channel()) or it._token == bytes(8):\n        time.sleep(0.001)\n"
    go += "    while True:\n        it.find('error', 'x')\n        time.sleep(0.05)\n"
    source = f"{CHANNEL}def go():\n{go}threading.Thread(target=go, daemon=True).start()\n"
    start = time.monotonic()
    found = asked(f"{source}def f(x): time.sleep(600)\n", seconds=2)
    assert found.answered == 0
    assert time.monotonic() - start < 30


@pytest.mark.parametrize("descriptor", [1, 2])
def test_a_flood_takes_no_memory(descriptor, tmp_path):
    (tmp_path / "pupil.py").write_text(
        f"import os\ndef f(x):\n    while True: os.write({descriptor}, bytes(1 << 20))\n"
    )
    with closing(Foreign(f"{tmp_path}/pupil.py:f", 0.5)) as foreign:
        assert foreign.answers(X).answered == 0
        assert sum(map(len, foreign._worker._talk.received.values())) <= 1 << 18  # noqa: SLF001
