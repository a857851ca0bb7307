"""A residual network that may answer before its end: a classifier after every block, and who is sure leaves.

The classifiers learn together, by the mean of their losses, as in BranchyNet (Teerapittayanon, McDanel & Kung 2016,
arXiv:1709.01686). How sure one is, is its largest softmax probability; a temperature divides the logits before (Guo et
al. 2017, arXiv:1706.04599).
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from actfn.catalogue import lookup
from actfn.experiments.datasets import mixed
from actfn.experiments.initialisers import INITIALISERS, scaled
from actfn.experiments.losses import cross_entropy
from actfn.experiments.network import Activate, Chain, Dense, Layer, Parameter, Residual, perceptron
from actfn.experiments.optimisers import Adam
from actfn.experiments.watching import Watch, unwatched
from actfn.numerics.formats import FLOAT64, FORMATS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from actfn.experiments.datasets import Labelled
    from actfn.experiments.network import Floats
    from actfn.functions.function import Function
    from actfn.numerics.formats import Format

CLASSES = 2
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999)
TEMPERATURES = (0.25, 1.0, 4.0)
SOFTMAX_FORMATS = ("float64", "float32", "float16", "bfloat16", "float8_e4m3fn")
STRICT = 0.9999  # the threshold at which the formats are compared: between 1 and the next number of a narrow one
LOSS_ALLOWED = 0.01  # of the accuracy, by the threshold that is called the best
NEVER = float("inf")  # a threshold that nobody passes
_REPEATS = 3  # of a measured time: the shortest counts
_LONG = 0.03  # seconds: what takes so long is timed once


@dataclass(frozen=True)
class Settings:
    """The network and its training; `adapter` units stand between the stream and each classifier, 0 for none."""

    blocks: int = 6
    width: int = 32
    adapter: int = 0
    rows: int = 2000
    fresh: int = 4000
    steps: int = 1500
    batch: int = 128
    rate: float = 0.005
    threshold: float = 0.95
    seed: int = 0


class Answer(NamedTuple):
    """What a pass says of each row: class, the block (from 0) after which it left, multiplications on the way."""

    labels: NDArray[np.int64]
    left: NDArray[np.int64]
    work: NDArray[np.int64]


@dataclass(frozen=True)
class Point:
    """One way to run the network.

    Attributes:
        threshold: the probability from which on a sample leaves, or NEVER.
        temperature: what the logits are divided by before the softmax.
        form: the name of the format in which the softmax is computed.
        accuracy: the share of rows that are classified rightly.
        work: multiplications, a share of those of the whole network without early classifiers.
        seconds: measured, for all rows.
        leaving: the share of rows that leave after each block.
    """

    threshold: float
    temperature: float
    form: str
    accuracy: float
    work: float
    seconds: float
    leaving: tuple[float, ...]


@dataclass(frozen=True)
class EarlyExit:
    """What was measured.

    Attributes:
        whole: the network without early classifiers.
        loss: the last of training.
        exits: the accuracy of each block's classifier, if all leave there.
        sweep: a run for each threshold of THRESHOLDS.
        best: the cheapest of them that loses at most LOSS_ALLOWED of accuracy; the whole network if there is none.
        temperatures: runs at `Settings.threshold` with each of TEMPERATURES.
        formats: runs at the threshold STRICT with each of SOFTMAX_FORMATS.
    """

    whole: Point
    loss: float
    exits: tuple[float, ...]
    sweep: tuple[Point, ...]
    best: Point
    temperatures: tuple[Point, ...]
    formats: tuple[Point, ...]


class ExitNetwork:
    """A stem, blocks x + f(x), and a classifier after every block."""

    def __init__(self, function: Function, settings: Settings, rng: np.random.Generator) -> None:
        he, width = INITIALISERS["he"], settings.width
        self.stem = Chain(Dense(2, width, he, rng), Activate(function))
        self.blocks = [
            Residual(Chain(Dense(width, width, he, rng), Activate(function), Dense(width, width, scaled(0.02), rng)))
            for _ in range(settings.blocks)
        ]
        self.classifiers: list[Layer] = []
        for _ in range(settings.blocks):
            if settings.adapter:
                self.classifiers.append(perceptron([width, settings.adapter, CLASSES], function, he, rng))
            else:
                self.classifiers.append(Dense(width, CLASSES, he, rng))

    @property
    def whole_work(self) -> int:
        """The multiplications of a row that stays to the end, without early classifiers."""
        layers: list[Layer] = [self.stem, *self.blocks, self.classifiers[-1]]
        return sum(map(multiplications, layers))

    @property
    def parameters(self) -> list[Parameter]:
        layers: list[Layer] = [self.stem, *self.blocks, *self.classifiers]
        return [parameter for layer in layers for parameter in layer.parameters]

    def learn(self, points: Floats, labels: NDArray[np.int64]) -> float:
        """Add up the gradients of the mean of all classifiers' losses, which is returned."""
        stream, back_stem = self.stem.forward(points)
        backs, total = [], 0.0
        for block, classifier in zip(self.blocks, self.classifiers, strict=True):
            stream, back_block = block.forward(stream)
            logits, back_classifier = classifier.forward(stream)
            value, gradient = cross_entropy(logits, labels)
            total += value / len(self.blocks)
            backs.append((back_block, back_classifier, gradient / len(self.blocks)))
        to_stream = np.zeros_like(stream)
        for back_block, back_classifier, gradient in reversed(backs):
            to_stream = back_block(to_stream + back_classifier(gradient))
        back_stem(to_stream)
        return total

    def run(self, points: Floats, threshold: float, temperature: float = 1.0, form: Format = FLOAT64) -> Answer:
        """Answer each row. A row that has left takes no part in any later layer."""
        softmax = lookup.function("softmax")
        stream, _ = self.stem.forward(points)
        rows = np.arange(len(points))
        labels, left = np.zeros(len(points), np.int64), np.zeros(len(points), np.int64)
        work = np.full(len(points), multiplications(self.stem))
        for place, (block, classifier) in enumerate(zip(self.blocks, self.classifiers, strict=True)):
            last = place == len(self.blocks) - 1
            stream, _ = block.forward(stream)
            work[rows] += multiplications(block)
            if threshold == NEVER and not last:
                continue
            logits, _ = classifier.forward(stream)
            work[rows] += multiplications(classifier)
            sure = softmax.values(logits / temperature, form).max(axis=1) >= threshold
            sure |= last
            labels[rows[sure]] = logits[sure].argmax(axis=1)
            left[rows[sure]] = place
            rows, stream = rows[~sure], stream[~sure]
            if not rows.size:
                break
        return Answer(labels, left, work)


def multiplications(layer: Layer) -> int:
    """How many a row costs: one for each weight."""
    return sum(parameter.value.size for parameter in layer.parameters if parameter.value.ndim == 2)


@np.errstate(all="ignore")
def measure(function: Function, settings: Settings, watch: Watch = unwatched) -> EarlyExit:
    """Train the network, then run it on fresh points in every way.

    The loss of a network that left the floats is not finite.
    """
    rng = np.random.default_rng(settings.seed)
    data, fresh = mixed(rng, settings.rows), mixed(rng, settings.fresh)
    network = ExitNetwork(function, settings, rng)
    optimiser, loss = Adam(network.parameters, settings.rate), np.nan
    for step in range(settings.steps):
        optimiser.rate = settings.rate * (1 - step / settings.steps)
        rows = rng.integers(0, settings.rows, settings.batch)
        loss = network.learn(data.points[rows], data.labels[rows])
        optimiser.step()
        if step % 25 == 0:
            watch(f"training: loss {loss:.3f}", step / settings.steps)
    watch("running", 1.0)
    whole = _point(network, fresh, NEVER)
    sweep = tuple(_point(network, fresh, threshold) for threshold in THRESHOLDS)
    good = [point for point in sweep if point.work < 1 and point.accuracy >= whole.accuracy - LOSS_ALLOWED]
    return EarlyExit(
        whole,
        loss,
        _exits(network, fresh),
        sweep,
        min(good, key=lambda point: point.work) if good else whole,
        tuple(_point(network, fresh, settings.threshold, temperature) for temperature in TEMPERATURES),
        tuple(_point(network, fresh, STRICT, 1.0, FORMATS[name]) for name in SOFTMAX_FORMATS),
    )


def _point(
    network: ExitNetwork,
    fresh: Labelled,
    threshold: float,
    temperature: float = 1.0,
    form: Format = FLOAT64,
) -> Point:
    seconds, begin = float("inf"), perf_counter()
    for _ in range(_REPEATS):
        start = perf_counter()
        answer = network.run(fresh.points, threshold, temperature, form)
        seconds = min(seconds, perf_counter() - start)
        if perf_counter() - begin > _LONG:
            break
    leaving = np.bincount(answer.left, minlength=len(network.blocks)) / len(answer.left)
    return Point(
        threshold,
        temperature,
        form.name,
        float((answer.labels == fresh.labels).mean()),
        float(answer.work.mean()) / network.whole_work,
        seconds,
        tuple(leaving.tolist()),
    )


def _exits(network: ExitNetwork, fresh: Labelled) -> tuple[float, ...]:
    """The accuracy of each block's classifier on all rows."""
    stream, _ = network.stem.forward(fresh.points)
    found = []
    for block, classifier in zip(network.blocks, network.classifiers, strict=True):
        stream, _ = block.forward(stream)
        logits, _ = classifier.forward(stream)
        found.append(float((logits.argmax(axis=1) == fresh.labels).mean()))
    return tuple(found)
