"""The record: for each dispatch level, function and format the largest errors of value and derivative, and where.

Errors are in ULP of the exact value. Within 0.5 of a root of the derivative, and where an exact result is subnormal,
other bars hold (see `test_accuracy`), so these points have columns of their own.

    python -m tests.accuracy.measure                # at 100 000 points, at every level of this machine: minutes
    python -m tests.accuracy.measure --check SEED   # at other points; writes nothing, fails where a bar is not met

The lines of levels that this machine does not have are kept. The tests measure at the points of `references.npz` only.
"""

import argparse
import csv
import json
import subprocess
import sys
from multiprocessing import Pool
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import actfn
from actfn.numerics.formats import FORMATS
from tests.accuracy.references import EXACT, HARD, points, references
from tests.levels import environment, level, levels

HERE = Path(__file__).parent
STORED = HERE / "references.npz"
RECORD = HERE / "record.csv"
DRAWS = 25
MEASURED = ("float64", "float32")
QUANTITIES = ("value", "derivative")
BARS = {"float64": {"ulp": 4.5, "subnormal_spacings": 2.0, "near_root_absolute": 2.0},
        "float32": dict.fromkeys(("ulp", "subnormal_spacings", "near_root_absolute"), 0.5001)}  # fmt: skip
FIELDS = ["level", "function", "format", "quantity", "ulp", "at", "subnormal_spacings", "near_root_absolute"]
# |f'| is below this within 0.5 of its roots, and nowhere else but in the tails
NEAR_ROOT = {"silu": -1.2784645427610738, "gelu": -0.7517915246935645, "mish": -1.1924312145154952,
             "gelu_tanh": -0.7524614220710162, "quick_gelu": -0.7511538}  # fmt: skip


def stored(name, order, path=STORED):
    """Points, and a row for each: the nearest float to the exact result and, in ULP, what it leaves."""
    with np.load(path) as held:
        x = held["points"] if "points" in held else points()
        return x, np.stack(
            [held[f"{name}_{part}"][:, order].astype(np.float64) for part in ("nearest", "rest")], axis=1
        )


def errors(name, dtype, order, x, exact):
    """x, and the distance of the computed from the exact results in spacings of the format at the exact ones."""
    nearest, rest = exact.T
    form = FORMATS[dtype]
    rest = rest * FORMATS["float64"].spacing(nearest)
    if dtype != "float64":  # the references are for float64 points: those that the format holds
        held = form.round(x) == x
        x, nearest, rest = x[held], nearest[held], rest[held]
    computed = actfn.function(name).derivative(order).values(x, form)
    expected = form.round(nearest)
    with np.errstate(invalid="ignore"):
        distance = np.abs((computed - nearest) - rest) / form.spacing(nearest)
    infinite = ~np.isfinite(expected)
    distance[infinite] = np.where(computed[infinite] == expected[infinite], 0.0, np.inf)
    return x, nearest, np.where(np.isnan(computed), np.inf, distance)


def row(name, dtype, order, known=None):
    """One line of the record, from the stored references or others that are known."""
    form = FORMATS[dtype]
    x, exact, distance = errors(name, dtype, order, *(known or stored(name, order)))
    subnormal = np.abs(exact) < form.smallest_normal
    root = NEAR_ROOT.get(name)
    near = np.abs(x - root) < 0.5 if order and root is not None else np.zeros(x.shape, bool)
    ordinary = np.where(subnormal | near, -1.0, distance)
    worst = int(np.argmax(ordinary))
    absolute = distance * form.spacing(exact) / form.eps
    return {
        "level": level(),
        "function": name,
        "format": dtype,
        "quantity": QUANTITIES[order],
        "ulp": f"{ordinary[worst]:.2f}",
        "at": repr(float(x[worst])),
        "subnormal_spacings": f"{np.max(distance[subnormal], initial=0.0):.2f}",
        "near_root_absolute": f"{np.max(absolute[near], initial=0.0):.2f}",
    }


def beyond(line):
    """The columns of a line that do not meet their bar."""
    return [column for column, bar in BARS[line["format"]].items() if not float(line[column]) <= bar]


def recorded():
    """The lines of the record."""
    with RECORD.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def measured(path):
    """The lines of the level that this process has, from the references of a file."""
    return [
        row(name, dtype, order, stored(name, order, path)) for name in EXACT for dtype in MEASURED for order in (0, 1)
    ]


def measured_at(wanted, path):
    """The lines of a level of this machine, measured by a process of its own."""
    source = "import json, sys; from tests.accuracy.measure import measured; print(json.dumps(measured(sys.argv[1])))"
    command = [sys.executable, "-c", source, path]
    done = subprocess.run(command, env=environment(wanted), stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def everywhere(seed):
    """The lines of all levels of this machine, at points drawn from a seed."""
    x = np.unique(np.concatenate([*(points(seed + draw) for draw in range(DRAWS)), [x for *_, x in HARD]]))
    arrays = {"points": x}
    with Pool() as pool:
        for name, table in zip(
            EXACT, pool.starmap(references, ((name, x) for name in EXACT), chunksize=1), strict=True
        ):
            arrays |= {f"{name}_nearest": table[:, :, 0], f"{name}_rest": table[:, :, 1]}
    with TemporaryDirectory() as folder:
        path = f"{folder}/references.npz"
        np.savez(path, **arrays)
        return [line for each in levels() for line in measured_at(each, path)]


def replaced(lines, found):
    """The lines of a record with those of the levels found in place of earlier ones; sorted by level."""
    new = {line["level"] for line in found}
    return sorted([line for line in lines if line["level"] not in new] + found, key=lambda line: line["level"])


def main():
    """Measure every level of this machine, and write the record or check the bars."""
    parser = argparse.ArgumentParser(prog="python -m tests.accuracy.measure", description=main.__doc__)
    parser.add_argument("--check", type=int, metavar="SEED", help="write nothing; fail where a bar is not met")
    seed = parser.parse_args().check
    found = everywhere(2026 if seed is None else seed)
    if seed is not None:
        missed = [line for line in found if beyond(line)]
        for line in missed:
            print(line)  # noqa: T201 - a command
        return bool(missed)
    lines = replaced(recorded(), found)
    with RECORD.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    return False


if __name__ == "__main__":
    sys.exit(main())
