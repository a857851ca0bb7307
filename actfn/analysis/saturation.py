"""Where the floats of a format stop telling the truth about a function: the float line cut into stretches.

The computed values tell where something may be wrong: they are 0, subnormal, infinite, nan, or equal to a constant or a
straight line that the function only tends to. The borders of such stretches are found by bisection on the ordinals of
the format, or in the formats of 16 bits and fewer by looking at every float. What a stretch means is then settled by
the exact value at a few of its points: relu(-5) is 0 by definition, sigmoid(-800) is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from actfn.analysis.labels import BITS, FIRST_LIMIT, FLAT, INFINITE, NAN, NORMAL, SUBNORMAL, UNMEANT, ZERO, Labels
from actfn.analysis.regime import Regime
from actfn.analysis.settling import Part, beside_0, judge, settle, stride
from actfn.expression import rules
from actfn.expression.tree import postorder
from actfn.numerics.bisection import Ordinals, changes, pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from actfn.functions.function import Function
    from actfn.numerics.formats import Format
    from actfn.numerics.kernels import Array


@dataclass(frozen=True)
class Stretch:
    """Neighbouring floats of which the same is to be said.

    Attributes:
        regime: what.
        low, high: the first and the last float.
        first: of the two the one nearer to where the function is well; reading outwards, where the regime begins.
        value: the computed value at `first`.
        before: the float before `first`, and `value_before` the value there; nan if there is none.
    """

    regime: Regime
    low: float
    high: float
    first: float
    value: float
    before: float
    value_before: float


_BROKEN = (NAN, INFINITE, ZERO, SUBNORMAL, UNMEANT)
_BY_VALUE = (Regime.UNDERFLOW, Regime.SATURATED)  # neighbours of one regime that may yet be told apart
_ALL_LOOKED_AT = 17  # bits: formats with fewer are looked at float by float
_SAMPLES, _USUAL_SIZE = 4096, 500
_MOST = 2000
_MOST_SETTLED = 200
_LEAST_SETTLED = 16  # so many unless it takes very long, further ones if it takes not long: in units of effort
_VERY_LONG, _LONG = 120_000, 6000
_HOPELESS, _FEW_BITS = 24, 236  # after so many such values, as of sin(x)**2 + cos(x)**2 - 1, fewer bits must do
_MOST_ALONE = 64  # single floats that are judged one by one


def stretches(function: Function, form: Format) -> tuple[Stretch, ...]:
    """The float line of a format cut into stretches, from the lowest float to the highest.

    In float64 and float32 what a function does between two of some thousand samples, without a trace, is missed. Of a
    function that looks suspicious at hundreds of places, as sin(x)**2 + cos(x)**2 - 1 does, the widest are settled, and
    of equally wide ones those nearest to 0.
    """
    line = _line(function, form)
    asked = [piece for piece in range(len(line.ends)) if line.is_suspicious(piece)]
    asked.sort(key=lambda piece: (line.ends[piece][0] - line.ends[piece][1], min(map(abs, line.ends[piece]))))
    before = line.spent
    for settled, piece in enumerate(asked[:_MOST_SETTLED]):
        if line.spent - before > (_VERY_LONG if settled < _LEAST_SETTLED else _LONG):
            break
        line.settled(piece)
    parts: list[Part] = []
    for piece in range(len(line.ends)):
        for regime, low, high in line.known(piece):
            if parts and parts[-1][0] is regime and regime not in _BY_VALUE:
                parts[-1] = (regime, parts[-1][1], high)
            else:
                parts.append((regime, low, high))
    return tuple(_joined([_described(function, form, *part) for part in parts], line))


def classify(function: Function, form: Format, x: Array) -> list[Stretch]:
    """The stretch around each finite point, a number of the format; only stretches that are hit are settled."""
    line = _line(function, form)
    parts, which = line.around(form.ordinal(x), function.values(x, form))
    return [line.described(parts[part]) for part in which.tolist()]


def regimes(function: Function, form: Format, x: Array, values: Array) -> tuple[list[Regime], NDArray[np.intp]]:
    """What is to be said of the values at finite points: regimes, and for each point which of them."""
    parts, which = _line(function, form).around(form.ordinal(x), values)
    different = list(dict.fromkeys(regime for regime, _, _ in parts))
    return different, np.array([different.index(regime) for regime, _, _ in parts], np.intp)[which]


class _Line:
    """The ordinals of a format cut where the look of the computed values changes, each piece settled when asked for."""

    def __init__(self, function: Function, form: Format) -> None:
        self.function = function
        self.form = form
        self.label = Labels(function, form)
        size = len(postorder(rules.expanded(function.tree)))
        cuts = changes(self.label, _samples(form, size), _MOST, spread=True)
        self.ends = pieces(cuts, -form.max_ordinal, form.max_ordinal)
        lows = [low for low, _ in self.ends]
        self.kinds = self.label(np.array(lows)).tolist()
        for side, constant in self.label.broken.items():
            self._end(side, constant)
        self._lows = np.array(lows)
        self._kinds = np.array(self.kinds)
        self._settled: dict[int, list[Part]] = {}
        self._stretches: dict[Part, Stretch] = {}
        self._untold = 0
        self.spent = 0  # effort of exact values

    def _end(self, side: int, constant: float) -> None:
        """Let the line end, for what reaches its end, where a constant is met before the values break."""
        outwards = list(zip(self.kinds, self.ends, strict=True))[::-side]
        place = next((place for place, (kind, _) in enumerate(outwards) if kind not in _BROKEN), 0)
        kind, ends = outwards[place]
        if place and constant in self.label.constants and kind == FIRST_LIMIT + self.label.constants.index(constant):
            self.label.ends[side] = ends[1 if side > 0 else 0]

    def is_suspicious(self, piece: int) -> bool:
        return self.kinds[piece] not in (NORMAL, FLAT)

    def settled(self, piece: int) -> list[Part]:
        """The parts that a piece consists of."""
        if self.is_suspicious(piece) and piece not in self._settled:
            self._settled[piece] = list(settle(self.label, *self.ends[piece], self._judged))
        return self.known(piece)

    def known(self, piece: int) -> list[Part]:
        """The same if they are known already; what is not counts as ok."""
        return self._settled.get(piece, [(Regime.OK, *self.ends[piece])])

    def around(self, places: Ordinals, values: Array) -> tuple[list[Part], NDArray[np.intp]]:
        """The parts that the places are in, and for each place which of them. values: those of the function there."""
        pieces = np.searchsorted(self._lows, places, side="right") - 1
        kinds = self._kinds[pieces]
        # one float between two samples, as where 1/sqrt(1 - sin(x)**2) divides by 0, is no piece of its own
        alone = (np.isnan(values) & (kinds != NAN)) | (np.isinf(values) & (kinds != INFINITE))
        alone &= kinds != UNMEANT
        hit = np.flatnonzero(np.bincount(pieces[~alone], minlength=len(self.ends))).tolist()
        parts = [part for piece in hit for part in self.settled(piece)]
        which = np.searchsorted(np.array([high for _, _, high in parts], np.int64), places)
        which[alone] = len(parts) + _MOST_ALONE
        for place in np.unique(places[alone])[:_MOST_ALONE].tolist():
            which[alone & (places == place)] = len(parts)
            parts.append((self._alone(place), place, place))
        which[which >= len(parts)] = len(parts)
        return [*parts, (Regime.OK, 0, 0)], which

    def _alone(self, place: int) -> Regime:
        value = self.function.values(self.form.from_ordinal(np.array([place])), self.form)[0]
        return self._judged(NAN if np.isnan(value) else INFINITE, place) or Regime.OK

    def _judged(self, kind: int, place: int) -> Regime | None:
        from actfn.exact.effort import EFFORT

        before = EFFORT.spent
        hopeless = kind in (ZERO, SUBNORMAL) and self._untold >= _HOPELESS
        regime = judge(self.function, self.form, kind, place, _FEW_BITS if hopeless else BITS)
        self.spent += EFFORT.spent - before
        self._untold += not regime
        return regime

    def described(self, part: Part) -> Stretch:
        """The stretch that a part is."""
        if part not in self._stretches:
            self._stretches[part] = _described(self.function, self.form, *part)
        return self._stretches[part]


@lru_cache(maxsize=64)
def _line(function: Function, form: Format) -> _Line:
    return _Line(function, form)


def _samples(form: Format, size: int) -> Ordinals:
    """Floats to begin with: all of a format of few bits; else some thousand, the fewer the longer a formula is."""
    most = form.max_ordinal
    if form.dtype.itemsize * 8 < _ALL_LOOKED_AT:
        return np.arange(-most, most + 1)
    evenly = np.linspace(-most, most, _SAMPLES).astype(np.int64)
    near = form.ordinal(form.round(np.linspace(-1000, 1000, 4 * _SAMPLES + 1)))
    several = 1 + size // _USUAL_SIZE
    places = np.concatenate([evenly[::several], near[::several], [-most, 0, most]])
    return np.unique(np.clip(places, -most, most))


def _described(function: Function, form: Format, regime: Regime, low: int, high: int) -> Stretch:
    downwards = high <= 0 or (low < 0 < high < -low)
    if regime is Regime.SATURATED and beside_0(low, high):
        downwards = not downwards  # a limit at 0 is approached inwards
    first, before = (high, high + 1) if downwards else (low, low - 1)
    inside = abs(before) <= form.max_ordinal
    x = form.from_ordinal(np.array([first, before]))
    values = function.values(x, form)
    return Stretch(
        regime,
        float(form.from_ordinal(low)),
        float(form.from_ordinal(high)),
        float(x[0]),
        float(values[0]),
        float(x[1]) if inside else float("nan"),
        float(values[1]) if inside else float("nan"),
    )


def _joined(found: list[Stretch], line: _Line) -> Iterator[Stretch]:
    """Neighbouring stretches of one regime as one; 0 and subnormal numbers both underflow, but stay apart by value."""
    form = line.form
    current: Stretch | None = None
    for stretch in found:
        if current and current.regime is stretch.regime and _alike(current, stretch):
            low, high = (int(form.ordinal(each)) for each in (current.low, stretch.high))
            current = _described(line.function, form, current.regime, low, high)
        else:
            if current:
                yield current
            current = stretch
    if current:
        yield current


def _alike(left: Stretch, right: Stretch) -> bool:
    if left.regime is Regime.UNDERFLOW:
        return (left.value == 0) == (right.value == 0)
    return left.regime is not Regime.SATURATED or left.value == right.value


def earliest(function: Function, form: Format, stretch: Stretch) -> float:
    """Reading outwards, the first float at which a saturated or merged value is met, though not yet for good.

    Rounded step by step, a formula need not be monotone near its threshold. Looked at are the floats of the last
    twentieth before the border: all of them in formats of 32 bits and fewer, many in float64.
    """
    if function.named or stretch.regime not in (Regime.SATURATED, Regime.MERGED):
        return stretch.first
    start, border = (int(form.ordinal(form.round(share * stretch.first))) for share in (0.95, 1.0))
    direction = 1 if border >= start else -1
    places = np.arange(start, border + direction, direction * stride(function, abs(border - start)))
    x = form.from_ordinal(np.append(places, border))
    values = function.values(x, form)
    met = values == (
        stretch.value if stretch.regime is Regime.SATURATED else form.round(stretch.value / stretch.first * x)
    )
    return float(x[np.argmax(met)])
