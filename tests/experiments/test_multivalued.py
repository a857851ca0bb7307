"""What the demo of several right answers claims, over several seeds."""

import numpy as np
import pytest

import actfn
from actfn.experiments.choices import Problem
from actfn.experiments.losses import mixture
from actfn.experiments.multivalued import COMPONENTS, MixtureNetwork, Settings, invert
from tests.experiments.test_network import numerical

TANH, SOFTPLUS, EXP = (actfn.function(name) for name in ("tanh", "softplus", "exp(x)"))


@pytest.mark.parametrize("width", [SOFTPLUS, EXP], ids=["softplus", "exp"])
@pytest.mark.parametrize("seed", range(3))
def test_squared_error_says_0_and_the_mixture_both_roots(seed, width):
    result = invert(TANH, width, Settings(steps=300, seed=seed))
    assert (result.questions[0], result.questions[-1]) == (0.3, 1.0)
    assert np.abs(result.single).max() < 0.15
    assert result.near.min() >= 0.9
    assert np.abs(result.sides - 0.5).max() < 0.2
    assert result.losses[0] == pytest.approx(result.mean_loss, rel=0.1)


@pytest.mark.parametrize("seed", range(2))
def test_a_circle_of_answers(seed):
    settings = Settings(Problem.CIRCLE, steps=300, components=COMPONENTS[Problem.CIRCLE], seed=seed)
    result = invert(TANH, SOFTPLUS, settings)
    assert np.sqrt((result.single**2).sum(axis=1)).max() < 0.25
    assert result.near.mean() >= 0.8
    assert result.sides.shape == (settings.asked, 12)
    assert result.sides.min() > 0.02
    assert result.sides.sum(axis=1) == pytest.approx(np.ones(settings.asked))


def test_masses_are_those_of_the_mixture():
    """The share of draws near the roots against the normal distribution function."""
    from scipy import stats

    result = invert(TANH, SOFTPLUS, Settings(steps=200))
    shares, means, widths = result.mixtures
    mass = np.zeros(len(shares))
    for root in (np.sqrt(result.questions), -np.sqrt(result.questions)):
        above = stats.norm.cdf(root[:, None] + 0.15, means[..., 0], widths)
        mass += (shares * (above - stats.norm.cdf(root[:, None] - 0.15, means[..., 0], widths))).sum(axis=1)
    assert result.near == pytest.approx(mass, abs=0.04)


@pytest.mark.parametrize("outputs", [1, 2])
def test_gradients_of_the_mixture_network(outputs):
    rng = np.random.default_rng(0)
    network = MixtureNetwork(TANH, SOFTPLUS, outputs, Settings(width=4, components=3), rng)
    x, target = rng.standard_normal((5, 1)), rng.standard_normal((5, outputs))
    distribution, back = network.forward(x)
    assert [part.shape for part in distribution] == [(5, 3), (5, 3, outputs), (5, 3)]
    loss = mixture(*distribution, target)
    back(loss.logits, loss.means, loss.widths)
    for parameter in network.body.parameters:
        expected = numerical(lambda: mixture(*network.forward(x)[0], target).value, parameter.value)
        assert parameter.gradient == pytest.approx(expected, rel=1e-4, abs=1e-7)
