"""Lines of records: however a stream is cut, the same lines with the same numbers and flaws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actfn.cli.readers import lines
from actfn.cli.readers.lines import numbered, plain_text, read_line
from tests.cli.readers.test_text import Trickle

LINES = st.lists(
    st.sampled_from([b"", b"1", b"a,b\r", "\ufeffé".encode(), b"\xff", b"\0", b"8 bytes.", b"x" * 9, b"x" * 30])
)


def found_in(data, step):
    """The lines of a stream with their numbers; of one over the limit only that it is."""
    found = []
    for first, piece in numbered(Trickle(data, step), "s"):
        for line, raw in enumerate(piece.removesuffix(b"\n").split(b"\n"), first):
            found.append((line, raw if len(raw) <= lines.MAX_LINE else "long"))
    return found


@given(LINES, st.booleans(), st.integers(1, 40))
def test_every_line_comes_once_with_its_number(given_lines, ended, step):
    data = b"\n".join(given_lines) + b"\n" * ended
    expected = [line if len(line) <= 8 else "long" for line in data.removesuffix(b"\n").split(b"\n")] if data else []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lines, "MAX_LINE", 8)
        assert found_in(data, step) == list(enumerate(expected, 1))


def test_a_line_over_the_limit_is_not_held_in_memory(monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINE", 8)
    pieces = [piece for _, piece in numbered(Trickle(b"x" * 1000 + b"\n1\n", 3), "s")]
    assert pieces[-1] == b"1\n"
    assert sum(map(len, pieces)) < 20


@pytest.mark.parametrize(
    ("line", "text", "message"),
    [
        ("é,1".encode(), "é,1", ""),
        ("\ufeffx".encode(), "\ufeffx", ""),
        (b"a\xe9", "a\ufffd", "not UTF-8: 'é'"),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd", "not UTF-8: 'í\\xa0\\x80'"),  # a surrogate
        (b"\xc0\x80", "\ufffd\ufffd", "not UTF-8: 'À\\x80'"),  # Java's NUL
        (b"a\0b", "a\0b", "not text: 'a\\x00b'"),
    ],
)
def test_what_a_line_is_as_text(line, text, message):
    shown, flaw = read_line(line)
    assert (shown, flaw.message if flaw else "") == (text, message)
    assert (plain_text(line + b"\n") is None) == (bool(message) or text[0] == "\ufeff")


@pytest.mark.parametrize(
    ("line", "remedy"),
    [(b"\xe9", "-f LATIN1"), ("x".encode("utf-16"), "-f UTF-16"), (b"x\0", "-f UTF-16"), (b"\x1f\x8b\x08", "gunzip")],
)
def test_the_hint_knows_what_it_may_be(line, remedy):
    assert remedy in read_line(line)[1].hint
