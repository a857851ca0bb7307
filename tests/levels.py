"""NumPy's dispatch levels: the one that this process computes with, and the lower ones that this machine has, too.

NumPy chooses its loops for the processor when it is imported, and their last digits differ from level to level.
Features that NPY_DISABLE_CPU_FEATURES names are not used, and OpenBLAS, which chooses for itself, takes the kernels of
the processor that OPENBLAS_CORETYPE names; so a new processor stands in for an old one:

    python -m tests.levels                          # the levels of this machine, the highest first
    python -m tests.levels x86_64-v3 pytest -n auto # run a command at one of them
"""

import os
import platform
import sys

from numpy._core import _multiarray_umath

DISABLED = "NPY_DISABLE_CPU_FEATURES"
CORES = {"x86_64-v3": "Haswell", "x86_64": "Nehalem"}


def levels():
    """Return the levels of this process and below, the highest first, each with the features that it does without."""
    present = [name for name in _multiarray_umath.__cpu_dispatch__ if _multiarray_umath.__cpu_features__[name]]
    machine = platform.machine().lower()
    if machine not in {"x86_64", "amd64"}:
        return {machine: ()}  # one level: what its processors differ in is not told apart
    wide = [name for name in present if name.startswith(("X86_V4", "AVX512"))]
    found = {"x86_64-v4": (), "x86_64-v3": wide, "x86_64": present}
    if not {"X86_V4", "AVX512_SKX"} & set(wide):  # NumPy 2.4's name and the earlier one
        del found["x86_64-v4"]
    if not {"X86_V3", "AVX2"} & set(present):
        del found["x86_64-v3"]
    return found


def level():
    """Return the level that this process computes with."""
    return next(iter(levels()))


def environment(wanted):
    """Return the environment variables of a process at a level of this one or below."""
    if wanted == level():
        return dict(os.environ)
    names = [*os.environ.get(DISABLED, "").split(), *levels()[wanted]]
    return os.environ | {DISABLED: " ".join(names), "OPENBLAS_CORETYPE": CORES[wanted]}


if __name__ == "__main__":
    if len(sys.argv) > 2:
        os.execvpe(sys.argv[2], sys.argv[2:], environment(sys.argv[1]))  # noqa: S606 - the command that was asked for
    print("\n".join(levels()))  # noqa: T201 - a command
