"""The record: for each function and format the largest errors of value and derivative, and where they are.

Errors are in ULP of the exact value. Within 0.5 of a root of the derivative, and where an exact result is subnormal,
other bars hold (see `test_accuracy`), so these points have columns of their own.
"""

import csv
from pathlib import Path

import numpy as np

import actfn
from actfn.numerics.formats import FORMATS
from tests.accuracy.references import EXACT, points

HERE = Path(__file__).parent
RECORD = HERE / "record.csv"
MEASURED = ("float64", "float32")
FIELDS = ["function", "format", "quantity", "ulp", "at", "subnormal_spacings", "near_root_absolute"]
# |f'| is below this within 0.5 of its roots, and nowhere else but in the tails
NEAR_ROOT = {"silu": -1.2784645427610738, "gelu": -0.7517915246935645, "mish": -1.1924312145154952,
             "gelu_tanh": -0.7524614220710162, "quick_gelu": -0.7511538}  # fmt: skip


def errors(name, dtype, order, references):
    """x, and the distance of the computed from the exact results in spacings of the format at the exact ones."""
    form = FORMATS[dtype]
    x = points()
    nearest = references[f"{name}_nearest"][:, order]
    rest = references[f"{name}_rest"][:, order].astype(np.float64) * FORMATS["float64"].spacing(nearest)
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


def row(name, dtype, order, references):
    """One line of the record."""
    form = FORMATS[dtype]
    x, exact, distance = errors(name, dtype, order, references)
    subnormal = np.abs(exact) < form.smallest_normal
    root = NEAR_ROOT.get(name)
    near = np.abs(x - root) < 0.5 if order and root is not None else np.zeros(x.shape, bool)
    ordinary = np.where(subnormal | near, -1.0, distance)
    worst = int(np.argmax(ordinary))
    absolute = distance * form.spacing(exact) / form.eps
    return {
        "function": name,
        "format": dtype,
        "quantity": "derivative" if order else "value",
        "ulp": f"{ordinary[worst]:.2f}",
        "at": repr(float(x[worst])),
        "subnormal_spacings": f"{np.max(distance[subnormal], initial=0.0):.2f}",
        "near_root_absolute": f"{np.max(absolute[near], initial=0.0):.2f}",
    }


def measured():
    """All lines of the record."""
    references = np.load(HERE / "references.npz")
    for name in EXACT:
        for dtype in MEASURED:
            for order in (0, 1):
                yield row(name, dtype, order, references)


def main():
    """Write the record."""
    with RECORD.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(measured())


if __name__ == "__main__":
    main()
