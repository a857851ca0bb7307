"""`--exact`, `--digits`, `--ulp` and the small formats, as a person runs them."""

import json

import pytest


def test_as_many_digits_as_asked_for(actfn):
    assert actfn("eval", "sigmoid", "40", "--exact", "--digits", "25").stdout == "0.9999999999999999957516457\n"
    assert actfn("diff", "sigmoid", "800", "--exact", "--digits", "8").stdout == "3.6678746e-348\n"


def test_the_error_in_ulp(actfn):
    assert actfn("eval", "sigmoid", "40", "--ulp").stdout == "1.0 0.0383\n"
    done = actfn("eval", "gelu", "-38", "-12", "-8.5", "--ulp")
    assert all(float(line.split()[1]) < 5 for line in done.stdout.splitlines())
    done = actfn("diff", "gelu", "-2", "1", "--ulp", "--json")
    assert [record["status"] for record in json.loads(done.stdout)] == ["ok", "ok"]


def test_a_typed_formula_is_executed_as_typed_and_told_to_be_wrong(actfn):
    done = actfn("eval", "0.5*x*(1+erf(x/sqrt(2)))", "-9", "--ulp")
    assert float(done.stdout.split()[1]) > 1e15
    assert done.stderr.endswith(
        "warning: no digit of 0.5*x*(1+erf(x/sqrt(2))) in float64 is right at 1 of 1 points: "
        "at x = -9.0 it gives -0.0, the exact value is -1.01573e-18\n"
    )
    assert actfn("eval", "0.5*x*(1+erf(x/sqrt(2)))", "-9", "--ulp", "--strict").returncode == 3


def test_what_cannot_be_told_from_0_is_said(actfn):
    done = actfn("eval", "sin(x)**2 + cos(x)**2 - 1", "1", "--exact", "--json")
    assert json.loads(done.stdout)[0]["exact"] == "nan"
    assert json.loads(done.stdout)[0]["status"] == "untold"
    assert "everything cancels, and it is smaller than" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["1/(1+exp(-x))", "17", "--dtype", "float32"], "1.0\n"),
        (["sigmoid", "17", "--dtype", "float32"], "0.99999994\n"),
        (["gelu", "3", "--dtype", "bfloat16"], "3.0\n"),
        (["silu", "-inf"], "-0.0\n"),
        (["sigmoid", "1", "--dtype", "float8_e5m2"], "0.75\n"),
        (["exp", "-2", "--dtype", "float8_e4m3fn"], "0.140625\n"),
        (["tanh", "2", "--dtype", "float16"], "0.964\n"),
    ],
)
def test_formats(actfn, arguments, expected):
    assert actfn("eval", *arguments).stdout == expected


def test_a_point_outside_the_format_is_said(actfn):
    done = actfn("eval", "exp", "500", "--dtype", "float8_e4m3fn")
    assert done.stdout == "nan\n"
    assert "does not fit into float8_e4m3fn, whose largest number is 448, at 1 of 1 point" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["eval", "gelu", "1", "--exact", "--derivative"],
        ["eval", "softmax", "1", "--ulp"],
        ["diff", "gelu", "1", "--exact", "--check"],
        ["diff", "softmax", "1", "--exact"],
        ["eval", "gelu", "1", "--exact", "--digits", "0"],
    ],
)
def test_what_does_not_go_together(actfn, arguments):
    done = actfn(*arguments)
    assert done.returncode == 2
    assert "hint: " in done.stderr
