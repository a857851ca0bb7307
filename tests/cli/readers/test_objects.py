"""JSON objects, one a line: the same records however the stream is cut, and what is behind one that cannot be read."""

import io
import json
import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actfn.cli.kinds import OnError
from actfn.cli.readers import lines
from actfn.cli.readers.block import Faults, Wanted
from actfn.cli.readers.objects import keys, objects
from actfn.errors import DataError
from tests.cli.readers.test_text import Trickle

WANTED = Wanted(("x",), lambda _: ("f(x)",))


def read(data, policy=OnError.STOP, step=1 << 20, wanted=WANTED):
    """The line, numbers and text of each record, the error, and what else was counted."""
    found, error, faults = [], "", Faults(policy)
    try:
        for block in objects(Trickle(data, step), "s", faults, wanted):
            (column,) = block.records.columns
            width = len(wanted.columns)
            numbers = block.values.reshape(-1, width).tolist()
            assert block.counts == (None if width == 1 else [width] * len(numbers))
            found += zip(block.places, numbers, column.cells, strict=True)
    except DataError as raised:
        error = raised.message
    return found, error, faults


def values(data, policy=OnError.STOP, step=1 << 20):
    found, error, _ = read(data, policy, step)
    return repr([number for _, (number,), _ in found]), error


@pytest.mark.parametrize(
    ("text", "shown", "error"),
    [
        ('{"x": NaN}\n{"x": -Infinity}\n{"x": 1e999}\n', "[nan, -inf, inf]", ""),
        ('{"x": 1' + 400 * "0" + "}\n", "[inf]", ""),
        ('{"x": -0}\n', "[-0.0]", ""),
        ('{"x": 9007199254740993}\n', "[9007199254740992.0]", ""),
        ('{"x": "1e3"}\n{"x": "0x10"}\n', "[1000.0, 16.0]", ""),
        ('{"x": 1, "x": 2}\n{"x": 1, "x": "3"}\n', "[2.0, 3.0]", ""),
        ('{"x": 1}\n\n \t\r\n{"x": "inf", "y": [1]}', "[1.0, inf]", ""),
        ("", "[]", ""),
        ("\ufeff", "[]", ""),
        ('\ufeff{"x": 1}\n\ufeff{"x": 2}\r\n\ufeff\n', "[1.0, 2.0]", ""),
        ('{"x": 1, "deep": ' + "[" * 900 + "]" * 900 + "}\n", "[1.0]", ""),
        ('{"x": 1, "deep": ' + "[" * 10**5 + "]" * 10**5 + "}\n", "[]", "s:1: the object is nested too deeply"),
        ('{"x": null}\n', "[]", "s:1: key 'x' is null"),
        ('{"x": 1}\n{"y": 1}\n', "[1.0]", "s:2: key 'x' is missing"),
        ('{"x": 1}\n[1]\n', "[1.0]", "s:2: not an object: '[1]'"),
        ('{"x": true}\n', "[]", "s:1: key 'x' is true or false"),
        ('{"x": [1]}\n', "[]", "s:1: key 'x' is an array"),
        ('{"x": {}}\n', "[]", "s:1: key 'x' is an object"),
        ('{"x": "\\ud800"}\n', "[]", "s:1: key 'x' is not a number: '\\ud800'"),
        ('{"x": " "}\n', "[]", "s:1: key 'x' is empty"),
        ("{x}\n", "[]", "s:1: not JSON from column 2 on: 'x}'"),
        ('  {"x": 1} {"x": 2}\n', "[]", "s:1: not JSON from column 12 on: '{\"x\": 2}'"),
        ('{"x": 1}\n{"x": 2\n', "[1.0]", "s:2: not JSON: the line ends early, at column 8"),
        ('{"x": 1, "a": "\x01"}\n', "[]", "s:1: not JSON from column 16 on: '\\x01\"}'"),
        ('{"x": 01}\n', "[]", "s:1: not JSON from column 8 on: '1}'"),
        ('{"x": 1, "f(x)": 2}\n', "[]", "s:1: there is a key 'f(x)' already"),
        ('{"x": 1}\n{"x": "2", "f(x)": 2}\n', "[1.0]", "s:2: there is a key 'f(x)' already"),
        ('{"x": 1}\n\0\n', "[1.0]", "s:2: not text: '\\x00'"),
    ],
    ids=lambda text: text[:30],
)
@pytest.mark.parametrize("step", [1, 7, 1 << 20])
def test_objects(text, shown, error, step):
    assert values(text.encode(), step=step) == (shown, error)


BAD = [
    b'{"x": \xff}',
    '{"x": 1, "s": "é"}'.encode("latin-1"),
    b'{"x": 1, "s": "\xed\xa0\x80"}',
    '{"x": 1}'.encode("utf-16"),
    '{"x": 1}'.encode("utf-16-be"),
    '{"x": 1}'.encode("utf-32"),
    b'{"x": 1, "s": "\0"}',
    b"{",
    b"[]",
    b'{"x": {}}',
    b"{}",
    b'{"x": 1, "s": "' + b"x" * 200 + b'"}',
]


@given(st.data())
def test_what_is_behind_a_line_that_cannot_be_read(data):
    bad = data.draw(st.sampled_from(BAD))
    before, after = data.draw(st.integers(0, 5)), data.draw(st.integers(0, 5))
    marks = data.draw(st.lists(st.sampled_from([b"", b"", b"\xef\xbb\xbf"]), min_size=10, max_size=10))
    texts = [json.dumps({"i": line, "x": line / 2}).encode() for line in range(before + after)]
    good = [mark + text for mark, text in zip(marks, texts, strict=False)]
    stream = b"\n".join([*good[:before], bad, *good[before:]]) + b"\n"
    step = data.draw(st.integers(1, 60))
    first = [(line, [(line - 1) / 2], texts[line - 1].decode()) for line in range(1, before + 1)]
    last = [(line, [(line - 2) / 2], texts[line - 2].decode()) for line in range(before + 2, before + after + 2)]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lines, "MAX_LINE", 100)
        found, error, _ = read(stream, OnError.STOP, step)
        assert (found, error.partition(": ")[0]) == (first, f"s:{before + 1}")
        found, error, faults = read(stream, OnError.SKIP, step)
        assert (found, error, faults.count) == (first + last, "", 1)
        found, error, faults = read(stream, OnError.NAN, step)
        (line, (number,), text), others = found[before], found[:before] + found[before + 1 :]
        assert (others, error, faults.count) == (first + last, "", 1)
        assert (line, math.isnan(number), json.loads(text)) == (before + 1, True, {"x": {}} if b"{}}" in bad else {})


@given(
    st.lists(st.sampled_from(['{"x": 1}', '{"x": "2"}', '\ufeff{"x": NaN}', "", "{", '{"x": -0}', '{"a": 1}'])),
    st.integers(1, 30),
)
@pytest.mark.parametrize("policy", list(OnError))
def test_it_does_not_matter_where_a_stream_is_cut(policy, texts, step):
    data = "\n".join(texts).encode()
    (cut, cut_error, cut_faults), (whole, error, faults) = read(data, policy, step), read(data, policy)
    assert (repr(cut), cut_error, cut_faults) == (repr(whole), error, faults)


def test_several_keys_are_read_in_the_order_asked_for():
    wanted = Wanted(("b", "a"), lambda _: ("p", "q"))
    found, _, _ = read(b'{"a": 1, "b": 2, "c": 0}\n{"a": "3", "b": 4}\n', wanted=wanted)
    assert [numbers for _, numbers, _ in found] == [[2.0, 1.0], [4.0, 3.0]]
    found, error, _ = read(b'{"a": 1, "b": 2}\n{"a": 1, "b": 2, "q": 3}\n', wanted=wanted)
    assert (len(found), error) == (1, "s:2: there is a key 'q' already")


def test_a_record_with_two_bad_numbers_is_one_fault():
    wanted = Wanted(("a", "b"), lambda _: ("p", "q"))
    found, _, faults = read(b'{"a": "u", "b": "v"}\n{"a": 1, "b": "w"}\n', OnError.NAN, wanted=wanted)
    assert repr([numbers for _, numbers, _ in found]) == "[[nan, nan], [1.0, nan]]"
    assert (faults.count, faults.first) == (2, "s:1: key 'a' is not a number: 'u'")


def test_the_keys_of_a_line():
    assert keys('\ufeff{"a": 1, "b": 2}'.encode()) == ["a", "b"]
    assert keys(b"[1]") == keys(b"{") == keys(b"[" * 10**5) == keys(b"\xff") == []


def test_memory_of_a_line_without_end(monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINE", 1000)

    class Endless(io.BytesIO):
        given = 0

        def read1(self, size=-1):
            self.given += 100
            return b"x" * min(size, 100)

    stream = Endless()
    with pytest.raises(DataError, match="s:1: the line is longer than 1000 bytes"):
        list(objects(stream, "s", Faults(), WANTED))
    assert stream.given < 2000


@pytest.mark.parametrize(
    "neighbour", ['{"x": NaN}', '{"x": 1e400}', '{"x": -0}', '{"x": "2"}', '{"x": 1, "s": "\\ud800"}', "\ufeff{}"]
)
@pytest.mark.parametrize("depth", [500, 900, 980, 1000, 1010, 1030, 5000])
def test_no_neighbour_decides_whether_a_deep_object_can_be_read(depth, neighbour):
    deep = '{"x": 1, "d": ' + "[" * depth + "]" * depth + "}"
    alone, alone_error = values(deep.encode(), OnError.NAN)
    beside, error = values(f"{deep}\n{neighbour}\n".encode(), OnError.NAN)
    assert (beside.split(",")[0].strip("[]"), error) == (alone.strip("[]"), alone_error)


@pytest.mark.parametrize("marks", [1, 2, 3])
def test_files_that_hold_a_mark_alone_leave_several_at_the_start_of_a_line(marks):
    text = marks * "\ufeff" + '{"x": 1}\n' + marks * "\ufeff" + '{"x": 2}\n'
    assert values(text.encode()) == ("[1.0, 2.0]", "")


@pytest.mark.parametrize("text", ["NaN " + 3_000_000 * "u", 1_500_000 * '\\"', 400_000 * '\\\\u\\"Infinity'])
def test_a_long_text_beside_nan_takes_no_memory_for_each_character(text):
    script = (
        "import re, resource, sys; from actfn.cli.readers import objects; text = sys.stdin.read(); "
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; "
        "row = objects._row(1, text, None, ['x'], ['y']); "
        "print(row.passed == text.replace(': NaN}', ': \"nan\"}'), "
        "resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    line = f'{{"a": "{text}", "x": NaN}}'
    done = subprocess.run([sys.executable, "-c", script], input=line, capture_output=True, text=True, check=True)
    kept, grown = done.stdout.split()
    assert kept == "True"
    assert int(grown) * 1024 < 16 * len(line)
