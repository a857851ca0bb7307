"""Gradients against central differences, and dtypes that stay what they are."""

import numpy as np
import pytest

import actfn
from actfn.experiments.initialisers import INITIALISERS
from actfn.experiments.losses import squared_error
from actfn.experiments.network import Activate, Beside, Chain, Dense, Residual, perceptron

HE = INITIALISERS["he"]
FUNCTIONS = ("tanh", "sigmoid", "gelu", "relu", "mish", "1.2**max(0,x-2)", "x*tanh(softplus(x))", "1/(1+exp(-x))")


def numerical(loss, array, h=1e-6):
    """The gradient of loss() to an array that it reads."""
    gradient = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + h
        above = loss()
        array[place] = kept - h
        gradient[place] = (above - loss()) / (2 * h)
        array[place] = kept
    return gradient


def check(network, x, target):
    """Every gradient of a squared error against differences; returns the gradient to the input."""

    def loss():
        return squared_error(network.forward(x)[0], target).value

    answer, back = network.forward(x)
    to_input = back(squared_error(answer, target).gradient)
    for parameter in network.parameters:
        assert parameter.gradient == pytest.approx(numerical(loss, parameter.value), rel=1e-5, abs=1e-8)
    assert to_input == pytest.approx(numerical(loss, x), rel=1e-5, abs=1e-8)


def dense(inputs, outputs, rng):
    layer = Dense(inputs, outputs, HE, rng)
    layer.bias.value[:] = rng.standard_normal(outputs)
    return layer


@pytest.fixture
def rng():
    return np.random.default_rng(5)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_gradients_through_every_kind_of_function(name, rng):
    network = Chain(dense(3, 4, rng), Activate(actfn.function(name)), dense(4, 2, rng))
    check(network, rng.standard_normal((5, 3)), rng.standard_normal((5, 2)))


def test_gradients_through_residual_and_parallel_layers(rng):
    tanh = Activate(actfn.function("tanh"))
    network = Chain(
        dense(2, 3, rng),
        Residual(Chain(dense(3, 5, rng), tanh, dense(5, 3, rng))),
        Beside(dense(3, 1, rng), Chain(dense(3, 2, rng), Activate(actfn.function("softplus")))),
    )
    check(network, rng.standard_normal((4, 2)), rng.standard_normal((4, 3)))


def test_a_way_back_belongs_to_its_own_forward_pass(rng):
    network = Chain(dense(2, 3, rng), Activate(actfn.function("tanh")), dense(3, 1, rng))
    first, second = rng.standard_normal((2, 4, 2))
    answer, back = network.forward(first)
    expected = back(np.ones_like(answer))
    _, back = network.forward(first)
    network.forward(second)
    assert np.array_equal(back(np.ones_like(answer)), expected)


def test_gradients_add_up(rng):
    layer = dense(2, 2, rng)
    answer, back = layer.forward(rng.standard_normal((3, 2)))
    back(answer)
    once = layer.weight.gradient.copy()
    back(answer)
    assert np.array_equal(layer.weight.gradient, 2 * once)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["gelu", "1/(1+exp(-x))"])
def test_every_array_has_the_dtype_asked_for(dtype, name, rng):
    network = perceptron([3, 4, 4, 2], actfn.function(name), INITIALISERS["glorot"], rng, dtype)
    x = rng.standard_normal((6, 3)).astype(dtype)
    answer, back = network.forward(x)
    loss = squared_error(answer, np.zeros_like(answer))
    arrays = [answer, loss.gradient, back(loss.gradient)]
    arrays += [array for parameter in network.parameters for array in (parameter.value, parameter.gradient)]
    assert {array.dtype.name for array in arrays} == {dtype}


def test_a_perceptron_has_no_activation_at_its_end(rng):
    layers = perceptron([1, 2, 3], actfn.function("relu"), HE, rng).layers
    assert [type(layer) for layer in layers] == [Dense, Activate, Dense]
