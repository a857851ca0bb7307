"""What the demo of the output neuron claims, over several seeds."""

import numpy as np
import pytest

import actfn
from actfn.experiments.regression import Settings, Start, Variant, regression
from actfn.experiments.walking import SAMPLES, walks

OUTPUTS = {name: actfn.function(name) for name in ("sigmoid", "tanh", "relu")}
VARIANTS = [
    *(Variant(None, start) for start in Start),
    *(Variant(each, Start.DEFAULT) for each in OUTPUTS.values()),
]


@pytest.fixture(scope="module", params=range(3))
def result(request):
    return regression(actfn.function("relu"), VARIANTS, Settings(rows=300, steps=100, seed=request.param))


def fit(result, output, start=Start.DEFAULT):
    return next(each for each in result.fits if (each.output, each.start) == (output, start))


def test_a_bias_at_the_mean_cuts_the_first_loss(result):
    for start in (Start.MEAN, Start.MEAN_SMALL, Start.MEAN_ZERO):
        assert fit(result, "none").first_loss >= 5 * fit(result, "none", start).first_loss


def test_with_weights_at_0_the_first_guess_is_the_mean_and_the_loss_the_variance(result):
    zero = fit(result, "none", Start.MEAN_ZERO)
    assert zero.first_guess == pytest.approx(result.mean)
    assert zero.first_loss == pytest.approx(result.spread**2, rel=0.2)


def test_the_mean_saves_steps(result):
    late, soon = fit(result, "none"), fit(result, "none", Start.MEAN)
    assert soon.reached >= 0
    assert late.reached < 0 or soon.reached < late.reached / 3


def test_bounded_outputs_cannot_name_a_weight(result):
    for name in ("sigmoid", "tanh"):
        stuck = fit(result, name)
        assert stuck.reached == -1
        assert stuck.error > result.mean - 2
    assert fit(result, "none", Start.MEAN).error < result.spread / 2


def test_errors_are_of_people_of_both_groups(result):
    for each in result.fits:
        low, high = sorted((each.with_stone, each.without_stone))
        assert low <= each.error <= high
        assert each.errors[-1] == pytest.approx(each.error, rel=0.05)


def test_walks_have_the_causes_that_they_claim():
    people = walks(np.random.default_rng(0), 3000)
    assert people.signals.shape == (3000, 2 * SAMPLES)
    assert people.stone.mean() == pytest.approx(0.5, abs=0.04)
    up, hip = np.split(people.signals, 2, axis=1)
    heavy, light = people.weights[:, 0] > 85, people.weights[:, 0] < 65
    assert up[heavy].std() > 1.1 * up[light].std()
    assert hip[heavy].std() < 0.95 * hip[light].std()
    # with a stone every second step is weaker: the two halves of a stride differ
    uneven = np.abs(hip.max(axis=1) + hip.min(axis=1))
    assert uneven[people.stone].mean() > 1.5 * uneven[~people.stone].mean()
