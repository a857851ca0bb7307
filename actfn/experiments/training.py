"""The same small network on the same data, trained once with each activation."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from actfn.experiments.choices import Method
from actfn.experiments.datasets import SHAPES, Labelled
from actfn.experiments.losses import cross_entropy, log_softmax
from actfn.experiments.network import Activate, Chain, perceptron
from actfn.experiments.optimisers import RATES, optimiser
from actfn.experiments.watching import Watch, unwatched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actfn.experiments.choices import Shape
    from actfn.experiments.initialisers import Initialiser
    from actfn.experiments.network import Floats
    from actfn.functions.function import Function

_KEPT = 200  # points of a loss curve
_SIDE = 61  # points along each side of the map


@dataclass(frozen=True)
class Settings:
    """The task and the network: `layers` hidden layers of `width` units, learning from batches of `batch` rows."""

    data: Shape
    initialiser: Initialiser
    layers: int = 2
    width: int = 24
    rows: int = 400
    steps: int = 1500
    batch: int = 64
    method: Method = Method.ADAM
    rate: float = RATES[Method.ADAM]
    dtype: str = "float64"
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Training:
    """What became of one network.

    Attributes:
        name: the activation, as it was asked for.
        steps: the steps at which the loss was kept.
        losses: the mean loss of the batches since the one before; nan once the network has left the floats.
        accuracy: the share of fresh points that are classified rightly.
        training_accuracy: the same of the points it learnt from.
        seconds: how long the training took.
        dead: the share of hidden units whose slope is 0 at every point it learnt from.
        map: for each point of a grid over the square, y down and x to the right, the probability of class 1.
    """

    name: str
    steps: NDArray[np.int64]
    losses: Floats
    accuracy: float
    training_accuracy: float
    seconds: float
    dead: float
    map: Floats


@dataclass(frozen=True, eq=False)
class Contest:
    """The trainings, and the points that all learnt from."""

    data: Labelled
    trainings: tuple[Training, ...]


def grid() -> Floats:
    """The places of the map, (_SIDE * _SIDE, 2), rows from y = 1 down to y = -1."""
    line = np.linspace(-1, 1, _SIDE)
    x, y = np.meshgrid(line, line[::-1])
    return np.column_stack([x.ravel(), y.ravel()])


def contest(functions: list[Function], settings: Settings, watch: Watch = unwatched) -> Contest:
    """Train a network with each function on the same points, from the same first weights."""
    rng = np.random.default_rng(settings.seed)
    data, fresh = (SHAPES[settings.data](rng, settings.rows) for _ in range(2))
    trainings = []
    for place, function in enumerate(functions):

        def watch_one(doing: str, share: float, place: int = place) -> None:
            watch(doing, (place + share) / len(functions))

        trainings.append(train(function, data, fresh, settings, watch_one))
    return Contest(data, tuple(trainings))


def train(
    function: Function, data: Labelled, fresh: Labelled, settings: Settings, watch: Watch = unwatched
) -> Training:
    """Train one network. A network whose loss is no number any more is left as it is."""
    rng = np.random.default_rng([settings.seed, 1])
    sizes = [data.points.shape[1], *[settings.width] * settings.layers, 2]
    network = perceptron(sizes, function, settings.initialiser, rng, settings.dtype)
    learner = optimiser(settings.method, network.parameters, settings.rate)
    points = data.points.astype(settings.dtype)
    losses = np.full(settings.steps, np.nan)
    start = perf_counter()
    with np.errstate(all="ignore"):
        for step in range(settings.steps):
            rows = rng.integers(0, len(points), settings.batch)
            logits, back = network.forward(points[rows])
            losses[step], gradient = cross_entropy(logits, data.labels[rows])
            if not np.isfinite(losses[step]):
                break
            back(gradient)
            learner.step()
            if step % 50 == 0:
                watch(f"{function.name}: loss {losses[step]:.3f}", step / settings.steps)
        seconds = perf_counter() - start
        kept = max(1, settings.steps // _KEPT)
        count = settings.steps // kept
        return Training(
            function.name,
            np.arange(1, count + 1) * kept,
            losses[: count * kept].reshape(count, kept).mean(axis=1),
            accuracy(network, fresh, settings.dtype),
            accuracy(network, data, settings.dtype),
            seconds,
            dead_units(network, points),
            probabilities(network, grid().astype(settings.dtype)).reshape(_SIDE, _SIDE),
        )


def accuracy(network: Chain, data: Labelled, dtype: str) -> float:
    """The share of points whose largest logit is that of their class; a logit that is no number is wrong."""
    logits, _ = network.forward(data.points.astype(dtype))
    right = (logits.argmax(axis=1) == data.labels) & np.isfinite(logits).all(axis=1)
    return float(right.mean())


def probabilities(network: Chain, points: Floats) -> Floats:
    """The probability of class 1 at points (rows, 2): (rows,)."""
    logits, _ = network.forward(points)
    return np.exp(log_softmax(logits)[:, 1])


def dead_units(network: Chain, points: Floats) -> float:
    """The share of units behind an activation whose slope is 0 at every point."""
    dead: list[Floats] = []
    x = points
    for layer in network.layers:
        if isinstance(layer, Activate):
            dead.append(np.all(layer.slope(x) == 0, axis=0))
        x, _ = layer.forward(x)
    return float(np.concatenate(dead).mean())


def boundary(probability: Floats) -> Floats:
    """Where a map crosses 1/2 between two neighbouring points of the grid: places (crossings, 2)."""
    line = np.linspace(-1, 1, _SIDE)
    above = probability - 0.5
    crossings = []
    for axis, step in ((0, -1), (1, 1)):  # rows go down, columns to the right
        first, second = np.moveaxis(above, axis, 0)[:-1], np.moveaxis(above, axis, 0)[1:]
        where = np.argwhere((first > 0) != (second > 0))
        values = first[tuple(where.T)], second[tuple(where.T)]
        along = line[::step][where[:, 0]] + step * (line[1] - line[0]) * values[0] / (values[0] - values[1])
        across = line[::-step][where[:, 1]]
        crossings.append(np.column_stack([across, along] if axis == 0 else [along, across]))
    return np.concatenate(crossings)
