"""Warnings, and `actfn saturation`, as a person runs them."""

import json
import re

import pytest


def test_a_saturated_sigmoid_is_told_with_the_exact_value_and_what_helps(actfn):
    done = actfn("eval", "sigmoid", "10", "20", "30", "40", "--dtype", "float32")
    assert done.stdout == "0.9999546\n1.0\n1.0\n1.0\n"
    first, hint = done.stderr.splitlines()
    assert first == (
        "warning: sigmoid is exactly 1 in float32 at 3 of 4 points (from x = 17.32868): "
        "the true value at 20.0 is 1 - 2.06e-9, its slope 2.06e-9"
    )
    assert hint.startswith("hint: in float64 it does so from |x| = 37.4299 only; log_sigmoid keeps the digits")


def test_the_true_value_is_never_told_as_the_limit_itself(actfn):
    assert "the true value at 800.0 is 1 - 3.67e-348" in actfn("eval", "sigmoid", "800").stderr
    assert "the true value at 1000000.0 is nearer to it than" in actfn("eval", "sigmoid", "1e6").stderr
    shown = actfn("eval", "selu", "-50", "--dtype", "float32").stderr
    assert "the true value at -50.0 is -1.7580993175506592 - 2.33e-8" in shown


def test_the_operation_that_overflows_is_underlined(actfn):
    done = actfn("eval", "1/(1+exp(-x))", "37", "-800")
    assert "is exactly 1 in float64 at 1 of 2 points (from x = 36.7368)" in done.stderr
    assert (
        "  exp(-x) overflows at x = -800.0: its true value is 2.73e+347\n  1/(1+exp(-x))\n       ^^^^^^^\n"
        in done.stderr
    )


@pytest.mark.parametrize(
    ("source", "x", "culprit"),
    [
        ("exp(x)/(1 + exp(x))", "800", "  exp(x) overflows at x = 800.0: its true value is 2.73e+347\n"),
        ("log(-1)*0 + 1/(1+exp(-x))", "-800", ""),  # undefined itself, and what follows is no surprise
    ],
)
def test_only_the_first_operation_that_is_lost_is_told(actfn, source, x, culprit):
    done = actfn("eval", source, x)
    assert [line for line in done.stderr.splitlines(keepends=True) if "its true value is" in line] == [culprit][
        : bool(culprit)
    ]


def test_strict_quiet_and_flat_by_definition(actfn):
    assert actfn("eval", "sigmoid", "40", "--strict").returncode == 3
    assert actfn("eval", "sigmoid", "40", "-q").stderr == ""
    for arguments in (["relu", "-5"], ["hard_sigmoid", "9"], ["tanh", "0"], ["step", "1"], ["softplus", "50"]):
        done = actfn("eval", *arguments, "--strict")
        assert (done.returncode, done.stderr) == (0, "")


def test_a_status_for_each_point(actfn):
    done = actfn("eval", "tanh", "--dtype", "float16", "--json", stdin="".join(f"{x}\n" for x in range(-50, 51)))
    records = json.loads(done.stdout)
    assert {record["status"] for record in records if abs(record["x"]) < 5} == {"ok"}
    assert {record["status"] for record in records if abs(record["x"]) >= 5} == {"saturated"}
    assert done.stderr.count("warning: ") == 1
    assert done.stderr.startswith(
        "warning: tanh is exactly -1 or 1 in float16 at 92 of 101 points (from x = -4.507812): "
    )
    assert "the true value at -50.0 is -1 + 7.44e-44, its slope 1.49e-43" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["eval", "exp", "800"], "overflow", "overflows in float64 at 1 of 1 point (from x = 709.7827)"),
        (["eval", "exp", "-800"], "underflow", "the true value at -800.0 is 3.67e-348"),
        (["diff", "sigmoid", "800"], "vanished", "the derivative of sigmoid is exactly 0 in float64"),
        (["eval", "log", "-1"], "undefined", "log has no value at 1 of 1 point, first at x = -1.0"),
        (["eval", "exp(x)/exp(x)", "800"], "invalid", "is nan in float64"),
        (
            ["eval", "softmax", "inf", "inf", "1"],
            "undefined",
            "softmax has no value at 1 of 3 points, first at x = 1.0",
        ),
        (["eval", "exp", "1e10", "--dtype", "float16"], "outside", "does not fit into float16"),
    ],
)
def test_each_kind(actfn, arguments, status, said):
    done = actfn(*arguments, "--json")
    assert json.loads(done.stdout)[-1]["status"] == status
    assert said in done.stderr


@pytest.mark.parametrize("x", ["800", "-800"])
def test_beyond_thousands_of_changes_the_ends_of_the_line_are_seen(actfn, x):
    done = actfn("eval", "exp(x)*exp(-x)", x, "--json")
    assert json.loads(done.stdout)[0]["status"] == "invalid"
    assert "exp(x)*exp(-x) is nan in float64 at 1 of 1 point (from x = " in done.stderr


def test_nothing_wrong_imports_no_exact_engine():
    from tests.cli.test_app import imported_by

    assert "flint" not in imported_by("eval", "relu", "-5", "0", "5")
    assert "flint" not in imported_by("eval", "sigmoid", "-5", "0", "5")
    assert "flint" in imported_by("eval", "sigmoid", "40", "-q", "--json")


def test_the_table_of_thresholds(actfn):
    done = actfn("saturation", "sigmoid", "--dtype", "float32", "--json")
    borders = {
        (each["function"], each["quantity"], each["regime"], each["value"]): each for each in json.loads(done.stdout)
    }
    mine = borders["sigmoid", "value", "saturated", 1.0]
    assert (mine["first"], mine["before"], mine["value_before"]) == (17.32868003845215, 17.328678131103516, 0.99999994)
    assert mine["exact"] == "0.99999997019769413041"
    assert borders["1/(1 + exp(-x))", "value", "saturated", 1.0]["first"] == 16.63553237915039
    assert borders["sigmoid", "derivative", "vanished", 0.0]["first"] in (103.97208404541016, -103.97208404541016)


def test_for_people_a_table_for_each_function(actfn):
    done = actfn("saturation", "softplus", "--dtype", "float32", "--format", "table")
    tables = [table.splitlines() for table in done.stdout.split("\n\n")]
    assert [table[0] for table in tables] == [
        "softplus", "the derivative of softplus", "log(1 + exp(x))", "the derivative of log(1 + exp(x))",
    ]  # fmt: skip
    assert [line.split(maxsplit=4) for line in tables[0][3:]] == [
        ["float32", "underflow", "-103.97208404541016", "0.0", "7.00644e-46"],
        ["float32", "underflow", "-87.3365478515625", "1.17549e-38", "1.17549e-38"],
        ["float32", "merged", "14.55609130859375", "14.556091", "14.5561 + 4.77e-7"],
    ]
    assert tables[1][5].split(maxsplit=4)[3:] == ["1.0", "1 - 2.98e-8"]


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("function", ["sigmoid", "1/x - 1/x", "exp(x)"])
def test_the_table_fits_the_terminal(actfn, function, columns):
    wanted = ["saturation", function, "--dtype", "float64,float8_e4m3fn", "--format", "table"]
    shown = actfn(*wanted, env={"COLUMNS": str(columns)}).stdout
    assert max(map(len, shown.splitlines())) <= columns


def test_what_is_so_now_and_then_before(actfn):
    shown = actfn("saturation", "sin(x)/x", "--dtype", "float8_e5m2", "--format", "table").stdout
    assert "now and then from" not in shown
    wanted = ["saturation", "sin(x)/x", "--dtype", "float32", "--format", "table"]
    lines = actfn(*wanted, env={"COLUMNS": "120"}).stdout.splitlines()
    assert lines[1].endswith("   now and then from")
    (line,) = (line.split() for line in lines if line.split()[1:3] == ["saturated", "0.000443632947281003"])
    assert line[3:] == ["1.0", "1", "-", "3.28e-8", "0.0004214513"]


@pytest.mark.parametrize("source", ["where(x > 0, x, exp(x) - 1)", "x if x > 0 else sin(x)", "x if x > 0 else tanh(x)"])
def test_a_slope_that_is_1_is_not_saturated(actfn, source):
    done = actfn("diff", source, "0", "--strict")
    assert (done.returncode, done.stdout, done.stderr) == (0, "1.0\n", "")


@pytest.mark.parametrize("function", ["gelu", "silu", "x*sigmoid(x)"])
def test_the_hint_tells_of_the_tail_and_not_of_0(actfn, function):
    said = actfn("eval", function, "--dtype", "float16", "-18").stderr
    assert 30 < float(re.search(r"in float64 it does so from \|x\| = (\S+) only", said)[1]) < 800


def test_of_many_borders_people_see_the_outermost(actfn):
    wanted = ["saturation", "sin(x)/x", "--dtype", "float16"]
    for_programs = actfn(*wanted, "--json")
    assert "more borders" not in for_programs.stderr
    every = [each for each in json.loads(for_programs.stdout) if each["quantity"] == "value"]
    far = [each for each in every if each["regime"] == "underflow" and float(each["first"]) > 0]
    assert len(far) > 8
    done = actfn(*wanted, "--format", "table", env={"COLUMNS": "120"})
    shown = [line.split() for line in done.stdout.split("\n\n")[0].splitlines()[3:]]
    (line,) = [line for line in shown if line[1] == "underflow" and float(line[2]) > 0]
    outermost, innermost = (choose(each["first"] for each in far) for choose in (max, min))
    assert (float(line[2]), float(line[-1])) == (outermost, innermost)
    left_out = int(re.search(r"note: (\d+) more borders", done.stderr)[1])
    assert left_out > len(far) - 2


def test_a_typed_formula_and_all_formats(actfn):
    done = actfn("saturation", "1.2**max(0,g-2)", "--dtype", "float32", "--json")
    assert [(each["quantity"], each["regime"]) for each in json.loads(done.stdout)] == [
        ("value", "overflow"),
        ("derivative", "overflow"),
    ]
    assert json.loads(done.stdout)[0]["first"] == pytest.approx(488.62827, rel=1e-7)
    formats = {
        line.split("\t")[0]
        for line in actfn("saturation", "tanh", "--dtype", "all", "--format", "tsv").stdout.splitlines()
    }
    assert formats == {"dtype", "float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2"}


def test_a_function_that_tells_the_truth(actfn):
    done = actfn("saturation", "relu")
    assert (done.stdout, done.returncode) == ("", 0)
    assert (
        done.stderr
        == "note: no float of float64, float32, float16, bfloat16 was found where relu is not what it should be\n"
    )
    assert actfn("saturation", "relu", "-q").stderr == ""


@pytest.mark.parametrize("arguments", [["softmax"], ["sigmoid", "--dtype", "float33"], ["sigmiod"]])
def test_what_it_refuses(actfn, arguments):
    done = actfn("saturation", *arguments)
    assert done.returncode == 2
    assert "hint: " in done.stderr
