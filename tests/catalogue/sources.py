"""What other places say of each function: its formula there, and properties measured there."""

import csv
from pathlib import Path

from actfn.catalogue.activation import Activation
from actfn.catalogue.rows import ROWS

SOURCES = {
    line["name"]: line
    for line in csv.DictReader((Path(__file__).parent / "sources.csv").read_text(encoding="utf-8").splitlines())
}
SCALAR = [row for row in ROWS if isinstance(row, Activation)]
# where the row is not what its source prints, on purpose: its note says why
OTHERWISE = {"sqsoftplus", "aria2"}
IN_SOURCES = [row.name for row in SCALAR if row.name in SOURCES and row.name not in OTHERWISE]
