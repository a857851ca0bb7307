"""Runs of the program in this process, in a forked one that may be killed.

A case has a time of the processor and memory of its own. What it does to its process, and should it never end, the next
case goes on: another process is forked.
"""

import io
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from multiprocessing import Pipe
from pathlib import Path

from actfn.cli import app
from actfn.cli.commands import COMMANDS, Entry

SECONDS = 2.0  # of the processor
IMPORTED = [
    "csv",
    "ml_dtypes",
    "flint",
    "orjson",
    "plotext",
    "rich.table",
    "actfn.analysis.properties",
    "actfn.cli.demos.stage",
    "actfn.cli.evaluate",
    "actfn.cli.figures",
    "actfn.cli.jobs",
    "actfn.cli.operands",
    "actfn.cli.questions",
    "actfn.output.svg",
]
PATIENCE = 60.0  # seconds by the clock
MEMORY = 1 << 30  # bytes beyond those of the process that is forked
ROUND = 400  # cases of one process


@dataclass(frozen=True)
class Outcome:
    """What became of a case. `trouble` is what no run of the program should end in."""

    status: int | None = None
    out: bytes = b""
    error: str = ""
    seconds: float = 0.0
    memory: int = 0
    trouble: str = ""


class OutOfTime(BaseException):
    """The case has used its time up."""


def outcomes(cases, ask=None):
    """Each case with its outcome. `ask(run, case, outcome)`, in the case's process, may run more and find trouble."""
    prepare()
    cases = list(cases)
    place = 0
    with tempfile.TemporaryDirectory(prefix="actfn-sweep-") as folder:
        while place < len(cases):
            for outcome in _forked(cases[place : place + ROUND], Path(folder), ask):
                yield cases[place], outcome
                place += 1


def prepare():
    """Import what a run imports, so that no case pays for it."""
    for entry in COMMANDS.values():
        entry.load("it")
    for name in IMPORTED:
        import_module(name)
    with redirect_stdout(io.StringIO()):
        app.run(["--version"])


def _forked(cases, folder, ask):
    """The outcomes of cases in one process; fewer than there are cases if it ends before."""
    ours, theirs = Pipe(duplex=False)
    child = os.fork()
    if not child:
        ours.close()
        _serve(cases, folder, ask, theirs)
    theirs.close()
    try:
        for _ in cases:
            if not ours.poll(PATIENCE):
                yield Outcome(trouble=f"no end after {PATIENCE:g} seconds", seconds=PATIENCE)
                return
            yield ours.recv()
    except EOFError:
        _, status = os.waitpid(child, 0)
        child = 0
        yield Outcome(trouble=f"the process ended with {os.waitstatus_to_exitcode(status)}")
    finally:
        ours.close()
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _serve(cases, folder, ask, connection):
    try:
        held = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY, resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGVTALRM, _stop)
        Entry.load = cache(Entry.load)  # a command is made once and not for each case
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)  # as Python does, and as a process does that ends
        warnings.filterwarnings("ignore", category=DeprecationWarning, module="typer|click")
        for case in cases:
            outcome = run(case, folder)
            if ask and not outcome.trouble:
                outcome = ask(lambda each: run(each, folder), case, outcome)
            connection.send(outcome)
    except BaseException:  # noqa: BLE001 - of the sweep itself
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _stop(*_):
    raise OutOfTime


def run(case, folder):
    """The outcome of a case in this process."""
    _clean(folder)
    for name, data in case.files.items():
        (folder / name).write_bytes(data)
    trouble, status = "", None
    start = time.process_time()
    with _world(case, folder) as (out, error):
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            status = app.run(list(case.arguments))
            sys.stdout.flush()
        except OutOfTime as late:
            where = traceback.extract_tb(late.__traceback__)
            places = [f"{Path(each.filename).name}:{each.lineno}" for each in where if "actfn" in each.filename]
            trouble = f"no end after {SECONDS:g} seconds of the processor, at {' '.join(places[-4:])}"
        except SystemExit as end:  # as `--show-completion` does
            status = end.code
        except BaseException as raised:  # noqa: BLE001 - nothing may come out of it
            trouble = f"raised {''.join(traceback.format_exception_only(raised)).strip()}"
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    seconds = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    with out, error:
        written, said = (_read(file) for file in (out, error))
    return Outcome(status, written, said.decode(case.encoding, "replace"), seconds, memory, trouble)


def _clean(folder):
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _read(file):
    file.seek(0)
    return file.read()


@contextmanager
def _world(case, folder):
    """Standard streams in files, a directory, an environment, as the program finds them when it starts."""
    kept = sys.stdin, sys.stdout, sys.stderr
    before, place = dict(os.environ), Path.cwd()
    os.chdir(folder)
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "ACTFN_DEBUG", "GITHUB_STEP_SUMMARY"):
        os.environ.pop(name, None)
    os.environ.update(case.environment)
    out, error = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - the caller reads and closes them
    sys.stdin = io.TextIOWrapper(io.BufferedReader(io.BytesIO(case.stdin)), "utf-8")
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(io.FileIO(os.dup(out.fileno()), "w")), case.encoding)
    sys.stderr = io.TextIOWrapper(
        io.FileIO(os.dup(error.fileno()), "w"), case.encoding, "backslashreplace", write_through=True
    )
    try:
        yield out, error
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.close()
        sys.stdin, sys.stdout, sys.stderr = kept
        os.chdir(place)
        os.environ.clear()
        os.environ.update(before)
