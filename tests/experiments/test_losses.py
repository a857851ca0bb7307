"""Gradients against differences, values against mpmath and scipy, and numbers that a naive form would lose."""

import numpy as np
import pytest
from scipy import stats

from actfn.experiments import losses
from tests.experiments.test_network import numerical

RNG = np.random.default_rng(3)
LOGITS = 3 * RNG.standard_normal((4, 3))
LABELS = np.array([0, 2, 1, 1])
MEAN, TARGET = RNG.standard_normal((2, 4, 2))
WIDTH = RNG.uniform(0.2, 2, (4, 2))
MEANS, WIDTHS = RNG.standard_normal((4, 3, 2)), RNG.uniform(0.2, 2, (4, 3))


def test_squared_error():
    prediction = MEAN.copy()
    loss = losses.squared_error(prediction, TARGET)
    assert loss.value == pytest.approx(np.mean(np.sum((MEAN - TARGET) ** 2, axis=1)))
    assert loss.gradient == pytest.approx(
        numerical(lambda: losses.squared_error(prediction, TARGET).value, prediction), rel=1e-6
    )


def test_cross_entropy():
    logits = LOGITS.copy()
    loss = losses.cross_entropy(logits, LABELS)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert loss.value == pytest.approx(-np.mean(np.log(p[np.arange(4), LABELS])))
    assert loss.gradient == pytest.approx(
        numerical(lambda: losses.cross_entropy(logits, LABELS).value, logits), rel=1e-5, abs=1e-9
    )


def test_gaussian():
    mean, width = MEAN.copy(), WIDTH.copy()

    def value():
        return losses.gaussian(mean, width, TARGET).value

    loss = losses.gaussian(mean, width, TARGET)
    assert loss.value == pytest.approx(-np.mean(stats.norm.logpdf(TARGET, MEAN, WIDTH).sum(axis=1)))
    assert loss.mean == pytest.approx(numerical(value, mean), rel=1e-5, abs=1e-8)
    assert loss.width == pytest.approx(numerical(value, width), rel=1e-5, abs=1e-8)


def test_weights_are_rows_counted_so_many_times():
    weights = np.array([[2.0], [-1.0], [0.0], [0.5]])
    mean, width = MEAN.copy(), WIDTH.copy()
    loss = losses.gaussian(mean, width, TARGET, weights)
    rows = [losses.gaussian(*(each[i : i + 1] for each in (MEAN, WIDTH, TARGET))).value for i in range(4)]
    assert loss.value == pytest.approx(weights[:, 0] @ rows / 4)
    expected = numerical(lambda: losses.gaussian(mean, width, TARGET, weights).value, width)
    assert loss.width == pytest.approx(expected, rel=1e-5, abs=1e-8)


def test_mixture():
    logits, means, widths = LOGITS.copy(), MEANS.copy(), WIDTHS.copy()

    def value():
        return losses.mixture(logits, means, widths, TARGET).value

    shares = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=1, keepdims=True)
    densities = stats.norm.pdf(TARGET[:, None], MEANS, WIDTHS[..., None]).prod(axis=2)
    loss = losses.mixture(logits, means, widths, TARGET)
    assert loss.value == pytest.approx(-np.mean(np.log((shares * densities).sum(axis=1))))
    for gradient, array in ((loss.logits, logits), (loss.means, means), (loss.widths, widths)):
        assert gradient == pytest.approx(numerical(value, array), rel=1e-5, abs=1e-8)


def test_one_component_is_a_gaussian():
    one = losses.mixture(np.zeros((4, 1)), MEAN[:, None], WIDTH[:, :1], TARGET)
    same = losses.gaussian(MEAN, np.repeat(WIDTH[:, :1], 2, axis=1), TARGET)
    assert one.value == pytest.approx(same.value)
    assert one.means[:, 0] == pytest.approx(same.mean)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_a_naive_form_loses(dtype):
    far = np.array([[1000.0, -1000.0]], dtype)
    loss = losses.cross_entropy(far, np.array([1]))
    assert (loss.value, loss.gradient.dtype) == (2000.0, dtype)
    assert loss.gradient.tolist() == [[1.0, -1.0]]
    # the density itself, exp(-5e5), is 0 in every format
    narrow = losses.mixture(
        np.zeros((1, 2), dtype),
        np.array([[[1.0], [3.0]]], dtype),
        np.full((1, 2), 1e-3, dtype),
        np.zeros((1, 1), dtype),
    )
    assert narrow.value == pytest.approx(5e5, rel=1e-3)
    assert narrow.means[0, 0, 0] == pytest.approx(1e6, rel=1e-5)
    assert narrow.means.dtype == dtype


def test_log_sum_exp_beyond_the_floats():
    assert losses.log_sum_exp(np.array([1e4, 1e4])) == pytest.approx([1e4 + np.log(2)])
