"""The quick and the careful way agree, wherever a stream is cut, and name the same lines."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actfn.cli.kinds import OnError
from actfn.cli.readers import text
from actfn.cli.readers.block import Faults
from actfn.cli.readers.encoding import MAX_LINE
from actfn.cli.readers.text import blocks
from actfn.errors import DataError

FLOATS = st.floats(allow_nan=False).map(repr)
WORDS = st.one_of(
    FLOATS,
    st.integers(-(10**25), 10**25).map(str),
    st.sampled_from(
        ["-0", "0", "-0.0", ".5", "5.", "+3", "0x1p-3", "nan", "-inf", "1e400", "−2", "007", "1e5", "-", "true", "null",
         "[1]", "{}", '"2"', "zz", "1_0", "\xff"]
    ),
)  # fmt: skip
PLAIN_LINES = st.lists(FLOATS, min_size=1, max_size=4).map(" ".join)
LINES = st.one_of(
    FLOATS,
    PLAIN_LINES,
    st.lists(WORDS, max_size=4).map(" ".join),
    st.lists(WORDS, min_size=1, max_size=4).map(",".join),
    st.sampled_from(["", " 1", "1 ", "1\r", "# words", "1 # one", "1,,2", "1\t2", ", 1"]),
)


def test_of_several_parts_the_first_fault_is_told():
    faults, later = Faults(OnError.SKIP), Faults(OnError.SKIP)
    assert faults.sentence() == ""
    later.count, later.first = 2, "line 7"
    faults.add(later)
    faults.add(Faults(OnError.SKIP))
    assert faults.sentence() == "2 lines left out, first line 7"


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time."""

    def __init__(self, data, step):
        super().__init__(data)
        self.step = step

    def read1(self, size=-1):
        return super().read1(min(self.step, size))


def read(data, step, policy=OnError.STOP):
    """The numbers of each line, the lines' numbers, and the error that ended it."""
    lines, places, error = [], [], None
    faults = Faults(policy)
    try:
        for block in blocks(Trickle(data, step), "s", faults):
            lines += [line.tolist() for line in block.lines()]
            places += block.places
    except DataError as raised:
        error = str(raised)
    return repr(lines), places, error, faults.count, faults.first


@pytest.mark.parametrize("library", ["simdjson", "orjson"])
@given(st.lists(LINES, max_size=8), st.booleans(), st.sampled_from(OnError))
def test_the_quick_and_the_careful_way_agree_at_every_boundary(library, lines, ended, policy):
    data = ("\n".join(lines) + "\n" * ended).encode("utf-8", "surrogateescape")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(text, "_quick", lambda _: None)
        careful = read(data, 1 << 16, policy)
    with pytest.MonkeyPatch.context() as patched:
        if library == "orjson":
            patched.setattr(text, "_json_reader", lambda: text._through_a_list)  # noqa: SLF001 - as without a wheel
        for step in [*range(1, min(len(data), 12) + 1), len(data) // 2 + 1, 1 << 16]:
            assert read(data, step, policy) == careful


@given(st.lists(LINES, max_size=8), st.sampled_from(OnError), st.integers(0, 5))
def test_a_line_that_is_parted_in_pieces_is_read_as_a_whole(lines, policy, piece):
    data = "\n".join(lines).encode("utf-8", "surrogateescape")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(text, "_quick", lambda _: None)
        whole = read(data, 1 << 16, policy)
        patched.setattr(text, "_PIECE", piece)
        assert read(data, 1 << 16, policy) == whole


@pytest.mark.parametrize(
    "data", [b"1\n-2.5\n3e5\n", b"1 2\n3 4 5\n", b"1,2\n3\n", b"1\t2\n", b"1, 2\r\n", b" 1.5\n22.5", b"0\n"]
)
@pytest.mark.parametrize("library", ["simdjson", "orjson"])
def test_plain_numbers_take_the_quick_way(data, library, monkeypatch):
    if library == "orjson":
        monkeypatch.setattr(text, "_json_reader", lambda: text._through_a_list)  # noqa: SLF001 - as without a wheel
    assert text._quick(data) is not None  # noqa: SLF001 - whether it is taken cannot be seen from outside


@pytest.mark.parametrize("data", [b"true\n", b"null\n", b"[1]\n", b'"1"\n', b"1\n\n2\n", b"-0\n", b"{}\n", b"1 # 2\n"])
def test_other_lines_do_not(data):
    assert text._quick(data) is None  # noqa: SLF001 - see above


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"1\n\0\0\0" * 100, "s:2: not text"),
        (b"\0" * 10_000_000, "s:1: not text"),
        (b"1\n" + b"1" * (MAX_LINE + 2), "s:2: the line is longer than 16777216 bytes"),
    ],
)
@pytest.mark.parametrize("policy", OnError)
def test_what_is_no_text_ends_the_stream_and_fills_no_memory(data, message, policy):
    stream = io.BytesIO(data)
    found = blocks(stream, "s", Faults(policy))
    with pytest.raises(DataError, match=message):
        list(found)
    assert stream.tell() <= MAX_LINE + 2 * (1 << 16)


def test_no_number_of_a_line_that_is_too_long_is_cut():
    with pytest.raises(DataError, match="s:1: the line is longer than 16777216 bytes"):
        list(blocks(io.BytesIO(b"12345678 " * 2_000_000 + b"1\n"), "s", Faults()))


def test_a_byte_order_mark_is_no_part_of_the_first_number():
    for step in (1, 2, 100):
        assert read(b"\xef\xbb\xbf1\n2", step)[0] == "[[1.0], [2.0]]"


def test_a_byte_order_mark_may_begin_any_line_but_stands_nowhere_else():
    for step in (1, 2, 100):
        assert read(b"1\n\xef\xbb\xbf2\n\xef\xbb\xbf\xef\xbb\xbf3\n\xef\xbb\xbf", step)[0] == "[[1.0], [2.0], [3.0]]"
        lines, _, error, _, _ = read(b"1\n2\xef\xbb\xbf3\n", step)
        assert (lines, error.partition("\n")[0]) == ("[[1.0]]", "s:2: not a number: '2\\ufeff3'")


BLANKS = " \t\v\f\r"
OTHER_BLANKS = sorted(
    {chr(code) for code in range(0x110000) if chr(code).isspace() and not 0xD800 <= code < 0xE000} - {*BLANKS, "\n"}
    | set("\u200b\u200c\u200d\u2060\u180e")
)


@pytest.mark.parametrize("blank", BLANKS)
def test_white_space_of_ascii_separates_numbers(blank):
    assert read(f"1{blank}2\n3\n".encode(), 1 << 16)[:3] == ("[[1.0, 2.0], [3.0]]", [1, 2], None)


@pytest.mark.parametrize("blank", OTHER_BLANKS, ids=ascii)
@pytest.mark.parametrize("line", ["1{}000", "1{}", "2 {}1", "1,{}2", "{}"])
def test_no_other_white_space_is_part_of_a_number_or_between_two(blank, line):
    data = f"7\n{line.format(blank)}\n8\n".encode()
    lines, _, error, _, _ = read(data, 1 << 16)
    assert (lines, error.partition(": ")[0]) == ("[[7.0]]", "s:2")
    assert "not a number: '" in error
    assert read(data, 1 << 16, OnError.SKIP)[:2] == ("[[7.0], [8.0]]", [1, 3])


@pytest.mark.parametrize("token", ["\u0661", "\uff11", "\u0968.\u096b", "1\u0660", "1e\u0662", "0x\uff11", "nan(é)"])
def test_digits_are_those_of_ascii(token):
    assert read(f"1\n{token}\n".encode(), 1 << 16)[2].startswith("s:2: not a number: ")


@pytest.mark.parametrize(
    ("policy", "lines"),
    [(OnError.NAN, "[[1.0], [nan], [nan], [4.0]]"), (OnError.SKIP, "[[1.0], [4.0]]"), (OnError.STOP, "[[1.0]]")],
)
def test_bytes_that_are_not_utf8_spoil_their_own_line_only(policy, lines):
    shown, _, error, count, first = read(b"1\n2 # \xe9\n\xff\xfe3\n4\n", 1 << 16, policy)
    assert shown == lines
    told = error or first
    assert told.partition("\n")[0] == "s:2: not UTF-8: 'é'"
    assert (count, error is None) == ((0, False) if policy is OnError.STOP else (2, True))


def test_what_is_not_utf8_is_told_with_what_converts_it():
    assert (
        read(b"\xe9\n", 1)[2] == "s:1: not UTF-8: 'é'\nhint: text must be UTF-8: iconv -f LATIN1 -t UTF-8 converts it"
    )
    with pytest.raises(DataError, match="; --on-error nan or skip goes on"):
        list(blocks(io.BytesIO(b"\xe9\n"), "s", Faults(optional=True)))


def test_blanks_may_stand_around_the_last_comma():
    assert read(b"1 2 , \n3,\n4 ,5 ,\n", 1 << 16)[0] == "[[1.0, 2.0], [3.0], [4.0, 5.0]]"


def test_every_float_is_read_as_it_is():
    values = np.random.default_rng(5).integers(0, 2**64, 5000, dtype=np.uint64).view(np.float64)
    values = values[np.isfinite(values)]
    data = "".join(f"{value!r}\n" for value in values.tolist()).encode()
    (block,) = blocks(io.BytesIO(data), "s") if len(data) < 1 << 16 else [next(blocks(io.BytesIO(data), "s"))]
    assert np.array_equal(block.values, values[: block.values.size])
    assert block.values.size > 1000


@pytest.mark.parametrize(
    ("data", "lines", "error"),
    [
        (b"1, 2\n3,4,\n", "[[1.0, 2.0], [3.0, 4.0]]", None),
        (b"1,,3\n", "[]", "s:1: a number is missing beside a comma"),
        (b"2\n,1\n", "[[2.0]]", "s:2: a number is missing beside a comma"),
        (b",\n", "[]", "s:1: a number is missing beside a comma"),
    ],
)
def test_a_number_that_is_missing_between_commas_is_told(data, lines, error):
    shown, _, message, _, _ = read(data, 1 << 16)
    assert (shown, message and message.partition("\n")[0]) == (lines, error)


def test_a_number_that_is_missing_is_nan_where_that_was_asked_for():
    assert read(b"1,,3\n", 1 << 16, OnError.NAN)[0] == "[[1.0, nan, 3.0]]"
