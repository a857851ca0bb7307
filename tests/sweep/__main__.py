"""Run a sweep and report. The exit status is 1 if something was found."""

import argparse
import random
import shlex
import sys
import time
from collections import Counter

from tests.sweep import worker
from tests.sweep.commands import case
from tests.sweep.judge import judged
from tests.sweep.worker import outcomes


def cases(seed, places):
    """The cases of a seed, each of which depends on its number only."""
    return [case(random.Random(f"{seed}:{place}"), f"{seed}:{place}") for place in places]  # noqa: S311


def shell(found):
    """The case as a line of a shell."""
    words = " ".join("$'" + ascii(word)[1:-1].replace("'", "\\'") + "'" if not word.isprintable() else shlex.quote(word)
                     for word in found.arguments)  # fmt: skip
    piped = "".join(chr(byte) if 32 <= byte < 127 and byte not in b"%\\'" else f"\\{byte:03o}" for byte in found.stdin)
    environment = "".join(f"{name}={value} " for name, value in found.environment.items())
    environment += f"PYTHONIOENCODING={found.encoding} " if found.encoding != "utf-8" else ""
    return f"printf '{piped}' | {environment}actfn {words}" + (f"   # files: {found.files}" if found.files else "")


def say(text):
    """Write a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main():
    """Run and report."""
    parser = argparse.ArgumentParser(prog="python -m tests.sweep", description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, nargs="+", help="the cases of these numbers, with all that they write")
    parser.add_argument("--of", default="", help="commands, separated by commas: only the cases of these")
    parser.add_argument("--seconds", type=float, default=worker.SECONDS, help="of the processor that a case may take")
    parser.add_argument("--slow", type=int, default=8, help="how many of the slowest are shown")
    asked = parser.parse_args()
    worker.SECONDS = asked.seconds
    start = time.monotonic()
    statuses, times, slowest, found, most = Counter(), Counter(), [], 0, 0
    places = asked.only or range(asked.cases)
    wanted = [
        each
        for each in cases(asked.seed, places)
        if not asked.of or (each.arguments and each.arguments[0] in asked.of.split(","))
    ]
    for each, outcome in outcomes(wanted, judged):
        statuses[outcome.status] += 1
        times[each.arguments[0] if each.arguments else ""] += outcome.seconds
        most = max(most, outcome.memory)
        slowest = sorted([*slowest, (outcome.seconds, each.place, shell(each))], reverse=True)[: asked.slow]
        if outcome.trouble:
            found += 1
            say(f"{each.place}: {outcome.trouble}\n    {shell(each)[:1500]}")
        if asked.only:
            say(f"{shell(each)}\nstatus {outcome.status}, {outcome.seconds:.2f} s")
            say(f"{outcome.out.decode('utf-8', 'replace')}\n{outcome.error}")
    taken = time.monotonic() - start
    say(f"{statuses.total()} cases in {taken:.0f} s, at most {most >> 20} MiB; {found} in trouble")
    say("by status: " + ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items(), key=str)))
    say("seconds: " + ", ".join(f"{name}: {seconds:.1f}" for name, seconds in times.most_common(9)))
    for seconds, place, line in slowest if not asked.only else []:
        say(f"{seconds:.2f} s  {place}  {line[:200]}")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
