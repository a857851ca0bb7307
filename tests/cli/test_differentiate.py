"""`actfn diff` as a person runs it."""

import json
import math

import numpy as np
import pytest
from scipy.special import ndtr

from actfn.expression import jet, rules
from actfn.expression.parser import parse
from actfn.expression.primitives import FUNCTIONS
from actfn.numerics.formats import FORMATS
from tests.cli.test_evaluate import numbers, on_a_terminal

GOALS = "1.2**max(0,g-2)"
KINK = (
    "note: kink at g = 2.0: slope 0.0 from the left, 0.1823215567939546 from the right; "
    "0.0911607783969773 is reported, as max shares the slope evenly at a tie\n"
)


def test_without_points_the_formula_and_its_kinks(actfn):
    done = actfn("diff", GOALS)
    assert done.stdout == "where(g < 2, 0, where(g > 2, log(1.2)*1.2**(g - 2), 0.5*log(1.2)))\n"
    assert done.stderr == KINK
    assert actfn("diff", GOALS, "-q").stderr == ""


def test_on_a_terminal_the_formula_too():
    shown, status = on_a_terminal("diff", "sigmoid")
    assert (shown, status) == ("sigmoid(x)*sigmoid(-x)\n", 0)


def test_at_points_with_both_slopes_at_the_kink(actfn):
    done = actfn("diff", GOALS, "1", "2", "3")
    assert [float(line) for line in done.stdout.split()] == pytest.approx([0, 0.0911607783969773, 0.2187858681527455])
    assert done.stderr == KINK
    records = json.loads(actfn("diff", GOALS, "1", "2", "3", "--json", "-q").stdout)
    assert [record["status"] for record in records] == ["ok", "kink", "ok"]
    assert (records[1]["left"], records[1]["right"]) == (0.0, pytest.approx(0.1823215567939546, rel=1e-15))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["sigmoid", "40", "--order", "1"], 4.248354255291589e-18),
        (["tanh", "20"], 1.6993417021166355e-17),
        (["x**2", "0", "--order", "3"], 0.0),
        (["min(x, exp(x))", "800"], 1.0),
        (["leaky_relu", "-5", "-p", "alpha=0.2"], 0.2),
        (["sigmoid", "20", "--dtype", "float32"], float(np.float32(math.exp(-20) / (1 + math.exp(-20)) ** 2))),
    ],
)
def test_values(actfn, arguments, expected):
    done = actfn("diff", *arguments)
    assert float(done.stdout) == pytest.approx(expected, rel=1e-7 if "float32" in arguments else 4e-16)
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ("max(0,x)**2", "0", "--order", "2"),
            (
                "kink of the slope at x = 0.0: that of order 2 is 0.0 from the left, 2.0 from the right; "
                "1.0 is reported, as max shares the slope evenly at a tie"
            ),
        ),
        (
            ("where(x>0,x,sin(x))", "0", "--order", "3"),
            (
                "kink of the derivative of order 2 at x = 0.0: that of order 3 is -1.0 from the left, "
                "0.0 from the right; -1.0 is reported, as where follows its condition as written"
            ),
        ),
        (
            ("abs(x)", "0", "--order", "2"),
            (
                "kink at x = 0.0: slope -1.0 from the left, 1.0 from the right, so there is no derivative of order 2; "
                "0.0 is reported, as abs shares the slope evenly at a tie"
            ),
        ),
        (
            ("sqrt(abs(x))", "0"),
            (
                "kink at x = 0.0: slope -inf from the left, inf from the right; "
                "0.0 is reported, as abs shares the slope evenly at a tie"
            ),
        ),
        (
            ("x if x!=0 else 5", "0"),
            (
                "jump at x = 0.0: the value is 5.0 there and 0.0 on both sides, so there is no slope; "
                "0.0 is reported, as where follows its condition as written"
            ),
        ),
    ],
)
def test_how_it_breaks(actfn, arguments, expected):
    assert actfn("diff", *arguments).stderr == f"note: {expected}\n"


def test_latex(actfn):
    assert actfn("diff", "gelu", "--latex").stdout == "\\Phi\\left(x\\right) + x \\cdot \\varphi\\left(x\\right)\n"
    record = json.loads(actfn("diff", "gelu", "--json").stdout)[0]
    assert record == {"function": "gelu", "variable": "x", "order": 1, "derivative": "ndtr(x) + x*npdf(x)"}


def test_check(actfn):
    done = actfn("diff", "mish", "-2", "0.5", "--order", "4", "--check", "--json")
    assert done.returncode == 0
    for record in json.loads(done.stdout):
        assert abs(record["difference"]) < 1e-14
        assert record["numerical"] == pytest.approx(record["derivative"], rel=1e-14)
    assert "central differences in high-precision arithmetic: agrees" in done.stderr


def test_the_jacobian(actfn):
    done = actfn("diff", "softmax", stdin="1 2 3\n")
    s = np.exp([1, 2, 3]) / np.sum(np.exp([1, 2, 3]))
    np.testing.assert_allclose(numbers(done.stdout), np.diag(s) - np.outer(s, s), rtol=1e-13)
    records = json.loads(actfn("diff", "log_softmax", "1", "2", "--json").stdout)
    assert [record["row"] for record in records] == [0, 1]
    assert len(actfn("diff", "softmax", stdin="1 2\n\n1 2 3\n").stdout.splitlines()) == 5
    shown = actfn("diff", "softmax", "0", "0", "--format", "table").stdout
    assert [line.split() for line in shown.splitlines()[2:]] == [["0", "0.25", "-0.25"], ["1", "-0.25", "0.25"]]


def test_numbers_piped_in(actfn):
    done = actfn("diff", "relu", stdin="-1 2\n3\n")
    assert done.stdout == "0.0 1.0\n1.0\n"
    assert actfn("diff", "relu", "-", stdin="").stdout == ""
    assert actfn("differentiate", "x**2", "--range", "0:1:3").stdout == "0.0\n1.0\n2.0\n"


def test_many_kinks_are_not_all_described(actfn):
    done = actfn("diff", "floor")
    assert done.stdout == "0\n"
    assert done.stderr.count("note: jump at") == 3
    assert done.stderr.splitlines()[-1] == "note: 1998 more kinks or jumps between -1000 and 1000"


def test_a_jump_has_no_slope(actfn):
    done = actfn("diff", "step", "0", "--json")
    assert json.loads(done.stdout)[0]["status"] == "jump"
    assert "the value goes from 0.0 to 1.0, so there is no slope" in done.stderr


def test_value_and_derivative_side_by_side(actfn):
    done = actfn("eval", "x**3", "2", "3", "--derivative")
    assert done.stdout == "8.0 12.0\n27.0 27.0\n"
    assert actfn("eval", "x**3", "2", "--derivative=2").stdout == "8.0 12.0\n"
    record = json.loads(actfn("eval", "x**3", "2", "--derivative=3", "--json").stdout)[0]
    assert record == {"x": 2.0, "value": 8.0, "derivative": 6.0, "status": "ok"}
    assert actfn("eval", "--derivative", "x**3", "2").stdout == "8.0 12.0\n"


@pytest.mark.parametrize(
    "arguments", [["diff", "softmax", "1", "--order", "2"], ["eval", "softmax", "1", "--derivative"]]
)
def test_what_a_function_of_a_vector_cannot(actfn, arguments):
    done = actfn(*arguments)
    assert done.returncode == 2
    assert "is a function of a vector" in done.stderr


def test_the_order_has_limits(actfn):
    assert actfn("diff", "exp", "0", "--order", "0").returncode == 2
    assert actfn("diff", "exp", "0", "--order", "171").returncode == 2
    assert float(actfn("diff", "exp", "0", "--order", "170").stdout) == pytest.approx(1, rel=1e-12)


def test_a_check_of_nothing_and_in_narrow_formats(actfn):
    assert "nothing could be checked" in actfn("diff", "gelu", "inf", "--check").stderr
    assert actfn("diff", "gelu", "0.3", "--dtype", "float32", "--check").returncode == 0
    assert actfn("diff", "sqrt(x)", "2", "--dtype", "float16", "--check").returncode == 0
    assert "agrees at the one point that could be compared" in actfn("diff", "gelu", "0.3", "--check").stderr
    assert actfn("diff", "relu", "--check").returncode == 2
    assert actfn("diff", "relu", "1", "--latex").returncode == 2


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16", "float8_e4m3fn"])
def test_what_is_checked_against_has_all_digits(actfn, dtype):
    done = actfn("diff", "gelu", "0.25", "1.125", "--check", "--dtype", dtype, "--json")
    for each in json.loads(done.stdout):
        slope = ndtr(each["x"]) + each["x"] * math.exp(-(each["x"] ** 2) / 2) / math.sqrt(2 * math.pi)
        assert each["numerical"] == pytest.approx(slope, rel=1e-15)
        assert each["difference"] == pytest.approx(
            float(FORMATS[dtype].round(each["derivative"])) - slope, rel=1e-7, abs=1e-15
        )


def test_a_wrong_rule_is_found_by_the_check(actfn, monkeypatch):
    """Values come from the rules; the check asks mpmath, which knows none of them."""
    row, true = FUNCTIONS["atan"], rules.partials
    wrong = (parse("1.0005/(1 + u**2)"),)
    monkeypatch.setattr(rules, "partials", lambda asked: wrong if asked is row else true(asked))
    monkeypatch.setattr(jet, "_plan", jet._plan.__wrapped__)  # noqa: SLF001 - as none is kept
    done = actfn("diff", "atan(2*x)", "0.5", "1", "--check")
    assert done.returncode == 1
    assert done.stderr == (
        "note: checked against central differences in high-precision arithmetic: differs at 2 of 2, first at x = 0.5\n"
    )


def test_many_points_on_one_kink(actfn):
    done = actfn("diff", "relu", "-q", stdin="0\n" * 50_000)
    assert done.stdout == "0.0\n" * 50_000


@pytest.mark.parametrize("source", ["x and 1/x", "1/abs(x)", "floor(x) + cosh(x)", "sqrt(abs(x))"])
def test_infinite_sides_of_a_kink_are_no_warnings_of_numpy(actfn, source):
    assert "RuntimeWarning" not in actfn("diff", source, "0").stderr
    assert "RuntimeWarning" not in actfn("diff", source).stderr
