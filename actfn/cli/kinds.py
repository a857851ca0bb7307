"""What a stream may hold. Imports nothing heavy: the command line names these when it starts."""

from enum import StrEnum


class Input(StrEnum):
    """How the numbers of a stream are written."""

    TEXT = "text"
    CSV = "csv"
    TSV = "tsv"
    NDJSON = "ndjson"
    NPY = "npy"
    F64 = "f64"
    F32 = "f32"


class Output(StrEnum):
    """The binary forms of an answer; `Form` has those of text."""

    NPY = "npy"
    F64 = "f64"
    F32 = "f32"


class OnError(StrEnum):
    """What becomes of a number that cannot be read."""

    STOP = "stop"
    NAN = "nan"
    SKIP = "skip"


ENDINGS = {
    ".csv": Input.CSV,
    ".tsv": Input.TSV,
    ".ndjson": Input.NDJSON,
    ".jsonl": Input.NDJSON,
    ".npy": Input.NPY,
    ".f64": Input.F64,
    ".f32": Input.F32,
}
RECORDS = (Input.CSV, Input.TSV, Input.NDJSON)
