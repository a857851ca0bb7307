"""What may stand on standard input, or in a file: numbers and records, good, odd and broken."""

import gzip
import io
import json

import numpy as np

from tests.sweep import texts

KINDS = ["text", "csv", "tsv", "ndjson", "npy", "f64", "f32"]
COLUMNS = ["x", "y", "a b", "é", "", "x,y", "name"]


def content(rng, kind=None):
    """Bytes that hold numbers in that way; now and then they are cut, or something else stands in them."""
    made = {"text": _text, "csv": _csv, "tsv": _tsv, "ndjson": _ndjson, "npy": _npy, "f64": _raw, "f32": _raw}
    data = made[kind or rng.choice(KINDS[:4])](rng)
    pick = rng.random()
    if pick < 0.75:
        return data
    if pick < 0.82:
        return data[: rng.randint(0, len(data))]
    if pick < 0.9:
        return rng.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"\n\n", b"#\n", b"\r\n", b'"']) + data
    place = rng.randint(0, len(data))
    return (
        data[:place]
        + rng.choice([b"\0", b"\xff", b"\r", b",", b'"', b"\n", b"{", b"\x1a", b"1e400", b"e"])
        + data[place:]
    )


def _text(rng):
    lines = []
    for _ in range(rng.choice([0, 1, 2, 5, 5, 40])):
        separator = rng.choice([" ", ",", ", ", "\t", ",,", "  "])
        numbers = [
            texts.number(rng) if rng.random() < 0.2 else f"{rng.uniform(-9, 9):.3g}" for _ in range(rng.randint(0, 4))
        ]
        lines.append(separator.join(numbers) + rng.choice(["", "", "", " # so", "\r"]))
    text = "\n".join(lines) + rng.choice(["\n", "\n", ""])
    if rng.random() < 0.4:  # numbers alone
        text = "".join(f"{rng.uniform(-9, 9)!r}\n" for _ in range(rng.choice([1, 3, 300])))
    return text.encode("utf-8", "surrogatepass" if rng.random() < 0.1 else "replace")


def _cells(rng):
    header = rng.sample(COLUMNS, rng.randint(1, 3))
    if rng.random() < 0.8 and "x" not in header:
        header[0] = "x"
    rows = []
    for _ in range(rng.choice([0, 1, 3, 30])):
        row = [texts.number(rng) if rng.random() < 0.15 else f"{rng.uniform(-9, 9):.3g}" for _ in header]
        rows.append(row + rng.choice([[], [], [], [], [], [], [], [], ["more"]]))
    return [header, *rows]


def _csv(rng, delimiter=","):
    def quoted(cell):
        return '"' + cell.replace('"', '""') + '"' if rng.random() < 0.1 or {*cell} & {*',\t"\r\n'} else cell

    lines = [delimiter.join(map(quoted, row)) for row in _cells(rng)]
    return rng.choice(["\n", "\n", "\r\n"]).join(lines).encode("utf-8", "replace") + rng.choice([b"\n", b""])


def _tsv(rng):
    return _csv(rng, "\t")


def _ndjson(rng):
    header, *rows = _cells(rng)
    odd = [None, True, "", [1], {"a": 1}, 10**400, 1e-400, "2", float("nan"), float("inf"), "\ud800", "\0"]
    lines = []
    for row in rows:
        record = {name: rng.choice(odd) if rng.random() < 0.2 else rng.uniform(-9, 9) for name in header}
        lines.append(
            json.dumps(record if row or rng.random() < 0.9 else rng.choice(odd), ensure_ascii=rng.random() < 0.9)
        )
    text = "\n".join(lines) + rng.choice(["\n", "", "\n\n"])
    return text.encode("utf-8", "replace")


def _raw(rng):
    array = np.array(
        [rng.uniform(-9, 9) for _ in range(rng.choice([0, 1, 7]))] + rng.choice([[], [np.nan, np.inf, -0.0]])
    )
    return array.astype(rng.choice(["<f8", "<f4", ">f8"])).tobytes()


def _npy(rng):
    shape = rng.choice([(0,), (1,), (7,), (2, 3), (0, 3), (3, 0), (2, 2, 2), ()])
    kinds = ["<f8", "<f4", "<f2", ">f8", "<i4", "u1", "?", "<c16", "U3", "<f8", "<f8", "<f8"]
    array = np.array([rng.uniform(-9, 9) for _ in range(int(np.prod(shape)))]).reshape(shape).astype(rng.choice(kinds))
    out = io.BytesIO()
    np.save(out, np.asfortranarray(array) if rng.random() < 0.1 else array)
    data = out.getvalue()
    if rng.random() < 0.2:  # a header that says otherwise
        data = data.replace(b"(7,)", rng.choice([b"(-1)", b"7e9,", b"(9,)", b"None", b"(1 )"]), 1)
    return data


def file(rng, name):
    """What the file of a name holds."""
    if name == "mine.py":
        return MINE
    if name == "wrong.py":
        return rng.choice([b"def f(x:\n", b"raise ValueError('no')\n", b"\0", b"\xff", b"", b"import nowhere\n"])
    kind = name.split(".")[1]
    data = content(rng, "text" if kind == "txt" else kind)
    if not name.endswith(".gz"):
        return data
    packed = gzip.compress(data)
    return packed if rng.random() < 0.7 else packed[: rng.randint(0, len(packed))]


FILES = ["in.txt", "in.csv", "in.tsv", "in.ndjson", "in.npy", "in.f64", "in.txt.gz", "mine.py", "wrong.py"]
MINE = b"""import math
def f(x): return 1/(1+math.exp(-x))
def none(x): return None if x > 0 else x
def text(x): return 'a'
def fails(x): return 1/x
def shape(x): return [x, x]
def whole(x): return 10**400
def imaginary(x): return x**0.5
def two(x, y): return x
constant = 3
"""
