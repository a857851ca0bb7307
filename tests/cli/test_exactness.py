"""`--exact`, `--digits`, `--ulp` and the small formats, as a person runs them."""

import json
import math

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
        "warning: no digit of 0.5*x*(1+erf(x/sqrt(2))) in float64 is right at 1 of 1 point: "
        "at x = -9.0 it gives -0.0, the exact value is -1.01573e-18\n"
    )
    assert actfn("eval", "0.5*x*(1+erf(x/sqrt(2)))", "-9", "--ulp", "--strict").returncode == 3


@pytest.mark.parametrize(
    ("expression", "x", "status", "alarm"),
    [
        ("exp(exp(exp(x)))", "20", "untold", "overflows in float64 at 1 of 1 point (from x = 1.881746)"),
        ("1/(sin(x)**2+cos(x)**2-1)", "1", "untold", "has no value at 1 of 1 point, first at x = 1.0"),
    ],
)
def test_an_exact_value_of_which_nothing_is_known_is_said(actfn, expression, x, status, alarm):
    done = actfn("eval", expression, x, "--exact", "--json")
    assert json.loads(done.stdout)[0]["status"] == status
    assert f"warning: {expression} {alarm}" in done.stderr
    assert done.stderr.endswith(
        f"warning: no digit of the exact value of {expression} is known at 1 of 1 point, first at x = {float(x)!r}: "
        "a part of it is too large to be computed with, or cancels\n"
    )
    assert actfn("eval", expression, x, "--exact", "--strict").returncode == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["exp", "7", "--dtype", "float8_e4m3fn"],
            (
                "exp is nan in float8_e4m3fn at 1 of 1 point (from x = 6.5): the true value at 7.0 is 1.1e+3, "
                "the largest number 448\nhint: in float64 it does not"
            ),
        ),
        (
            ["exp", "800"],
            (
                "exp overflows in float64 at 1 of 1 point (from x = 709.7827): the true value at 800.0 is 2.73e+347, "
                "the largest number 1.8e+308"
            ),
        ),
    ],
)
def test_what_is_too_large_for_a_format_is_said_once(actfn, arguments, message):
    assert actfn("eval", *arguments, "--exact").stderr == f"warning: {message}\n"


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


@pytest.mark.parametrize(
    ("expression", "part", "values"),
    [
        ("floor(log10(x))", "floor(log10(x))", "2.0 or 3.0"),
        ("2*sign(log10(x) - 3)", "sign(log10(x) - 3)", "-2.0, 0.0 or 2.0"),
        ("where(log10(x) >= 3, x, 7)", "log10(x) >= 3", "7.0 or 1000.0"),
    ],
)
def test_a_step_that_no_digit_decides_leaves_its_sides(actfn, expression, part, values):
    done = actfn("eval", expression, "1000", "--exact", "--json")
    assert json.loads(done.stdout)[0]["status"] == "untold"
    assert done.stderr == (
        f"warning: the exact value of {expression} is not known at 1 of 1 point: at x = 1000.0 no number of digits "
        f"decides {part}, so it is {values}\n"
    )


@pytest.mark.parametrize(("expression", "x"), [("exp(-exp(exp(x)))", "10"), ("gelu", "-1e200")])
def test_what_is_too_small_to_be_computed_with_is_not_said_to_be_0(actfn, expression, x):
    done = actfn("eval", expression, x, "--exact", "--json")
    assert json.loads(done.stdout)[0]["status"] == "underflow"
    assert f"the true value at {float(x)!r} is nearer to 0 than 10**(-" in done.stderr
    assert "it is too small to be computed with, and it is nearer to 0 than 10**(-" in done.stderr


@pytest.mark.parametrize("function", ["sigmoid", "softplus"])
def test_a_value_far_below_the_floats_is_exact(actfn, function):
    done = actfn("eval", function, "-1e300", "--exact", "--digits", "8", "--json")
    (record,) = json.loads(done.stdout)
    digits, _, exponent = record["exact"].partition("e")
    assert (digits, float(exponent)) == ("4.0022395", pytest.approx(-1e300 / math.log(10)))
    assert (record["value"], record["status"]) == (0.0, "underflow")
    assert "the true value at -1e+300 is 10**(-4.34e+299), the smallest" in done.stderr
