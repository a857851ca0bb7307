"""`actfn list` as a person runs it."""

import json
import subprocess
import sys

import actfn as library
from tests.conftest import PLAIN


def test_all(actfn):
    records = json.loads(actfn("list", "--json").stdout)
    assert [record["name"] for record in records] == library.names()
    assert {record["family"] for record in records} >= {"rectifiers", "vectors"}
    assert actfn("list").stdout.splitlines()[0] == "relu max(0, x)"


def test_some(actfn):
    shown = actfn("list", "swish").stdout.splitlines()
    assert shown[1:4] == [
        "silu x/(1 + exp(-beta*x))",
        "swish silu(x, beta=beta)",
        "hard_swish where(x <= -3, 0, where(x >= 3, x, x*(x + 3)/6))",
    ]
    assert "quick_gelu" in actfn("list", "Hendrycks", "--format", "table").stdout


def test_a_family(actfn):
    assert {record["family"] for record in json.loads(actfn("list", "--family", "Periodic", "--json").stdout)} == {
        "periodic"
    }
    done = actfn("list", "--family", "periodi")
    assert (done.returncode, done.stderr) == (2, "actfn: unknown family 'periodi'\nhint: did you mean 'periodic'?\n")
    done = actfn("list", "--family", "relu")
    assert done.stderr == "actfn: unknown family 'relu'\nhint: relu is in the family 'rectifiers'\n"
    assert actfn("list", "gelu", "--family", "periodic").returncode == 2


def test_a_framework(actfn):
    records = {record["name"]: record for record in json.loads(actfn("list", "--framework", "keras", "--json").stdout)}
    assert records["leaky_relu"]["spellings"] == "keras.activations.leaky_relu, keras.layers.LeakyReLU"
    assert records["leaky_relu"]["own"].startswith("keras.activations.leaky_relu is leaky_relu(x, alpha=0.2);")
    assert records["identity"]["spellings"] == "keras.activations.linear"
    table = actfn("list", "gelu", "--framework", "jax", "--format", "table", env={"COLUMNS": "80"}).stdout
    assert table == "gated\n  gelu_tanh  gelu  0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x**3)))\n"
    assert "the frameworks: torch" in actfn("list", "--framework", "caffe").stderr


def test_a_table_is_as_wide_as_the_screen(actfn):
    for columns in ("60", "100"):
        shown = actfn("list", "--format", "table", env={"COLUMNS": columns}).stdout.splitlines()
        assert max(map(len, shown)) == int(columns)
        assert {"rectifiers", "vectors"} <= set(shown)


def test_none(actfn):
    done = actfn("list", "sigmiod")
    assert done.returncode == 2
    assert "did you mean 'sigmoid'" in done.stderr


def test_listing_computes_nothing():
    code = "import sys; from actfn.cli.app import run; run(['list']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=PLAIN)
    assert not {"numpy", "rich", "flint", "plotext", "actfn.expression.parser"} & set(done.stderr.split())
