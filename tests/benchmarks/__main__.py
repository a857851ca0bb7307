"""Measure what the project promises about speed, and print a table. Not a test: nothing here fails."""

import compileall
import io
import platform
import statistics
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import numpy as np

import actfn
from actfn.expression.jet import derivatives
from actfn.functions.function import Function
from tests.benchmarks.streams import streams
from tests.oracle import computed, written_out

POINTS = 10**6
ROUNDS = 5


def seconds(*actions):
    """The median time of each action, the rounds of all of them interleaved."""
    times = [[] for _ in actions]
    for _ in range(ROUNDS):
        for action, taken in zip(actions, times, strict=True):
            start = time.perf_counter()
            action()
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


def values():
    """Time an element, in microseconds, of every named function that has a kernel of its own."""
    x = np.random.default_rng(0).normal(scale=3, size=POINTS)
    for name in ("sigmoid", "tanh", "softplus", "silu", "mish", "gelu", "gelu_tanh", "softsign", "tanhshrink", "elu"):
        function = actfn.function(name)
        value, slope = seconds(lambda f=function: f.values(x), lambda f=function: derivatives(f.tree, f.variable, x, 1))
        yield f"{name}: value", f"{value / POINTS * 1e6:.3f} µs an element", "≤ 0.25" if "gelu" in name else "≤ 0.06"
        yield f"{name}: value and slope", f"{slope / value:.2f} × its value", "≤ 4"


def warnings():
    """`actfn eval` on ordinary points, text to text, with and without the look for warnings; and the look alone."""
    from actfn.analysis import alarms
    from actfn.cli.evaluate import _each
    from actfn.cli.readers.text import blocks
    from actfn.numerics.formats import FLOAT64
    from actfn.output.forms import Form, Screen
    from actfn.output.renderers import renderer

    x = np.random.default_rng(0).normal(scale=3, size=POINTS)
    text = "".join(f"{value!r}\n" for value in x.tolist()).encode()

    class Blind(alarms.Tally):
        def add(self, x, values, given=None):  # noqa: ARG002 - as overridden
            return [alarms.OK] * values.size

    for name in ("relu", "sigmoid", "gelu"):
        function = actfn.function(name)

        def command(tally, f=function):
            out = renderer(Form.PLAIN, io.BytesIO(), Screen())
            watch = tally(f, FLOAT64)
            for block in blocks(io.BytesIO(text), "text"):
                out.write(_each(f, block, FLOAT64, watch, None))

        def look(f=function):
            values = f.values(x)
            alarms.Tally(f, FLOAT64).add(x, values)

        seeing, blind, alone, bare = seconds(
            lambda: command(alarms.Tally), lambda: command(Blind), look, lambda f=function: f.values(x)
        )
        yield f"{name}: eval with warnings", f"{seeing / blind:.2f} × without", "≤ 1.25"
        yield f"{name}: array with warnings", f"{alone / bare:.2f} × without", ""


def pictures():
    """A frame of two curves beyond all imports: the first of a process, and a later one."""
    code = (
        "import time;"
        "from actfn.cli import figures; from actfn.output import plots; from actfn.output.forms import Screen;"
        "plots._plotext();"
        "frame = lambda: plots.draw(figures.of_functions(figures.resolved(['gelu', 'relu'], {}), figures.Frame()),"
        " Screen(80, 22), colour=True);"
        "start = time.perf_counter(); frame(); middle = time.perf_counter(); frame();"
        "print(middle - start, time.perf_counter() - middle)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
        for _ in range(ROUNDS)
    ]
    first, later = (statistics.median(map(float, times)) for times in zip(*runs, strict=True))
    yield "frame of gelu and relu: first", f"{1e3 * first:.0f} ms", "≤ 60 ms"
    yield "frame of gelu and relu: later", f"{1e3 * later:.0f} ms", ""


def exact():
    """Value and slope of all scalar functions at 30 points to 30 digits, against mpmath with as many and no certainty.

    Both work on trees that are ready: mpmath has the symbolic slope, and computes each operation once.
    """
    functions = [each for name in actfn.names() if isinstance(each := actfn.function(name), Function)]
    both = [each for function in functions for each in (function, function.derivative())]
    trees = [(written_out(each.expression_tree()), each.variable) for each in both]
    points = np.random.default_rng(0).uniform(-6, 6, 30).tolist()

    def ours():
        for function in both:
            for x in points:
                function.exact(x, 30)

    def theirs():
        for tree, name in trees:
            for x in points:
                computed(tree, {name: x}, 133)

    certified, naive = seconds(ours, theirs)
    count = len(both) * len(points)
    yield (
        "exact: value and slope",
        f"{certified / count * 1e6:.0f} µs each, {naive / certified:.1f} × as quick as mpmath",
        "≥ 2",
    )


def start_up():
    """Commands against the same through a bare Typer program that imports NumPy."""
    bare = (
        "import typer\n"
        "app = typer.Typer(rich_markup_mode=None)\n"
        "@app.command()\n"
        "def main(x: float):\n"
        "    import numpy as np\n"
        "    print(1/(1+np.exp(-x)))\n"
        "app()"
    )

    def run(*command):
        subprocess.run(command, capture_output=True, check=True)

    program = [sys.executable, "-m", "actfn"]
    ours, theirs, our_help, their_help, our_list = seconds(
        lambda: run(*program, "eval", "sigmoid", "2"),
        lambda: run(sys.executable, "-c", bare, "2"),
        lambda: run(*program, "--help"),
        lambda: run(sys.executable, "-c", bare, "--help"),
        lambda: run(*program, "list"),
    )
    yield "eval sigmoid 2", f"{ours / theirs:.2f} × a bare Typer program with NumPy", "≤ 1.15"
    if find_spec("torch"):
        torch = "import torch; print(torch.sigmoid(torch.tensor(2.0)).item())"
        ours, theirs = seconds(lambda: run(*program, "eval", "sigmoid", "2"), lambda: run(sys.executable, "-c", torch))
        yield "eval sigmoid 2", f"{theirs / ours:.1f} × as quick as through torch", "≥ 5"
    yield "--help", f"{our_help / their_help:.2f} × a bare Typer program's", "≤ 1.15"
    yield "list", f"{our_list / our_help:.2f} × --help", "≤ 1.3"


def catalogue():
    """Processor time of a fresh process: to import all rows, and to look one function up."""
    code = (
        "import dataclasses, functools, re, time, typing, actfn;"
        "start = time.process_time(); import actfn.catalogue.rows; middle = time.process_time();"
        "actfn.catalogue.rows.find('torch_gelu'); import actfn.catalogue.lookup; ready = time.process_time();"
        "actfn.function('hard_swish'); print(middle - start, time.process_time() - ready)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split()
        for _ in range(ROUNDS)
    ]
    imported, found = (statistics.median(map(float, times)) for times in zip(*runs, strict=True))
    yield "catalogue: import", f"{1e3 * imported:.1f} ms", "≤ 15 ms"
    yield "catalogue: one function", f"{1e3 * found:.1f} ms", ""


def main():
    print(f"{platform.platform()}, Python {platform.python_version()}, NumPy {np.__version__}, medians of {ROUNDS}")  # noqa: T201
    compileall.compile_dir(Path(actfn.__file__).parent, quiet=1)  # as an installed package is
    groups = {group.__name__: group for group in (values, warnings, exact, pictures, catalogue, start_up, streams)}
    for name in sys.argv[1:] or groups:
        for what, measured, asked in groups[name](seconds) if name == "streams" else groups[name]():
            print(f"{what:32} {measured:44} {asked}")  # noqa: T201


main()
