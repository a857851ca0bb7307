"""Columns through the whole program: several of them, by position, without a header, by any delimiter."""

import json
import math
import subprocess

import pytest

from tests.cli.test_evaluate import on_a_terminal
from tests.conftest import PLAIN, PROGRAM

ABC = "a,b,c\n1,-2,3\n4,-5,6\n"


@pytest.mark.parametrize(
    ("arguments", "given", "shown"),
    [
        ("relu --column b --column a", ABC, "a,b,c,relu(b),relu(a)\n1,-2,3,0.0,1.0\n4,-5,6,0.0,4.0\n"),
        ("x^2 --column b", ABC, "a,b,c,x^2\n1,-2,3,4.0\n4,-5,6,25.0\n"),
        ("x^2 --column b --column 3", ABC, "a,b,c,(x^2)(b),(x^2)(c)\n1,-2,3,4.0,9.0\n4,-5,6,25.0,36.0\n"),
        (
            "x^2 --column b --column c --as p --as q",
            ABC,
            "a,b,c,p,q\n1,-2,3,4.0,9.0\n4,-5,6,25.0,36.0\n",
        ),
        ("x^2 --column b --column c --format plain", ABC, "4.0 9.0\n25.0 36.0\n"),
        (
            "x^2 --column b --column c --derivative",
            "b,c\n1,2\n",
            "b,c,(x^2)(b),(x^2)(b) derivative,(x^2)(c),(x^2)(c) derivative\n1,2,1.0,2.0,4.0,4.0\n",
        ),
        ("x^2 --column b --column c --derivative --format plain", "b,c\n1,2\n", "1.0 2.0 4.0 4.0\n"),
        (
            "x^2 --column b --column c --exact",
            "b,c\n1,.5\n",
            "b,c,(x^2)(b),(x^2)(c)\n1,.5,1.0,0.25\n",
        ),
        ("softmax --column a --column c", "a,b,c\n1,x,1\n", "a,b,c,softmax(a),softmax(c)\n1,x,1,0.5,0.5\n"),
        ("softmax --column a --column c", "a,c\n", "a,c,softmax(a),softmax(c)\n"),
        (
            "maxout -p k=2 --column a --column b --column c --column d",
            "a,b,c,d\n1,2,4,3\n",
            "a,b,c,d,maxout 1,maxout 2\n1,2,4,3,2.0,4.0\n",
        ),
        ("glu --column a --column b", "a,b\n1,0\n", "a,b,glu 1\n1,0,0.5\n"),
        ("relu --column b", "\ufeffa,b\n\ufeff1,2\n", "a,b,relu(b)\n1,2,2.0\n"),
        ("relu --input csv --delimiter ; --column b", "a;b\n1;2\n", "a;b;relu(b)\n1;2;2.0\n"),
        ("relu --delimiter ; --column b", 'a;b\n"1;2";2\n1,2;3\n', 'a;b;relu(b)\n"1;2";2;2.0\n1,2;3;3.0\n'),
        ("relu --delimiter ; --column b --format tsv", "a;b\n1;2\n", "a\tb\trelu(b)\n1\t2\t2.0\n"),
        ("relu --input tsv --column b --format csv", "a\tb\n1\t2\n", "a,b,relu(b)\n1,2,2.0\n"),
        ("relu --delimiter \t --column b", "a\tb\n1\t2\n", "a\tb\trelu(b)\n1\t2\t2.0\n"),
        (r"relu --delimiter \t --column b", "a\tb\n1\t2\n", "a\tb\trelu(b)\n1\t2\t2.0\n"),
        ("relu --delimiter tab --column b", "a\tb\n1\t2\n", "a\tb\trelu(b)\n1\t2\t2.0\n"),
        ("relu --no-header --column 2", "1,2\n3,-4\n", "1,2,2.0\n3,-4,0.0\n"),
        ("relu --no-header --column 1", "1\n-4\n", "1,1.0\n-4,0.0\n"),
        ("relu --no-header --column 1", "", ""),
        ("relu --no-header --column 2 --input tsv", "1\t2\n", "1\t2\t2.0\n"),
        ("relu --no-header --column 2 --format ndjson", "u,2\n", '{"1": "u", "2": "2", "relu(2)": 2.0}\n'),
        ("relu --column a --format json", "a\n", "[]\n"),
    ],
)  # fmt: skip
def test_what_is_written(actfn, arguments, given, shown):
    done = actfn("eval", *arguments.split(" "), stdin=given)
    assert (done.stdout, done.stderr, done.returncode) == (shown, "", 0)


def test_derivatives_beside_several_columns(actfn):
    done = actfn("diff", "relu", "--column", "b", "--column", "a", stdin=ABC)
    assert done.stdout == "a,b,c,relu'(b),relu'(a)\n1,-2,3,0.0,1.0\n4,-5,6,0.0,1.0\n"
    done = actfn("diff", "x^2", "--column", "b", "--column", "a", "--order", "2", stdin=ABC)
    assert done.stdout.splitlines()[:2] == ["a,b,c,(x^2)''(b),(x^2)''(a)", "1,-2,3,2.0,2.0"]


def test_a_stream_that_is_empty_has_no_derivatives(actfn):
    assert actfn("diff", "relu", "--column", "x").stdout == ""
    assert actfn("diff", "relu", "--input", "f64").stdout == ""
    assert "where" in actfn("diff", "relu").stdout


def test_several_keys_of_objects(actfn):
    given = '{"a": 1, "s": "\\ud800", "b": -1}\n\ufeff{"b": "2", "a": 0.5}\n'
    done = actfn("eval", "relu", "--input", "ndjson", "--column", "b", "--column", "a", stdin=given)
    assert done.stdout == (
        '{"a": 1, "s": "\\ud800", "b": -1, "relu(b)": 0.0, "relu(a)": 1.0}\n'
        '{"b": "2", "a": 0.5, "relu(b)": 2.0, "relu(a)": 0.5}\n'
    )
    done = actfn("eval", "softmax", "--input", "ndjson", "--column", "b", "--column", "a", stdin='{"a": 3, "b": 3}\n')
    assert json.loads(done.stdout) == {"a": 3, "b": 3, "softmax(b)": 0.5, "softmax(a)": 0.5}


def test_several_columns_in_binary():
    done = subprocess.run(
        [*PROGRAM, "eval", "relu", "--column", "b", "--column", "a", "--output", "f64"],
        input=ABC.encode(), capture_output=True, check=True, env=PLAIN,
    )  # fmt: skip
    assert memoryview(done.stdout).cast("d").tolist() == [0, 1, 0, 4]


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_vector_with_nan_in_it(actfn, form):
    given = {"csv": "a,b\n1,zz\n1,1\n", "ndjson": '{"a": 1, "b": "zz"}\n{"a": 1, "b": 1}\n'}[form]
    asked = ("eval", "softmax", "--input", form, "--column", "a", "--column", "b", "--format", "ndjson", "--on-error")
    first, second = map(json.loads, actfn(*asked, "nan", stdin=given).stdout.splitlines())
    assert [first[name] for name in ("softmax(a)", "softmax(b)")] == ["nan", "nan"]
    assert [second[name] for name in ("softmax(a)", "softmax(b)")] == [0.5, 0.5]
    assert len(actfn(*asked, "skip", stdin=given).stdout.splitlines()) == 1


def test_a_header_of_numbers_is_noted(actfn):
    done = actfn("eval", "relu", "--column", "2", stdin="1,2\n3,4\n")
    assert (done.stdout, done.returncode) == ("1,2,relu(2)\n3,4,4.0\n", 0)
    assert done.stderr == (
        "note: stdin: every name in the header is a number: 1, 2; if this line is a record, say --no-header\n"
    )
    assert actfn("eval", "relu", "--column", "2", stdin="1,2\n").stderr == done.stderr


@pytest.mark.parametrize(
    ("form", "given", "shown"),
    [
        ("csv", b"a,x\n1,1\n\xff,2\n3\n4,zz\n5,5\n", "a,x,f\n1,1,1.0\n,,nan\n,,nan\n4,zz,nan\n5,5,5.0\n"),
        ("tsv", b'x\n1\n"\n3\n', "x\tf\n1\t1.0\n\tnan\n3\t3.0\n"),
        (
            "ndjson",
            b'{"x": 1}\n\xff\n[]\n{"x": [], "s": 0}\n{"x": 5}',
            '{"x": 1, "f": 1.0}\n{"f": "nan"}\n{"f": "nan"}\n{"x": [], "s": 0, "f": "nan"}\n{"x": 5, "f": 5.0}\n',
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_an_empty_record_or_none(actfn, form, given, shown):
    asked = ("eval", "relu", "--input", form, "--column", "x", "--as", "f", "--on-error")
    done = actfn(*asked, "nan", stdin=given)
    assert (done.stdout, done.returncode) == (shown, 0)
    bad = [line for line in shown.splitlines(keepends=True) if "nan" in line]
    assert done.stderr.startswith(f"note: {len(bad)} line")
    done = actfn(*asked, "skip", stdin=given)
    assert done.stdout.splitlines(keepends=True) == [
        line for line in shown.splitlines(keepends=True) if line not in bad
    ]
    assert done.stderr.startswith(f"note: {len(bad)} line")


def test_a_record_over_the_limit_is_not_cut(actfn):
    long = "9" * (1 << 24)
    for form, head, record in (("csv", "x\n1\n", long), ("ndjson", '{"x": 1}\n', f'{{"x": {long}}}')):
        asked = ("eval", "relu", "--input", form, "--column", "x", "--format", "plain")
        line = head.count("\n") + 1
        done = actfn(*asked, stdin=f"{head}{record}0\n2\n")
        assert (done.stdout, done.returncode) == ("1.0\n", 65)
        assert done.stderr.startswith(f"actfn: stdin:{line}: the line is longer than 16777216 bytes\n")
        behind = "2" if form == "csv" else '{"x": 2}'
        done = actfn(*asked, "--on-error", "skip", stdin=f"{head}{record}0\n{behind}\n")
        assert (done.stdout, done.returncode) == ("1.0\n2.0\n", 0)
    assert actfn("eval", "relu", "--column", "x", "--format", "plain", stdin=f"x\n{long}\n").stdout == "inf\n"


def test_a_table_of_several_columns_for_people(tmp_path):
    (tmp_path / "x.csv").write_text("u,1\na,-1\n")
    asked = ("eval", "relu", "--file", str(tmp_path / "x.csv"), "--no-header", "--delimiter", ",", "--column", "2")
    shown, status = on_a_terminal(*asked)
    assert (shown.splitlines()[0].split(), status) == (["1", "2", "relu(2)"], 0)


def test_nan_answers_are_nan(actfn):
    done = actfn(
        "eval", "relu", "--column", "x", "--column", "y", "--on-error", "nan", "--format", "plain", stdin="x,y\nz,1\n"
    )
    assert list(map(math.isnan, map(float, done.stdout.split()))) == [True, False]
