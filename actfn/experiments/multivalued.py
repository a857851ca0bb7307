"""A question with several right answers: their mean is the best single one, and wrong.

The inverse of y = x^2 has two, of r = |(x1, x2)| a whole circle. A network with squared error learns the mean of the
answers; one that gives a distribution, a mixture of normal ones, can name them all (Bishop 1994, Mixture Density
Networks).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actfn.experiments.choices import Problem
from actfn.experiments.initialisers import INITIALISERS
from actfn.experiments.losses import log_softmax, mixture, squared_error
from actfn.experiments.network import Activate, Beside, Chain, Dense, perceptron
from actfn.experiments.optimisers import Adam
from actfn.experiments.watching import Watch, unwatched

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.experiments.network import Floats, Parameter
    from actfn.functions.function import Function

_LEAST_WIDTH = 0.01  # added to every width: a density on exact answers would grow without end
_LOW = 0.3  # questions asked in the end; nearer to 0 the answers are one
_DRAWS = 2000
_SECTORS = 12

COMPONENTS = {Problem.SQUARE: 5, Problem.CIRCLE: 20}  # of the mixture, if not said otherwise


@dataclass(frozen=True)
class Settings:
    """The data and the networks: two hidden layers of `width` units, Adam at `rate`, falling to 0 in the end."""

    problem: Problem = Problem.SQUARE
    rows: int = 2000
    noise: float = 0.01  # standard deviation, in the question
    width: int = 32
    components: int = 5
    steps: int = 2000
    batch: int = 128
    rate: float = 0.01
    near: float = 0.15  # how far from a right answer still counts
    asked: int = 15
    seed: int = 0


class Mixtures(NamedTuple):
    """Distributions, a row a question: shares (rows, components), means (…, outputs), widths as the shares."""

    shares: Floats
    means: Floats
    widths: Floats


@dataclass(frozen=True, eq=False)
class Inversion:
    """Both networks' answers to the same questions.

    Attributes:
        questions: (asked,), from `_LOW` to 1.
        single: the squared-error network's, (asked, outputs); `single_error` is how far each is from the nearest right
            answer.
        mixtures: the other's.
        draws: answers drawn from them, (asked, _DRAWS, outputs).
        near: the share of draws within `Settings.near` of a right answer, (asked,).
        sides: the share of these in each direction, (asked, directions): negative and positive, or sectors.
        losses: the last mean loss of each network: squared error, negative log-likelihood.
        mean_loss: the squared error of always answering with the mean of the data's answers.
    """

    questions: Floats
    single: Floats
    single_error: Floats
    mixtures: Mixtures
    draws: Floats
    near: Floats
    sides: Floats
    losses: tuple[float, float]
    mean_loss: float


@np.errstate(all="ignore")
def invert(hidden: Function, width: Function, settings: Settings, watch: Watch = unwatched) -> Inversion:
    """Train both networks on the same data.

    Args:
        hidden: the activation of the hidden layers.
        width: what makes a width of a number: softplus, exp, or another function that is positive.
        settings: the rest.
        watch: is told how far it is.
    """
    rng = np.random.default_rng(settings.seed)
    questions, answers = _data(rng, settings)
    outputs = answers.shape[1]
    single = perceptron([1, settings.width, settings.width, outputs], hidden, INITIALISERS["glorot"], rng)
    density = MixtureNetwork(hidden, width, outputs, settings, rng)

    def squared(rows: Any) -> float:
        answer, back = single.forward(questions[rows])
        loss = squared_error(answer, answers[rows])
        back(loss.gradient)
        return loss.value

    def likelihood(rows: Any) -> float:
        distribution, back = density.forward(questions[rows])
        loss = mixture(*distribution, answers[rows])
        back(loss.logits, loss.means, loss.widths)
        return loss.value

    losses = []
    for place, (network, step) in enumerate(((single, squared), (density.body, likelihood))):
        doing = ("squared error", "mixture")[place]

        def watch_one(share: float, doing: str = doing, place: int = place) -> None:
            watch(doing, (place + share) / 2)

        losses.append(_train(network.parameters, step, settings, rng, watch_one))
    mean_loss = squared_error(np.broadcast_to(answers.mean(axis=0), answers.shape), answers).value
    return _asked(single, density, settings, rng, (losses[0], losses[1]), mean_loss)


def _asked(
    single: Chain,
    density: MixtureNetwork,
    settings: Settings,
    rng: np.random.Generator,
    losses: tuple[float, float],
    mean_loss: float,
) -> Inversion:
    """What both networks answer to the same questions."""
    asked = np.linspace(_LOW, 1, settings.asked)[:, None]
    answer, _ = single.forward(asked)
    (logits, means, widths), _ = density.forward(asked)
    found = Mixtures(np.exp(log_softmax(logits)), means, widths)
    draws = _drawn(found, rng)
    near = _distance(asked, draws, settings.problem) <= settings.near
    return Inversion(
        asked[:, 0],
        answer,
        _distance(asked[:, 0], answer, settings.problem),
        found,
        draws,
        near.mean(axis=1),
        _sides(draws, near),
        losses,
        mean_loss,
    )


class MixtureNetwork:
    """A network whose answer is a mixture: three heads for shares, means and widths on one body."""

    def __init__(
        self, hidden: Function, width: Function, outputs: int, settings: Settings, rng: np.random.Generator
    ) -> None:
        glorot, size, count = INITIALISERS["glorot"], settings.width, settings.components
        body = perceptron([1, size, size], hidden, glorot, rng)
        means = Dense(size, count * outputs, glorot, rng)
        means.bias.value[:] = rng.uniform(-1, 1, count * outputs)  # apart, or all would learn the same
        heads = Beside(Dense(size, count, glorot, rng), means, Chain(Dense(size, count, glorot, rng), Activate(width)))
        self.body = Chain(*body.layers, Activate(hidden), heads)
        self.count, self.outputs = count, outputs

    def forward(self, x: Floats) -> tuple[tuple[Floats, Floats, Floats], Callable[[Floats, Floats, Floats], Floats]]:
        """Logits (rows, components), means (rows, components, outputs), widths (rows, components), and the way back."""
        answer, back = self.body.forward(x)
        ends = [self.count, self.count * (1 + self.outputs)]
        logits, means, widths = np.split(answer, ends, axis=1)
        shape = (len(x), self.count, self.outputs)

        def backwards(logits: Floats, means: Floats, widths: Floats) -> Floats:
            return back(np.concatenate([logits, means.reshape(len(x), -1), widths], axis=1))

        return (logits, means.reshape(shape), widths + _LEAST_WIDTH), backwards


def _data(rng: np.random.Generator, settings: Settings) -> tuple[Floats, Floats]:
    """Questions (rows, 1) and one right answer to each (rows, outputs): answers are drawn, questions computed."""
    size = rng.uniform(0, 1, (settings.rows, 1))
    if settings.problem is Problem.SQUARE:
        answers = size * rng.choice([-1.0, 1.0], (settings.rows, 1))
        questions = answers**2
    else:
        angle = rng.uniform(0, 2 * np.pi, (settings.rows, 1))
        answers = size * np.concatenate([np.cos(angle), np.sin(angle)], axis=1)
        questions = size
    return questions + settings.noise * rng.standard_normal(questions.shape), answers


def _distance(questions: Floats, answers: Floats, problem: Problem) -> Floats:
    """How far answers (…, outputs) are from the nearest right one; the questions broadcast against all but the last."""
    right = np.sqrt(questions) if problem is Problem.SQUARE else questions
    return np.abs(np.sqrt(np.sum(answers**2, axis=-1)) - right)


def _drawn(mixtures: Mixtures, rng: np.random.Generator) -> Floats:
    """Answers from each mixture, (rows, _DRAWS, outputs)."""
    rows, _, outputs = mixtures.means.shape
    borders = np.cumsum(mixtures.shares, axis=1)
    thrown = rng.random((rows, _DRAWS, 1)) * borders[:, None, -1:]
    chosen = (thrown > borders[:, None, :]).sum(axis=-1)
    row = np.arange(rows)[:, None]
    means, widths = mixtures.means[row, chosen], mixtures.widths[row, chosen]
    return means + widths[..., None] * rng.standard_normal((rows, _DRAWS, outputs))


def _sides(draws: Floats, near: Floats) -> Floats:
    """The share of the near draws in each direction."""
    if draws.shape[-1] == 1:
        place, count = (draws[..., 0] > 0).astype(np.int64), 2
    else:
        turn = np.arctan2(draws[..., 1], draws[..., 0]) / (2 * np.pi) % 1
        place, count = (turn * _SECTORS).astype(np.int64) % _SECTORS, _SECTORS
    hits = np.stack([((place == each) & near).sum(axis=1) for each in range(count)], axis=1)
    return hits / np.maximum(hits.sum(axis=1, keepdims=True), 1)


def _train(
    parameters: list[Parameter],
    step: Callable[[Any], float],
    settings: Settings,
    rng: np.random.Generator,
    watch: Callable[[float], None],
) -> float:
    """Take the steps, each on rows drawn anew; returns the mean loss of the last tenth."""
    optimiser = Adam(parameters, settings.rate)
    losses = []
    for place in range(settings.steps):
        optimiser.rate = settings.rate * (1 - place / settings.steps)
        losses.append(step(rng.integers(0, settings.rows, settings.batch)))
        optimiser.step()
        if place % 50 == 0:
            watch(place / settings.steps)
    return float(np.mean(losses[-max(1, settings.steps // 10) :]))
