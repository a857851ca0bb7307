import numpy as np
import pytest

from actfn.errors import UnknownNameError
from actfn.experiments.initialisers import INITIALISERS, find, scaled

STATED = {  # textbook variances, for 300 inputs and 200 outputs
    "uniform01": (0.5, 1 / 12),
    "normal": (0.0, 1.0),
    "small": (0.0, 0.01**2 / 3),
    "glorot": (0.0, 2 / 500),
    "he": (0.0, 2 / 300),
    "lecun": (0.0, 1 / 300),
    "orthogonal": (0.0, 1 / 300),
}


@pytest.mark.parametrize("name", INITIALISERS)
def test_mean_and_spread_are_those_stated(name):
    weights = find(name).weights(np.random.default_rng(1), 300, 200)
    mean, variance = STATED[name]
    assert weights.shape == (300, 200)
    assert weights.mean() == pytest.approx(mean, abs=6 * np.sqrt(variance / weights.size))
    assert weights.var() == pytest.approx(variance, rel=0.03)
    assert find(name).std(300, 200) == pytest.approx(np.sqrt(variance))


def test_limits_of_the_uniform_ones():
    rng = np.random.default_rng(2)
    drawn = find("uniform01").weights(rng, 300, 300)
    assert (0 <= drawn.min() < 1e-4, 1 - 1e-4 < drawn.max() < 1) == (True, True)
    assert 0.0099 < np.abs(find("small").weights(rng, 300, 300)).max() <= 0.01


@pytest.mark.parametrize(("inputs", "outputs"), [(5, 9), (9, 5), (6, 6)])
def test_orthogonal_weights_are(inputs, outputs):
    weights = find("orthogonal").weights(np.random.default_rng(0), inputs, outputs)
    product = weights.T @ weights if inputs >= outputs else weights @ weights.T
    assert product == pytest.approx(np.eye(min(inputs, outputs)), abs=1e-12)


@pytest.mark.parametrize("name", INITIALISERS)
def test_a_seed_means_the_same_in_both_formats(name):
    wide, narrow = (find(name).weights(np.random.default_rng(7), 4, 6, dtype) for dtype in ("float64", "float32"))
    assert narrow.dtype == np.float32
    assert np.array_equal(wide.astype(np.float32), narrow)


def test_a_scale_of_ones_own():
    assert scaled(0.25).weights(np.random.default_rng(0), 200, 200).std() == pytest.approx(0.25, rel=0.02)


def test_an_unknown_name_is_told_with_the_near_one():
    with pytest.raises(UnknownNameError) as caught:
        find("xavier")
    assert "there are: uniform01" in caught.value.hint
    with pytest.raises(UnknownNameError) as caught:
        find("gloro")
    assert "glorot" in caught.value.hint
