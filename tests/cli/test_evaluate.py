"""`actfn eval` as a person runs it: in its own process, in a pipe, with wrong input."""

import json
import math
import os
import pty
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import PLAIN, PROGRAM


def numbers(text):
    return [[float(number) for number in line.split()] for line in text.splitlines()]


def test_goals(actfn):
    done = actfn("eval", "1.2^max(0, g-2)", stdin="3\n15\n18\n")
    assert done.stderr == ""
    np.testing.assert_array_max_ulp(
        np.array(numbers(done.stdout)).ravel(), np.array([1.2, 10.699320537907195, 18.48842588950363]), 2
    )


def test_admission_as_csv(actfn):
    done = actfn("eval", "score if score >= 500 else 0", "480", "500", "710", "--format", "csv")
    assert done.stdout == "x,value,status\n480.0,0.0,ok\n500.0,500.0,ok\n710.0,710.0,ok\n"


def test_sigmoid_as_json(actfn):
    done = actfn("eval", "sigmoid", "-3", "-1e-3", ".5", "inf", "-inf", "nan", "--json")
    records = json.loads(done.stdout)
    assert [record["x"] for record in records] == [-3.0, -0.001, 0.5, "inf", "-inf", "nan"]
    assert [record["value"] for record in records[3:]] == [1.0, 0.0, "nan"]
    assert records[0]["value"] == pytest.approx(1 / (1 + math.exp(3)), rel=1e-15)
    assert {record["status"] for record in records} == {"ok"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["leaky_relu", "-p", "alpha=0.2", "-5"],
        ["leaky_relu", "-5", "-p", "alpha=0.2"],
        ["-p", "alpha=0.2", "leaky_relu", "-5"],
        ["leaky_relu", "--param", "alpha = 0.2", "−5"],
        ["leaky_relu(x, alpha=0.2) + 0*x", "-5"],
        ["a*x", "-5", "-pa=0.2"],
    ],
)
def test_parameters_and_the_order_of_options(actfn, arguments):
    done = actfn("eval", *arguments)
    assert (done.stdout, done.stderr, done.returncode) == ("-1.0\n", "", 0)


def test_softmax_takes_a_line_as_a_vector(actfn):
    done = actfn("eval", "softmax", stdin="1 2 3\n\n5\n")
    lines = numbers(done.stdout)
    assert lines[0] == pytest.approx([0.09003057317038046, 0.24472847105479764, 0.6652409557748218], rel=1e-14)
    assert lines[1:] == [[], [1.0]]
    assert numbers(actfn("eval", "softmax", "1", "2", "3").stdout) == [lines[0]]
    assert numbers(actfn("eval", "softmax", "--range", "1:3:3").stdout) == [lines[0]]
    record = json.loads(actfn("eval", "log_softmax", "1e30", "-inf", "--json").stdout)[0]
    assert record == {"x": [1e30, "-inf"], "value": [0.0, "-inf"], "status": "ok"}


def test_a_line_in_is_a_line_out(actfn):
    done = actfn("eval", "relu", stdin="1 2\n3\n\n# nothing\n-4,5 # two\r\n\ufeff6".replace("\ufeff", ""))
    assert done.stdout == "1.0 2.0\n3.0\n\n\n0.0 5.0\n6.0\n"
    records = actfn("eval", "relu", "--format", "ndjson", stdin="1 2\n3").stdout.splitlines()
    assert [json.loads(record)["x"] for record in records] == [1, 2, 3]


SPELLINGS = {
    "1": 1, "-1.5e3": -1500, "+2": 2, ".5": 0.5, "5.": 5, "1_000": 1000, "inf": math.inf, "+Infinity": math.inf,
    "-INF": -math.inf, "NaN": math.nan, "-nan": math.nan, "nan(0x1)": math.nan, "0x1p-3": 0.125, "-0x1.8p+1": -3,
    "−7": -7, '"inf"': math.inf, "1e400": math.inf, "0xfp9999": math.inf, "-0": -0.0, "00012": 12,
}  # fmt: skip


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_numbers_as_python_c_and_json_write_them(actfn, spelling):
    expected = SPELLINGS[spelling]
    for done in (actfn("eval", "x", stdin=f"1\n{spelling}\n"), actfn("eval", "x", "1", spelling)):
        value = float(done.stdout.split()[1])
        assert value == expected or (math.isnan(value) and math.isnan(expected))


def test_what_is_printed_reads_back_to_the_same_floats(actfn):
    values = np.random.default_rng(11).integers(0, 2**64, 2000, dtype=np.uint64).view(np.float64)
    text = "".join(f"{value!r}\n" for value in values.tolist())
    shown = actfn("eval", "x", stdin=text).stdout
    assert np.array_equal(np.array(shown.split(), float), values, equal_nan=True)
    assert actfn("eval", "x", stdin=shown).stdout == shown


def test_ranges(actfn):
    assert actfn("eval", "x", "--range", "-1:1:21").stdout.split() == [repr(round(-1 + i / 10, 1)) for i in range(21)]
    assert len(actfn("eval", "x", "--range", "-5:5").stdout.split()) == 41
    assert actfn("eval", "x", "--range", "1:-1:3").stdout.split() == ["1.0", "0.0", "-1.0"]
    ends = actfn("eval", "x", "--range", "-1.7976931348623157e308:1.7976931348623157e308:3").stdout.split()
    assert ends == ["-1.7976931348623157e+308", "0.0", "1.7976931348623157e+308"]
    assert len(actfn("eval", "x", "--range", "0:1:50000").stdout.split()) == 50_000


def test_float32(actfn):
    assert actfn("eval", "1/(1+exp(-x))", "17", "--dtype", "float32").stdout == "1.0\n"
    assert actfn("eval", "sigmoid", "17", "--dtype", "float32").stdout == "0.99999994\n"
    done = actfn("eval", "x", "0.1", "--dtype", "float32", "--json")
    assert json.loads(done.stdout)[0]["x"] == 0.1


def test_bad_data_names_the_place_after_what_came_before(actfn):
    done = actfn("eval", "relu", stdin="1\n2\nzz\n4\n")
    said = "actfn: stdin:3: not a number: 'zz'\nhint: --on-error nan or skip goes on\n"
    assert (done.stdout, done.stderr, done.returncode) == ("1.0\n2.0\n", said, 65)
    done = actfn("eval", "relu", "--json", stdin="1\n2 zz\n")
    assert [record["x"] for record in json.loads(done.stdout)] == [1]
    done = actfn("eval", "relu", stdin="1\n" * 200_000 + "x1\n")
    assert done.stdout.count("\n") == 200_000
    assert "stdin:200001: not a number: 'x1'" in done.stderr


def test_bytes_that_are_no_text():
    done = subprocess.run([*PROGRAM, "eval", "relu"], input=b"1\n\xff\xfe\0\n", capture_output=True, check=False)
    assert (done.stdout, done.returncode) == (b"1.0\n", 65)
    assert done.stderr.startswith(b"actfn: stdin:2: not text")
    done = subprocess.run([*PROGRAM, "eval", "relu"], input=b"\xef\xbb\xbf1\r\n2", capture_output=True, check=False)
    assert done.stdout == b"1.0\n2.0\n"


def test_head_ends_the_stream_quietly():
    command = f"seq 100000 | {sys.executable} -m actfn eval relu | head -1"
    done = subprocess.run(
        ["bash", "-c", command + "; echo ${PIPESTATUS[1]}"], capture_output=True, text=True, check=False
    )
    assert done.stdout == "1.0\n141\n"
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
def test_a_full_disk_is_an_error():
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, "eval", "relu", "1"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 74
    assert done.stderr == "actfn: cannot write the answer: No space left on device\n"


def test_a_line_that_trickles_in_is_answered_at_once():
    with subprocess.Popen(
        [*PROGRAM, "eval", "relu"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in ("1", "-2", "3 4"):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            assert len(process.stdout.readline().split()) == len(line.split())
        process.stdin.close()
        assert process.wait(60) == 0


def on_a_terminal(*arguments, stdin=None):
    """What the program writes to a terminal; it is killed, which its status tells, if it waits there for a minute."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, *arguments], stdin=stdin if stdin is not None else slave, stdout=slave, stderr=slave, env=PLAIN
    )
    os.close(slave)
    patience = threading.Timer(60, process.kill)
    patience.start()
    shown = b""
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:
            break
        if not chunk:
            break
        shown += chunk
    os.close(master)
    status = process.wait()
    patience.cancel()
    return shown.decode().replace("\r\n", "\n"), status


def test_on_a_terminal_a_table():
    shown, status = on_a_terminal("eval", "relu", "-1", "2.5")
    assert status == 0
    assert [line.rstrip() for line in shown.splitlines()] == [
        "   x   relu",
        "───────────",
        "-1.0    0.0",
        " 2.5    2.5",
    ]
    assert "\x1b" not in shown


def test_nothing_given_on_a_terminal_is_an_error_and_not_a_wait():
    shown, status = on_a_terminal("eval", "relu")
    assert status == 2
    assert shown.startswith("actfn: no numbers given\nhint: ")


def test_a_warning_of_a_formula_under_a_frameworks_name(actfn):
    done = actfn("eval", "neat:exp", "100", "--dtype", "float16")
    assert (done.returncode, done.stdout) == (0, "inf\n")
    assert "overflows at x = 100.0" in done.stderr


def test_warnings_are_counted_and_said_once(actfn):
    done = actfn("eval", "log", "-1", "-2", "0", "1")
    assert done.stdout == "nan\nnan\n-inf\n0.0\n"
    assert done.stderr == "warning: log has no value at 3 of 4 points, first at x = -1.0\n"
    assert done.returncode == 0
    assert actfn("eval", "log", "-1", "-q").stderr == ""
    assert actfn("eval", "log", "-1", "--strict").returncode == 3
    assert actfn("eval", "relu", "-5", "--strict").returncode == 0


def test_an_empty_stream_is_an_empty_answer(actfn):
    for form, expected in {"plain": "", "json": "[]\n", "csv": ""}.items():
        done = actfn("eval", "relu", "--format", form)
        assert (done.stdout, done.returncode) == (expected, 0)


def test_an_unknown_answer_format_lists_the_known_ones(actfn):
    done = actfn("eval", "relu", "1", "--format", "jsn")
    assert done.returncode == 2
    assert "'ndjson'" in done.stderr


def test_hostile_input_ends_at_once(actfn):
    start = time.process_time()
    assert actfn("eval", "__import__('os').system('id')", "1").returncode == 2
    assert actfn("eval", "9**9**9**9", "1").stdout == "inf\n"
    assert actfn("eval", "-" * 100_000, "1").returncode == 2
    assert time.process_time() - start < 5


def test_evaluate_is_understood_too(actfn):
    assert actfn("evaluate", "relu", "2").stdout == "2.0\n"


def test_a_streaming_table_is_the_same_as_a_table(actfn):
    done = actfn("eval", "relu", "--format", "table", stdin="1\n-2\n")
    assert [line.split() for line in done.stdout.splitlines()][2:] == [["1.0", "1.0", "ok"], ["-2.0", "0.0", "ok"]]


def test_ascii_where_the_terminal_has_no_unicode():
    environment = PLAIN | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*PROGRAM, "eval", "relu", "1", "--format", "table"], capture_output=True, check=True, env=environment
    )
    assert done.stdout.isascii()


def test_minus_zero_keeps_its_sign(actfn):
    assert actfn("eval", "x", stdin="1\n-0\n").stdout == "1.0\n-0.0\n"
    assert actfn("eval", "x", stdin="-0.5\n-0").stdout == "-0.5\n-0.0\n"


def test_a_blank_line_alone_is_a_line(actfn):
    assert actfn("eval", "relu", stdin="\n").stdout == "\n"
    assert actfn("eval", "relu", stdin="\n\n1\n").stdout == "\n\n1.0\n"


def test_a_range_with_an_end_that_underflows(actfn):
    start = time.process_time()
    assert actfn("eval", "x", "--range", "1e-99999999:1:2").stdout == "0.0\n1.0\n"
    assert actfn("eval", "x", "--range", "0:1:" + "9" * 5000).returncode == 2
    assert time.process_time() - start < 5


def test_closed_and_unreadable_streams():
    script = f"{sys.executable} -m actfn eval relu 1 >&-; echo $?"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout == "74\n"
    assert done.stderr == "actfn: cannot write the answer: standard output is closed\n"


def test_vectors_of_one_length_and_of_several(actfn):
    lines = "".join(f"{i} {i + 1}\n" for i in range(1000))
    assert len(actfn("eval", "softmax", stdin=lines).stdout.splitlines()) == 1000
    assert actfn("eval", "softmax", stdin=lines).stdout.startswith(actfn("eval", "softmax", stdin="0 1\n").stdout)
    done = actfn("diff", "softmax", "nan", "1")
    assert done.stderr == ""


def test_an_empty_argument_is_no_number(actfn):
    assert actfn("eval", "relu", "").returncode == 2


def test_a_very_long_line_is_refused_and_not_gathered():
    command = f"head -c 80000000 /dev/zero | tr '\\0' 1 | {sys.executable} -m actfn eval relu"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert "stdin:1: the line is longer than" in done.stderr


def test_a_seed_draws_the_same_values_each_time(actfn):
    first, again = (actfn("eval", "rrelu", "-1", "-1", "3", "--seed", "7").stdout.split() for _ in range(2))
    assert first == again
    assert first[0] != first[1]
    assert all(-1 / 3 < float(value) <= -0.125 for value in first[:2])
    assert first[2] == "3.0"
    assert float(actfn("eval", "rrelu", "-1").stdout) == -11 / 48
    lines = actfn("eval", "gumbel_softmax", "--seed", "7", stdin="1 2\n\n3 4 5\n").stdout.splitlines()
    assert [len(line.split()) for line in lines] == [2, 0, 3]
    assert sum(map(float, lines[2].split())) == pytest.approx(1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["relu", "1", "--seed", "1"], "actfn: 'relu' draws nothing at random\nhint: the functions that do: rrelu"),
        (["rrelu", "1", "--seed", "1", "--exact"], "actfn: --seed draws values"),
    ],
)
def test_a_seed_that_means_nothing(actfn, arguments, message):
    done = actfn("eval", *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(message)


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("glu", ["1.0   0.9525741268224333", "2.0    1.964027580075817", "3.0", "4.0"]),
        ("crelu", ["1.0     1.0", "2.0     2.0", "3.0     3.0", "4.0     4.0", *["0.0"] * 4]),
    ],
)
def test_an_answer_of_another_length_in_a_table(actfn, name, rows):
    lines = actfn("eval", name, "1", "2", "3", "4", "--format", "table").stdout.splitlines()
    assert [line.strip() for line in lines[2:]] == rows


ABOVE = "0.50000002980232238769531250000000001"  # just above the middle of 0.5 and the next float32


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["eval", "x", ABOVE], ""),
        (["eval", "x", "--range", f"{ABOVE}:{ABOVE}1:2"], ""),
        (["eval", "a*x", "1", "-p", f"a={ABOVE}"], ""),
        (["eval", "softmax", ABOVE, "0", "--format", "csv"], ""),
        (["eval", "softmax", "--range", f"{ABOVE}:1:20000", "--format", "csv"], ""),
        (["eval", "x"], f"{ABOVE}\n"),
        (["eval", "x"], f"{ABOVE} # with a remark\n"),
        (["eval", "x"], f"{ABOVE} {ABOVE}\n"),
        (["eval", "x"], f"{ABOVE},{ABOVE}\n"),
        (["eval", "x", "--column", "v"], f"u,v\n1,{ABOVE}\n"),
        (["eval", "x", "--column", "v"], f'u,v\n1,"{ABOVE}"\n'),
        (["eval", "x", "--column", "v", "--input", "ndjson"], f'{{"v": {ABOVE}}}\n'),
        (["eval", "x", "--column", "v", "--input", "ndjson"], f'{{"v": "{ABOVE}"}}\n'),
        (["diff", "x**2/2", ABOVE], ""),
    ],
)
def test_what_is_read_is_rounded_once(actfn, arguments, stdin):
    done = actfn(*arguments, "--dtype", "float32", stdin=stdin)
    assert "0.50000006" in done.stdout
    below = [each.replace(ABOVE, f"{ABOVE[:-12]}") for each in arguments]
    done = actfn(*below, "--dtype", "float32", stdin=stdin.replace(ABOVE, ABOVE[:-12]))
    assert "0.50000006" not in done.stdout
