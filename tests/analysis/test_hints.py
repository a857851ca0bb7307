"""What is said to help does."""

import numpy as np
import pytest

import actfn
from actfn.analysis.hints import _WITHOUT_LOSS, hints
from actfn.analysis.regime import Regime
from actfn.analysis.saturation import classify
from actfn.numerics.formats import FLOAT64

SCALE = "in a network, a smaller initial scale keeps its inputs nearer to 0"


def said(text, x, order=0):
    function = actfn.function(text).derivative(order)
    regime = classify(function, FLOAT64, np.array([x]))[0].regime
    assert regime in (Regime.SATURATED, Regime.VANISHED)
    return list(hints(function, FLOAT64, regime, x))


@pytest.mark.parametrize(
    ("text", "x", "order"), [("tanh", 30, 0), ("tanh", -30, 0), ("sigmoid", 800, 1), ("erf", 9, 0)]
)
def test_what_is_lost_far_out_is_kept_near_0(text, x, order):
    assert SCALE in said(text, float(x), order)


@pytest.mark.parametrize(
    ("text", "x", "order", "hint"),
    [
        ("(1-cos(x))/x**2", 1e-8, 0, "2*sin(x/2)**2 is 1 - cos(x) without the loss of digits"),
        ("sqrt(1+x*x)-1", 1e-9, 0, "x*x/(sqrt(1 + x*x) + 1) is sqrt(1 + x*x) - 1 without the loss of digits"),
        ("1/(1+exp(-x))-0.5", 1e-20, 0, "tanh(x/2)/2 is 1/(1 + exp(-x)) - 0.5 without the loss of digits"),
        ("log(1+x)", 1e-20, 0, "log1p(x) is log(1 + x) without the loss of digits"),
        ("sin(x)/x", 1e-8, 1, "numbers cancel here: another form of it may keep the digits"),
        ("x - sin(x)", 1e-9, 0, "numbers cancel here: another form of it may keep the digits"),
    ],
)
def test_what_cancels_near_0_needs_another_form(text, x, order, hint):
    assert said(text, x, order) == [hint, "--exact shows the true values"]


@pytest.mark.parametrize(("form", "stable"), _WITHOUT_LOSS)
def test_the_other_form_is_equal_and_loses_nothing(form, stable):
    form, stable = actfn.function(form), actfn.function(stable)
    for u in (-0.5, 1e-9, 3.0):
        assert stable(u) == pytest.approx(float(form.exact(u)), rel=1e-15)
