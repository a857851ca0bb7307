"""Streams through the program, against other programs at the same work."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

NUMBERS = 3 * 10**6
VECTORS, WIDTH = 10**5, 100
LONG = 10**8  # numbers whose memory is measured; in binary, since text of them takes a minute to write

BARE = """
import sys, orjson, numpy as np
rest = b""
while chunk := sys.stdin.buffer.read1(1 << 16):
    end = chunk.rfind(b"\\n") + 1
    x = np.array(orjson.loads(b"[" + (rest + chunk[:end - 1]).replace(b"\\n", b",") + b"]"))
    rest = chunk[end:]
    y = 1 / (1 + np.exp(-x))
    out = orjson.dumps(y, option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].replace(b",", b"\\n")
    sys.stdout.buffer.write(out + b"\\n")
"""
LOOP = "import sys, math\nfor line in sys.stdin: print(1 / (1 + math.exp(-float(line))))"
COPY = """
import sys, numpy as np
while chunk := sys.stdin.buffer.read(1 << 16):
    sys.stdout.buffer.write(np.frombuffer(chunk).data)
"""
ROWS = """
import sys, numpy as np
for line in sys.stdin:
    x = np.array(line.split(), float)
    e = np.exp(x - x.max())
    print(*(e / e.sum()).tolist())
"""
PEAK = """
import sys
from actfn.cli.app import run
run(["eval", "relu", "--input", "f64", "--output", "f64"])
print(next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if "VmHWM" in line), file=sys.stderr)
"""


def streams(seconds):
    """Ratios of whole runs, start-up included. `seconds`: actions to their median times."""
    program = [sys.executable, "-m", "actfn", "eval"]
    rng = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        text, raw, rows = (Path(folder) / name for name in ("x.txt", "x.f64", "rows.txt"))
        x = rng.normal(scale=3, size=NUMBERS)
        text.write_text("".join(f"{value!r}\n" for value in x.tolist()))
        raw.write_bytes(np.resize(x, 10 * NUMBERS).tobytes())
        rows.write_text("".join(" ".join(map(repr, row)) + "\n" for row in rng.normal(size=(VECTORS, WIDTH)).tolist()))

        def run(path, *command):
            with path.open("rb") as stdin:
                subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, check=True)

        others = {
            "mawk, 17 digits": (["mawk", '{printf "%.17g\\n", 1/(1+exp(-$1))}'], "≥ 3"),
            "Miller": (["mlr", "--inidx", "--onidx", "put", "$1 = 1/(1+exp(-$1))"], "≥ 8"),
            "a Python loop": ([sys.executable, "-c", LOOP], "≥ 15"),
            "orjson + numpy + orjson alone": ([sys.executable, "-c", BARE], "≥ 0.74"),
        }
        there = {name: each for name, each in others.items() if shutil.which(each[0][0])}
        ours, two, *theirs = seconds(
            lambda: run(text, *program, "sigmoid"),
            lambda: run(text, *program, "sigmoid", "--jobs", "2"),
            *(lambda c=command: run(text, *c) for command, _ in there.values()),
        )
        yield "sigmoid, 3e6 numbers of text", f"{ours:.2f} s; --jobs 2: {two:.2f} s", ""
        for (name, (_, asked)), time in zip(there.items(), theirs, strict=True):
            yield f"  against {name}", f"{time / ours:.2f} × as fast; --jobs 2: {time / two:.2f} ×", asked
        ours, theirs = seconds(
            lambda: run(raw, *program, "relu", "--input", "f64", "--output", "f64"),
            lambda: run(raw, sys.executable, "-c", COPY),
        )
        yield "relu, 3e7 raw numbers", f"{theirs / ours:.2f} × the speed of a copy through NumPy", "≥ 0.6"
        ours, theirs = seconds(lambda: run(rows, *program, "softmax"), lambda: run(rows, sys.executable, "-c", ROWS))
        yield "softmax, 1e5 lines of 100", f"{theirs / ours:.2f} × as fast as NumPy line by line", "≥ 10"
        with subprocess.Popen(
            [sys.executable, "-c", PEAK], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            for _ in range(LONG // NUMBERS):
                process.stdin.write(x.tobytes())
            process.stdin.close()
            yield "memory, 1e8 numbers", f"{float(process.stderr.read()):.0f} MB at most", "≤ 120"
