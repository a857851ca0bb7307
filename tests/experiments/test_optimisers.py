import numpy as np
import pytest

from actfn.experiments.network import Parameter
from actfn.experiments.optimisers import SGD, Adam


def test_sgd_with_momentum_is_the_recursion():
    parameter = Parameter(np.array([1.0]))
    optimiser = SGD([parameter], rate=0.1, momentum=0.5)
    for gradient in (1.0, 2.0):
        parameter.gradient += gradient
        optimiser.step()
    assert parameter.value == pytest.approx([1 - 0.1 * 1 - 0.1 * 2.5])
    assert parameter.gradient == [0.0]


def test_adams_first_step_is_the_rate_whatever_the_gradient():
    parameter = Parameter(np.array([1.0, 1.0, 1.0]))
    parameter.gradient[:] = [1e-3, -50.0, 0.0]
    Adam([parameter], rate=0.1).step()
    assert parameter.value == pytest.approx([0.9, 1.1, 1.0], rel=1e-4)


def test_adam_as_in_the_paper():
    parameter = Parameter(np.array([2.0]))
    optimiser = Adam([parameter], rate=0.01)
    value, m, v = 2.0, 0.0, 0.0
    for t in range(1, 30):
        gradient = 3 * value**2 - 1
        parameter.gradient += 3 * parameter.value**2 - 1
        optimiser.step()
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        value -= 0.01 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        assert parameter.value == pytest.approx([value], rel=1e-12)


@pytest.mark.parametrize("make", [lambda p: SGD(p, 0.1, 0.9), lambda p: Adam(p, 0.1)], ids=["sgd", "adam"])
def test_both_find_the_ground_and_keep_float32(make):
    parameter = Parameter(np.array([3.0, -4.0], np.float32))
    optimiser = make([parameter])
    for _ in range(400):
        parameter.gradient += 2 * parameter.value
        optimiser.step()
    assert np.abs(parameter.value).max() < 1e-2
    assert parameter.value.dtype == np.float32
