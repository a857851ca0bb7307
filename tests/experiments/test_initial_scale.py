"""What the demo of the first weights claims, over several seeds."""

import numpy as np
import pytest

import actfn
from actfn.analysis.regime import Regime
from actfn.analysis.saturation import stretches
from actfn.experiments.choices import Inputs
from actfn.experiments.initial_scale import BINS, Health, Settings, compare, judged, run
from actfn.experiments.initialisers import find, scaled
from actfn.numerics.formats import find_format

SEEDS = range(4)
RELU, SIGMOID, TANH = (actfn.function(name) for name in ("relu", "sigmoid", "tanh"))


def small(**given):
    return Settings(**({"depth": 4, "width": 128, "inputs": 128, "samples": 16} | given))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("seed", SEEDS)
def test_uniform01_weights_saturate_nearly_all_sigmoids_in_layer_2(seed, dtype):
    settings = Settings(depth=2, width=256, inputs=256, samples=32, dtype=dtype, seed=seed)
    result = run(SIGMOID, find("uniform01"), settings)
    assert result.layers[1].saturated >= 0.9
    assert result.health is Health.SATURATED


@pytest.mark.parametrize("seed", range(3))
def test_he_keeps_relus_spread_over_50_layers(seed):
    settings = Settings(depth=50, samples=4, dtype="float32", seed=seed)
    assert 0.5 < run(RELU, find("he"), settings).std_ratio < 2


@pytest.mark.parametrize("seed", SEEDS)
def test_glorot_does_not(seed):
    result = run(RELU, find("glorot"), small(depth=50, dtype="float32", seed=seed))
    assert result.std_ratio < 1e-5
    assert result.health is Health.VANISHING


def test_saturation_is_counted_by_our_thresholds():
    (stretch,) = (s for s in stretches(SIGMOID, find_format("float32")) if s.regime is Regime.SATURATED)
    result = run(SIGMOID, scaled(1.5), small(dtype="float32", depth=3, data=Inputs.NORMAL))
    rng = np.random.default_rng(0)
    x = rng.standard_normal((16, 128)).astype(np.float32)
    z = x @ scaled(1.5).weights(rng, 128, 128, "float32")
    assert 0 < result.layers[0].saturated < 0.5
    assert result.layers[0].saturated == (z >= np.float32(stretch.first)).mean()
    assert result.layers[0].saturated > result.layers[0].saturated_elsewhere > 0  # in float64 only beyond 37.4


def test_flat_by_definition_is_dead_and_not_saturated():
    result = run(actfn.function("hard_sigmoid"), find("uniform01"), small())
    assert all(layer.saturated == 0 for layer in result.layers)
    assert result.layers[-1].dead == 1
    assert result.health is Health.DEAD


def test_float32_overflows_where_float64_does_not():
    narrow, wide = (run(RELU, find("uniform01"), small(depth=25, dtype=dtype)) for dtype in ("float32", "float64"))
    assert narrow.health is wide.health is Health.EXPLODING
    assert not np.isfinite(narrow.layers[-1].std)
    assert np.isfinite(wide.layers[-1].std)


def test_the_histogram_counts_every_activation_between_its_edges():
    layer = run(TANH, find("normal"), small()).layers[0]
    assert len(layer.histogram) == BINS
    assert sum(layer.histogram) == 16 * 128
    assert layer.edges[0] < -0.9
    assert layer.edges[1] > 0.9
    assert layer.histogram[0] + layer.histogram[-1] > sum(layer.histogram[1:-1])


def test_remedies_are_healthy_when_tried():
    settings = small(depth=12)
    result = compare(RELU, [find("small")], settings)
    assert result.remedies[0] == "he"
    assert all(run(RELU, find(name), settings).health is Health.HEALTHY for name in result.remedies)


def test_the_scale_advised_is_healthy_when_tried():
    settings = small(depth=8)
    result = compare(TANH, [find("uniform01")], settings)
    assert run(TANH, scaled(result.scale), settings).health is Health.HEALTHY


def test_a_constant_has_no_remedy():
    result = compare(actfn.function("3"), [find("he")], small())
    assert (result.remedies, np.isnan(result.scale)) == ((), True)


def test_a_seed_is_a_network():
    first, again, other = (compare(TANH, [find("he")], small(seed=seed)).runs[0].layers for seed in (1, 1, 2))
    assert first == again != other


GOOD = np.ones(3)


@pytest.mark.parametrize(
    ("std", "gradient", "saturated", "dead", "verdict"),
    [
        (GOOD, GOOD, 0 * GOOD, 0 * GOOD, (Health.HEALTHY, 0)),
        ([1, 1, 200], GOOD, 0 * GOOD, 0 * GOOD, (Health.EXPLODING, 3)),
        ([1, 0.5, 0.001], GOOD, 0 * GOOD, 0 * GOOD, (Health.VANISHING, 3)),
        (GOOD, [1e-4, 1, 1], 0 * GOOD, 0 * GOOD, (Health.VANISHING, 1)),
        (GOOD, [1e4, 1, 1], 0 * GOOD, 0 * GOOD, (Health.EXPLODING, 1)),
        ([1, np.nan, np.nan], GOOD, GOOD, GOOD, (Health.EXPLODING, 2)),
        (GOOD, [0, 0, 1], [0, 0.9, 1], 0 * GOOD, (Health.SATURATED, 2)),
        (GOOD, [0, 0, 1], 0 * GOOD, [0, 0, 1], (Health.DEAD, 3)),
        ([1, 0, 0], [0, 0, 0], 0 * GOOD, 0 * GOOD, (Health.VANISHING, 1)),
    ],
)
def test_verdicts(std, gradient, saturated, dead, verdict):
    assert judged(*(np.asarray(each, float) for each in (std, gradient, saturated, dead))) == verdict


def test_a_function_without_a_value_for_half_of_the_sums_is_no_explosion():
    run = compare(actfn.function("sqrt(x)"), [find("he")], small()).runs[0]
    assert (run.health, run.layer) == (Health.UNDEFINED, 1)
    assert run.layers[0].undefined == pytest.approx(0.5, abs=0.1)
    assert compare(TANH, [find("he")], small()).runs[0].layers[0].undefined == 0
