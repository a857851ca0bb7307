"""One result in all formats."""

import csv
import io
import json
import math

import numpy as np
import pytest

from actfn.numerics.formats import FLOAT64
from actfn.output.forms import Form, Screen
from actfn.output.renderers import renderer
from actfn.output.table import Column, Kind, Numbers, Table, number_column

X = np.array([-1.0, 0.5, math.inf])
VALUES = np.array([math.nan, -math.inf, 1e-7])


def table(lines=None):
    columns = (
        number_column("x", X, FLOAT64, "g"),
        number_column("value", VALUES, FLOAT64, "f"),
        Column("status", ["nan", "ok", "ok"]),
    )
    return Table(columns, ("value",), lines, Numbers(VALUES, FLOAT64, lines))


def vectors():
    return Table(
        (Column("x", [["1.0", "2.0"], []], Kind.VECTOR), Column("value", [["0.5", "nan"], []], Kind.VECTOR)), ("value",)
    )


def rendered(form, *tables, screen=Screen(), streaming=False):
    stream = io.BytesIO()
    out = renderer(form, stream, screen, streaming=streaming)
    for each in tables:
        out.write(each)
    out.finish()
    return stream.getvalue().decode()


def test_plain():
    assert rendered(Form.PLAIN, table()) == "nan\n-inf\n1e-7\n"
    assert rendered(Form.PLAIN, table([2, 0, 1])) == "nan -inf\n\n1e-7\n"
    assert rendered(Form.PLAIN, vectors()) == "0.5 nan\n\n"


def test_separated():
    shown = rendered(Form.CSV, table(), table())
    assert shown.splitlines() == ["x,value,status", *["-1.0,nan,nan", "0.5,-inf,ok", "inf,1e-7,ok"] * 2]
    assert rendered(Form.TSV, vectors()) == "x\tvalue\n1.0 2.0\t0.5 nan\n\t\n"
    quoted = Table((Column("name", ['a,"b"\n']),), ("name",))
    assert list(csv.reader(io.StringIO(rendered(Form.CSV, quoted)))) == [["name"], ['a,"b"\n']]


def test_json_is_json_with_strings_for_what_it_has_no_numbers_for():
    records = json.loads(rendered(Form.JSON, table(), table()))
    assert records[:3] == [
        {"x": -1.0, "value": "nan", "status": "nan"},
        {"x": 0.5, "value": "-inf", "status": "ok"},
        {"x": "inf", "value": 1e-7, "status": "ok"},
    ]
    assert len(records) == 6
    assert [json.loads(line) for line in rendered(Form.NDJSON, table()).splitlines()] == records[:3]
    assert json.loads(rendered(Form.JSON, vectors())) == [
        {"x": [1.0, 2.0], "value": [0.5, "nan"]},
        {"x": [], "value": []},
    ]
    assert json.loads(rendered(Form.JSON)) == []


def test_table():
    assert rendered(Form.TABLE, table()).splitlines() == [
        "   g      f   status",
        "────────────────────",
        "-1.0    nan   nan",
        " 0.5   -inf   ok",
        " inf   1e-7   ok",
    ]


def test_table_leaves_out_a_status_that_says_nothing_and_writes_ascii_where_it_must():
    fine = Table((number_column("x", X, FLOAT64), Column("status", ["ok"] * 3)), ("x",))
    assert "status" not in rendered(Form.TABLE, fine)
    assert rendered(Form.TABLE, table(), screen=Screen(unicode=False)).isascii()


def test_a_streamed_table_has_one_header_and_steady_columns():
    lines = rendered(Form.TABLE, table(), table(), streaming=True).splitlines()
    assert len(lines) == 8
    assert sum("status" in line for line in lines) == 1
    assert lines[2] == lines[5]


def test_a_number_is_never_cut():
    wide = Table((number_column("x", np.array([-1.2345678901234568e-300] * 2), FLOAT64),) * 4, ("x",))
    for line in rendered(Form.TABLE, wide, screen=Screen(width=40)).splitlines()[2:]:
        assert line.split() == ["-1.2345678901234568e-300"] * 4


def test_vectors_take_a_row_an_element():
    assert [line.split() for line in rendered(Form.TABLE, vectors()).splitlines()[2:]] == [
        ["1.0", "0.5"],
        ["2.0", "nan"],
    ]


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.AUTO])
def test_every_format_has_a_renderer(form):
    assert rendered(form, table())


def test_a_table_that_is_too_wide_is_laid_out_closer_where_it_then_fits():
    columns = (
        Column("name", ["a", "b"], title="the name of it"),
        Column("value", ["0.123456", "-1.0"], Kind.NUMBER, "value at 0"),
        Column("long", ["twelve signs", ""]),
    )
    wanted = Table(columns, ("name",))
    assert rendered(Form.TABLE, wanted).splitlines()[0] == "the name of it   value at 0   long"
    assert [line.rstrip() for line in rendered(Form.TABLE, wanted, screen=Screen(30)).splitlines()] == [
        "the",
        "name",
        "of     value at",
        "it            0   long",
        "──────────────────────────────",
        "a      0.123456   twelve signs",
        "b          -1.0",
    ]
    assert rendered(Form.TABLE, wanted, screen=Screen(28)).splitlines()[-2] == "a     0.123456  twelve signs"
    assert rendered(Form.TABLE, wanted, screen=Screen(20)) == rendered(Form.TABLE, wanted)
    streamed = rendered(Form.TABLE, wanted, screen=Screen(30), streaming=True)
    assert streamed == rendered(Form.TABLE, wanted, streaming=True)


def wide(*titles, **layout):
    columns = [Column(title, ["one", "two three"], Kind.TEXT, title) for title in ("property", *titles)]
    return Table(tuple(columns), titles, **layout)


def lines(wanted, width):
    return rendered(Form.TABLE, wanted, screen=Screen(width)).splitlines()


def test_a_table_that_is_too_wide_does_without_some_columns():
    wanted = wide("first", "second", "third", optional=("second", "first"))
    assert lines(wanted, 50)[0] == "property    first       second      third"
    assert lines(wanted, 35)[0] == "property    first       third"
    assert lines(wanted, 25)[0] == "property    third"
    assert lines(wanted, 15) == lines(wanted, 25)


def test_a_table_that_is_too_wide_is_cut_into_parts_that_begin_alike():
    wanted = wide("first", "second", "third", keys=1)
    assert len(lines(wanted, 50)) == 4
    assert lines(wanted, 35) == [
        "property    first       second",
        "─────────────────────────────────",
        "one         one         one",
        "two three   two three   two three",
        "",
        "property    third",
        "─────────────────────",
        "one         one",
        "two three   two three",
    ]


def test_words_are_folded_where_a_table_then_has_fewer_parts():
    key = Column("property", ["the largest difference of the two", "x"])
    words = Column("f", ["a sentence of thirty or more letters", "y"])
    wanted = Table((key, words, Column("g", ["0.5", "z"])), ("f",), keys=1)
    assert lines(wanted, 60) == [
        "property                 f                         g",
        "──────────────────────────────────────────────────────",
        "the largest difference   a sentence of thirty or   0.5",
        "  of the two             more letters",
        "x                        y                         z",
    ]
    assert len(lines(wanted, 80)) == 4
    assert max(map(len, lines(wanted, 45))) <= 45


def test_a_table_has_a_heading():
    assert lines(wide("f", heading="sigmoid"), 80)[:2] == ["sigmoid", "property    f"]
    shown = rendered(Form.TABLE, wide("f", heading="a"), wide("f", heading="b")).splitlines()
    assert [shown[0], *shown[5:8]] == ["a", "", "b", "property    f"]
    assert "sigmoid" not in rendered(Form.CSV, wide("f", heading="sigmoid"))


def test_numbers_among_words_are_numbers_in_json():
    column = Column("f", ["0.5", "1e+50", "inf", "1 at 0", "-", "nan"], Kind.MIXED)
    assert [record["f"] for record in json.loads(rendered(Form.JSON, Table((column,), ("f",))))] == [
        0.5, 1e50, "inf", "1 at 0", None, "nan",
    ]  # fmt: skip
    assert rendered(Form.CSV, Table((column,), ("f",))).split() == [
        "f",
        "0.5",
        "1e+50",
        "inf",
        "1",
        "at",
        "0",
        "-",
        "nan",
    ]
