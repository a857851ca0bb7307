"""csv and tsv: the same records however the stream is cut, and what is behind one that cannot be read."""

import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actfn.cli.kinds import OnError
from actfn.cli.readers import lines, separated
from actfn.cli.readers.block import Faults, Wanted
from actfn.cli.readers.separated import columns
from actfn.errors import DataError, UsageError
from actfn.output.forms import Dialect
from tests.cli.readers.test_text import Trickle

WANTED = Wanted(("x",), lambda _: ("f(x)",))
COMMAS = Dialect()


def read(data, policy=OnError.STOP, step=1 << 20, *, wanted=WANTED, dialect=COMMAS):
    """The line, numbers and fields of each record, the error, and what was counted."""
    found, error, faults = [], "", Faults(policy)
    try:
        for block in separated.separated(Trickle(data, step), "s", faults, wanted, dialect):
            width = len(wanted.columns)
            numbers = block.values.reshape(-1, width).tolist()
            assert block.counts == (None if width == 1 else [width] * len(numbers))
            rows = zip(*(column.cells for column in block.records.columns), strict=True)
            found += zip(block.places, numbers, rows, strict=True)
    except (DataError, UsageError) as raised:
        error = str(raised)
    return found, error, faults


def values(text, policy=OnError.STOP, **named):
    found, error, _ = read(text.encode(), policy, **named)
    return repr([number for _, (number,), _ in found]), error


CELLS = st.text(st.sampled_from('ab,;"\n\r\t é\u2028\ufeff'), max_size=6)


@given(
    st.lists(st.tuples(CELLS.filter(lambda cell: cell[:1] != "\ufeff"), st.floats(allow_nan=False), CELLS), max_size=5),
    st.sampled_from([",", ";", "\t", "|", "¦"]),
    st.booleans(),
    st.integers(1, 40),
)
def test_quoted_fields_and_line_ends_within_them_pass_through(rows, delimiter, header, step):
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    records = [(a, repr(x), b) for a, x, b in rows]
    writer.writerows([("a", "x", "b"), *records] if header else records)
    data = text.getvalue().encode()
    wanted = WANTED if header else WANTED._replace(columns=("2",))
    found, error, _ = read(data, step=step, wanted=wanted, dialect=Dialect(delimiter, header))
    assert error == ""
    marked = "\n\ufeff" in text.getvalue()  # taken for one where files were put together
    assert [row for _, _, row in found] == records or marked
    assert [number for _, (number,), _ in found] == [x for _, x, _ in rows]


@pytest.mark.parametrize(
    ("text", "shown", "error"),
    [
        ("x\n1\n\n2\n", "[1.0, 2.0]", ""),
        ("\n\nx\n1\n", "[1.0]", ""),
        ("x\r\n1\r\n\r\n2", "[1.0, 2.0]", ""),
        ("\ufeffx\n1\n\ufeff2\n", "[1.0, 2.0]", ""),
        ('\ufeff"x"\n1\n\ufeff"2"\n', "[1.0, 2.0]", ""),
        ("x\n\N{MINUS SIGN}1\n0x10\n", "[-1.0, 16.0]", ""),
        ("", "[]", ""),
        ("\n\n", "[]", ""),
        ("a,x\n1,2\n3\n4,5\n", "[2.0]", "s:3: the record has 1 field instead of 2"),
        ("x\n1,2\n", "[]", "s:2: the record has 2 fields instead of 1"),
        ('a,x\n"q\nq",2\n3,zz\n', "[2.0]", "s:4: column 'x' is not a number: 'zz'"),
        ('a,x\n1,2\n"q\n\nq",zz\n', "[2.0]", "s:3: column 'x' is not a number: 'zz'"),
        ("a,x\n1,\n", "[]", "s:2: column 'x' is empty"),
        ("a,x\n1,1\u00a0000\n", "[]", "s:2: column 'x' is not a number: '1\\xa0000'"),
        ('a;x\n1;"1,5"\n', "[]", "s:2: column 'x' is not a number: '1,5'\nhint: write a decimal point for the comma"),
        ('a,x\n1,2\n"1,2\n', "[2.0]", "s:3: a quote is not closed"),
        ('a,x\n1,2\n"1,2\n3,4\n5,6', "[2.0]", "s:3: a quote is not closed"),
        ('a,x\n1,2\n"1"2,3\n', "[2.0]", "s:3: a closing quote is followed by neither ',' nor a line end"),
        ("a,x\n1,2\n1\r2,3\n", "[2.0]", "s:3: a carriage return stands within an unquoted field\nhint: if lines end"),
        ('"x\n1\n', "[]", "s:1: a quote is not closed"),
        ("y,z\n1,2\n", "[]", "s: no column is called 'x'\nhint: the columns: y, z"),
        ("price,X\n1,2\n", "[]", "s: no column is called 'x'\nhint: did you mean 'X'?"),
        ("x|z\n1|2\n", "[]", "s: no column is called 'x'\nhint: its columns are separated by '|': say --delimiter '|'"),
        ("x\tz\n", "[]", "s: no column is called 'x'\nhint: its columns are separated by tab: say --delimiter tab"),
        ("x,x\n1,2\n", "[]", "s: several columns are called 'x'\nhint: take one by its position: --column 1 or"),
        ("1,2\n1,2\n", "[]", "s: no column is called 'x'\nhint: every name in the header is a number: 1, 2; if this"),
        ("x,f(x)\n1,2\n", "[]", "s: there is a column 'f(x)' already\nhint: name the answer with --as"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_what_ends_csv(text, shown, error, step):
    dialect = Dialect(";") if text.startswith("a;") else COMMAS
    faults = Faults(OnError.STOP, optional=True)
    found = []
    try:
        for block in separated.separated(Trickle(text.encode(), step), "s", faults, WANTED, dialect):
            found += block.values.tolist()
    except (DataError, UsageError) as raised:
        assert error
        assert str(raised).startswith(error)
        error = ""
    assert (repr(found), error) == (shown, "")


BAD = [
    b"\xff,1", "é,1".encode("latin-1"), b"\xed\xa0\x80,1", b"a\0,1", "a,1".encode("utf-16"), "a,1".encode("utf-32-be"),
    b"a", b"a,1,2", b'"a"b,1', b"a\rb,1", b"a,zz", b"a," + b"1" * 200, b'"a,1', b'a,"1',
    b'"b\n\xff",1', b'"' + b"b\n" * 99 + b'",1',
]  # fmt: skip


@given(st.data())
def test_what_is_behind_a_record_that_cannot_be_read(data):
    bad = data.draw(st.sampled_from(BAD))
    forms = data.draw(st.lists(st.sampled_from(["i{},{}", '"i, {}",{}', '"i\n{}","{}"']), max_size=8))
    place = data.draw(st.integers(0, len(forms)))
    mark = data.draw(st.lists(st.sampled_from([b"", b"\xef\xbb\xbf"]), min_size=8, max_size=8))
    good = [mark[i] + form.format(i, i / 2).encode() for i, form in enumerate(forms)]
    stream = b"\n".join([b"a,x", *good[:place], bad, *good[place:]]) + b"\n"
    step = data.draw(st.integers(1, 60))
    expected = [
        (i / 2, form.partition(",{")[0].strip('"').removesuffix('","{}').format(i)) for i, form in enumerate(forms)
    ]
    line = b"\n".join([b"a,x", *good[:place], b""]).count(b"\n") + 1 + (bad == b'"b\n\xff",1')
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lines, "MAX_LINE", 120)
        patched.setattr(separated, "MAX_LINE", 120)
        found, error, _ = read(stream, OnError.STOP, step)
        assert shortly(found) == expected[:place]
        assert error.partition(": ")[0] == f"s:{line}"
        found, error, faults = read(stream, OnError.SKIP, step)
        if bad.count(b"\n") < 2:  # else its other lines have one field
            assert (shortly(found), error, faults.count) == (expected, "", 1)
        assert shortly(found)[:place] + shortly(found)[place:] == expected
        found, error, faults = read(stream, OnError.NAN, step)
        rows, ((_, (number,), row), *_) = shortly(found), found[place:]
        assert rows[:place] + rows[place + faults.count :] == expected
        assert math.isnan(number)
        assert row == (("a", "zz") if bad == b"a,zz" else ("", ""))


def shortly(found):
    return [(number, row[0]) for _, (number,), row in found]


def test_a_quote_that_is_not_closed_costs_its_own_line_alone():
    text = "a,x\n1,1\n" + '"2,2\n' + "".join(f"{i},{i}\n" for i in range(3, 500)) + '"q, q",500\n"r\nr",501\n'
    found, error, faults = read(text.encode(), OnError.SKIP, 30)
    assert [number for _, (number,), _ in found] == [1.0, *map(float, range(3, 502))]
    assert (error, faults.count, faults.first) == (
        "",
        1,
        "s:3: a closing quote is followed by neither ',' nor a line end",
    )


def test_lines_that_all_seem_to_open_a_quote_are_not_read_over_and_over(monkeypatch):
    monkeypatch.setattr(separated, "MAX_LINE", 1000)
    given_again, real = [], separated._Lines.__next__  # noqa: SLF001
    monkeypatch.setattr(separated._Lines, "__next__", lambda self: given_again.append(1) or real(self))  # noqa: SLF001
    _, error, _ = read(b"a,x\n" + b'x","\n' * 5000, OnError.SKIP)
    assert "the record is longer than 1000 characters" in error
    assert len(given_again) < 10 * 5000


def test_a_record_of_many_lines_may_be_as_long_as_a_line(monkeypatch):
    monkeypatch.setattr(separated, "MAX_LINE", 100)
    good, bad = ('a,x\n"' + "b\n" * count + '",1\n' for count in (48, 50))
    assert values(good) == ("[1.0]", "")
    assert values(bad)[1].startswith("s:2: the record is longer than 100 characters")


def test_a_header_alone_gets_its_column():
    for text in (b"a,x\n", b"\xef\xbb\xbfa,x", b"a,x\n\n", b"a,x\n1,zz\n"):
        (block,) = separated.separated(io.BytesIO(text), "s", Faults(OnError.SKIP), WANTED, COMMAS)
        assert [column.name for column in block.records.columns] == ["a", "x"]
        assert block.values.size == 0


@pytest.mark.parametrize(
    ("policy", "text", "shown", "error"),
    [
        (OnError.STOP, "1,2\n3,4\n", "[2.0, 4.0]", ""),
        (OnError.STOP, "a,2\n3,4,5\n", "[2.0]", "s:2: the record has 3 fields instead of 2"),
        (OnError.SKIP, '"1"1,2\n3,4\n', "[4.0]", ""),
        (OnError.NAN, '"1"1,2\n3,4\n', "[]", "s:1: a closing quote is followed by neither ',' nor a line end"),
        (OnError.STOP, "1\n3\n", "[]", "s: no column is called '2'\nhint: there is one, called 1"),
        (OnError.STOP, "1;2\n", "[]", "s: no column is called '2'\nhint: its columns are separated by ';'"),
        (OnError.STOP, "", "[]", ""),
    ],
)
def test_without_a_header(policy, text, shown, error):
    dialect = Dialect(",", header=False)
    found = values(text, policy, wanted=WANTED._replace(columns=("2",)), dialect=dialect)
    assert found[0] == shown
    assert found[1].startswith(error)
    assert bool(found[1]) == bool(error)


@pytest.mark.parametrize(
    ("header", "column", "found"),
    [
        ("a,b,c", "b", 2.0),
        ("a,b,c", "3", 3.0),
        ("3,b,c", "3", 1.0),  # a name first
        ("a,a,c", "2", 2.0),
        ("0,1,2", "1", 2.0),
        ("0,1,2", "3", "no column is called '3'\nhint: every name in the header is a number: 0, 1, 2; if this line"),
        ("0,1,0", "0", "several columns are called '0'\nhint: every name in the header is a number: 0, 1, 0; if this"),
        ("a,b,c", "0", "no column is called '0'\nhint: the columns: a, b, c"),
        ("a,b,c", "4", "no column is called '4'\nhint: the columns: a, b, c"),
        ("a,b,c", "٣", "no column is called '٣'\nhint: the columns: a, b, c"),
        ("a,b,c", "9" * 5000, "no column is called '999"),
    ],
)
def test_a_column_by_its_name_else_its_position(header, column, found):
    rows, error, _ = read(f"{header}\n1,2,3\n".encode(), wanted=WANTED._replace(columns=(column,)))
    if isinstance(found, str):
        assert error.startswith(f"s: {found}")
    else:
        assert (rows[0][1], error) == ([found], "")


@pytest.mark.parametrize(
    ("header", "remark"),
    [
        ("x,1", []),
        (
            "1,nan,-inf",
            ["s: every name in the header is a number: 1, nan, -inf; if this line is a record, say --no-header"],
        ),
        (
            "1,2,3,4,5",
            ["s: every name in the header is a number: 1, 2, 3, 4, …; if this line is a record, say --no-header"],
        ),
        ("1,2,", []),
    ],
)
def test_a_header_of_numbers_is_remarked(header, remark):
    *_, faults = read(f"{header}\n".encode(), wanted=WANTED._replace(columns=("1",)))
    assert faults.remarks == remark
    *_, faults = read(
        f"{header}\n".encode(), wanted=WANTED._replace(columns=("1",)), dialect=Dialect(",", header=False)
    )
    assert faults.remarks == []


def test_several_columns_in_the_order_asked_for():
    wanted = Wanted(("c", "1"), lambda names: tuple(f"f({name})" for name in names))
    for text in ("a,b,c\n1,2,3\n4,5,6\n", 'a,b,c\n"1",2,3\n4,"5","6"\n'):
        found, error, _ = read(text.encode(), wanted=wanted)
        assert ([numbers for _, numbers, _ in found], error) == ([[3.0, 1.0], [6.0, 4.0]], "")
    (block,) = separated.separated(io.BytesIO(text.encode()), "s", Faults(), wanted, COMMAS)
    assert block.records.names == ("f(c)", "f(a)")
    assert (
        read(b"a,b,c\n", wanted=wanted._replace(columns=("a", "1")))[1]
        == "s: column 'a' is given twice\nhint: leave one out"
    )
    _, error, faults = read(b"a,b,c\nu,2,v\n1,2,w\n1,2,3\n", OnError.SKIP, wanted=wanted)
    assert (error, faults.count, faults.first) == ("", 2, "s:2: column 'c' is not a number: 'v'")


PLAIN_CELLS = st.one_of(
    st.floats(allow_nan=False).map(repr),
    st.sampled_from(["-0", "", " 2", "zz", "1_0", ".5", "[1", "nan", "1,5", "true"]),
)
ROWS = st.lists(
    st.one_of(
        PLAIN_CELLS.map("a\t{}\tb".format),
        st.sampled_from(
            ["", "a\t1", '"q\n\tq"\t7\tb', '"q"\t7\tb', '"q\t8\tb', 'q"\t8\tb', "\r\t1\t", "\ufeffa\t9\tb", "a\t1\t\0"]
        ),
    )
)


@pytest.mark.parametrize("policy", list(OnError))
@given(ROWS, st.integers(1, 40))
def test_whole_pieces_are_read_as_records_one_by_one(policy, rows, step):
    data = "\n".join(["u\tx\tv", *rows, ""]).encode()
    quick, quick_error, quick_faults = read(data, policy, step, dialect=Dialect("\t"))
    at_once, *_ = read(data, policy, dialect=Dialect("\t"))
    assert repr(at_once) == repr(quick)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(separated._Lines, "whole", lambda _: ())  # noqa: SLF001
        found, error, faults = read(data, policy, step, dialect=Dialect("\t"))
    assert (repr(quick), quick_error, quick_faults) == (repr(found), error, faults)


def test_the_names_in_a_line():
    assert columns("\ufeffa;é\r\n".encode(), ";") == ["a", "é"]
    assert columns(b"a\rb\n", ",") == columns(b"", ",") == []


@pytest.mark.parametrize("marks", [1, 2, 3])
def test_files_that_hold_a_mark_alone_leave_several_at_the_start_of_a_line(marks):
    mark = marks * "\ufeff"
    found, error, _ = read(f"{mark}x\n1\n{mark}2\n".encode())
    assert ([numbers for _, numbers, _ in found], error) == ([[1.0], [2.0]], "")
    assert columns(f"{mark}x,y\n".encode(), ",") == ["x", "y"]
