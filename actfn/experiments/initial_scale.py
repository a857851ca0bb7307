"""What the scale of the first weights does to a deep network before it has learnt anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.regime import Regime
from actfn.analysis.saturation import stretches
from actfn.experiments.choices import Inputs
from actfn.experiments.initialisers import INITIALISERS, scaled
from actfn.experiments.mean_field import Expected, expected, ratio
from actfn.experiments.network import Activate, Dense
from actfn.experiments.watching import Watch, unwatched
from actfn.numerics.formats import find_format

if TYPE_CHECKING:
    from actfn.experiments.initialisers import Initialiser
    from actfn.experiments.network import Floats
    from actfn.functions.function import Function
    from actfn.numerics.formats import Format

Stretches = list[tuple[float, float]]

BINS = 10
OTHER = {"float64": "float32", "float32": "float64"}
_SAMPLES_OF_THEORY, _SAMPLES_OF_REMEDIES = 32, 4
_GAINS = np.geomspace(0.5, 32, 13)  # of normal weights, in units of 1/sqrt(width)
_FAR = 100.0  # a layer's numbers that differ by so much from the last layer's learn at another pace
_MANY = 0.5  # of the activations
_MOST = 0.9  # of the units; in a deep network all samples are alike, and half of the units of relu off for all


class Health(StrEnum):
    """The verdict on a network that is to learn."""

    HEALTHY = "healthy"
    EXPLODING = "exploding"
    SATURATED = "saturated"
    VANISHING = "vanishing"
    DEAD = "dead"
    UNDEFINED = "undefined"


@dataclass(frozen=True)
class Settings:
    """The network: `depth` layers of `width` units on `inputs` features, `samples` rows of data, all in one dtype."""

    depth: int = 8
    width: int = 1024
    inputs: int = 1024
    data: Inputs = Inputs.UNIFORM
    samples: int = 64
    dtype: str = "float64"
    seed: int = 0


@dataclass(frozen=True)
class LayerStatistics:
    """What was measured at one layer, over samples and units.

    Attributes:
        mean, std: of the sums (pre-activations).
        activation_mean, activation_std: of the activations.
        saturated: the share of activations that equal a limit of the function in this format.
        saturated_elsewhere: the share that would in OTHER of this format.
        dead: the share of units whose slope is 0 on every sample.
        undefined: the share of finite sums at which the function has no value.
        gradient: the norm of the loss's gradient to the sums, a sample on average; that to the last activations is 1.
        histogram: how many activations lie in each of BINS equal steps of `edges`.
        edges: the smallest and the largest activation, or 0 if that lies beyond.
    """

    mean: float
    std: float
    activation_mean: float
    activation_std: float
    saturated: float
    saturated_elsewhere: float
    dead: float
    undefined: float
    gradient: float
    histogram: tuple[int, ...]
    edges: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Run:
    """One network: its layers, first to last, what theory expected of them, and the verdict.

    Attributes:
        initialiser: the name of the way its weights were drawn.
        std_ratio: the last layer's spread of sums over the first's; nan where one of them is no number.
        gradient_ratio: the first layer's gradient over the last's.
        health: the verdict.
        layer: the layer, from 1, at which it shows first; 0 for a healthy network.
    """

    initialiser: str
    layers: tuple[LayerStatistics, ...]
    expected: Expected
    std_ratio: float
    gradient_ratio: float
    health: Health
    layer: int


@dataclass(frozen=True, eq=False)
class Comparison:
    """Networks that differ in their first weights only.

    Attributes:
        runs: one for each initialiser.
        remedies: the initialisers that theory expects to keep such a network healthy, the steadiest first.
        scale: the standard deviation of normal weights that theory finds the steadiest; nan if none is healthy.
    """

    runs: tuple[Run, ...]
    remedies: tuple[str, ...]
    scale: float


def compare(function: Function, chosen: list[Initialiser], settings: Settings, watch: Watch = unwatched) -> Comparison:
    """Draw a network with each initialiser and measure it, forwards and backwards."""
    runs = []
    for place, initialiser in enumerate(chosen):
        watch(initialiser.name, place / len(chosen))
        runs.append(run(function, initialiser, settings))
    watch("theory", 1.0)
    return Comparison(tuple(runs), *_remedies(function, settings))


def run(function: Function, initialiser: Initialiser, settings: Settings) -> Run:
    """Draw one network and measure it."""
    rng = np.random.default_rng(settings.seed)
    x = _drawn(rng, settings)
    theory = expected(function, initialiser, x[:_SAMPLES_OF_THEORY], settings.depth, settings.width)
    layers = _measured(function, initialiser, x, settings, rng)
    health, layer = judged(
        np.array([each.std for each in layers]),
        np.array([each.gradient for each in layers]),
        np.array([each.saturated for each in layers]),
        np.array([each.dead for each in layers]),
        np.array([each.undefined for each in layers]),
    )
    return Run(
        initialiser.name,
        layers,
        theory,
        ratio(layers[-1].std, layers[0].std),
        ratio(layers[0].gradient, layers[-1].gradient),
        health,
        layer,
    )


def _drawn(rng: np.random.Generator, settings: Settings) -> Floats:
    size = (settings.samples, settings.inputs)
    drawn = rng.random(size) if settings.data is Inputs.UNIFORM else rng.standard_normal(size)
    return drawn.astype(settings.dtype)


def _measured(
    function: Function, initialiser: Initialiser, x: Floats, settings: Settings, rng: np.random.Generator
) -> tuple[LayerStatistics, ...]:
    """The statistics of each layer of a network drawn from `rng`, on inputs x."""
    limits, others = (_saturated(function, find_format(name)) for name in (settings.dtype, OTHER[settings.dtype]))
    activate = Activate(function)
    passes = []
    with np.errstate(all="ignore"):
        for _ in range(settings.depth):
            dense = Dense(x.shape[1], settings.width, initialiser, rng, settings.dtype)
            z, back_sums = dense.forward(x)
            x, back_activation = activate.forward(z)
            passes.append((z, x, back_sums, back_activation))
        gradient = (rng.standard_normal(x.shape) / np.sqrt(settings.width)).astype(settings.dtype)
        found: list[LayerStatistics] = []
        for z, y, back_sums, back_activation in reversed(passes):
            gradient = back_activation(gradient)
            found.append(_statistics(z, y, activate.slope(z), gradient, limits, others))
            gradient = back_sums(gradient)
    return tuple(reversed(found))


def _statistics(
    z: Floats, y: Floats, slope: Floats, gradient: Floats, limits: Stretches, others: Stretches
) -> LayerStatistics:
    wide, answers = z.astype(np.float64), y.astype(np.float64)
    finite = answers[np.isfinite(answers)]
    edges = (min(0.0, float(finite.min())), max(0.0, float(finite.max()))) if finite.size else (0.0, 0.0)
    counts = _histogram(finite, edges)
    return LayerStatistics(
        float(wide.mean()),
        float(wide.std()),
        float(answers.mean()),
        float(answers.std()),
        _share_within(wide, limits),
        _share_within(wide, others),
        float(np.all(slope == 0, axis=0).mean()),
        float(np.mean(np.isnan(answers) & np.isfinite(wide))),
        float(np.sqrt(np.mean(np.sum(gradient.astype(np.float64) ** 2, axis=1)))),
        counts,
        edges,
    )


def _share_within(values: Floats, limits: Stretches) -> float:
    return float(sum(np.mean((values >= low) & (values <= high)) for low, high in limits))


def _histogram(values: Floats, edges: tuple[float, float]) -> tuple[int, ...]:
    """Counts in BINS steps from edge to edge, not in steps chosen for each layer: strips stand below each other.

    All values in the first step where there is no way between the edges. NumPy's own counting fails where the way is
    too long for a float, as it is in a network that explodes.
    """
    if not values.size:
        return (0,) * BINS
    low, high = edges
    width = high - low
    places = np.zeros(values.shape, np.int64)
    if width > 0:
        places = np.clip(((values - low) / width * BINS).astype(np.int64), 0, BINS - 1)
    return tuple(np.bincount(places.ravel(), minlength=BINS).tolist())


def _saturated(function: Function, form: Format) -> Stretches:
    """Where the function is saturated in a format: the first and the last float of each stretch."""
    return [(each.low, each.high) for each in stretches(function, form) if each.regime is Regime.SATURATED]


def judged(
    std: Floats, gradient: Floats, saturated: Floats, dead: Floats, undefined: Floats | float = 0.0
) -> tuple[Health, int]:
    """The verdict on a network's layers, first to last, and the layer at which it shows first; 0 if it is healthy.

    A layer far from the last in gradient, or far from the first in spread, learns at another pace than the rest.
    """
    with np.errstate(all="ignore"):
        growth, pace = std / std[0], gradient / gradient[-1]
        ills = (
            (Health.UNDEFINED, np.asarray(undefined) > 0),
            (Health.EXPLODING, ~np.isfinite(std) | ~np.isfinite(gradient)),
            (Health.SATURATED, saturated >= _MANY),
            (Health.DEAD, dead >= _MOST),
            (Health.EXPLODING, (growth > _FAR) | (pace > _FAR)),
            (Health.VANISHING, ~(growth >= 1 / _FAR) | ~(pace >= 1 / _FAR)),
        )
    for health, where in ills:
        if np.any(where):
            return health, int(np.argmax(where)) + 1
    return Health.HEALTHY, 0


def _remedies(function: Function, settings: Settings) -> tuple[tuple[str, ...], float]:
    """The initialisers, and the scale, under which theory expects a healthy network, the steadiest first."""
    x = _drawn(np.random.default_rng(settings.seed), settings)[:_SAMPLES_OF_REMEDIES]
    limits = _saturated(function, find_format(settings.dtype))

    def unrest(initialiser: Initialiser) -> float:
        theory = expected(function, initialiser, x, settings.depth, settings.width)
        reached = np.abs(theory.mean) + 2 * theory.std
        at_limit = np.array([float(any(low <= each <= high for low, high in limits)) for each in reached])
        if judged(theory.std, theory.gradient, at_limit, np.zeros(settings.depth))[0] is not Health.HEALTHY:
            return float("inf")
        return float(np.abs(np.log([theory.gradient_ratio, theory.std_ratio])).sum())

    def steady(candidates: list[Initialiser]) -> list[Initialiser]:
        rated = [(unrest(each), place) for place, each in enumerate(candidates)]
        return [candidates[place] for rating, place in sorted(rated) if np.isfinite(rating)]

    scales = steady([scaled(float(gain) / settings.width**0.5) for gain in _GAINS])
    best = scales[0].std(settings.width, settings.width) if scales else float("nan")
    return tuple(each.name for each in steady(list(INITIALISERS.values()))), best
