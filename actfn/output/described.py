"""Properties of a function in words and numbers, for people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

from actfn.analysis.initialisation import DEPTH
from actfn.analysis.properties import Curvature, Parity
from actfn.analysis.regime import Regime
from actfn.analysis.saturation import stretches
from actfn.functions.kinks import Break
from actfn.output import numbers
from actfn.output.listing import listed
from actfn.output.table import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from actfn.analysis.extrema import Extremum
    from actfn.analysis.initialisation import Initialisation
    from actfn.analysis.landscape import Interval
    from actfn.analysis.properties import Properties
    from actfn.functions.function import Function
    from actfn.numerics.formats import Format

_Found = TypeVar("_Found")

_MOST = 6  # zeros, extrema, kinks that are written out


def described(found: Properties) -> dict[str, str]:
    """Each property under its name, in the order of reading; numbers to six digits."""
    if not found.domain:
        return {"domain": "nowhere"}
    corners, jumps = (_places(found, kind) for kind in (Break.KINK, Break.JUMP))
    left, right = found.limits
    lines = {
        "domain": domain(found),
        "range": interval(found.range),
        "limits": f"{_limit(left)} at -inf, {_limit(right)} at inf",
        "zeros": _several([_place(each) for each in _nearest(found.zeros, lambda each: each.high)]),
        "extrema": _several([_extremum(each, found) for each in _nearest(found.extrema, lambda each: each.x)]),
        "monotone": str(found.trend),
        "flat": _several([interval(each) for each in found.flat]),
        "symmetry": "" if found.parity is Parity.NEITHER else str(found.parity),
        "curvature": "" if found.curvature is Curvature.NEITHER else str(found.curvature),
        "smoothness": smoothness(found.smoothness),
        "kinks": _several([number(each) for each in _nearest(corners, lambda each: each)]),
        "poles": _several([number(each) for each in _nearest(found.poles, lambda each: each)]),
        "jumps": _several([number(each) for each in _nearest(jumps, lambda each: each)]),
        "at 0": _at_0(found),
        "steepest": steepest(found),
    }
    return {name: line for name, line in lines.items() if line}


def measured(found: Properties, normal: Initialisation) -> dict[str, tuple[Column, ...]]:
    """What of `described` and `initialised` is numbers, by the same names: columns of a record, in full and all."""
    if not found.domain:
        return {}
    return {
        "domain": (
            _text("domain", [domain(found)]),
            *_ends("domain", found.domain[0].low, found.domain[-1].high),
            _vector("holes", found.holes),
        ),
        "range": (_text("range", [interval(found.range)]), *_ends("range", found.range.low, found.range.high)),
        "limits": (_vector("limits", found.limits),),
        "zeros": (
            _text("zeros", map(_place, found.zeros)),
            _vector("roots", [each.low for each in found.zeros if each.low == each.high]),
        ),
        "extrema": (*_peaks("minima", found, is_maximum=False), *_peaks("maxima", found, is_maximum=True)),
        "kinks": (_vector("kinks", _places(found, Break.KINK)),),
        "poles": (_vector("poles", found.poles),),
        "jumps": (_vector("jumps", _places(found, Break.JUMP)),),
        "at 0": (_single("value_at_0", found.value_at_0), _single("slope_at_0", found.slope_at_0)),
        "steepest": (_single("steepest", found.steepest), _single("steepest_at", found.steepest_at)),
        "gain": (_single("gain", normal.gain),),
        "E[f'(z)^2]": (_single("mean_square_slope", normal.mean_square_slope),),
    }


def _ends(name: str, low: float, high: float) -> tuple[Column, ...]:
    return _single(f"{name}_low", low), _single(f"{name}_high", high)


def _peaks(name: str, found: Properties, *, is_maximum: bool) -> tuple[Column, ...]:
    peaks = [each for each in found.extrema if each.is_maximum is is_maximum]
    return _vector(name, [each.value for each in peaks]), _vector(f"{name}_at", [each.x for each in peaks])


def _text(name: str, parts: Iterable[str]) -> Column:
    return Column(name, [", ".join(parts)])


def _single(name: str, value: float) -> Column:
    return Column(name, [numbers.text(value)], Kind.NUMBER)


def _vector(name: str, values: Sequence[float]) -> Column:
    return Column(name, [[numbers.text(value) for value in values]], Kind.VECTOR)


def initialised(found: Initialisation) -> dict[str, str]:
    """How weights before the function are to be scaled, and what becomes of signal and gradient."""
    if math.isnan(found.gain):
        return {}
    scales: dict[str, list[str]] = {}
    for passage in found.passages:
        signal, gradient = passage.fates
        scales.setdefault(f"signal {signal}, gradient {gradient}", []).append(passage.scale)
    passages = [f"{fates} at the scale of {listed(names)}" for fates, names in scales.items()]
    return {
        "gain": f"{number(found.gain)}, which is sqrt(1/E[f(z)^2]) for standard normal z",
        "E[f'(z)^2]": number(found.mean_square_slope),
        f"{DEPTH} layers": "; ".join(passages),
    }


def saturated(function: Function, form: Format) -> list[str]:
    """The stretches where a format holds the limit itself: "to -104", "from 17.3", "from -2.98e-08 to -1.4e-45"."""
    found = []
    for each in stretches(function, form):
        if each.regime is Regime.SATURATED:
            start = f"from {number(each.low)}" if each.low > -form.max else ""
            end = f"to {number(each.high)}" if each.high < form.max else ""
            found.append(" ".join(filter(None, [start, end])))
    return found


def number(value: float) -> str:
    """Six digits of a number."""
    return f"{value + 0.0:.6g}"


def domain(found: Properties) -> str:
    """Where the function has a value: `(-inf, -1], [1, inf)`, `(-inf, inf) without 0`."""
    intervals = _several([interval(each) for each in found.domain])
    return f"{intervals} without {_several(list(map(number, found.holes)))}" if found.holes else intervals


def _at_0(found: Properties) -> str:
    if math.isnan(found.value_at_0):
        return "no value"
    return f"value {number(found.value_at_0)}, slope {number(found.slope_at_0)}"


def interval(each: Interval) -> str:
    """An interval in brackets: [0, inf)."""
    return f"{'(['[each.low_in]}{number(each.low)}, {number(each.high)}{')]'[each.high_in]}"


def smoothness(order: int | None) -> str:
    """How many derivatives are continuous, in the usual notation."""
    if order is None:
        return "smooth"
    return "discontinuous" if order < 0 else f"C{order}"


def steepest(found: Properties) -> str:
    """The greatest slope and where it is."""
    place = "" if math.isnan(found.steepest_at) else f" at {number(found.steepest_at)}"
    return f"{number(found.steepest)}{place}"


def _places(found: Properties, kind: Break) -> list[float]:
    """The kinks, or the jumps, from left to right."""
    return [each.x for each in found.breaks if each.kind is kind]


def _limit(value: float) -> str:
    return "none" if math.isnan(value) else number(value)


def _place(each: Interval) -> str:
    return number(each.low) if each.low == each.high else interval(each)


def _extremum(each: Extremum, found: Properties) -> str:
    kind = "maximum" if each.is_maximum else "minimum"
    end = next((flat.high for flat in found.flat if flat.low == each.x), each.x)
    where = f"at {number(each.x)}" if end == each.x else f"from {number(each.x)} to {number(end)}"
    return f"{kind} {number(each.value)} {where}"


def _nearest(found: Sequence[_Found], place: Callable[[_Found], float]) -> list[_Found]:
    """The ones nearest to 0, from left to right, and then the others."""
    near = sorted(found, key=lambda each: abs(place(each)))
    return sorted(near[:_MOST], key=place) + near[_MOST:]


def _several(given: Sequence[str]) -> str:
    return ", ".join(given[:_MOST]) + (f" and {len(given) - _MOST} more" if len(given) > _MOST else "")
