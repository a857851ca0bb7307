"""Every name of every framework finds its function, with the framework's own defaults."""

import json
from pathlib import Path

import numpy as np
import pytest

import actfn
from actfn.catalogue import frameworks, spellings
from actfn.catalogue.rows import OMITTED, find, normalised
from actfn.errors import ActfnError, UnknownNameError

LISTS = json.loads((Path(__file__).parent / "frameworks.json").read_text(encoding="utf-8"))
NAMES = [(framework, name, row) for framework, names in LISTS.items() for name, row in names.items()]
ELSEWHERE = {"softmax2d": "softmax", "masked_softmax": "softmax", "log": "log_clamped"}


@pytest.mark.parametrize(("framework", "name", "row"), NAMES, ids=lambda each: each)
def test_a_qualified_name_finds_its_row(framework, name, row):
    if normalised(name) in OMITTED:
        with pytest.raises(UnknownNameError, match="learned convolution"):
            spellings.qualified(f"{framework}:{name}")
        return
    for text in (f"{framework}:{name}", f"{framework}.{name}", f"{framework}:{name}".upper()):
        assert spellings.qualified(text).row == ELSEWHERE.get(row, row)


@pytest.mark.parametrize("name", sorted({name for _, name, _ in NAMES}))
def test_a_bare_name_means_a_function(name):
    bare = name.rpartition(".")[2]
    if normalised(bare) not in OMITTED:
        assert actfn.function(bare)


def test_all_names_are_there_and_no_others():
    here = {(each.key, normalised(s.name)) for each in frameworks.FRAMEWORKS for s in each.spellings}
    there = {(frameworks.framework(each.partition(".")[0] if each != "tf.keras" else each).key, normalised(name))
             for each, name, _ in NAMES}  # fmt: skip
    assert here == there


MAJORITY = {"gelu": "gelu", "GELU": "gelu", "HardSigmoid": "hard_sigmoid", "hard_sigmoid": "hard_sigmoid",
            "swish": "swish", "sigmoid": "sigmoid", "SiLU": "silu", "HardSwish": "hard_swish"}  # fmt: skip


@pytest.mark.parametrize(("name", "row"), MAJORITY.items())
def test_a_bare_name_means_what_most_mean(name, row):
    assert actfn.function(name).name == row


X = np.linspace(-4, 4, 33)
OWN = {
    "tf.nn.leaky_relu": "where(x > 0, x, 0.2*x)",
    "keras.layers.LeakyReLU": "where(x > 0, x, 0.3*x)",
    "keras.activations.leaky_relu": "where(x > 0, x, 0.2*x)",
    "vleaky_relu": "where(x > 0, x, 0.3*x)",
    "neat:lelu": "where(x > 0, x, 0.005*x)",
    "flax.linen.PReLU": "where(x > 0, x, 0.01*x)",
    "mxnet.elu": "where(x > 0, x, 0.25*expm1(x))",
    "onnx:HardSigmoid": "clip(0.2*x + 0.5, 0, 1)",
    "onnx:Clip": "x",
    "jax.nn.gelu": "gelu_tanh(x)",
    "mlx.nn.gelu_fast_approx": "x*sigmoid(1.702*x)",
    "burn:Shrink": "where(x > 0.5, x - 0.5, where(x < -0.5, x + 0.5, 0))",
    "chainer:clipped_relu": "min(max(x, 0), 20)",
    "neat-python:softplus": "0.2*log(1 + exp(5*x))",
    "neat:gauss": "exp(-5*clip(x, -3.4, 3.4)**2)",
    "Siren": "sin(30*x)",
    "echo:Aria2": "1/sqrt(1 + exp(-x))**0 * 1/(1 + exp(-0.5*x))",
    "fann.FANN_SIGMOID_SYMMETRIC": "tanh(x/2)",
    "fann.FANN_ELLIOT": "x/4/(1 + abs(x/2)) + 0.5",
    "fann.FANN_GAUSSIAN": "exp(-x**2/4)",
    "timm:metaformer.StarReLU": "max(x, 0)**2",
    "echoai:swish": "x/(1 + exp(-1.25*x))",
}


@pytest.mark.parametrize(("name", "formula"), OWN.items())
def test_a_qualified_name_has_its_own_defaults(name, formula):
    assert actfn.function(name)(X) == pytest.approx(actfn.function(formula)(X), rel=1e-12, abs=1e-15)


def test_parameters_can_be_given_still():
    assert actfn.function("tf.nn.leaky_relu", alpha=0.5)(-2.0) == -1.0
    assert actfn.function("keras_contrib:squash", c=1.0)([3.0, 4.0]) == pytest.approx(np.array([15, 20]) / 26)
    with pytest.raises(UnknownNameError, match="no parameter 'beta'"):
        actfn.function("neat:sigmoid", beta=1.0)


def test_a_bare_spelling_stands_in_an_expression_unless_it_means_other_defaults():
    assert actfn.function("2*gelu_new(x)")(1.0) == 2 * actfn.function("gelu_tanh")(1.0)
    with pytest.raises(ActfnError, match="its own defaults") as raised:
        actfn.function("2*vleaky_relu(x)")
    assert raised.value.hint == "write leaky_relu(x, alpha=0.3)"


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("torch.nn.Sigmiod", "PyTorch 2.13 has no function 'Sigmiod' in torch.nn", "did you mean 'Sigmoid' or"),
        ("fastai:gelu", "fastai 2.8.12 has no function 'gelu' in fastai", "it has swish"),
        ("mylib.gelu", "no framework here is called 'mylib'", "the frameworks: torch, keras"),
    ],
)
def test_an_unknown_qualified_name(name, message, hint):
    with pytest.raises(UnknownNameError, match=message) as raised:
        actfn.function(name)
    assert raised.value.hint.startswith(hint)


def test_every_own_meaning_is_a_function():
    for framework in frameworks.FRAMEWORKS:
        for spelling in framework.spellings:
            if spelling.own:
                assert find(spelling.meaning) or actfn.function(f"{framework.key}:{spelling.name}")
            own = (
                set(framework.own) - {s.name for s in framework.spellings} - {s.qualified for s in framework.spellings}
            )
            assert not own
