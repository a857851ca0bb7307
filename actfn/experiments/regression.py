"""A number as the answer: what the output neuron may say, and what it says first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from actfn.experiments.initialisers import INITIALISERS, scaled
from actfn.experiments.losses import squared_error
from actfn.experiments.network import Activate, Chain, Dense, perceptron
from actfn.experiments.optimisers import Adam
from actfn.experiments.walking import Walks, walks
from actfn.experiments.watching import Watch, unwatched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actfn.experiments.network import Floats
    from actfn.functions.function import Function


class Start(StrEnum):
    """How the output neuron begins."""

    DEFAULT = "default"  # weights as in the other layers, bias 0
    MEAN = "mean"  # the bias is the mean of the targets
    MEAN_SMALL = "mean, small weights"  # and its weights are a hundredth
    MEAN_ZERO = "mean, zero weights"  # and its weights are 0


@dataclass(frozen=True)
class Variant:
    """An output neuron: its activation, None for none, and how it begins."""

    output: Function | None
    start: Start

    @property
    def name(self) -> str:
        return self.output.name if self.output else "none"


@dataclass(frozen=True)
class Settings:
    """The people and the network: two hidden layers of `width` units, Adam at `rate` on batches of `batch` people.

    `goal` is the root mean squared error, in kg, whose first step is looked for.
    """

    rows: int = 600
    width: int = 32
    steps: int = 1000
    batch: int = 64
    rate: float = 0.003
    goal: float = 8.0
    every: int = 10  # steps between two looks at the people kept apart
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Fit:
    """What became of one network; errors are root mean squared ones in kg, of people that it did not learn from.

    Attributes:
        output, start: the variant.
        first_loss: the mean squared error of the people it learns from, before the first step, in kg^2.
        first_guess: what it says of them on average before the first step.
        error: at the end; `with_stone` and `without_stone` for the two groups.
        reached: the first step, of those looked at, with an error of at most the goal; -1 for never.
        steps: the steps looked at, and `errors` there.
    """

    output: str
    start: Start
    first_loss: float
    first_guess: float
    error: float
    with_stone: float
    without_stone: float
    reached: int
    steps: NDArray[np.int64]
    errors: Floats


@dataclass(frozen=True, eq=False)
class Regression:
    """All networks, and what answering with the mean of the targets would cost.

    Attributes:
        fits: one for each variant.
        mean: of the weights that they learnt from, in kg.
        spread: the root mean squared error of that mean, for the people kept apart, in kg.
    """

    fits: tuple[Fit, ...]
    mean: float
    spread: float


def regression(hidden: Function, variants: list[Variant], settings: Settings, watch: Watch = unwatched) -> Regression:
    """Train a network with each output neuron, from the same first hidden weights, on the same people."""
    rng = np.random.default_rng(settings.seed)
    people, others = walks(rng, settings.rows), walks(rng, settings.rows)
    centre, spread = people.signals.mean(axis=0), people.signals.std(axis=0)
    people, others = (each._replace(signals=(each.signals - centre) / spread) for each in (people, others))
    fits = []
    for place, variant in enumerate(variants):
        watch(f"output {variant.name}, start {variant.start}", place / len(variants))
        fits.append(_fit(hidden, variant, people, others, settings))
    mean = float(people.weights.mean())
    return Regression(tuple(fits), mean, _root_mean_square(others.weights - mean))


@np.errstate(all="ignore")  # a network that leaves the floats is told by its numbers
def _fit(hidden: Function, variant: Variant, people: Walks, others: Walks, settings: Settings) -> Fit:
    rng = np.random.default_rng([settings.seed, 1])
    network = _network(hidden, variant, people, settings.width, rng)
    optimiser = Adam(network.parameters, settings.rate)
    first, _ = network.forward(people.signals)
    steps = np.arange(0, settings.steps + 1, settings.every)
    errors = []
    for step in range(settings.steps + 1):
        if step % settings.every == 0:
            errors.append(_root_mean_square(network.forward(others.signals)[0] - others.weights))
        rows = rng.integers(0, settings.rows, settings.batch)
        answer, back = network.forward(people.signals[rows])
        back(squared_error(answer, people.weights[rows]).gradient)
        optimiser.step()
    last = network.forward(others.signals)[0] - others.weights
    met = np.flatnonzero(np.array(errors) <= settings.goal)
    return Fit(
        variant.name,
        variant.start,
        squared_error(first, people.weights).value,
        float(first.mean()),
        _root_mean_square(last),
        _root_mean_square(last[others.stone]),
        _root_mean_square(last[~others.stone]),
        int(steps[met[0]]) if met.size else -1,
        steps,
        np.array(errors),
    )


def _network(hidden: Function, variant: Variant, people: Walks, width: int, rng: np.random.Generator) -> Chain:
    glorot, inputs = INITIALISERS["glorot"], people.signals.shape[1]
    body = perceptron([inputs, width, width], hidden, glorot, rng)
    last = Dense(width, 1, scaled(0.0) if variant.start is Start.MEAN_ZERO else glorot, rng)
    if variant.start is Start.MEAN_SMALL:
        last.weight.value *= 0.01
    if variant.start is not Start.DEFAULT:
        last.bias.value[:] = people.weights.mean()
    layers = [*body.layers, Activate(hidden), last]
    return Chain(*layers, *([Activate(variant.output)] if variant.output else []))


def _root_mean_square(difference: Floats) -> float:
    return float(np.sqrt(np.mean(difference**2)))
