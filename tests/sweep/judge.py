"""What must hold of every run, whatever was asked: the statuses of the README, and what stands on which stream."""

import csv
import io
import json
import re
from dataclasses import replace
from itertools import pairwise

from actfn.cli.exits import Exit
from tests.sweep.commands import Case

STATUSES = {*map(int, Exit)} - {Exit.BUG, Exit.INTERRUPTED, Exit.CLOSED_PIPE}
LONGEST = 2500  # characters that an error may have
_SAID = re.compile(r"(actfn|warning|note|hint): |\s|$|Usage: ")
_COMMENTS = {"demo", "check"}  # these may say more than warnings and notes on standard error


def judged(run, case, outcome):
    """The outcome, with the trouble that there is with it."""
    trouble = _trouble(case, outcome)
    if not trouble and case.follow and outcome.status == 0:
        trouble = _read_back(run, case, outcome)
    return replace(outcome, trouble=trouble)


def _trouble(case, outcome):
    name = case.arguments[0] if case.arguments else ""
    status, said = outcome.status, outcome.error
    if type(status) not in (int, Exit) or status not in STATUSES:
        return f"status {status}: {said[:300]}"
    if "Traceback" in said or "Warning" in said:
        return "a traceback or a warning of Python's"
    if len(said) > LONGEST and name not in _COMMENTS:
        return f"{len(said)} characters on standard error"
    if status in (Exit.USAGE, Exit.DATA, Exit.OUTPUT):
        return _trouble_of_error(case, outcome)
    if status == Exit.DIFFERS and name not in ("compare", "check") and "--check" not in case.arguments:
        return "status 1 without a comparison"
    # where a value of a part overflows, floats have no slope, and the check says so; in a small format it may decide
    # a condition the other way, and of a binary answer nothing is seen
    unseen = any(f"--{option}" in " ".join(case.arguments) for option in ("dtype", "output"))
    precise = not unseen and not re.search(rb"nan|inf", outcome.out)
    if status == Exit.DIFFERS and name in ("diff", "differentiate") and precise:
        return f"--check finds a difference: {said}"
    if status == Exit.STRICT and "--strict" not in case.arguments:
        return "status 3 without --strict"
    strange = [line for line in said.splitlines() if not _SAID.match(line)]
    if strange and name not in _COMMENTS and case.encoding == "utf-8":
        return f"standard error says {strange[0]!r}"
    return _trouble_of_answer(case, outcome)


def _trouble_of_error(case, outcome):
    said = outcome.error
    if case.encoding == "utf-16":
        return ""
    lines = said.splitlines()
    if sum(line.startswith("actfn: ") for line in lines) != 1 and not said.startswith("Usage: "):
        return "an error that does not begin with 'actfn: '"
    if outcome.status == Exit.USAGE and outcome.out and not case.stdin and not case.files:
        return f"an answer beside a usage error: {outcome.out[:80]}"
    return ""


def _trouble_of_answer(case, outcome):
    form = _form(case.arguments)
    if form is None or case.encoding == "utf-16" or "--output" in " ".join(case.arguments):
        return ""
    try:
        text = outcome.out.decode(case.encoding if form == "plain" else "utf-8")
    except UnicodeDecodeError as error:
        return f"the answer is no text: {error}"
    try:
        return _READ[form](text)
    except (ValueError, csv.Error) as error:
        return f"the answer is no {form}: {error}"


def _json(text):
    json.loads(text, parse_constant=_no_constant)
    return ""


def _ndjson(text):
    return "".join(_json(line) for line in text.split("\n") if line)


def _separated(delimiter):
    def read(text):
        rows = [*csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)]
        return "records of several lengths" if len({len(row) for row in rows}) > 1 else ""

    return read


def _plain(text):
    [float(each) for each in text.split()]
    return ""


_READ = {"json": _json, "ndjson": _ndjson, "csv": _separated(","), "tsv": _separated("\t"), "plain": _plain}


def _form(arguments):
    """How the answer is written, where that is plain to see: text that numbers are written in is 'plain'."""
    if (
        len(arguments) < 2
        or {"-h", "--help", "--save", "--version"} & {*arguments}
        or arguments[0] in ("check", "demo")
    ):
        return None
    given = [each.removeprefix("--format=") for each in arguments if each.startswith("--format=")]
    given += [after for word, after in pairwise(arguments) if word == "--format"]
    if "--json" in arguments:
        return "json"
    if len(given) == 1 and given[0] not in ("auto", "plain", "table"):
        return given[0]
    only_numbers = arguments[0] in ("eval", "evaluate") and not any("--column" in each for each in arguments)
    return "plain" if only_numbers and given in ([], ["plain"]) else None


def _no_constant(name):
    message = f"{name} is no JSON"
    raise ValueError(message)


def _read_back(run, case, outcome):
    """A derivative's formula, read again, has the exact value that the derivative has."""
    answer = json.loads(outcome.out)
    if not answer or "derivative" not in answer[0] or isinstance(answer[0]["derivative"], list):
        return ""  # of a vector
    printed = answer[0]
    x = f"--range={case.follow}:{case.follow}:2"
    asked = (x, "--exact", "--digits=15", "-q", "--format=plain")
    order = [each for each in case.arguments if each.startswith("--order")]
    answers = [run(Case(case.place, arguments)) for arguments in (
        ("diff", *order, *asked, "--", case.arguments[-1]), ("eval", *asked, "--", printed["derivative"]))]  # fmt: skip
    for each in answers:
        if each.trouble or each.status:
            return f"{printed['derivative'][:300]!r}: {each.trouble or each.error}"
    if answers[0].out == answers[1].out:
        return ""
    function = run(Case(case.place, ("eval", *asked, "--", case.arguments[-1])))
    if b"nan" not in function.out:  # where the function has no value its formula may have a slope
        return f"read back, {printed['derivative'][:300]!r} is {answers[1].out!r} and not {answers[0].out!r}"
    return ""
