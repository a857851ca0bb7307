"""Advantage actor-critic on a continuous action: the actor names a normal distribution, the critic tells its worth.

A step is one forward pass. Its mean and width give the action; the action gives reward and next state; these give the
critic's TD error, which is the advantage (scaled to a mean square of 1 over the episodes side by side); and the loss
-log p(action) * advantage goes back through that same pass: the likelihood ratio of Williams 1992 (REINFORCE), with the
TD error and the entropy of Mnih et al. 2016 (A3C, arXiv:1602.01783).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from actfn.catalogue import lookup
from actfn.experiments.choices import TaskName
from actfn.experiments.control import TASKS, LinearQuadratic, Task
from actfn.experiments.initialisers import INITIALISERS, scaled
from actfn.experiments.losses import HALF_LOG_2PI, Loss, gaussian, squared_error
from actfn.experiments.network import Activate, Beside, Chain, Dense, Layer, perceptron
from actfn.experiments.optimisers import Adam
from actfn.experiments.watching import Watch, unwatched
from actfn.functions.function import Function
from actfn.numerics.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.experiments.network import Floats

EPSILON = 1e-5  # what is added to a probability so that its logarithm is finite
WIDTHS = (1.0, 0.3, 0.1, 0.05, 0.03, 0.01)  # at which the two logarithms of a density are compared
DISTANCE = 0.2  # of the action from the mean, there

_LEAST_WIDTH = 0.1  # added to every width: the gradient grows as 1/width, faster than Adam follows
_FIRST_WIDTH = -0.7  # the bias of the head: about 0.4 as softplus, 0.5 as exp
_LEAST_ADVANTAGE = 1e-8
_CRITIC_ALONE = 0.1  # of the steps: what a critic says that has seen nothing would only mislead the actor
_TESTED = 400  # episodes of the last test


@dataclass(frozen=True)
class Settings:
    """The task and the learner: two networks with hidden layers of `units`, `rows` episodes side by side."""

    task: TaskName = TaskName.LINEAR
    units: int = 32
    rows: int = 64
    steps: int = 3000
    rate: float = 0.0015
    critic_rate: float = 0.02
    discount: float = 0.9
    entropy: float = 0.003
    seed: int = 0


@dataclass(frozen=True)
class Density:
    """The logarithm of a normal density at DISTANCE from its mean in float32, and its slope to the mean, in two ways.

    Attributes:
        width: of the distribution.
        stable, stable_slope: of the logarithm written out, -z^2/2 - log(width) - log(sqrt(2 pi)).
        naive, naive_slope: of log(density + EPSILON).
    """

    width: float
    stable: float
    stable_slope: float
    naive: float
    naive_slope: float


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was learnt.

    Attributes:
        returns: the mean return of each round of episodes while learning, (rounds,).
        width: the mean width of the actor's distribution at the end.
        learnt: the mean return of fresh episodes in which every action is the actor's mean.
        idle: the same if every action is 0.
        best: the same under the best control, where that is known; else nan. All three see the same noise.
        arrived: the share of the fresh episodes that reach their goal; nan where there is none.
        densities: the two logarithms, for each of WIDTHS.
    """

    returns: Floats
    width: float
    learnt: float
    idle: float
    best: float
    arrived: float
    densities: tuple[Density, ...]


@dataclass(frozen=True)
class Heads:
    """The functions in the networks: of the hidden layers, of the mean (None for none) and of the width (positive)."""

    hidden: Function
    mean: Function | None
    width: Function


def actor(heads: Heads, task: Task, units: int, rng: np.random.Generator) -> Chain:
    """A network from what is seen to mean and width, both in units of `task.reach`: (rows, features) to (rows, 2)."""
    body = perceptron([task.features, units, units], heads.hidden, INITIALISERS["glorot"], rng)
    mean: list[Layer] = [Dense(units, 1, scaled(0.01), rng)]
    if heads.mean:
        mean.append(Activate(heads.mean))
    width = Dense(units, 1, scaled(0.01), rng)
    width.bias.value[:] = _FIRST_WIDTH
    return Chain(*body.layers, Activate(heads.hidden), Beside(Chain(*mean), Chain(width, Activate(heads.width))))


def policy_loss(distribution: Floats, actions: Floats, advantages: Floats, entropy: float) -> Loss:
    """The mean of -log N(action; mean, width^2) * advantage - entropy * log(width).

    Args:
        distribution: (rows, 2), mean and width of the forward pass that the actions were drawn from.
        actions: (rows,), what was drawn.
        advantages: (rows,), how much better than expected it was; taken as given.
        entropy: how much a wide distribution is worth; log(width) is its entropy but for a constant.
    """
    mean, width = distribution[:, :1], distribution[:, 1:]
    loss = gaussian(mean, width, actions[:, None], advantages[:, None])
    to_width = loss.width - entropy / width / len(actions)
    return Loss(loss.value - entropy * float(np.log(width).mean()), np.concatenate([loss.mean, to_width], axis=1))


@np.errstate(all="ignore")
def learn(heads: Heads, settings: Settings, watch: Watch = unwatched) -> Outcome:
    """Learn a task, then test what was learnt. The return of a network that left the floats is not finite."""
    rng = np.random.default_rng(settings.seed)
    task = TASKS[settings.task]
    acting = actor(heads, task, settings.units, rng)
    worth = perceptron([task.features, settings.units, settings.units, 1], heads.hidden, INITIALISERS["glorot"], rng)
    optimisers = Adam(acting.parameters, settings.rate), Adam(worth.parameters, settings.critic_rate)
    states = task.start(rng, settings.rows)
    ages = rng.integers(0, task.horizon, settings.rows)  # apart, so that every step sees episodes of all ages
    gathered = np.zeros(settings.rows)
    finished: list[float] = []
    returns: list[float] = []
    for step in range(settings.steps):
        for optimiser, rate in zip(optimisers, (settings.rate, settings.critic_rate), strict=True):
            optimiser.rate = rate * (1 - step / settings.steps)
        seen = task.seen(states)
        distribution, back_actor = acting.forward(seen)
        distribution = distribution + np.array([0.0, _LEAST_WIDTH])
        actions = distribution[:, 0] + distribution[:, 1] * rng.standard_normal(settings.rows)
        states, rewards, there = task.step(states, task.reach * actions, rng)
        value, back_critic = worth.forward(seen)
        following, _ = worth.forward(task.seen(states))
        target = rewards + settings.discount * np.where(there, 0.0, following[:, 0])
        advantages = target - value[:, 0]
        advantages /= np.sqrt(np.mean(advantages**2)) + _LEAST_ADVANTAGE
        if step >= _CRITIC_ALONE * settings.steps:
            back_actor(policy_loss(distribution, actions, advantages, settings.entropy).gradient)
        back_critic(squared_error(value, target[:, None]).gradient)
        for optimiser in optimisers:
            optimiser.step()
        gathered += rewards
        ages += 1
        over = there | (ages == task.horizon)
        finished += gathered[over & (ages <= step + 1)].tolist()
        states = np.where(over[:, None], task.start(rng, settings.rows), states)
        ages[over], gathered[over] = 0, 0.0
        if (step + 1) % task.horizon == 0 and finished:
            returns.append(float(np.mean(finished)))
            finished.clear()
            watch(f"return {returns[-1]:.3g}", step / settings.steps)
    return _tested(acting, task, np.array(returns), settings)


def _tested(acting: Chain, task: Task, returns: Floats, settings: Settings) -> Outcome:
    widths = []

    def of_actor(states: Floats, _: int) -> Floats:
        answer, _back = acting.forward(task.seen(states))
        widths.append(answer[:, 1].mean() + _LEAST_WIDTH)
        return task.reach * answer[:, 0]

    learnt, arrived = _rollout(task, of_actor, settings.seed)
    idle, _ = _rollout(task, lambda states, _: np.zeros(len(states)), settings.seed)
    best = float("nan")
    if isinstance(task, LinearQuadratic):
        gains = task.gains()
        best, _ = _rollout(task, lambda states, step: -gains[step] * states[:, 0], settings.seed)
        arrived = float("nan")
    densities = tuple(density(width) for width in WIDTHS)
    return Outcome(returns, task.reach * float(np.mean(widths)), learnt, idle, best, arrived, densities)


def _rollout(task: Task, control: Callable[[Floats, int], Floats], seed: int) -> tuple[float, float]:
    """The mean return of fresh episodes, and the share of them that reach their goal. The noise is that of the seed."""
    rng = np.random.default_rng([seed, 1])
    states = task.start(rng, _TESTED)
    gathered, running = np.zeros(_TESTED), np.ones(_TESTED, bool)
    for step in range(task.horizon):
        states, rewards, there = task.step(states, control(states, step), rng)
        gathered += rewards * running
        running &= ~there
    return float(gathered.mean()), float(1 - running.mean())


def density(width: float) -> Density:
    """Both logarithms of a density, executed in float32 as they are written, and their slopes by our rules."""
    stable = lookup.function(f"-((a - m)/s)**2/2 - log(s) - {HALF_LOG_2PI!r}", a=DISTANCE, s=width)
    naive = lookup.function(f"log(exp(-((a - m)/s)**2/2)/(s*sqrt(2*pi)) + {EPSILON!r})", a=DISTANCE, s=width)
    assert isinstance(stable, Function)
    assert isinstance(naive, Function)
    zero = np.zeros(1)
    found = (
        float(each.values(zero, FORMATS["float32"])[0])
        for each in (stable, stable.derivative(), naive, naive.derivative())
    )
    return Density(width, *found)
