"""That a process at a lower dispatch level is at it, whatever this version of NumPy calls the features."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests import levels
from tests.levels import DISABLED, environment, level

OLDER = ["SSE42", "AVX", "F16C", "FMA3", "AVX2", "AVX512F", "AVX512_SKX", "AVX512_ICL"]  # NumPy 2.0
NEWER = ["X86_V3", "X86_V4", "AVX512_ICL", "AVX512_SPR"]  # NumPy 2.4


@pytest.fixture
def processor(monkeypatch):
    """Have NumPy know features, of which a processor has some."""

    def have(machine, known, present):
        features = {name: name in present for name in known}
        monkeypatch.setattr(
            levels, "_multiarray_umath", SimpleNamespace(__cpu_dispatch__=known, __cpu_features__=features)
        )
        monkeypatch.setattr("platform.machine", lambda: machine)
        monkeypatch.delenv(DISABLED, raising=False)

    return have


@pytest.mark.parametrize(
    ("machine", "known", "present", "names", "disabled"),
    [
        ("x86_64", NEWER, NEWER, ["x86_64-v4", "x86_64-v3", "x86_64"], "X86_V4 AVX512_ICL AVX512_SPR"),
        ("x86_64", NEWER, NEWER[:2], ["x86_64-v4", "x86_64-v3", "x86_64"], "X86_V4"),
        ("x86_64", NEWER, NEWER[:1], ["x86_64-v3", "x86_64"], "X86_V3"),
        ("x86_64", NEWER, [], ["x86_64"], None),
        ("AMD64", OLDER, OLDER, ["x86_64-v4", "x86_64-v3", "x86_64"], "AVX512F AVX512_SKX AVX512_ICL"),
        ("x86_64", OLDER, OLDER[:5], ["x86_64-v3", "x86_64"], "SSE42 AVX F16C FMA3 AVX2"),
        ("aarch64", ["ASIMDHP", "SVE"], ["ASIMDHP"], ["aarch64"], None),
    ],
)
def test_levels_and_what_the_next_lower_one_does_without(processor, machine, known, present, names, disabled):
    processor(machine, known, present)
    assert list(levels.levels()) == names
    assert environment(names[0]).get(DISABLED) is None
    if disabled:
        assert environment(names[1])[DISABLED] == disabled


def test_what_is_disabled_stays_disabled(processor, monkeypatch):
    processor("x86_64", NEWER, ["X86_V3"])
    monkeypatch.setenv(DISABLED, "X86_V4")
    assert environment("x86_64")[DISABLED] == "X86_V4 X86_V3"


@pytest.mark.parametrize("wanted", levels.levels())
def test_a_command_at_a_level(wanted):
    command = [sys.executable, "-m", "tests.levels"]
    done = subprocess.run([*command, wanted, *command], capture_output=True, text=True, check=True)
    assert done.stdout.split() == list(levels.levels())[list(levels.levels()).index(wanted) :]
    assert level() == next(iter(levels.levels()))
