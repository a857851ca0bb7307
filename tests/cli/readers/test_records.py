import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actfn.cli.kinds import OnError
from actfn.cli.readers.block import Faults, Wanted
from actfn.cli.readers.objects import objects
from actfn.cli.readers.separated import _Lines, separated
from actfn.output.forms import Dialect
from actfn.errors import DataError, UsageError
from tests.cli.readers.test_text import Trickle

WANTED = Wanted(("x",), lambda _: ("f(x)",))
CELLS = st.text(st.sampled_from('ab,"\n\r\t é\u2028'), max_size=6)


def rows_of(found):
    rows = []
    for block in found:
        rows += zip(*(column.cells for column in block.records.columns), strict=True)
        assert len(block.values) == len(block.places) == len(block.records.columns[0].cells)
    return rows


@given(st.lists(st.tuples(CELLS, st.floats(allow_nan=False), CELLS), min_size=1, max_size=5), st.integers(1, 9))
def test_quoted_fields_and_line_ends_within_them_pass_through(rows, step):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([("a", "x", "b"), *((a, repr(x), b) for a, x, b in rows)])
    stream = Trickle(text.getvalue().encode(), step)
    blocks = list(separated(stream, "s", Faults(), WANTED, Dialect()))
    assert rows_of(blocks) == [(a, repr(x), b) for a, x, b in rows]
    assert [value for block in blocks for value in block.values] == [x for _, x, _ in rows]


def read(text, policy=OnError.STOP, reader=separated):
    values, error, faults = [], "", Faults(policy)
    more = (Dialect(),) if reader is separated else ()
    try:
        for block in reader(io.BytesIO(text.encode()), "s", faults, WANTED, *more):
            values += block.values.tolist()
    except (DataError, UsageError) as raised:
        error = str(raised)
    return repr(values), error, faults.first


@pytest.mark.parametrize(
    ("text", "values", "error"),
    [
        ("x\n1\n\n2\n", "[1.0, 2.0]", ""),
        ("a,x\n1,2\n3\n4,5\n", "[2.0]", "s:3: the record has 1 fields, the header 2"),
        ('a,x\n"q\nq",2\n3,zz\n', "[2.0]", "s:4: column 'x' is not a number: 'zz'"),
        ("a,x\n1,\n", "[]", "s:2: column 'x' is empty"),
        ('a,x\n1,2\n"1,2\n', "[2.0]", "s:3: unexpected end of data"),
        ("y,z\n1,2\n", "[]", "s: no column is called 'x'\nhint: the columns: y, z"),
        (
            "x;z\n1;2\n",
            "[]",
            (
                "s: no column is called 'x'\nhint: its columns are parted by ';': "
                "csv is read with commas, --input tsv with tabs"
            ),
        ),
        ("x,x\n1,2\n", "[]", "s: several columns are called 'x'"),
        ("x,f(x)\n1,2\n", "[]", "s: there is a column 'f(x)' already\nhint: name the answer with --as"),
        ("", "[]", ""),
    ],
)
def test_what_ends_csv(text, values, error):
    found = read(text)
    assert found[0] == values
    assert found[1].startswith(error)
    assert bool(found[1]) == bool(error)


def test_going_on_in_csv():
    text = "a,x\n1,2\n3,zz\n4\n5,\n6,7\n"
    assert read(text, OnError.SKIP) == ("[2.0, 7.0]", "", "s:3: column 'x' is not a number: 'zz'")
    assert read(text, OnError.NAN)[:2] == (
        "[2.0, nan]",
        "s:4: the record has 1 fields, the header 2\nhint: --on-error skip leaves it out and goes on",
    )


@pytest.mark.parametrize(
    ("text", "values", "error"),
    [
        ('{"x": NaN}\n{"x": -Infinity}\n{"x": 1e999}\n', "[nan, -inf, inf]", ""),
        ('{"x": null}\n', "[]", "s:1: key 'x' is null"),
        ('{"x": 1' + 400 * "0" + "}\n", "[inf]", ""),
    ],
)
def test_objects_as_python_and_pandas_write_them(text, values, error):
    shown, message, _ = read(text, reader=objects)
    assert (shown, message.partition("\n")[0]) == (values, error)


def test_a_header_alone_gets_its_column():
    (block,) = separated(io.BytesIO(b"a,x\n"), "s", Faults(), WANTED, ",")
    assert [column.name for column in block.records.columns] == ["a", "x"]
    assert block.values.size == 0


@pytest.mark.parametrize(
    ("text", "values", "error"),
    [
        ('{"x": 1}\n\n{"x": "inf", "y": [1]}', "[1.0, inf]", ""),
        ('{"x": 1}\n{"y": 1}\n', "[1.0]", "s:2: key 'x' is missing"),
        ('{"x": 1}\n[1]\n', "[1.0]", "s:2: not an object"),
        ('{"x": true}\n', "[]", "s:1: key 'x' is not a number: 'True'"),
        ("{x}\n", "[]", "s:1: not JSON"),
        ('{"x": 1, "f(x)": 2}\n', "[]", "s:1: there is a key 'f(x)' already"),
    ],
)
def test_objects(text, values, error):
    found = read(text, reader=objects)
    assert found[0] == values
    assert found[1].startswith(error)
    assert bool(found[1]) == bool(error)


def test_going_on_in_objects():
    text = '{"x": 1}\n[1]\n{"x": "zz"}\n{"x": 3}\n'
    assert read(text, OnError.SKIP, objects)[0] == "[1.0, 3.0]"
    assert read(text.replace("[1]\n", ""), OnError.NAN, objects)[0] == "[1.0, nan, 3.0]"


def test_bytes_that_are_no_text_are_named_by_line():
    stream = io.BytesIO(b"a,x\n1,2\n\xff,3\n")
    with pytest.raises(DataError, match="s:3: not text"):
        list(separated(stream, "s", Faults(), WANTED, Dialect()))


PLAIN_CELLS = st.one_of(
    st.floats(allow_nan=False).map(repr),
    st.sampled_from(["-0", "", " 2", "zz", "1_0", ".5", "[1", "nan", "1,5", "true"]),
)


ROWS = st.lists(
    st.one_of(PLAIN_CELLS.map("a\t{}\tb".format), st.sampled_from(["", "a\t1", '"q\n\tq"\t7\tb', "\r\t1\t"]))
)


@pytest.mark.parametrize("policy", list(OnError))
@given(ROWS, st.integers(1, 40))
def test_whole_pieces_are_read_as_records_one_by_one(policy, rows, step):
    data = "\n".join(["u\tx\tv", *rows, ""]).encode()
    quick = found_in(Trickle(data, step), policy)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_Lines, "plain", lambda _: ())
        assert quick == found_in(Trickle(data, step), policy)


def found_in(stream, policy):
    found, error, faults = [], "", Faults(policy)
    try:
        for block in separated(stream, "s", faults, WANTED, Dialect("\t")):
            found += zip(block.places, block.values.tolist(), rows_of([block]), strict=True)
    except DataError as raised:
        error = str(raised)
    return repr(found), error, faults.count, faults.first
