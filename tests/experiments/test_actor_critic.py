"""What the demo of actor and critic claims, over several seeds."""

import numpy as np
import pytest
from scipy import linalg

import actfn
from actfn.experiments.actor_critic import DISTANCE, EPSILON, Heads, Settings, actor, density, learn, policy_loss
from actfn.experiments.choices import TaskName
from actfn.experiments.control import TASKS, LinearQuadratic, MountainCar
from tests.experiments.test_network import numerical

TANH, SOFTPLUS, EXP = (actfn.function(name) for name in ("tanh", "softplus", "exp(x)"))
LINEAR, CAR = TASKS[TaskName.LINEAR], TASKS[TaskName.CAR]


@pytest.mark.parametrize(
    ("width", "seed"), [(SOFTPLUS, 0), (SOFTPLUS, 1), (EXP, 2)], ids=["softplus-0", "softplus-1", "exp-2"]
)
def test_the_linear_quadratic_task_is_learnt(seed, width):
    result = learn(Heads(TANH, None, width), Settings(steps=1000, seed=seed))
    assert result.idle < result.learnt < 0
    assert result.best / result.learnt >= 0.9
    assert result.returns[-1] > result.returns[0]


def test_a_bounded_mean_is_out_of_reach():
    result = learn(Heads(TANH, TANH, SOFTPLUS), Settings(steps=600))
    assert 0.5 < result.best / result.learnt < 0.9


def test_the_car_learns_to_swing():
    result = learn(Heads(TANH, None, SOFTPLUS), Settings(TaskName.CAR, steps=500))
    assert result.arrived > 0.9
    assert np.isnan(result.best)
    assert result.learnt > 10
    assert result.idle < 1


@pytest.mark.parametrize(
    ("control", "share"), [(np.ones_like, 0.0), (lambda speed: np.where(speed < 0, -1.0, 1.0), 1.0)],
    ids=["always forward", "with the swing"],
)  # fmt: skip
def test_only_who_swings_gets_over_the_hill(control, share):
    rng = np.random.default_rng(0)
    states, arrived = CAR.start(rng, 20), np.zeros(20, bool)
    for _ in range(CAR.horizon):
        states, _, there = CAR.step(states, control(states[:, 1]), rng)
        arrived |= there
    assert arrived.mean() == share


def test_the_best_gain_is_riccatis():
    task = LinearQuadratic(horizon=200)
    value = linalg.solve_discrete_are(np.array([[task.a]]), np.array([[task.b]]), np.eye(1), np.array([[task.price]]))
    gain = task.a * task.b * value[0, 0] / (task.price + task.b**2 * value[0, 0])
    assert task.gains()[0] == pytest.approx(gain)
    assert task.gains()[-1] == 0  # what is done in the last step costs, and changes nothing any more


@pytest.mark.parametrize("factor", [0.9, 1.1])
def test_no_other_gain_is_better(factor):
    def total(gains):
        rng = np.random.default_rng(4)
        states, gathered = LINEAR.start(rng, 4000), 0.0
        for gain in gains:
            states, rewards, _ = LINEAR.step(states, -gain * states[:, 0], rng)
            gathered += rewards.mean()
        return gathered

    assert total(LINEAR.gains()) > total(factor * LINEAR.gains())


def test_gradients_of_the_policy_loss():
    rng = np.random.default_rng(0)
    distribution = np.column_stack([rng.standard_normal(6), rng.uniform(0.2, 2, 6)])
    actions, advantages = rng.standard_normal((2, 6))
    loss = policy_loss(distribution, actions, advantages, entropy=0.3)
    expected = numerical(lambda: policy_loss(distribution, actions, advantages, 0.3).value, distribution)
    assert loss.gradient == pytest.approx(expected, rel=1e-5, abs=1e-8)


def test_the_loss_belongs_to_the_forward_pass_that_it_is_given():
    """Mean, width, action and advantage are arguments: another pass in between changes nothing."""
    rng = np.random.default_rng(0)
    network = actor(Heads(TANH, TANH, EXP), LINEAR, 4, rng)
    seen, actions, advantages = rng.standard_normal((5, 1)), *rng.standard_normal((2, 5))
    distribution, back = network.forward(seen)
    network.forward(seen + 1)
    loss = policy_loss(distribution, actions, advantages, 0.1)
    back(loss.gradient)
    for parameter in network.parameters:
        expected = numerical(
            lambda: policy_loss(network.forward(seen)[0], actions, advantages, 0.1).value, parameter.value
        )
        assert parameter.gradient == pytest.approx(expected, rel=1e-4, abs=1e-8)


@pytest.mark.parametrize("width", [1.0, 0.1, 0.03, 0.01])
def test_densities_in_float32(width):
    found = density(width)
    z = DISTANCE / width
    truth = -z * z / 2 - np.log(width * np.sqrt(2 * np.pi))
    assert found.stable == pytest.approx(truth, rel=1e-5)
    assert found.stable_slope == pytest.approx(DISTANCE / width**2, rel=1e-6)
    p = np.exp(truth)
    assert found.naive == pytest.approx(np.log(p + EPSILON), rel=1e-4)
    assert found.naive_slope == pytest.approx(p / (p + EPSILON) * DISTANCE / width**2, rel=1e-3, abs=1e-6)


def test_a_small_width_takes_the_naive_gradient_away():
    assert density(0.01).naive_slope == 0
    assert density(0.01).stable_slope == pytest.approx(2000)


def test_the_names_of_tasks():
    assert isinstance(LINEAR, LinearQuadratic)
    assert isinstance(CAR, MountainCar)
