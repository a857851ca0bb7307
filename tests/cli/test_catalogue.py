"""`actfn list` as a person runs it."""

import json

import actfn as library


def test_all(actfn):
    records = json.loads(actfn("list", "--json").stdout)
    assert [record["name"] for record in records] == library.names()
    assert {record["family"] for record in records} >= {"rectifiers", "vectors"}
    assert actfn("list").stdout.splitlines()[0] == "relu max(0, x)"


def test_some(actfn):
    assert actfn("list", "swish").stdout.splitlines() == [
        "silu x/(1 + exp(-x))",
        "swish x/(1 + exp(-x))",
        "hard_swish where(x <= -3, 0, where(x >= 3, x, x*(x + 3)/6))",
    ]
    assert "quick_gelu" in actfn("list", "Hendrycks", "--format", "table").stdout


def test_none(actfn):
    done = actfn("list", "sigmiod")
    assert done.returncode == 2
    assert "did you mean 'sigmoid'" in done.stderr
