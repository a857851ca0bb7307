"""A small part of a sweep, and all that sweeps have found."""

import os
import sys

import pytest

from tests.sweep import worker
from tests.sweep.__main__ import cases, shell
from tests.sweep.commands import Case
from tests.sweep.findings import FOUND
from tests.sweep.judge import judged
from tests.sweep.worker import Outcome, outcomes

SLICE = 150


@pytest.fixture(scope="module", autouse=True)
def patience():
    """What hangs is still found; how quick a case is depends on the machine, and is for `python -m tests.sweep`."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(worker, "SECONDS", 30.0)
        yield


@pytest.fixture(scope="module")
def again():
    """The outcomes of what was found, all run in one go."""
    return dict(
        zip(
            [each.name for each in FOUND],
            (outcome for _, outcome in outcomes([each.case for each in FOUND], judged)),
            strict=True,
        )
    )


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.name.replace(" ", "-"))
def test_what_was_found_is_mended(found, again):
    outcome = again[found.name]
    assert not outcome.trouble
    assert (outcome.status, found.says in outcome.error) == (found.status, True), outcome.error


def test_a_part_of_a_sweep_finds_nothing():
    found = [
        f"{each.place}: {outcome.trouble}\n{shell(each)}"
        for each, outcome in outcomes(cases(1, range(SLICE)), judged)
        if outcome.trouble
    ]
    assert not found, "\n".join(found)


def test_a_case_depends_on_its_number_only():
    assert cases(3, [17]) == cases(3, range(18))[17:]


def broken(action):
    """An outcome of a run after which something else happens in its process."""
    case = Case("broken", ("eval", "relu", "1"))
    return [outcome for _, outcome in outcomes([case, case], lambda run, case, outcome: action() or outcome)]


def test_a_process_that_ends_does_not_end_the_sweep():
    assert [outcome.trouble for outcome in broken(lambda: os._exit(3))] == ["the process ended with 3"] * 2


def hangs(*_, **__):
    while True:
        pass


@pytest.mark.parametrize(
    ("replacement", "trouble"),
    [
        (lambda *_, **__: "".index("x"), "status 70: actfn: internal error: ValueError"),
        (hangs, "no end after 0.2 seconds"),
        (lambda *_, **__: sys.exit(7), "status 7"),
        (lambda *_, **__: bytearray(1 << 40), "status 70: actfn: not enough memory"),
    ],
    ids=["raises", "hangs", "exits", "fills-the-memory"],
)
def test_what_goes_wrong_is_seen(replacement, trouble, monkeypatch):
    monkeypatch.setattr("actfn.catalogue.lookup.function", replacement)
    monkeypatch.setattr("tests.sweep.worker.SECONDS", 0.2)
    [(_, outcome)] = outcomes([Case("broken", ("eval", "relu", "1"))], judged)
    assert trouble in outcome.trouble


@pytest.mark.parametrize(
    ("arguments", "outcome", "trouble"),
    [
        (("eval", "x", "1"), Outcome(0, b"1.0\n"), ""),
        (("eval", "x", "1"), Outcome(0, b"one\n"), "no plain"),
        (("eval", "x", "1", "--json"), Outcome(0, b'[{"x": NaN}]'), "no json"),
        (("list", "--format=csv"), Outcome(0, b"a,b\n1\n"), "several lengths"),
        (("eval", "x"), Outcome(2, b"", "oh\n"), "does not begin with"),
        (("eval", "x"), Outcome(2, b"1\n", "actfn: oh\n"), "beside a usage error"),
        (("eval", "x", "1"), Outcome(0, b"1.0\n", "Traceback (most recent call last)\n"), "traceback"),
        (("eval", "x", "1"), Outcome(0, b"1.0\n", "hello\n"), "'hello'"),
        (("eval", "x", "1"), Outcome(3, b"1.0\n"), "without --strict"),
        (("eval", "x", "1"), Outcome(1, b"1.0\n"), "without a comparison"),
        (("eval", "x", "1"), Outcome(5), "status 5"),
        (("show", "x"), Outcome(2, b"", "actfn: " + "x" * 3000), "characters"),
    ],
)
def test_the_judge_sees(arguments, outcome, trouble):
    found = judged(None, Case("made", arguments), outcome).trouble
    assert trouble in found
    assert bool(trouble) == bool(found)
