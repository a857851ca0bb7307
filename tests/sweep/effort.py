"""What the dearest formulas take: `python -m tests.sweep.effort [--of WORDS] [--commands show,plot] [--worst 20]`.

Each case runs in a forked process of its own. Seconds are those of the processor, starting the program included; beside
them stand the operations that were counted (millions), and the nanoseconds that one of them took. Nothing here is a
test, for seconds depend on the machine: the exit status is 1 where a case took more than `SECONDS` or `MEMORY`.
"""

import argparse
import os
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass

from actfn.cli import app
from actfn.expression import effort
from tests.sweep.__main__ import say
from tests.sweep.heavy import CATALOGUE, HEAVY, MIXED, NAMES, PLAIN
from tests.sweep.worker import prepare

SECONDS, MEMORY = 5.0, 1 << 30
STOP = 60  # seconds of the processor: what never ends
COMMANDS = {
    "eval": ["eval", "{}", "0.5"],
    "eval range": ["eval", "{}", "--range=-5:5"],
    "eval bfloat16": ["eval", "{}", "0.5", "--dtype=bfloat16"],
    "eval exact": ["eval", "{}", "0.5", "--exact"],
    "diff": ["diff", "{}"],
    "diff latex": ["diff", "{}", "--latex"],
    "diff at": ["diff", "{}", "0.5"],
    "diff bfloat16": ["diff", "{}", "0.5", "--dtype=bfloat16"],
    "show": ["show", "{}"],
    "plot": ["plot", "{}"],
    "plot marks": ["plot", "{}", "--mark=all"],
    "plot derivative": ["plot", "{}", "--derivative=2"],
    "compare": ["compare", "{}", "relu"],
    "saturation": ["saturation", "{}"],
    "saturation float64": ["saturation", "{}", "--dtype=float64"],
    "saturation bfloat16": ["saturation", "{}", "--dtype=bfloat16"],
} | {f"diff order {order}": ["diff", "{}", "0.5", f"--order={order}"] for order in (2, 4, 8, 16, 17, 40, 100, 170)}
FORMULAS = {**HEAVY, **CATALOGUE, **MIXED, **NAMES, **PLAIN}


@dataclass(frozen=True)
class Taken:
    """What a run took."""

    family: str
    command: str
    status: int
    seconds: float
    memory: int
    operations: int

    @property
    def line(self):
        per = self.seconds * 1e9 / max(self.operations, 1)
        size = f"{self.memory >> 20:5} MB {self.operations / 1e6:7.0f} million"
        return f"{self.seconds:6.2f} s {size} {per:7.2f} ns  {self.status}  {self.command}: {self.family}"


def started():
    """The seconds of the processor that starting the program takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "actfn", "eval", "x", "1"], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def taken(family, command, start):
    """Run a command in a process of its own."""
    arguments = [FORMULAS[family] if word == "{}" else word for word in COMMANDS[command]]
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        _run(arguments, theirs)
    os.close(theirs)
    with os.fdopen(ours) as said:
        operations = said.read()
    _, status, used = os.wait4(child, 0)
    seconds = start + used.ru_utime + used.ru_stime
    return Taken(
        family, command, os.waitstatus_to_exitcode(status), seconds, used.ru_maxrss << 10, int(operations or -1)
    )


def _run(arguments, pipe):
    """The program in this process, which ends with its status."""
    resource.setrlimit(resource.RLIMIT_CPU, (STOP, STOP))
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    before = 0

    def renew(numbers, renewed=effort.renew):
        nonlocal before
        before += effort.spent()
        renewed(numbers)

    effort.renew = renew
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        status = app.run(arguments)
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - nothing may come out of it
        status = 99
    os.write(pipe, str(before + effort.spent()).encode())
    os._exit(status)


def main():
    """Run all and report."""
    parser = argparse.ArgumentParser(prog="python -m tests.sweep.effort", description=__doc__)
    parser.add_argument("--of", default="", help="only the families whose names hold this")
    parser.add_argument("--commands", default=",".join(COMMANDS), help="separated by commas")
    parser.add_argument("--worst", type=int, default=20, help="how many are shown")
    parser.add_argument("--all", action="store_true", help="show each as it ends")
    asked = parser.parse_args()
    start = started()
    prepare()
    found = []
    for command in asked.commands.split(","):
        for family in FORMULAS:
            if asked.of in family:
                found.append(taken(family, command, start))
                if asked.all:
                    say(found[-1].line)
    for title, key in (("seconds", "seconds"), ("memory", "memory")):
        say(f"by {title}:")
        for each in sorted(found, key=lambda each: getattr(each, key), reverse=True)[: asked.worst]:
            say(each.line)
    over = [each for each in found if each.seconds > SECONDS or each.memory > MEMORY or each.status not in (0, 2)]
    say(f"{len(found)} cases, of which {len(over)} took more than {SECONDS:g} s or {MEMORY >> 20} MB, or failed")
    return bool(over)


if __name__ == "__main__":
    sys.exit(main())
