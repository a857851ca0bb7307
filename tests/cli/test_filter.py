"""Streams through the whole program: formats in and out, going on after errors, several processes, and their ends."""

import gzip
import io
import json
import mmap
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from actfn.cli import app, jobs
from actfn.cli.readers.block import SIZE
from tests.cli.test_evaluate import on_a_terminal
from tests.conftest import PLAIN, PROGRAM

X = np.random.default_rng(3).normal(scale=4, size=20_000)
TEXT = "".join(f"{value!r}\n" for value in X.tolist())


def piped(*arguments, data=b""):
    return subprocess.run([*PROGRAM, *arguments], input=data, capture_output=True, check=False, env=PLAIN)


def test_a_column_of_csv(actfn):
    text = 'name,x\n"a, ""b""\nc",0\nd,-1\n'
    done = actfn("eval", "gelu", "--column", "x", stdin=text)
    assert done.stdout == 'name,x,gelu(x)\n"a, ""b""\nc",0,0.0\nd,-1,-0.15865525393145705\n'
    assert (
        actfn("eval", "relu", "--column", "x", "--as", "y", "--format", "tsv", stdin="x\n1\n").stdout
        == "x\ty\n1\t1.0\n"
    )
    assert actfn("eval", "relu", "--column", "x", "--format", "plain", stdin="x\n1\n").stdout == "1.0\n"
    assert actfn("diff", "x^2", "--column", "x", stdin="x\n3\n").stdout == "x,(x^2)'\n3,6.0\n"
    done = actfn("eval", "relu", "--derivative", "--column", "x", stdin="x\n1\n")
    assert done.stdout == "x,relu(x),relu(x) derivative\n1,1.0,1.0\n"


def test_a_key_of_objects(actfn):
    text = '{"id": [1, {"a": null}], "x": -1}\n{"x": "-inf"}\n'
    done = actfn("eval", "sigmoid", "--input", "ndjson", "--column", "x", stdin=text)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert records[0] == {"id": [1, {"a": None}], "x": -1, "sigmoid(x)": 0.2689414213699951}
    assert records[1] == {"x": "-inf", "sigmoid(x)": 0.0}


def test_files_by_their_names(actfn, tmp_path):
    for name, content in {
        "a.txt": b"1\n-1\n",
        "a.txt.gz": gzip.compress(b"1\n-1\n"),
        "a.f64": np.array([1.0, -1.0]).tobytes(),
        "a.f32": np.array([1.0, -1.0], np.float32).tobytes(),
    }.items():
        (tmp_path / name).write_bytes(content)
        assert actfn("eval", "relu", "--file", str(tmp_path / name)).stdout == "1.0\n0.0\n"
    (tmp_path / "a.CSV.gz").write_bytes(gzip.compress(b"u,x\n1,2\n"))
    assert (
        actfn("eval", "relu", "--file", str(tmp_path / "a.CSV.gz"), "--column", "x").stdout == "u,x,relu(x)\n1,2,2.0\n"
    )


def test_binary_out(tmp_path):
    expected = np.maximum(X, 0)
    found = piped("eval", "relu", "--input", "f64", "--output", "f64", data=X.tobytes()).stdout
    assert np.array_equal(np.frombuffer(found), expected)
    found = piped("eval", "relu", "--output", "f32", data=TEXT.encode()).stdout
    assert np.array_equal(np.frombuffer(found, np.float32), expected.astype(np.float32))
    np.save(tmp_path / "x.npy", X.reshape(-1, 10))
    done = piped("eval", "softmax", "--file", str(tmp_path / "x.npy"), "--output", "npy")
    (tmp_path / "y.npy").write_bytes(done.stdout)
    y = np.load(tmp_path / "y.npy")
    assert y.shape == (2000, 10)
    np.testing.assert_allclose(y.sum(-1), 1, rtol=1e-14)
    slopes = piped("diff", "mish", "--input", "f64", "--output", "f64", data=X.tobytes()).stdout
    assert len(slopes) == X.nbytes


@pytest.mark.parametrize(
    ("policy", "out", "note"),
    [("nan", "1.0\nnan\n2.0 nan\n", "read with nan in the place"), ("skip", "1.0\n", "left out")],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_going_on_after_what_is_no_number(program, policy, out, note, jobs):
    done = program("eval", "relu", "--on-error", policy, "--jobs", jobs, stdin="1\nzz\n2 y\n")
    assert (done.stdout, done.returncode) == (out, 0)
    assert done.stderr.startswith("note: 2 lines ")
    assert note in done.stderr
    assert "first stdin:2: not a number: 'zz'" in done.stderr


def test_a_vector_that_cannot_be_parted_names_its_line(actfn):
    done = actfn("eval", "glu", stdin="1 2\n1 2 3\n5 6\n")
    assert (done.stdout, done.returncode) == ("0.8807970779778824\n", 65)
    assert done.stderr.startswith("actfn: stdin:2: a vector of 3 numbers cannot be parted into two halves\nhint: ")
    assert actfn("eval", "glu", "--on-error", "skip", stdin="1 2\n1 2 3\n5 6\n").stdout.count("\n") == 2
    assert actfn("eval", "glu", "--on-error", "nan", stdin="1 2\n1 2 3\n5 6\n").stdout.split("\n")[1] == "nan"
    assert actfn("diff", "glu", stdin="1 2\n1 2 3\n").stderr.startswith("actfn: stdin:2: ")
    once = actfn("eval", "glu", "--on-error", "nan", stdin="1 2\nx\n")
    assert (once.stdout, once.stderr[:12]) == ("0.8807970779778824\nnan\n", "note: 1 line")


def test_a_vector_that_cannot_be_parted_is_nan_in_binary():
    done = piped("eval", "glu", "--on-error", "nan", "--output", "f64", data=b"1 2\n1 2 3\n")
    assert done.returncode == 0
    assert np.frombuffer(done.stdout)[1:].tolist() == pytest.approx([np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--input", "csv"], "csv has columns\nhint: say which one holds the numbers: --column NAME"),
        (["--input", "npy", "--column", "x"], "npy has no columns"),
        (["--file", "a.npz"], "'a.npz' is an archive of arrays\nhint: save one of them with numpy.save, as .npy"),
        (["--file", "nothing.csv"], "cannot read 'nothing.csv': No such file or directory"),
        (["--file", "nothing.csv", "--column", "x"], "cannot read 'nothing.csv': No such file or directory"),
        (["--file", "x", "1"], "both a stream and other points are given"),
        (["--column", "x", "--range", "0:1"], "both a stream and other points are given"),
        (["--output", "npy", "--json"], "both --output npy and --format json are given"),
        (["--output", "f64", "--derivative"], "the answer is more than numbers"),
        (["--jobs", "2", "--input", "f64"], "--jobs is for a stream of text"),
        (["--jobs", "2", "--exact"], "--jobs works out values only"),
        (["--input", "ndjson", "--column", "x", "--format", "csv"], "objects have no columns to be written as csv"),
    ],
)
def test_requests_that_contradict_themselves(actfn, arguments, message):
    done = actfn("eval", "relu", *arguments, stdin="1\n")
    assert done.returncode == 2
    assert done.stderr.startswith(f"actfn: {message}")
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("a.csv", "\ufeffx,y\n1,2\n", "say which one holds the numbers: --column NAME, one of x, y"),
        ("a.tsv", "x\ty\n1\t2\n", "say which one holds the numbers: --column NAME, one of x, y"),
        ("a.ndjson", '{"x": 1, "y": 2}\n', "say which one holds the numbers: --column NAME, one of x, y"),
        ("a.ndjson", '"xy"\n', "say which one holds the numbers: --column NAME"),
        ("a.ndjson", "7\n", "say which one holds the numbers: --column NAME"),
        ("a.csv", "", "say which one holds the numbers: --column NAME"),
        (
            "a.csv",
            "1,2\n3,4\n",
            "if it holds nothing but numbers, say --input text, or --no-header and --column N for one of them",
        ),
    ],
)
def test_the_columns_that_there_are(actfn, tmp_path, name, text, hint):
    (tmp_path / name).write_text(text, encoding="utf-8")
    done = actfn("eval", "relu", "--file", str(tmp_path / name))
    assert (done.returncode, done.stderr) == (2, f"actfn: {name.partition('.')[2]} has columns\nhint: {hint}\n")


def test_a_vector_function_takes_no_column(actfn):
    assert actfn("eval", "softmax", "--column", "x", stdin="x\n1\n").returncode == 2


@pytest.mark.parametrize("form", ["plain", "csv", "json", "ndjson"])
def test_several_processes_give_the_same_answer(form):
    one, three = (piped("eval", "log", "--format", form, "--jobs", jobs, data=TEXT.encode()) for jobs in ("1", "3"))
    assert three.stdout == one.stdout
    assert three.stderr == one.stderr
    assert b"of 20000 points" in one.stderr


LATE = "# so\n" * 500_000 + "1\n2\n"  # longer than a piece


@pytest.mark.parametrize(
    ("form", "text"),
    [("json", "\n"), ("json", "\n\n3\n"), ("json", LATE), ("csv", LATE), ("table", LATE)],
    ids=["nothing", "late", "very late", "csv", "table"],
)
def test_several_processes_that_find_no_number_first(form, text):
    one, two = (piped("eval", "relu", "--format", form, "--jobs", jobs, data=text.encode()) for jobs in ("1", "2"))
    assert (two.stdout, two.stderr, two.returncode) == (one.stdout, one.stderr, 0)


@pytest.mark.parametrize("form", ["ndjson", "json"])
def test_an_empty_object_is_answered_with_one(actfn, form):
    asked = ("eval", "relu", "--input", "ndjson", "--column", "x", "--as", "y", "--on-error", "nan", "--format", form)
    done = actfn(*asked, stdin='{}\n{ }\n{"x": 2}\n')
    records = json.loads(done.stdout) if form == "json" else list(map(json.loads, done.stdout.splitlines()))
    assert records == [{"y": "nan"}, {"y": "nan"}, {"x": 2, "y": 2.0}]


def test_what_is_packed_is_told():
    done = piped("eval", "relu", data=gzip.compress(b"1\n2\n"))
    assert done.returncode == 65
    assert b"hint: pipe it through gunzip" in done.stderr


@pytest.mark.parametrize("arguments", [["--output", "npy"], ["--output", "f32"]])
def test_several_processes_write_binary(arguments):
    one, two = (piped("eval", "relu", *arguments, "--jobs", jobs, data=TEXT.encode()) for jobs in ("1", "2"))
    assert two.stdout == one.stdout
    assert len(one.stdout) >= TEXT.count("\n") * 4


@pytest.mark.parametrize("form", ["csv", "json", "plain"])
def test_several_processes_leave_out_the_same_vectors(form):
    asked = ("eval", "glu", "--on-error", "skip", "--format", form, "--jobs")
    one, two = (piped(*asked, jobs, data=b"1 2 3\n" * 60_000 + b"1 2\n3 4\n") for jobs in ("1", "2"))
    assert (two.stdout, two.stderr) == (one.stdout, one.stderr)
    assert one.stderr.startswith(b"note: 60000 lines left out")


@pytest.mark.parametrize(("size", "shared"), [(0, True), (1000, True), (jobs._ROOM + 1, False)])  # noqa: SLF001
def test_what_does_not_fit_into_the_shared_memory_is_sent(size, shared):
    memory = mmap.mmap(-1, max(size, 1))
    left = jobs._put(memory, memoryview(b"7" * size))  # noqa: SLF001
    assert isinstance(left, int) == shared
    assert jobs._got(memory, left) == b"7" * size  # noqa: SLF001


def test_an_error_in_another_process_comes_after_what_was_before():
    done = piped("eval", "relu", "--jobs", "2", data=("1\n" * 100_000 + "zz\n1\n").encode())
    assert done.stdout.count(b"\n") == 100_000
    assert (done.stderr, done.returncode) == (
        b"actfn: stdin:100001: not a number: 'zz'\nhint: --on-error nan or skip goes on\n",
        65,
    )


@pytest.mark.parametrize("arguments", [["--jobs", "2"], ["--input", "csv", "--column", "x"], ["--format", "ndjson"]])
def test_a_line_that_trickles_in_is_answered_at_once(arguments):
    with subprocess.Popen(
        [*PROGRAM, "eval", "relu", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if "csv" in arguments:
            process.stdin.write("x\n")
        for line in ("1", "2", "3"):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            if line == "1" and "csv" in arguments:
                assert process.stdout.readline() == "x,relu(x)\n"
            assert f"{line}.0" in process.stdout.readline()
        process.stdin.close()
        assert process.wait(60) == 0


@pytest.mark.parametrize("arguments", [[], ["--jobs", "2"], ["--format", "json"], ["--no-header", "--column", "1"]])
def test_head_ends_a_stream_without_end_quietly(arguments):
    command = f"yes 1 | {sys.executable} -m actfn eval relu {' '.join(arguments)} | head -1; echo ${{PIPESTATUS[1]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.splitlines()[1] == "141"
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", [[], ["--jobs", "2"]])
def test_an_interrupt_ends_it_with_its_status(arguments):
    with subprocess.Popen(
        [*PROGRAM, "eval", "relu", *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # a shell in which the tests run in the background ignores it
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as process:  # fmt: skip
        process.stdin.write(b"1\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"1.0\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == b""


def test_the_processes_end_when_the_first_is_killed():
    with subprocess.Popen(
        [*PROGRAM, "eval", "relu", "--jobs", "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        process.stdin.write(b"1\n")
        process.stdin.flush()
        assert process.stdout.readline() == b"1.0\n"
        process.kill()
        assert process.stdout.read() == b""  # held open by those that live


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
@pytest.mark.parametrize(
    "arguments", [["--output", "npy"], ["--output", "f64"], ["--jobs", "2"], ["--no-header", "--column", "1"]]
)
def test_a_full_disk_is_an_error_in_every_form(arguments):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "eval", "relu", *arguments], input=b"1\n2\n", stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 74
    assert done.stderr == b"actfn: cannot write the answer: No space left on device\n"


def test_a_truncated_archive_gives_what_it_has_and_an_error(actfn, tmp_path):
    (tmp_path / "x.gz").write_bytes(gzip.compress(TEXT.encode())[:50_000])
    done = actfn("eval", "relu", "--file", str(tmp_path / "x.gz"))
    assert done.returncode == 65
    assert "cannot be read: Compressed file ended" in done.stderr
    assert done.stdout.count("\n") > 1000


@pytest.mark.parametrize("options", [(), ("--jobs", "2")])
@pytest.mark.parametrize(("behind", "status"), [(b"", 0), (b"\0" * 512, 0), (b"junk\n", 65)])
def test_all_members_of_an_archive_are_read(behind, status, options, tmp_path):
    (tmp_path / "x.gz").write_bytes(gzip.compress(b"1\n-2") + gzip.compress(b"5\n3\n") + behind)
    done = piped("eval", "relu", "--file", str(tmp_path / "x.gz"), *options)
    assert (done.stdout, done.returncode) == (b"1.0\n0.0\n3.0\n", status)


@pytest.mark.parametrize("closed", ["<&-", "<&- 2>&-", "2>&-"])
@pytest.mark.parametrize("options", ["", "--jobs 2", "--output f64"])
def test_a_file_is_read_though_standard_streams_are_closed(options, closed, tmp_path):
    (tmp_path / "x.txt").write_text("1\n-2\n")
    command = f'"$@" eval relu --file {tmp_path / "x.txt"} {options} {closed}'
    done = subprocess.run(["sh", "-c", command, "sh", *PROGRAM], capture_output=True, check=False, env=PLAIN)
    wanted = np.array([1.0, 0.0]).tobytes() if "f64" in options else b"1.0\n0.0\n"
    assert (done.stdout, done.stderr, done.returncode) == (wanted, b"", 0)


def test_progress_is_for_terminals(actfn, tmp_path):
    (tmp_path / "x.txt").write_text(TEXT)
    done = actfn("eval", "relu", "--progress", "--file", str(tmp_path / "x.txt"))
    assert (done.stderr, done.stdout.count("\n")) == ("", len(X))
    shown, status = on_a_terminal("eval", "relu", "--progress", "--file", str(tmp_path / "x.txt"), "--format", "plain")
    assert status == 0
    assert f"{tmp_path}" in shown
    assert shown.count("\n") >= len(X)


@pytest.mark.parametrize("name", ["x.csv", "x.tsv", "x.csv.gz", "x.ndjson"])
def test_a_column_that_is_missing_is_asked_for_beside_progress_too(name, tmp_path):
    content = b'{"u": 1}\n' if "json" in name else b"u\n1\n"
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    shown, status = on_a_terminal("eval", "relu", "--progress", "--file", str(tmp_path / name))
    assert status == 2
    assert "--column NAME, one of u" in " ".join(shown.split())


@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "tsv", "plain", "auto"])
@pytest.mark.parametrize("text", ["x,a,a\n1,2,3\n", "a,x,b,a\n2,1,2,3\n", "x,,\n1,2,3\n"])
def test_columns_of_one_name_are_no_object(form, text, actfn):
    done = actfn("eval", "relu", "--column", "x", "--format", form, stdin=text)
    if "json" in form:
        assert (done.stdout, done.returncode) == ("", 2)
        assert "an object holds one of them only\nhint: --format csv, tsv or plain" in done.stderr
    else:
        assert (done.stdout.splitlines()[-1].replace("\t", ",").split(",")[-1], done.returncode) == ("1.0", 0)


def test_a_table_of_a_column_for_people(tmp_path):
    (tmp_path / "x.csv").write_text("u,x\na,-1\n")
    shown, _ = on_a_terminal("eval", "relu", "--file", str(tmp_path / "x.csv"), "--column", "x")
    assert shown.splitlines()[0].split() == ["u", "x", "relu(x)"]


def test_binary_is_not_for_terminals():
    shown, status = on_a_terminal("eval", "relu", "1", "--output", "npy")
    assert (shown.splitlines()[0], status) == ("actfn: npy is not for a terminal", 2)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells the most memory that was used")
def test_memory_stays_flat():
    script = "import sys; from actfn.cli.app import run; run(['eval', 'sigmoid']); "
    script += "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0], file=sys.stderr)"

    def peak(text):
        done = subprocess.run(
            [sys.executable, "-c", script], input=text.encode(), capture_output=True, check=True, env=PLAIN
        )
        return int(done.stderr.split()[-1])

    assert peak(TEXT * 20) < 1.2 * peak(TEXT)


def test_what_is_no_json_is_passed_on_as_text(actfn):
    given = '{"a": NaN, "s": "NaN \\" Infinity", "x": 1}\n{"x": -Infinity, "b": [Infinity]}\n'
    done = actfn("eval", "relu", "--input", "ndjson", "--column", "x", "--as", "y", stdin=given)
    assert done.stdout == (
        '{"a": "nan", "s": "NaN \\" Infinity", "x": 1, "y": 1.0}\n{"x": "-inf", "b": ["inf"], "y": 0.0}\n'
    )


@pytest.mark.parametrize("form", [[], ["--format=csv"], ["--json"], ["--format=ndjson"], ["--jobs=2"]])
@pytest.mark.parametrize(
    "asked", [["eval", "sin(x)"], ["diff", "abs(x)"], ["eval", "softmax"], ["eval", "x^2", "--exact"]]
)
@pytest.mark.parametrize("text", ["1 -2 0 .5 7 1e9 3\n", "1\n2 3 4 5 6 7 8\n\n9 inf\n5 5 5\n"])
def test_a_long_line_that_is_answered_in_parts_is_answered_as_a_whole(form, asked, text, actfn, monkeypatch):
    if "--jobs=2" in form and (asked[0] == "diff" or "--exact" in asked):
        form = []
    whole = actfn(*asked, *form, stdin=text)
    monkeypatch.setattr("actfn.cli.filter._PART", 2)
    assert actfn(*asked, *form, stdin=text) == whole


def test_a_long_line_is_a_row_of_a_binary_array(monkeypatch):
    monkeypatch.setattr("actfn.cli.filter._PART", 2)
    out = io.BytesIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(b"1 -2 3\n-4 5 6\n"))))
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(out))
    assert app.run(["eval", "relu", "--output=npy"]) == 0
    assert np.array_equal(np.load(io.BytesIO(out.getvalue())), [[1, 0, 3], [0, 5, 6]])


@pytest.mark.parametrize("form", ["plain", "csv", "ndjson"])
def test_a_line_of_a_million_numbers_takes_little_memory(form):
    text = "inf " + "1 " * 10**6  # not the quick way: read one by one
    line = [*PROGRAM, "eval", "relu", f"--format={form}"]
    # by a small process: one that is started by a large one is said to have been as large
    measured = "import resource, subprocess, sys\nsubprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)\n"
    measured += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    process = subprocess.run(
        [sys.executable, "-c", measured, *line], input=text, capture_output=True, text=True, env=PLAIN, check=True
    )
    assert int(process.stdout) << 10 < 200 << 20


@pytest.mark.parametrize("beside", [-2, -1, 0, 1])
@pytest.mark.parametrize("options", [[], ["--on-error=nan"], ["--on-error=skip"]])
def test_a_nul_where_two_chunks_meet_ends_the_stream_after_what_came_before(beside, options, actfn):
    whole = SIZE // 2 + beside
    done = actfn("eval", "relu", *options, stdin=b"1\n" * whole + b"\0\n5\n")
    assert (done.returncode, done.stdout) == (65, "1.0\n" * whole)
    assert done.stderr.startswith(f"actfn: stdin:{whole + 1}: not text: '\\x00'\n")


def test_standard_input_is_left_to_the_next_program_where_points_are_given():
    line = f"({shlex.join(PROGRAM)} eval relu 3; cat)"
    done = subprocess.run(["sh", "-c", line], input=b"1\n2\n", capture_output=True, check=True, env=PLAIN)
    assert done.stdout == b"3.0\n1\n2\n"
