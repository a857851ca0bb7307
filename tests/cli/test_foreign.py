"""Callables that do what callables of strangers do."""

import math
import sys
import threading
import time
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from actfn.cli.foreign import Foreign, load
from actfn.errors import UsageError
from actfn.numerics.formats import FORMATS

X = np.array([-1.0, 0.0, 2.0])


def asked(call, x=X, seconds=5.0, form="float64"):
    return Foreign("f", call, seconds).answers(x, FORMATS[form])


def on_numbers_only(answer):
    """A callable that raises on arrays."""

    def call(x):
        return answer(float(x))

    return call


def test_arrays_numbers_and_what_both_give():
    on_arrays, on_numbers = asked(np.tanh), asked(math.tanh)
    assert (on_arrays.on_numbers, on_numbers.on_numbers) == (False, True)
    assert on_arrays.findings == on_numbers.findings == ()
    assert on_arrays.values == pytest.approx(on_numbers.values)
    assert asked(lambda x: [float(each) for each in x]).values.tolist() == X.tolist()
    assert asked(on_numbers_only(lambda x: x > 0)).values.tolist() == [0, 0, 1]
    for kind in (int, Fraction, Decimal):
        assert asked(on_numbers_only(kind)).values.tolist() == X.tolist()


def test_the_points_are_not_changed_by_a_callable_that_changes_its_argument():
    def in_place(x):
        x *= 2
        return x

    x = X.copy()
    assert asked(in_place, x).values.tolist() == [-2, 0, 4]
    assert x.tolist() == X.tolist()


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (lambda x: 1 / x, "it raises ZeroDivisionError: float division by zero at x = 0.0"),
        (lambda x: None if x == 0 else x, "it returns None at x = 0.0, not a number"),
        (lambda x: "one" if x == 0 else x, "it returns 'one' at x = 0.0, not a number"),
        (lambda x: 1j if x == 0 else x, "it returns 1j at x = 0.0, not a number"),
        (lambda x: np.zeros((2, 3)) if x == 0 else x, "it returns an array of shape (2, 3) at x = 0.0, not a number"),
        (lambda x: {} if x == 0 else x, "it returns a dict at x = 0.0, not a number"),
        (lambda x: sys.exit(3) if x == 0 else x, "it raises SystemExit: 3 at x = 0.0"),
        (lambda x: "".index("x") if x == 0 else x, "it raises ValueError: substring not found at x = 0.0"),
    ],
)
def test_one_bad_answer_is_told_and_the_others_count(answer, finding):
    found = asked(on_numbers_only(answer))
    assert found.findings == (finding,)
    assert np.isnan(found.values).tolist() == [False, True, False]


def test_the_wrong_shape_from_an_array_means_that_it_is_asked_for_numbers():
    found = asked(lambda x: np.maximum(np.sum(x), 0))
    assert found.on_numbers
    assert found.values.tolist() == [0, 0, 2]


def test_nan_and_infinity_are_numbers():
    found = asked(np.log)
    assert found.findings == ()
    assert np.isnan(found.values[0])
    assert found.values[1] == -np.inf


def test_printing_is_kept_off_the_answer(capsys):
    def talk(x):
        print("debug", x)  # noqa: T201 - what is tested
        return float(x)

    found = asked(talk)
    assert found.values.tolist() == X.tolist()
    assert found.findings == ("it prints: 'debug [-1.  0.  2.]'",)
    assert capsys.readouterr().out == ""


def test_hanging_is_ended():
    start = time.monotonic()
    found = asked(lambda x: time.sleep(60), seconds=0.2)
    assert time.monotonic() - start < 30
    assert found.findings == ("it had given no answer after 0.2 s",)
    assert np.isnan(found.values).all()

    def deaf(x):
        if not isinstance(x, float):
            raise TypeError
        while True:
            try:
                time.sleep(60 if x == 0 else 0)
            except Exception:  # noqa: BLE001, S112 - what is tested
                continue
            return float(x)

    found = asked(deaf, seconds=0.2)
    assert found.findings == ("it was stopped after 0.2 s, at x = 0.0",)
    assert found.values[0] == -1


def test_a_callable_that_is_slow_for_each_point_is_stopped():
    def slow(x):
        time.sleep(0.05)
        return float(x)

    found = asked(slow, np.arange(1000.0), seconds=0.3)
    assert found.findings[0].startswith("it was stopped after 0.3 s, at x = ")
    assert found.values[0] == 0
    assert np.isnan(found.values[-1])


def test_in_a_thread_there_is_no_alarm_but_the_answer_is_the_same():
    found = []
    thread = threading.Thread(target=lambda: found.append(asked(np.tanh, seconds=0.2)))
    thread.start()
    thread.join()
    assert found[0].values.tolist() == np.tanh(X).tolist()
    assert found[0].findings == ()


def test_formats():
    seen = []
    asked(lambda x: seen.append(x.dtype.name) or x, form="float16")
    assert seen == ["float16"]
    assert asked(lambda x: x.astype("float32")).findings == ("it answers in float32 to float64",)
    assert asked(np.tanh, form="bfloat16").values.tolist() == pytest.approx(np.tanh(X), abs=4e-3)


def test_a_tensor_where_an_array_is_refused(monkeypatch):
    class Tensor:
        def __init__(self, array):
            self.array = array

        def detach(self):
            return self.array

    def call(x):
        if not isinstance(x, Tensor):
            raise TypeError
        return Tensor(2 * x.array)

    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(from_numpy=Tensor))
    found = asked(call)
    assert found.values.tolist() == (2 * X).tolist()
    assert not found.on_numbers


def test_slopes():
    assert Foreign("f", np.tanh).slopes(X) == pytest.approx(1 / np.cosh(X) ** 2, rel=1e-9)
    assert Foreign("f", math.exp).slopes(np.array([5.0])) == pytest.approx(math.exp(5), rel=1e-8)


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


def test_loading(tmp_path, monkeypatch):
    (tmp_path / "pupil.py").write_text(STUDENT)
    (tmp_path / "helper.py").write_text("two = 2\n")
    monkeypatch.syspath_prepend("")
    assert load(f"{tmp_path}/pupil.py:double").answers(X).values.tolist() == [-2, 0, 4]
    assert load(f"{tmp_path}/pupil.py:Layer").answers(X).values.tolist() == [-3, 0, 6]
    assert load("math:tanh").name == "math:tanh"
    assert load("os.path:join")
    monkeypatch.chdir(tmp_path)
    assert load("pupil:double").answers(X).values.tolist() == [-2, 0, 4]


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
        ("import time; time.sleep(60)", "f", "cannot be imported: it had not ended after 0.2 s"),
    ],
)
def test_what_cannot_be_loaded(tmp_path, source, name, message):
    (tmp_path / "student.py").write_text(source)
    with pytest.raises(UsageError) as caught:
        load(f"{tmp_path}/student.py:{name}", 0.2)
    assert message in f"{caught.value}\n"


def test_what_is_not_there():
    with pytest.raises(UsageError, match="there is no file"):
        load("nowhere.py:f")
    with pytest.raises(UsageError, match="there is no module 'nowhere'"):
        load("nowhere.at_all:f")
