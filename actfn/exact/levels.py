"""The levels of an expansion: exp(scale) * (sum of c * h^p * l^m + remainder), their sums, products and signs.

`exact.series` says what they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from actfn.exact.reals import Exponent, Real, plain
from actfn.exact.unresolved import CertaintyError, NeedTermsError, UnresolvedError

if TYPE_CHECKING:
    from actfn.exact.context import Context
    from actfn.exact.series import Expansion

Key = tuple[Exponent, Exponent]

Sign = int | None  # -1, 0, 1, or None where it is not known

ZERO: Key = (0, 0)


class Level(NamedTuple):
    """exp(scale) * (sum of terms + O(order) + flat); a scale of None is 0, an order of None is no remainder."""

    scale: Expansion | None
    terms: dict[Key, Real]
    order: Key | None = None
    flat: Sign = 0

    @property
    def exact(self) -> bool:
        return self.order is None and self.flat == 0

    @property
    def empty(self) -> bool:
        return not self.terms and self.exact

    @property
    def low(self) -> Key | None:
        """The key that bounds the level: of the leading term, else of the remainder, else None."""
        return min(self.terms) if self.terms else self.order

    def sign(self) -> int:
        """The sign of the level as h -> 0+."""
        if self.terms:
            return self.terms[min(self.terms)].sign()
        if self.order is not None:
            raise NeedTermsError("all known terms cancel")
        if self.flat is None:
            raise UnresolvedError("the sign of a remainder below every power of h is not known")
        return self.flat


def plus(first: Level, second: Level) -> Level:
    """Return the sum of two levels of one scale."""
    terms = dict(first.terms)
    for key, coefficient in second.terms.items():
        total = terms[key] + coefficient if key in terms else coefficient
        if total.is_zero:
            del terms[key]
        else:
            terms[key] = total
    order = least(first.order, second.order)
    flat = 0 if order is not None else sum_of_signs(first.flat, second.flat)
    return Level(first.scale, terms, order, flat)


def times(context: Context, first: Level, second: Level) -> Level:
    """Return the product of two levels."""
    scale = sum_of_scales(first.scale, second.scale)
    if (first.low is None and second.order is not None) or (second.low is None and first.order is not None):
        return Level(scale, {}, None, None)
    context.spend(1 + len(first.terms) * len(second.terms))
    order: Key | None = None
    for one, other in ((first, second), (second, first)):
        if one.order is not None and other.low is not None:
            order = least(order, shifted(one.order, other.low))
    end = None
    if first.terms and second.terms:
        end = (min(first.terms)[0] + min(second.terms)[0] + context.terms, 0)
    terms: dict[Key, Real] = {}
    for (p, m), c in first.terms.items():
        for (q, n), d in second.terms.items():
            key = (p + q, m + n)
            if (order is not None and key >= order) or (end is not None and key[0] >= end[0]):
                order = least(order, key)
            elif key in terms:
                terms[key] = terms[key] + c * d
            else:
                terms[key] = c * d
    flat: Sign = 0
    if order is None and (first.flat != 0 or second.flat != 0):
        flat = _flat_of_product(first, second)
    return Level(scale, terms, order, flat)


def _flat_of_product(first: Level, second: Level) -> Sign:
    signs = (sign_of_level(first), sign_of_level(second))
    if first.terms and second.terms:  # beside these the product of two flat remainders is nothing
        return sum_of_signs(_product_of_signs(first.flat, signs[1]), _product_of_signs(second.flat, signs[0]))
    return _product_of_signs(*signs)


def trimmed_to(level: Level, most: int) -> Level:
    """The level with `most` powers of h from the leading one on, and nothing below its remainder."""
    terms, order = level.terms, level.order
    if any(c.vanishes for c in terms.values()):
        terms = {key: c for key, c in terms.items() if not c.vanishes}
    if terms:
        end = min(terms)[0] + most
        for key in terms:
            if key[0] >= end:
                order = least(order, key)
        if order is not None:
            terms = {key: c for key, c in terms.items() if key < order}
    if terms is level.terms and order is level.order:
        return level
    return Level(level.scale, terms, order, 0 if order is not None else level.flat)


def shifted(key: Key, by: Key) -> Key:
    """Return the key of the product of two powers."""
    return key[0] + by[0], key[1] + by[1]


def multiplied(key: Key, by: Exponent) -> Key:
    """Return the key of a power raised to a power."""
    return plain(key[0] * by), plain(key[1] * by)


def least(first: Key | None, second: Key | None) -> Key | None:
    """Return the smaller of two keys, of which None is none."""
    return second if first is None else first if second is None else min(first, second)


def _product_of_signs(first: Sign, second: Sign) -> Sign:
    return 0 if first == 0 or second == 0 else None if first is None or second is None else first * second


def sum_of_signs(first: Sign, second: Sign) -> Sign:
    """Return the sign of a sum."""
    return second if first == 0 else first if second in (0, first) else None


def sign_of_level(level: Level) -> Sign:
    """Return the sign of a level, None where it is not certain."""
    try:
        return level.sign()
    except CertaintyError:
        return None


def sum_of_scales(first: Expansion | None, second: Expansion | None) -> Expansion | None:
    """Return the sum of two scales, of which None is 0."""
    total = second if first is None else first if second is None else first + second
    return None if total is None or total.is_zero else total


def compared(first: Expansion | None, second: Expansion | None) -> int:
    """The sign of the difference of two scales."""
    if first is second:
        return 0
    if first is None:
        return -second.sign() if second else 0
    return first.sign() if second is None else (first - second).sign()
