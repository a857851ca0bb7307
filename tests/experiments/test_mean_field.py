"""Theory against closed forms, and against networks that were drawn."""

import numpy as np
import pytest

import actfn
from actfn.experiments.choices import Inputs
from actfn.experiments.initial_scale import Settings, run
from actfn.experiments.initialisers import INITIALISERS, find, scaled
from actfn.experiments.mean_field import expected

ONES = np.ones((4, 64))


def test_relu_with_he_keeps_everything():
    theory = expected(actfn.function("relu"), find("he"), ONES, depth=50, width=64)
    assert theory.std == pytest.approx(np.full(50, np.sqrt(2)), rel=1e-3)
    assert theory.gradient == pytest.approx(np.full(50, np.sqrt(0.5)), rel=1e-3)


def test_a_linear_network_multiplies():
    theory = expected(actfn.function("x"), scaled(0.3), ONES, depth=4, width=100)
    assert theory.std == pytest.approx(0.3 * 8 * 3.0 ** np.arange(4), rel=1e-3)
    assert theory.gradient == pytest.approx(3.0 ** np.arange(3, -1, -1), rel=1e-3)


def test_weights_with_a_mean_move_all_sums_together():
    theory = expected(actfn.function("x"), find("uniform01"), ONES, depth=3, width=64)
    assert theory.mean == pytest.approx(32.0 ** np.arange(1, 4), rel=1e-3)


def test_a_slope_much_narrower_than_the_sums_is_met():
    """E[sech(s z)^4] is 4/3 of the density at 0 over s for large s."""
    theory = expected(actfn.function("tanh"), scaled(30.0), np.ones((2, 1)), depth=1, width=1)
    assert theory.gradient[0] ** 2 == pytest.approx(4 / 3 / np.sqrt(2 * np.pi) / 30, rel=1e-2)


@pytest.mark.parametrize("function", ["sigmoid", "tanh", "relu", "x*tanh(softplus(x))"])
@pytest.mark.parametrize("init", [name for name in INITIALISERS if name != "uniform01"])
def test_networks_do_as_theory_says(function, init):
    settings = Settings(depth=3, width=300, inputs=300, data=Inputs.NORMAL, samples=30)
    result = run(actfn.function(function), find(init), settings)
    for name in ("std", "activation_std", "gradient"):
        measured = np.array([getattr(layer, name) for layer in result.layers])
        assert measured == pytest.approx(getattr(result.expected, name), rel=0.25, abs=1e-12), name
