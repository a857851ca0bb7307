"""How and where a result is shown. Imports nothing heavy: the command line names these when it starts."""

from enum import StrEnum
from typing import NamedTuple


class Form(StrEnum):
    """How a result is written."""

    AUTO = "auto"
    TABLE = "table"
    PLAIN = "plain"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    NDJSON = "ndjson"


class Theme(StrEnum):
    """The background that a picture's colours are chosen for."""

    AUTO = "auto"  # in a terminal colours for either background, in files those for a light one
    DARK = "dark"
    LIGHT = "light"


class ReportForm(StrEnum):
    """How the outcome of a grading is written."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    TAP = "tap"
    GITHUB = "github"
    MARKDOWN = "markdown"
    GRADESCOPE = "gradescope"


class Dialect(NamedTuple):
    """How csv is written: what stands between two fields, and whether the first record is the header."""

    delimiter: str = ","
    header: bool = True


USUAL = Dialect()
SPECIAL = ("kinks", "zeros", "extrema")  # points of a curve that can be marked


class Screen(NamedTuple):
    """What a table or plot is laid out for: columns, lines, and whether the encoding has more than ASCII."""

    width: int = 80
    height: int = 24
    unicode: bool = True
