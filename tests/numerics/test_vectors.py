import math

import mpmath
import numpy as np
import pytest
import scipy.special

from actfn.numerics import vectors

X = np.random.default_rng(2).normal(scale=20, size=(200, 7))


def test_softmax_against_scipy():
    np.testing.assert_allclose(vectors.softmax(X), scipy.special.softmax(X, axis=-1), rtol=1e-13)


def test_log_softmax_against_mpmath():
    """SciPy's is off by 23 % where one element has nearly all the mass."""
    with mpmath.workprec(300):
        expected = [[float(x - mpmath.log(sum(map(mpmath.exp, row)))) for x in row] for row in X[:50].tolist()]
    np.testing.assert_allclose(vectors.log_softmax(X[:50]), expected, rtol=1e-14)


@pytest.mark.parametrize(
    ("kernel", "jacobian"),
    [(vectors.softmax, vectors.softmax_jacobian), (vectors.log_softmax, vectors.log_softmax_jacobian)],
)
def test_jacobian_against_the_complex_step(kernel, jacobian):
    x = X[:20] / 10

    def of_complex(z):
        e = np.exp(z - x.max(axis=-1, keepdims=True))
        s = e / e.sum(axis=-1, keepdims=True)
        return s if kernel is vectors.softmax else np.log(s)

    for j in range(x.shape[-1]):
        step = np.zeros(x.shape, complex)
        step[:, j] = 1e-30j
        np.testing.assert_allclose(jacobian(x)[:, :, j], of_complex(x + step).imag / 1e-30, rtol=1e-11, atol=1e-300)


@pytest.mark.parametrize(
    ("x", "soft", "log"),
    [
        ([1e30, 1.0, -math.inf], [1.0, 0.0, 0.0], [0.0, -1e30, -math.inf]),
        ([-1e30, -1e30], [0.5, 0.5], [-math.log(2)] * 2),
        ([math.inf, 1.0], [1.0, 0.0], [0.0, -math.inf]),
        ([math.inf, math.inf, 0.0], [math.nan] * 3, [math.nan] * 3),
        ([-math.inf, -math.inf], [math.nan] * 2, [math.nan] * 2),
        ([math.nan, 0.0], [math.nan] * 2, [math.nan] * 2),
        ([5.0], [1.0], [0.0]),
    ],
)
def test_extremes(x, soft, log):
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(vectors.softmax(np.array(x)), soft)
        np.testing.assert_array_equal(vectors.log_softmax(np.array(x)), log)


def test_the_probability_of_the_winner_keeps_its_logarithm():
    assert vectors.log_softmax(np.array([0.0, -50.0]))[0] == pytest.approx(-math.exp(-50), rel=1e-15)
