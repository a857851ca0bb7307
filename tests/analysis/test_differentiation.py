import math

import numpy as np
import pytest

import actfn
from actfn.analysis.differentiation import check, slopes
from actfn.functions.function import Function

X = np.array([-700.0, -40.0, -1.3, 0.0, 0.2, 2.0, 40.0, 700.0])


@pytest.mark.parametrize(
    "name", ["sigmoid", "tanh", "gelu", "mish", "silu", "softplus", "log_sigmoid", "relu", "swish"]
)
@pytest.mark.parametrize("order", [1, 2])
def test_right_derivatives_pass(name, order):
    function = actfn.function(name).derivative(order)
    result = check(function, X, slopes(function, X))
    assert not np.any(result.wrong)
    assert np.all(
        np.isfinite(result.numerical) | np.array([place in slopes(function, X).kinks for place in range(X.size)])
    )


class Wrong(Function):
    """A derivative that is off by 0.05 %, or that lost its digits."""

    def values(self, x, form=None):  # noqa: ARG002 - as overridden
        return {"factor": super().values(x) * 1.0005, "lost": np.where(np.abs(x) > 37, 0.0, super().values(x))}[
            self.name
        ]


def test_wrong_derivatives_fail():
    tree = actfn.function("sigmoid").tree
    for name, wrong in {"factor": 8, "lost": 4}.items():
        function = Wrong(tree, "x", name, order=1)
        assert np.sum(check(function, X, slopes(function, X)).wrong) >= wrong - 2


def test_points_without_a_derivative_are_not_checked():
    function = actfn.function("relu").derivative()
    x = np.array([0.0, math.inf, math.nan, 1.0])
    result = check(function, x, slopes(function, x))
    assert np.isnan(result.numerical).tolist() == [True, True, True, False]
    log = actfn.function("log").derivative()
    assert np.isnan(check(log, np.array([-1.0]), slopes(log, np.array([-1.0]))).numerical[0])


def test_both_slopes_at_a_kink():
    result = slopes(actfn.function("1.2**max(0, g-2)").derivative(), np.array([1.0, 2.0, 3.0]))
    assert result.left.tolist() == pytest.approx([0, 0, 0.2187858681527455])
    assert result.right.tolist() == pytest.approx([0, 0.1823215567939546, 0.2187858681527455])
    assert list(result.kinks) == [1]
