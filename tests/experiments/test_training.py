import numpy as np
import pytest

import actfn
from actfn.experiments.choices import Method, Shape
from actfn.experiments.datasets import SHAPES, mixed
from actfn.experiments.initialisers import find
from actfn.experiments.optimisers import RATES
from actfn.experiments.training import Settings, boundary, contest, grid


def functions(*names):
    return [actfn.function(name) for name in names]


def settings(shape, **given):
    return Settings(shape, find("glorot"), **({"steps": 250} | given))


@pytest.mark.parametrize("shape", Shape, ids=str)
def test_data_is_in_the_square_and_balanced(shape):
    points, labels = SHAPES[shape](np.random.default_rng(0), 4000)
    assert points.shape == (4000, 2)
    assert np.abs(points).max() < 1.1
    assert labels.mean() == pytest.approx(0.5, abs=0.05)
    again, _ = SHAPES[shape](np.random.default_rng(0), 4000)
    assert np.array_equal(points, again)


@pytest.mark.parametrize("shape", Shape, ids=str)
def test_no_straight_line_solves_a_task(shape):
    points, labels = SHAPES[shape](np.random.default_rng(1), 2000)
    design = np.column_stack([points, np.ones(2000)])
    line = np.linalg.lstsq(design, 2.0 * labels - 1, rcond=None)[0]
    assert ((design @ line > 0) == labels).mean() < 0.9


def test_mixed_points_are_easy_and_hard():
    points, labels = mixed(np.random.default_rng(0), 4000)
    easy = np.abs(points[:, 0]) > 1.05
    assert easy.mean() == pytest.approx(0.6, abs=0.05)
    assert np.array_equal(points[easy, 0] > 0, labels[easy] == 1)


@pytest.mark.parametrize("seed", range(3))
def test_relu_and_tanh_learn_what_functions_without_slope_cannot(seed):
    result = contest(functions("relu", "tanh", "1.2**max(0,x-2)"), settings(Shape.XOR, seed=seed))
    relu, tanh, flat = result.trainings
    assert min(relu.accuracy, tanh.accuracy) > 0.93
    assert (flat.dead, flat.accuracy < 0.75) == (1.0, True)
    assert relu.losses[-1] < relu.losses[0] / 2


def test_sigmoid_is_slower_than_relu_on_spirals():
    relu, sigmoid = contest(functions("relu", "sigmoid"), settings(Shape.SPIRALS, steps=400)).trainings
    assert relu.accuracy > sigmoid.accuracy + 0.2


def test_gradient_descent_learns_too():
    (relu,) = contest(functions("relu"), settings(Shape.XOR, method=Method.SGD, rate=RATES[Method.SGD])).trainings
    assert relu.accuracy > 0.93


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_all_see_the_same_and_a_seed_is_a_result(dtype):
    first, second = (
        contest(functions("tanh", "tanh"), settings(Shape.RINGS, steps=30, dtype=dtype)).trainings for _ in range(2)
    )
    assert np.array_equal(first[0].losses, first[1].losses)
    assert np.array_equal(first[0].losses, second[0].losses)
    assert np.array_equal(first[0].map, second[0].map)


def test_a_network_that_leaves_the_floats_is_told():
    (broken,) = contest(functions("log"), settings(Shape.RINGS, steps=20)).trainings
    assert np.isnan(broken.losses[-1])
    assert broken.accuracy == 0


def test_progress_runs_from_0_to_1():
    seen = []
    contest(
        functions("relu", "tanh"), settings(Shape.RINGS, steps=110), lambda doing, share: seen.append((doing, share))
    )
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert (shares[0], 0.8 < shares[-1] < 1) == (0.0, True)
    assert seen[0][0].startswith("relu: loss ")


def test_the_border_of_a_known_map():
    x, y = grid().T
    side = int(np.sqrt(len(x)))
    border = boundary((0.5 + 0.3 * (x - 0.2 - y)).reshape(side, side))
    assert len(border) > side
    assert border[:, 0] - border[:, 1] == pytest.approx(np.full(len(border), 0.2), abs=1e-9)
    assert len(boundary(np.full((side, side), 0.4))) == 0
