"""The lines of a TOML file's entries, against TOML's own reader: an entry begins where it cannot be done without."""

import random
import re
import tomllib

import pytest

from actfn.errors import UsageError
from actfn.grading.toml import Text

KEYS = ["a", "b", "c-d", '"a b"', "'x.y'", '"]"', '"#"', r'"\""', "1", "true"]
VALUES = [
    "1", "-inf", "1979-05-27T07:32:00Z", "true", '"["', "'{'", '"#"', r'"\"["', r"'\'", '""', "''", "[]", "{}",
    "[1, 2]  # [", "[[1], [2, [3]]]", "{x = 1, y.z = [2]}", "[{x = 1}, {x = [{}]}]", '["]", \'[\']',
    '"""\n[a]\n"""', '"""a""b"""', '"""a"\n""""', '"""\n""\n"""""', r'"""\""" # ["""',
    '"""\\\n  "a" = [\n"""', '""""""',
    "'''\n[[a]]\nb = 1\n'''", "''''a'''''", "''''''", "'''\\'''",
    '[\n  1,\n  # ]\n\n  "]",\n]', "[\n[\n'''\n]'''],\n{x = 1}\n]", '[ # [\n"""\n]""" ]',
]  # fmt: skip


def document(seed):
    """A file of random statements, as long as it is TOML."""
    rng, lines = random.Random(seed), []  # noqa: S311 - the same at every run
    for _ in range(rng.randint(1, 12)):
        key = ".".join(rng.choices(KEYS[: rng.randint(1, len(KEYS))], k=rng.choice([1, 1, 1, 2, 3])))
        kind = rng.random()
        heading = rng.choice(["[{}]", "[[{}]]", "[[{}]]", "  [ {} ] # [", "[[ {} ]]\t"]).format(key)
        added = heading if kind < 0.35 else f"{rng.choice(['', '  '])}{key} = {rng.choice(VALUES)}"
        added = rng.choice(["", "\n", "# a = [\n", "\t\n"]) + added + rng.choice(["", "", " # '''", "\n"])
        if is_toml("\n".join([*lines, added])):
            lines.append(added)
    return rng.choice(["\n", "\n", "\r\n"]).join("\n".join(lines).split("\n")) + rng.choice(["", "\n"])


def is_toml(text):
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def entries(value, place=()):
    if place:
        yield place
    for step, inside in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from entries(inside, (*place, step))


def holds(table, place):
    for step in place:
        if not (step in table if isinstance(table, dict) else step < len(table)):
            return False
        table = table[step]
    return True


def line(text, place):
    """Behind the last line up to which the file can be read without the entry."""
    lines = text.replace("\r\n", "\n").split("\n")
    without = 0
    for end in range(1, len(lines) + 1):
        if is_toml("\n".join(lines[:end])):
            if holds(tomllib.loads("\n".join(lines[:end])), place):
                return without + 1
            without = end
    raise AssertionError


@pytest.mark.parametrize("seed", range(300))
def test_the_line_of_every_entry(seed):
    text = document(seed)
    table = Text(text, "t").table()
    assert table == tomllib.loads(text)
    for place in entries(table):
        assert Text(text, "t").line(place) == line(text, place), (text, place)


def test_the_documents_are_of_all_kinds():
    texts = [document(seed) for seed in range(300)]
    assert all(sum(value in text for text in texts) >= 3 for value in VALUES)
    assert sum(text.count("[[") for text in texts) > 200
    assert max(len(list(entries(tomllib.loads(text)))) for text in texts) > 15


@pytest.mark.parametrize("seed", range(300))
def test_a_text_that_does_not_end_is_an_error_where_it_begins(seed):
    rng, text = random.Random(seed), document(seed).replace("\r\n", "\n")  # noqa: S311 - the same at every run
    text = text.rstrip("\n") + "\n" + rng.choice(["\n", "# [\n", ""])
    start = text.count("\n") + 1
    opened = rng.choice(['zz = """a\n"" ]\n', "zz = '''\n''\n", "zz = [1,\n\n2,\n", 'zz = [\n"""]"""\n', "zz ="])
    with pytest.raises(UsageError) as caught:
        Text(text + opened, "t").table()
    assert caught.value.message.startswith(f"t:{start}: ")
    assert caught.value.source == opened.split("\n")[0]


@pytest.mark.parametrize("seed", range(200))
def test_whatever_is_no_toml_is_a_usage_error_with_its_line(seed):
    rng, text = random.Random(seed), document(seed)  # noqa: S311 - the same at every run
    for _ in range(rng.randint(1, 3)):
        where = rng.randint(0, len(text))
        text = (
            text[:where]
            + rng.choice(['"', "'", '"""', "'''", "[", "]", "{", "\\", "\0", "\r", "=", "\u2028"])
            + text[where + 1 :]
        )
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(UsageError, match=r"^t:\d+: ") as caught:
            Text(text, "t").table()
        number = int(re.match(r"t:(\d+)", caught.value.message)[1])
        assert caught.value.source == text.replace("\r\n", "\n").split("\n")[number - 1]
    else:
        for place in entries(Text(text, "t").table()):
            assert Text(text, "t").line(place) == line(text, place)


def test_separators_of_unicode_begin_no_line():
    text = "a = 'one\u2028two\x85three'\nb = 2\n"
    assert Text(text, "t").line(("b",)) == 2
    assert Text(text, "t").error(("b",), "no").source == "b = 2"


def test_a_file_of_5000_tables_is_read_once():
    """The work for a line grows with the file, not with its square."""
    read = 0

    def counting(text):
        nonlocal read
        read += len(text)
        return loads(text)

    loads = tomllib.loads
    text = "".join(f'[[check]]\nname = "{k}"\nat = [\n  {k},\n]\nx.y = {{z = {k}}}\n\n' for k in range(5000))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tomllib, "loads", counting)
        found = Text(text, "t")
        assert len(found.table()["check"]) == 5000
        assert found.line(("check", 4999, "x", "y", "z")) == 7 * 4999 + 6
        assert read < 2 * len(text)
