"""Whatever stands in a stream, and wherever it is cut: what is good comes before what is not, and nothing is lost."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actfn.cli.kinds import OnError
from actfn.cli.readers import lines, objects, separated
from actfn.cli.readers.block import Faults, Wanted
from actfn.errors import DataError, UsageError
from actfn.output.forms import Dialect

PARTS = [
    b'"', b'""', b",", b";", b"\n", b"\n", b"\r\n", b"\r", b"1", b"2.5", b"x", b"\xff", b"\xef\xbb\xbf", b"\xef\xbb",
    b"\0", b" ", b"-0", b"nan",
    b'{"x": 1}', b'{"x": ', b"}", b"{}", b"[", b"]", b'"x"', b":", b"\\", b"\\ud800", b"NaN",
    b"\xc3\xa9", b'\n{"x": 4, "y": "5"}\n', b"\n1,2\n", b'\n"q\nq",2\n', b"\n3,4\n", b"1e999", b"\x1f\x8b",
    b"\xed\xa0\x80", b"1" * 30, b"\xe2\x80\xa8",
]  # fmt: skip
BEGINNINGS = [b"", b"x,y\n", b"x\n", b"y,x,x\n", b"1,2\n", b"\xef\xbb\xbfx,y\r\n"]
WORDING_OF_OTHERS = re.compile(
    r"Expecting|codec|decode|field limit|line contains|universal|char \d|Unterminated|Extra|utf-8"
)


class Cut(io.BytesIO):
    """A stream that gives its bytes in pieces of those sizes, over and over."""

    def __init__(self, data, sizes):
        super().__init__(data)
        self.sizes = sizes

    def read1(self, size=-1):
        self.sizes = [*self.sizes[1:], self.sizes[0]]
        return super().read1(min(self.sizes[0], size))


def read(reader, data, sizes, policy, columns, dialect):
    """The lines, numbers and records of a stream, the error, and what was counted."""
    wanted = Wanted(columns, lambda names: tuple(f"f({name})" for name in names))
    faults, found, error = Faults(policy, optional=True), [], ""
    more = (dialect,) if reader is separated.separated else ()
    try:
        for block in reader(Cut(data, sizes), "s", faults, wanted, *more):
            records = zip(*(column.cells for column in block.records.columns), strict=True)
            numbers = map(repr, block.values.reshape(-1, len(columns)).tolist())
            found += zip(block.places, numbers, records, strict=True)
    except (DataError, UsageError) as raised:
        error = str(raised)
    return found, error, faults


@pytest.mark.parametrize("limit", [30, 1 << 24])
@pytest.mark.parametrize("reader", [separated.separated, objects.objects], ids=["csv", "ndjson"])
@given(st.data())
def test_no_record_is_lost(reader, limit, data):
    stream = data.draw(st.sampled_from(BEGINNINGS)) + b"".join(data.draw(st.lists(st.sampled_from(PARTS), max_size=40)))
    columns = data.draw(st.sampled_from([("x",), ("y", "x")] + [("1",), ("2", "1")] * (reader is separated.separated)))
    dialect = Dialect(data.draw(st.sampled_from(",,,;\t")), data.draw(st.booleans()))
    sizes = data.draw(st.lists(st.integers(1, 40), min_size=1, max_size=9))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lines, "MAX_LINE", limit)
        patched.setattr(separated, "MAX_LINE", limit)
        stopped, skipped, gone_on = (
            read(reader, stream, sizes, policy, columns, dialect)
            for policy in (OnError.STOP, OnError.SKIP, OnError.NAN)
        )
        assert gone_on == read(reader, stream, [1 << 20], OnError.NAN, columns, dialect)
        assert skipped == read(reader, stream, [1 << 20], OnError.SKIP, columns, dialect)
    good, error, _ = stopped
    assert good == skipped[0][: len(good)] == gone_on[0][: len(good)]
    assert not WORDING_OF_OTHERS.search(error)
    if not error:
        assert good == skipped[0] == gone_on[0]
    if not gone_on[1] and not skipped[1]:
        assert (gone_on[2].count, gone_on[2].first) == (skipped[2].count, skipped[2].first)
        assert len(gone_on[0]) == len(skipped[0]) + skipped[2].count
        assert bool(error) == bool(skipped[2].count)
        assert set(skipped[0]) <= set(gone_on[0])
