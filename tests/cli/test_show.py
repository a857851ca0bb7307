"""`actfn show` as a person runs it."""

import json

import pytest


def test_a_named_function(actfn):
    shown = actfn("show", "gelu").stdout
    for line in (
        "gelu   Gaussian error linear unit",
        "formula       0.5*x*(1 + erf(x/sqrt(2)))",
        "range         [-0.169971, inf)",
        "extrema       minimum -0.169971 at -0.751792",
        "gain          1.53353, which is sqrt(1/E[f(z)^2]) for standard normal z",
    ):
        assert line in shown.splitlines()
    assert "torch.nn.GELU" in shown
    assert "jax.nn.gelu, flax.nnx.gelu" in shown.replace("\n", " ")
    assert max(map(len, shown.splitlines())) <= 100


@pytest.mark.parametrize(
    ("function", "lines"),
    [
        ("torch.nn.Hardswish", ["hard_swish   Hard swish", "kinks         -3, 3"]),
        ("1.2**max(0,g-2)", ["formula       1.2**max(0, g - 2)", "range         [1, inf)", "kinks         2"]),
        ("x/(1+exp(-x))", ["The same function as silu, swish, ahaf, eis3, acon_c, aria, leaf_af, dice."]),
        ("tf.nn.leaky_relu", ["parameters    alpha=0.2", "formula       where(x > 0, x, 0.2*x)"]),
        ("sigmoid", ["saturated in  float32 from 17.3287, float64 from 37.4299"]),
        ("kwta", ["formula       x_i if it is among the k largest, else 0", "parameters    k=1"]),
    ],
)
def test_what_is_told(actfn, function, lines):
    shown = actfn("show", function, "--no-graph").stdout.splitlines()
    assert [line for line in lines if line not in shown] == []


@pytest.mark.parametrize(("function", "told"), [("x", True), ("1/x", False)])
def test_of_a_function_with_poles_no_gain_is_told(actfn, function, told):
    """Beside a pole the square has no mean."""
    shown = actfn("show", function, "--no-graph").stdout
    assert ("\ngain  " in shown, "\n50 layers  " in shown, "\npoles  " in shown) == (told, told, not told)


def test_the_graph(actfn):
    with_graph = actfn("show", "tanh", env={"COLUMNS": "60"}).stdout
    without = actfn("show", "tanh", "--no-graph", env={"COLUMNS": "60"}).stdout
    picture = [line for line in with_graph.splitlines() if line not in without.splitlines()]
    assert any("value" in line and "slope" in line for line in picture)
    assert 10 <= len(picture) <= 15
    assert max(map(len, picture)) <= 60


def test_a_function_of_a_vector_has_no_graph(actfn):
    assert actfn("show", "softmax").stdout == actfn("show", "softmax", "--no-graph").stdout


def test_the_graph_where_there_is_no_unicode(program):
    shown = program("show", "tanh", env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}).stdout
    assert "slope" in shown
    assert shown.isascii()


def test_a_record(actfn):
    (record,) = json.loads(actfn("show", "swish", "-p", "beta=2", "--json").stdout)
    assert record["name"] == "swish"
    assert record["formula"] == "x/(1 + exp(-2*x))"
    assert record["parameters"] == "beta=2"
    assert (record["value_at_0"], record["slope_at_0"]) == (0, 0.5)
    assert record["limits"] == [0, "inf"]
    assert record["gain"] == pytest.approx(1.5, abs=0.1)
    assert "kinks" not in record
    assert "ONNX 1.23: onnx.Swish" in record["spellings"]
    header = actfn("show", "swish", "--format", "csv").stdout.splitlines()[0]
    assert header.startswith(
        "name,title,formula,derivative,LaTeX,parameters,domain,domain_low,domain_high,holes,range,"
    )


def test_numbers_in_a_record_are_numbers_and_all_there(actfn):
    (record,) = json.loads(actfn("show", "clip(x, -1, 1) + step(x - 2)", "--json").stdout)
    assert record["kinks"] == [-1, 1]
    assert record["jumps"] == [2]
    (waves,) = json.loads(actfn("show", "abs(sin(x)) + abs(x - 1)", "--json").stdout)
    assert len(waves["kinks"]) > 6
    assert waves["steepest"] == pytest.approx(2)
    (nothing,) = json.loads(actfn("show", "log(x)", "--json").stdout)
    assert nothing["value_at_0"] == "-inf"
    assert (nothing["domain"], nothing["domain_low"], nothing["domain_high"]) == ("(0, inf)", 0, "inf")
    (valley,) = json.loads(actfn("show", "silu", "--json").stdout)
    assert valley["range_low"] == valley["minima"][0] == pytest.approx(-0.2784645427610738, rel=1e-15)
    assert (valley["roots"], valley["minima_at"], valley["maxima"]) == ([0], [pytest.approx(-1.2784645427610738)], [])


def test_a_function_without_a_value_anywhere(actfn):
    (record,) = json.loads(actfn("show", "log(-1 - x**2)", "--json").stdout)
    assert record["domain"] == "nowhere"
    assert "range" not in record


def test_an_unknown_name(actfn):
    done = actfn("show", "geluu")
    assert done.returncode == 2
    assert "did you mean 'gelu'" in done.stderr
