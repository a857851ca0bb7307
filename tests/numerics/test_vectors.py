import math

import mpmath
import numpy as np
import pytest
import scipy.special

from actfn.errors import DataError, UsageError
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


PARAMETERS = {"beta_softmax": {"beta": 1.7}, "gumbel_softmax": {"tau": 0.6}, "sqmax": {"c": 4.0}, "maxout": {"k": 2.0},
              "kwta": {"k": 3.0}, "squash": {"c": 0.5}}  # fmt: skip
NAMES = sorted(name.removesuffix("_jacobian") for name in vars(vectors) if name.endswith("_jacobian"))
NAMES = [name for name in NAMES if not name.startswith("_")]
POINTS = np.random.default_rng(5).normal(scale=1.5, size=(40, 6))


def of(name):
    parameters = PARAMETERS.get(name, {})
    return (lambda x: getattr(vectors, name)(x, **parameters)), (
        lambda x: getattr(vectors, f"{name}_jacobian")(x, **parameters)
    )


@pytest.mark.parametrize("name", NAMES)
def test_jacobian_against_central_differences(name):
    kernel, jacobian = of(name)
    computed = jacobian(POINTS)
    for j in range(POINTS.shape[-1]):
        step = np.zeros(6)
        step[j] = 1e-6
        slope = (kernel(POINTS + step) - kernel(POINTS - step)) / 2e-6
        np.testing.assert_allclose(computed[..., j], slope, rtol=1e-6, atol=1e-8)


def relu(x):
    return np.maximum(x, 0)


def sigmoid(x):
    return scipy.special.expit(x)


def projected(x):
    """Onto the simplex, by bisection on the level: sparsemax as it is defined (Martins & Astudillo 2016)."""
    low, high = x.min() - 1, x.max()
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if relu(x - middle).sum() > 1 else (low, middle)
    return relu(x - high)


A, B = np.split(POINTS, 2, axis=-1)
EXPECTED = {
    "softmax": scipy.special.softmax(POINTS, axis=-1),
    "log_softmax": scipy.special.log_softmax(POINTS, axis=-1),
    "softmin": scipy.special.softmax(-POINTS, axis=-1),
    "beta_softmax": scipy.special.softmax(1.7 * POINTS, axis=-1),
    "gumbel_softmax": scipy.special.softmax(POINTS / 0.6, axis=-1),
    "quiet_softmax": np.exp(POINTS) / (1 + np.exp(POINTS).sum(-1, keepdims=True)),
    "sparsemax": np.array([projected(row) for row in POINTS]),
    "hardmax": (POINTS.max(-1, keepdims=True) == POINTS).astype(float),
    "sqmax": (POINTS + 4) ** 2 / ((POINTS + 4) ** 2).sum(-1, keepdims=True),
    "glu": A * sigmoid(B),
    "reglu": relu(A) * B,
    "geglu": A * scipy.special.ndtr(A) * B,
    "swiglu": A * sigmoid(A) * B,
    "gtu": np.tanh(A) * sigmoid(B),
    "bilinear_glu": A * B,
    "dual_relu": relu(A) - relu(B),
    "crelu": np.concatenate([relu(POINTS), relu(-POINTS)], -1),
    "ncrelu": np.concatenate([relu(POINTS), -relu(-POINTS)], -1),
    "bipolar_relu": np.stack([relu(c) if j % 2 == 0 else -relu(-c) for j, c in enumerate(POINTS.T)], -1),
    "maxout": np.stack([POINTS[:, j : j + 2].max(-1) for j in (0, 2, 4)], -1),
    "oplu": np.concatenate([[[max(p), min(p)] for p in POINTS[:, j : j + 2]] for j in (0, 2, 4)], -1),
    "kwta": np.where(np.sort(POINTS)[:, [-3]] <= POINTS, POINTS, 0),
    "squash": POINTS * np.linalg.norm(POINTS, axis=-1, keepdims=True)
    / (0.5 + np.linalg.norm(POINTS, axis=-1, keepdims=True) ** 2),
}  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_value_against_the_definition(name):
    np.testing.assert_allclose(of(name)[0](POINTS), EXPECTED[name], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1e30, 1e200, 1e-200])
def test_there_is_a_value_at_any_size(name, size):
    kernel, jacobian = of(name)
    x = size * np.array([1.0, -0.5, 0.25, 0.75, -1.0, 0.0])
    with np.errstate(all="ignore"):
        value, slopes = kernel(x), jacobian(x)
    product = name in ("reglu", "geglu", "swiglu", "bilinear_glu")
    assert not np.isnan(value).any()
    assert not np.isnan(slopes).any()
    assert product or np.isfinite(value).all()


MASKED = np.array([1.0, -math.inf, 3.0, -math.inf])


@pytest.mark.parametrize("name", ["softmax", "beta_softmax", "gumbel_softmax", "quiet_softmax", "sparsemax", "hardmax"])
def test_an_element_of_minus_infinity_is_left_out(name):
    kernel, _ = of(name)
    with np.errstate(all="ignore"):
        value = kernel(MASKED)
        assert value[[1, 3]].tolist() == [0, 0]
        np.testing.assert_allclose(value[[0, 2]], kernel(np.array([1.0, 3.0])), rtol=1e-14)


@pytest.mark.parametrize(
    ("name", "parameters", "error", "message"),
    [
        ("glu", {}, DataError, "3 numbers cannot be parted into two halves"),
        ("oplu", {}, DataError, "3 numbers cannot be parted into two halves"),
        ("maxout", {"k": 2.0}, DataError, "3 numbers cannot be parted into groups of 2"),
        ("kwta", {"k": 1.5}, UsageError, "not 1.5"),
        ("maxout", {"k": 0.0}, UsageError, "not 0"),
    ],
)
def test_what_cannot_be_parted(name, parameters, error, message):
    with pytest.raises(error, match=message):
        getattr(vectors, name)(np.zeros(3), **parameters)


def test_ties():
    assert vectors.hardmax(np.array([2.0, 2.0])).tolist() == [1, 0]
    assert vectors.kwta(np.array([2.0, 2.0]), k=1.0).tolist() == [2, 0]
    assert vectors.maxout_jacobian(np.array([2.0, 2.0]), k=2.0).tolist() == [[0.5, 0.5]]
