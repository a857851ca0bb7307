"""`actfn compare` as a person runs it."""

import json

import pytest

from actfn.cli import app, foreign, operands
from tests.cli.test_app import imported_by

STUDENT = """
import math, os, time

def gelu(x):
    return 0.5*x*(1 + math.erf(x/math.sqrt(2)))

def short(x):
    return gelu(x) if x < 3 else x

def broken(x):
    if x > 1:
        raise ValueError("too large")
    return x

def talking(x):
    print("hello")
    return x

def tired(x):
    time.sleep(0.06)
    return x

def shapeless(x):
    return [x, x] if x < 0 else x

def hanging(x):
    time.sleep(600)

def leaving(x):
    os._exit(0)
"""


@pytest.fixture
def compare(monkeypatch, capsys, tmp_path):
    """Run `actfn compare` in this process, in a directory with a student's file; gives standard output and error."""
    (tmp_path / "student.py").write_text(STUDENT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stdin", None)

    def run(*arguments, status=0):
        assert app.run(["compare", *arguments]) == status
        return capsys.readouterr()

    return run


def table(shown):
    """The cells by operand and property."""
    records = json.loads(shown.out)
    return {name: {record["property"]: record[name] for record in records} for name in records[0] if name != "property"}


def test_properties_side_by_side(compare):
    found = table(compare("relu", "tanh", "--json"))
    assert list(found) == ["relu", "tanh"]
    relu, tanh = found["relu"], found["tanh"]
    assert (relu["range"], tanh["range"]) == ("[0, inf)", "(-1, 1)")
    assert (relu["zero-centred"][:8], tanh["zero-centred"]) == ("no: mean", "yes")
    assert (relu["kinks"], tanh["kinks"]) == (0, None)
    assert (relu["share of zero slope"], tanh["share of zero slope"]) == (0.5, 0)
    assert relu["gain"] == pytest.approx(2**0.5, rel=1e-10)
    assert tanh["gain"] == pytest.approx(1.5925374197228312, rel=1e-10)
    assert tanh["saturated in float32"] == "to -9.01091, from 9.01091"
    assert (relu["signal, 50 layers, He"], relu["gradient, 50 layers, Glorot, LeCun"]) == (
        "survives",
        "fades",
    )
    assert relu["largest difference from the first"] is None


def test_a_table_for_people_rounds(compare):
    shown = compare("gelu", "gelu_tanh", "--range", "-6:6").out
    assert "largest difference from the first" in shown
    assert "0.000473235" in shown
    assert "not monotone" in shown


def test_differences(compare):
    found = table(compare("x", "x + 0.5", "--range", "1:5:9", "--json"))["x + 0.5"]
    assert found["largest difference from the first"] == 0.5
    assert found["largest relative difference"] == 0.5
    assert found["x of largest relative difference"] == 1
    assert found["the same number as the first"] == "0 of 9 points"
    assert table(compare("x", "x", "--json"))["x (2)"]["x of largest difference"] is None


def test_a_tie_at_a_kink_is_looked_at(compare):
    found = table(compare("where(x < 0.1234567, 0, 1)", "where(x <= 0.1234567, 0, 1)", "--json"))
    assert list(found.values())[1]["x of largest difference"] == 0.1234567


def test_the_gate(compare):
    assert compare("x*sigmoid(x)", "silu", "--ulp", "4").err == ""
    failed = compare("gelu", "gelu_tanh", "quick_gelu", "--atol", "1e-3", "--range", "-6:6", status=1)
    assert failed.err.startswith("actfn: quick_gelu differs from gelu by more than 0.001 at ")
    first, worst = failed.err.splitlines()[1:]
    assert first.startswith("  first at x = -")
    assert worst.startswith("  worst at x = 2.268: 2.241")
    assert "largest difference" in failed.out
    assert compare("gelu", "quick_gelu").err == ""  # without a bound it is no test
    assert compare("sigmoid", "1/(1+exp(-x))", "--range", "-800:800", "--rtol", "1e-9", status=1).err


def test_a_test_of_nothing_is_not_passed(compare):
    shown = compare("log(x)", "log(2*x)", "--range", "-2:-1", "--ulp", "4", status=1)
    assert shown.err == "actfn: log(2*x) and log(x) were compared nowhere: neither has a value at a point\n"


def test_it_imports_what_it_needs_and_no_more():
    assert not imported_by("compare", "relu", "x", "--json", "--range", "0:1") & {"rich", "plotext", "matplotlib"}


def test_piped_points(actfn):
    done = actfn("compare", "gelu", "gelu_tanh", "--json", stdin="1\n2\nnan\n")
    last = json.loads(done.stdout)[-1]
    assert last["gelu_tanh"] == "0 of 2 points"


def test_formats(compare):
    close = ["sigmoid", "1/(1+exp(-x))", "--range", "16:18"]
    assert compare(*close, "--ulp", "2").err == ""
    compare(*close, "--ulp", "0", "--dtype", "float32", status=1)


def test_callables(compare):
    found = table(compare("gelu", "student.py:gelu", "student:short", "--atol", "1e-9", "--json", status=1))
    assert list(found) == ["gelu", "student.py:gelu", "student:short"]
    assert found["student.py:gelu"]["slope at 0"] == pytest.approx(0.5, rel=1e-9)
    assert found["student.py:gelu"]["gain"] == pytest.approx(1.5335304411955353, rel=1e-9)
    assert found["student.py:gelu"]["range"] is None
    assert found["student:short"]["x of largest difference"] == 3


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("broken", "note: student.py:broken: it raises ValueError: too large at x = 1.005"),
        ("talking", "note: student.py:talking: it prints: 'hello'"),
        ("shapeless", "note: student.py:shapeless: it returns a list at x = -5.0, not a number"),
        ("tired", ""),
    ],
)
def test_callables_that_are_trouble(compare, monkeypatch, name, said):
    if name == "tired":
        monkeypatch.setattr(operands, "_PATIENT", 0.05)
    shown = compare("x", f"student.py:{name}", "--json")
    assert said in shown.err
    assert compare("x", f"student.py:{name}", "--json", "-q").err == "" or name == "broken"
    assert (table(shown)[f"student.py:{name}"]["gain"] is None) == (name != "talking")


def test_pictures(compare, tmp_path):
    shown = compare("gelu", "quick_gelu", "student.py:gelu", "--plot", "--no-color").out
    assert "quick_gelu - gelu" in shown
    file = tmp_path / "both.svg"
    assert compare("gelu", "quick_gelu", "--save", str(file)).err == f"note: saved as {file}\n"
    assert file.read_text().count("<path") == 3


def test_which_texts_are_code():
    assert foreign.is_callable("a.py:f")
    assert foreign.is_callable("dir/a.py:f")
    assert foreign.is_callable("torch.nn.functional:gelu")
    assert foreign.is_callable("numpy:tanh")
    assert not foreign.is_callable("torch:gelu")
    assert not foreign.is_callable("gelu")
    assert not foreign.is_callable("x if x > 0 else -x")
    assert not foreign.is_callable("torch.nn.GELU")


def test_a_callable_has_the_time_it_is_given(compare):
    shown = compare("x", "student.py:hanging", "--range", "1:2:2", "--timeout", "2", status=1)
    said = "actfn: student.py:hanging answers at none of 2 points: it had given no answer after 2 s\n"
    assert (shown.out, shown.err) == ("", said)


@pytest.mark.parametrize("tolerance", [[], ["--atol", "1e-6"], ["--atol", "1e300", "-q"]])
def test_a_callable_that_answers_nowhere_is_no_column_of_dashes(compare, tolerance):
    shown = compare("x", "student.py:leaving", *tolerance, status=1)
    said = "actfn: student.py:leaving answers at none of 2001 points: it ends the process with status 0\n"
    assert (shown.out, shown.err) == ("", said)
    shown = compare("student.py:leaving", "student.py:gelu", "--range", "0:1:3", status=1)
    assert (shown.out, shown.err) == ("", said.replace("2001", "3"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["relu"], "nothing to compare with"),
        (["relu", "softmax"], "'softmax' is a function of a vector"),
        (["relu", "nowhere.py:f"], "there is no file 'nowhere.py'"),
        (["relu", "student.py:gleu"], "'student.py' has no function 'gleu'\nhint: did you mean 'gelu'?"),
        (["student.py:gelu", "student.py:short", "-p", "a=1"], "a callable has no parameter 'a' here"),
        (["relu", "tanh", "-p", "a=1"], "'relu' has no parameter 'a'"),
        (["relu", "tanh", "--plot", "--json"], "a picture cannot stand in json"),
        (["relu", "tanh", "--save", "a.gif"], "no picture can be saved"),
        (["relu", "tanh", "--atol", "-1"], "--atol"),
        (["relu", "tanh", "--range", "5:1"], "the range '5:1' is empty"),
        (["relu", "tanh", "--timeout", "nan"], "a time limit is a number of seconds from 0.001 to 100000, not nan"),
    ],
)
def test_what_it_refuses(compare, arguments, said):
    shown = compare(*arguments, status=2)
    assert said in shown.err
    assert shown.out == ""


@pytest.mark.parametrize("columns", ["60", "80", "120"])
@pytest.mark.parametrize("functions", [["relu", "gelu", "silu"], ["tanh", "round(x)"], ["relu", "gelu", "elu", "tanh"]])
def test_the_table_fits_the_terminal(compare, monkeypatch, functions, columns):
    monkeypatch.setenv("COLUMNS", columns)
    lines = compare(*functions, "--range", "-3:3:9").out.splitlines()
    assert max(map(len, lines)) <= int(columns)
    heads = [line.split()[1:] for line in lines if line.startswith("property ")]
    assert [name for head in heads for name in head] == functions


def test_three_functions_stand_side_by_side_on_80_columns(compare):
    lines = compare("relu", "gelu", "silu", "--range", "-3:3:9").out.splitlines()
    assert lines[0].split() == ["property", "relu", "gelu", "silu"]
    assert "property" not in "".join(lines[1:])


@pytest.mark.parametrize("tolerance", [["--atol", "nan"], ["--rtol", "inf"], ["--ulp", "inf"]])
def test_a_tolerance_is_a_finite_number(actfn, tolerance):
    done = actfn("compare", "relu", "gelu", *tolerance)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("actfn: a tolerance is a finite number\n")


def test_a_mean_that_is_not_known_is_none(actfn):
    (row,) = [
        line for line in actfn("compare", "1/x", "log(x)", "--format", "csv").stdout.splitlines() if "zero-c" in line
    ]
    assert row == "zero-centred,-,-"
