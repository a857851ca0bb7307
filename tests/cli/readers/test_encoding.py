"""Lines are what they are, wherever the stream is cut; what is not text is named after all lines before it."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actfn.cli.readers import encoding
from actfn.cli.readers.encoding import decoded, line_ends, pieces
from actfn.errors import DataError

MARK = b"\xef\xbb\xbf"
BYTES = st.one_of(
    st.sampled_from([b"\n", MARK, MARK[:1], MARK[1:], b"12", b"\xc3\xa9", b"\r\n"]), st.binary(max_size=3)
)
STREAMS = st.lists(BYTES, max_size=30).map(b"".join)
CUTS = st.lists(st.integers(0, 90), max_size=12).map(sorted)


def cut(data, places):
    """The data in chunks, none of them empty."""
    ends = [0, *places, len(data)]
    return [chunk for low, high in pairwise(ends) if (chunk := data[low:high])]


def expected(data, limit):
    """The lines before the first that is refused, and that one's number: by definition, a line at a time."""
    lines = data.split(b"\n")
    bad = next((place for place, line in enumerate(lines) if len(line) > limit or b"\0" in line), None)
    good = [re.sub(b"^(%b)+" % MARK, b"", line) for line in lines[:bad]]
    return b"\n".join(good) + b"\n" * (bad is not None and bad > 0), None if bad is None else bad + 1


@given(STREAMS, CUTS, st.sampled_from([4, 20, 1000]))
def test_lines_are_the_same_wherever_a_stream_is_cut(data, places, limit):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(encoding, "MAX_LINE", limit)
        found, refused = [], None
        try:
            found.extend(pieces(cut(data, places), "s"))  # keeps those before the error
        except DataError as error:
            refused = int(error.message.split(":")[1])
    assert (b"".join(found), refused) == expected(data, limit)
    assert all(found)
    assert all(piece.endswith(b"\n") for piece in found[:-1])


def test_whole_lines_come_as_soon_as_they_are_there():
    arrived = []

    def chunks():
        for chunk in (MARK[:1], MARK[1:] + b"1", b"2\n3", b"4\n5\n", b"6"):
            yield chunk
            arrived.append(chunk)

    seen = [(piece, len(arrived)) for piece in pieces(chunks(), "s")]
    assert seen == [(b"12\n", 2), (b"34\n5\n", 3), (b"6", 5)]


@pytest.mark.parametrize("encoded", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
def test_wide_characters_are_refused_with_what_converts_them(encoded):
    with pytest.raises(DataError, match=r"^s:1: not text: .*\nhint: text must be UTF-8: iconv -f UTF-16 -t UTF-8 "):
        list(pieces(["1\n2\n".encode(encoded)], "s"))


@pytest.mark.parametrize(
    "line", [b"\xff\xfe", b"1 \xe9", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82"]
)
def test_only_utf8_is_text(line):
    with pytest.raises(UnicodeError, match=r"^not UTF-8: '"):
        decoded(line)
    assert decoded("−2 é".encode()) == "−2 é"


@given(st.binary())
def test_line_ends_are_counted(data):
    assert line_ends(data) == data.count(b"\n")
