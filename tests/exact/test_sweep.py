"""A part of the random formulas; `python -m tests.exact.sweep` judges as many as are asked for."""

from collections import Counter
from functools import cache

import pytest

from actfn.exact import arithmetic, counterparts, elementary, program
from actfn.expression.parser import parse
from tests.exact.sweep import Judge, judged

SEED = 5


@cache
def judges(first):
    return [judged(SEED, index) for index in range(first, first + 20)]


@pytest.mark.parametrize("first", range(0, 100, 20))
def test_statements_about_random_formulas(first):
    assert [each for judge in judges(first) for each in judge.wrong] == []


def test_most_statements_are_certain_and_judged():
    counts = sum((judge.counts for first in (0, 20) for judge in judges(first)), Counter())
    open_ones = sum(count for what, count in counts.items() if "agreed" not in what)
    assert counts["value: agreed"] >= 35
    assert open_ones < 0.15 * counts.total()


def _slightly(rule):
    """The rule of a row, off by less than a float64 shows."""
    return lambda *args: arithmetic.add(rule(*args), arithmetic.ONE / 2**55)


def _values_of(source, x):
    program.program.cache_clear()
    judge = Judge(parse(source, variables=("x",)))
    judge.values(x)
    return judge.wrong


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("exp", "exp(x)"),
        ("log1p", "log1p(x)*x"),
        ("multiply", "x*sin(x)"),
        ("erf", "erf(x)"),
        ("power", "(1 + x)**1.5"),
        ("maximum", "max(x, x**2)"),
    ],
)
def test_a_rule_on_balls_made_wrong_is_seen(name, source, monkeypatch):
    assert not _values_of(source, 0.7)
    monkeypatch.setitem(counterparts.COUNTERPARTS, name, _slightly(counterparts.COUNTERPARTS[name]))
    assert _values_of(source, 0.7)
    program.program.cache_clear()


@pytest.mark.parametrize(("signature", "source"), [("exp(u)", "exp(x)"), ("atan(u)", "atan(x)"), ("u * v", "x*cos(x)")])
def test_a_rule_on_expansions_made_wrong_is_seen(signature, source, monkeypatch):
    def wrong():
        judge = Judge(parse(source, variables=("x",)))
        judge.sides(0.7)
        return judge.wrong

    assert not wrong()
    rule = elementary.RULES[signature]
    monkeypatch.setitem(elementary.RULES, signature, lambda *args: rule(*args) + args[0].lift(1) * args[0] * args[0])
    assert wrong()


def test_a_jump_that_is_called_none_is_seen(monkeypatch):
    judge = Judge(parse("floor(x)", variables=("x",)))
    monkeypatch.setitem(elementary.RULES, "floor(u)", lambda u: u.lift(7))
    judge.sides(0.0)
    assert any(each.startswith("limit") for each in judge.wrong)
