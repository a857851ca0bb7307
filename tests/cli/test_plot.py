"""`actfn plot` as a person runs it."""

import io
import json
import re
import shlex
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from actfn.cli import app
from tests.cli.test_app import imported_by
from tests.conftest import PLAIN, PROGRAM

ANSI = re.compile(r"\x1b\[[\d;]*m")


@pytest.fixture
def plot(monkeypatch, capsys):
    """Run `actfn plot` in this process, 60 columns wide; gives standard output and error."""

    def run(*arguments, status=0, columns="60", lines="20", stdin=None, **environment):
        if stdin is not None:
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(stdin.encode()))))
        for name, value in {
            "COLUMNS": columns,
            "LINES": lines,
            "NO_COLOR": "",
            "FORCE_COLOR": "",
            **environment,
        }.items():
            monkeypatch.setenv(name, value)
        assert app.run(["plot", *arguments]) == status
        return capsys.readouterr()

    return run


def curves(*arguments, plot):
    """The points of each curve, by its label."""
    found = {}
    for record in json.loads(plot(*arguments, "--json").out):
        found.setdefault(record["function"], []).append((record["x"], record["value"]))
    return {name: np.array([[float(part) for part in pair] for pair in pairs]) for name, pairs in found.items()}


FRAMES = sorted((Path(__file__).parent / "frames").glob("*.txt"))


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_frames(path, plot):
    """Each file is a command, a line of three dashes, and what it shows in 60 columns without colours."""
    command, frame = path.read_text(encoding="utf-8").split("\n---\n")
    assert plot(*shlex.split(command)[2:]).out == frame


def test_in_a_pipe_there_are_no_colours_and_the_lines_are_as_wide_as_asked_for(plot):
    for columns in ("40", "200"):
        shown = plot("sigmoid", "tanh", "gelu", columns=columns).out
        assert "\x1b" not in shown
        assert max(map(len, shown.splitlines())) == int(columns)
        assert 12 <= len(shown.splitlines()) <= 18


def test_colours(plot):
    assert "\x1b[" in plot("relu", "--color").out
    assert "\x1b[" in plot("relu", FORCE_COLOR="1").out
    assert "\x1b[" not in plot("relu", FORCE_COLOR="0").out
    assert "\x1b[" not in plot("relu", FORCE_COLOR="1", NO_COLOR="1").out
    assert "\x1b[" in plot("relu", "--color", NO_COLOR="1").out
    assert "\x1b[" not in plot("relu", "--no-color", FORCE_COLOR="1").out
    assert plot("relu", "--color", "--theme", "dark").out != plot("relu", "--color", "--theme", "light").out


def test_without_unicode(program):
    done = program("plot", "sigmoid", "relu", "--at", "1", env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert done.stdout.isascii()
    assert "** sigmoid   oo relu" in done.stdout


def test_in_the_locale_c_is_ascii():
    environment = {name: value for name, value in PLAIN.items() if name != "PYTHONUTF8"} | {"LC_ALL": "C"}
    done = subprocess.run([*PROGRAM, "plot", "relu"], capture_output=True, env=environment, check=True)
    assert done.stdout.isascii()


def test_derivatives(plot):
    found = curves("sigmoid", "tanh", "--derivative", plot=plot)
    assert list(found) == ["sigmoid", "sigmoid'", "tanh", "tanh'"]
    x, y = found["sigmoid'"].T
    assert y == pytest.approx(1 / (2 + 2 * np.cosh(x)))
    assert list(curves("x**4", "--derivative=2", plot=plot)) == ["x**4", "(x**4)''"]
    assert list(curves("x**9", "--derivative=4", plot=plot))[1] == "derivative 4 of x**9"


def test_sweeps(plot):
    found = curves("leaky_relu", "relu", "-p", "alpha=0.01,0.1,0.3", plot=plot)
    assert list(found) == [f"leaky_relu(alpha={value})" for value in ("0.01", "0.1", "0.3")] + ["relu"]
    assert found["leaky_relu(alpha=0.3)"][0].tolist() == [-5, -1.5]
    assert list(curves("x*beta", "-p", "beta=0:4:5", plot=plot)) == [f"x*beta, beta={k}" for k in range(5)]
    assert len(curves("a*x + b", "-p", "a=1,2", "-p", "b=0,1", plot=plot)) == 4


def test_at_least_four_points_a_column_and_both_sides_of_a_pole(plot):
    x, y = curves("1/x", "--range", "-5:5", plot=plot)["1/x"].T
    assert x.size >= 4 * 60
    assert not np.any(y[:-1] * y[1:] < 0)


def test_marked_points_come_into_sight(plot):
    shown = plot("1.2**max(0,g-2)", "--at", "3", "--at", "10").out
    assert "(3, 1.2)" in shown
    assert "(10, 4.29982)" in shown
    assert shown.count("●") == 2
    outside = plot("relu", "--at", "3", "--at", "-9", "--range", "0:2")
    assert "note: relu: the point (3, 3) is outside the picture" in outside.err
    assert "note: log is nan at -1" in plot("log", "--at", "-1").err
    assert plot("log", "--at", "-1", "-q").err == ""
    assert "note: tanh: the point (inf, 1) is outside the picture" in plot("tanh", "--at", "inf", "--at", "nan").err


def test_special_points(plot):
    shown = plot("hard_swish", "--mark", "all", columns="90").out
    for label in ("zero (0, 0)", "kink (-3, 0)", "kink (3, 3)", "minimum (-1.5, -0.375)"):
        assert label in shown
    shown = plot("x**2 - 1", "--mark", "zeros", "--mark", "extrema").out
    assert [label in shown for label in ("zero (-1, 0)", "zero (1, 0)", "minimum (0, -1)")] == [True] * 3
    assert "jump (0, 0)" in plot("step", "--mark", "kinks").out
    assert "minimum" not in plot("x**2 - 1", "--mark", "zeros").out
    assert "zero (3" not in plot("sin(x)", "--mark", "zeros", "--range", "-1:1").out


def test_a_function_without_a_value(plot):
    shown = plot("log(-1 - abs(x))")
    assert shown.err == "note: log(-1 - abs(x)) has no finite value there\n"
    assert "┌" in shown.out
    quiet = plot("log(-1 - abs(x))", "-q")
    assert (quiet.out, quiet.err) == (shown.out, "")


def test_saturated_regions(plot):
    shown = plot("sigmoid", "--range", "-40:40", "--dtype", "float32").out
    assert "░░ sigmoid is exactly 1 in float32 from x = 17.3287" in shown
    assert plot("sigmoid", "--range", "-40:40").out.count("░") == 0
    tanh = plot("tanh", "--range", "-12:12", "--dtype", "bfloat16", columns="100").out
    assert "tanh is exactly -1 in bfloat16 up to x = -3.46875" in tanh
    assert plot("exp", "--range", "0:100", "--dtype", "float32").out.count("overflows in float32 from x = 88.7") == 1
    x, _ = curves("x", "--dtype", "float8_e5m2", plot=plot)["x"].T
    assert set(x) <= {
        float(f"{sign}{value}")
        for sign in "+-"
        for value in (0, *(m * 2.0**e for m in (4, 5, 6, 7) for e in range(-18, 1)))
    }


def test_logarithmic_axes(plot):
    shown = plot("exp", "--logy").out
    assert re.search(r"^ *100┤", shown, re.MULTILINE)
    x, _ = curves("log(x)", "--logx", plot=plot)["log(x)"].T
    assert (x[0], x[-1]) == (0.01, 100)


@pytest.mark.parametrize("function", ["exp", "x*1e305", "1e308*sign(x)", "x**999"])
def test_the_largest_numbers(plot, function):
    shown = plot(function, "--range", "0.5:720").out
    assert len({row for row in shown.splitlines() if "│" in row}) > 3


def test_the_distribution_before_and_after(plot):
    numbers = "".join(f"{k / 100}\n" for k in range(-500, 501))
    done = plot("relu", "--hist", "--json", stdin=numbers + "nan\n")
    records = json.loads(done.out)
    assert done.err == "note: 1 of 1002 numbers are left out: they are, or become, nan or infinite\n"
    for label in ("before", "relu"):
        bins = [record for record in records if record["function"] == label]
        assert sum(record["value"] for record in bins) == pytest.approx(1)
        assert all(left["high"] == right["low"] for left, right in pairwise(bins))
    first = next(record for record in records if record["function"] == "relu")
    inside = sum(first["low"] <= max(0, k / 100) < first["high"] for k in range(-500, 501))
    assert first["value"] == pytest.approx(inside / 1001)
    assert [line.split() for line in plot("relu", "--hist", stdin=numbers).out.splitlines()[:2]] == [
        ["share", "share"], ["██", "before", "██", "relu"],
    ]  # fmt: skip


def test_a_function_of_a_vector(plot):
    done = plot("softmax", stdin="0 0 0.6931471805599453\n1 2\n")
    assert done.err == "note: the first of 2 lines is shown\n"
    assert "before" in done.out
    records = json.loads(plot("softmax", "--json", stdin="0 0 0.6931471805599453\n").out)
    assert [record["value"] for record in records if record["function"] == "softmax"] == pytest.approx(
        [0.25, 0.25, 0.5]
    )


@pytest.mark.parametrize("suffix", [".txt", ".ansi", ".svg", ".html"])
def test_saving(plot, tmp_path, suffix):
    file = tmp_path / f"gelu{suffix}"
    shown = plot("gelu", "--save", str(file))
    assert (shown.out, shown.err) == ("", f"note: saved as {file}\n")
    assert "gelu" in file.read_text(encoding="utf-8")


def test_saving_where_nothing_can_be_saved(plot, tmp_path):
    shown = plot("gelu", "--save", str(tmp_path / "none" / "gelu.svg"), status=74)
    assert shown.err.startswith("actfn: cannot write the answer to '")
    assert "No such file or directory" in shown.err


def test_a_closed_output(plot, monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    assert plot("relu", status=74).err == "actfn: cannot write the answer: standard output is closed\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["relu", "3"], "'3' is a number, not a function"),
        (["relu", "--range", "2:1"], "the range '2:1' is empty"),
        (["relu", "--range", "1"], "not a range: '1'"),
        (["relu", "--range", "-1e308:1"], "no axis reaches to -1e+308"),
        (["relu", "--ylim", "0:inf"], "two finite ends"),
        (["relu", "--logx", "--range", "-1:1"], "a logarithmic axis has no place for -1"),
        (["relu", "--save", "a.gif"], "no picture can be saved as 'a.gif'"),
        (["relu", "-p", "alpha=1,2"], "'relu' has no parameter 'alpha'"),
        (["leaky_relu", "-p", "alpha"], "not a parameter: 'alpha'"),
        (["leaky_relu", "-p", "alpha=0:1:30"], "more than 24 curves cannot be told apart"),
        (["relu", "softmax"], "'softmax' is a function of a vector, 'relu' one of a number"),
        (["relu", "--width", "3"], "--width"),
        (["sigmiod"], "did you mean 'sigmoid'"),
        (["relu", "--mark", "poles"], "nothing is called 'poles' here"),
        (["relu", "--at", "x"], "not a number: 'x'"),
    ],
)
def test_what_it_refuses(plot, arguments, said):
    shown = plot(*arguments, status=2)
    assert said in shown.err
    assert "hint: " in shown.err
    assert shown.out == ""


@pytest.mark.parametrize("arguments", [["relu", "--hist"], ["softmax"]])
def test_nothing_piped_in(plot, arguments):
    assert "| actfn plot" in plot(*arguments, status=2, stdin="").err


def test_it_imports_what_it_needs_and_no_more():
    heavy = {"rich", "flint", "ml_dtypes", "matplotlib", "scipy"}
    assert not imported_by("plot", "gelu") & heavy
    assert not imported_by("plot", "gelu", "--json") & (heavy | {"plotext"})
