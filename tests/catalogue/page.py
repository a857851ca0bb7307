"""The catalogue page: every function with what is computed of it. `python -m tests.catalogue.page` writes it anew."""

from functools import cache
from pathlib import Path

import actfn
from actfn.analysis.properties import properties
from actfn.catalogue.activation import Activation
from actfn.catalogue.rows import FAMILIES, OMITTED
from actfn.catalogue.spellings import spellings
from actfn.output.described import described
from actfn.output.listing import assignments

PAGE = Path(__file__).parents[2] / "docs" / "catalogue.md"

INTRODUCTION = """\
# The catalogue

Every function with its formula and defaults, and what `actfn show` computes of it: nothing of this is stored.
Smoothness is how many derivatives are continuous; the steepest slope is the Lipschitz constant. `actfn show NAME`
tells more: derivative, extrema, initialisation, what frameworks call it, its source.
"""
SCALAR = ("function", "formula", "defaults", "range", "zeros", "monotone", "shape", "smoothness", "steepest", "in")
VECTOR = ("function", "formula", "defaults", "in")


@cache
def computed(name):
    """The properties of a row, computed once for all tests."""
    return properties(actfn.function(name))


def cell(text):
    return text.replace("|", "\\|")


def line(row):
    """The row of the table of one function."""
    defaults = assignments(row.parameters)
    known = " ".join(dict.fromkeys(each.framework.key for each in spellings(row.name)))
    cells = [f"**{row.name}** {row.title}", f"`{row.formula}`", defaults]
    if isinstance(row, Activation):
        found = described(computed(row.name))
        shape = [found.get(name, "") for name in ("symmetry", "curvature")]
        shape += [f"{name} {found[name]}" for name in ("extrema", "kinks", "jumps") if name in found]
        cells += [found.get(name, "") for name in ("range", "zeros", "monotone")]
        cells += ["; ".join(filter(None, shape)), found["smoothness"], found["steepest"]]
    return f"| {' | '.join(map(cell, [*cells, known]))} |"


def page(lines):
    """The whole page, given the line of each function by name."""
    parts = [INTRODUCTION]
    for family, rows in FAMILIES.items():
        columns = SCALAR if isinstance(rows[0], Activation) else VECTOR
        head = f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"
        body = "\n".join(lines[row.name] for row in rows)
        parts.append(f"## {family.replace('_', ' ').capitalize()}\n\n{head}\n{body}\n")
    left_out = "\n".join(f"- {name}: {reason}" for name, reason in OMITTED.items())
    parts.append(f"## Left out\n\n{left_out}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page({row.name: line(row) for rows in FAMILIES.values() for row in rows}), encoding="utf-8")
