"""The outcome of a grading as text: one pure function for each format, from a report to what is written.

What a submission printed or raised is somebody else's text, and so are names and hints: `quoting` makes all of it
harmless in `render`; what a format takes for its own marks is escaped by that format.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import orjson

from actfn.grading.report import Verdict
from actfn.output import quoting
from actfn.output.forms import ReportForm
from actfn.output.outcomes import actual, details, difference, expected, message, place, point, share

if TYPE_CHECKING:
    from collections.abc import Callable

    from actfn.grading.judge import Apart
    from actfn.grading.report import Outcome, Report

_SMILES = {Verdict.PASSED: ":)", Verdict.FAILED: ":(", Verdict.SKIPPED: ":|"}
_MOST_ANNOTATIONS = 10  # that GitHub shows for a step
_GOT = 5  # the cell of what came
_LARGEST_SUMMARY = 1 << 19  # bytes of rows: GitHub takes twice as much


def text(report: Report, *, brief: bool = False) -> str:
    """For people, in the manner of check50; in brief without what passed, and nothing if all did."""
    if brief and report.passed:
        return ""
    lines, before = [quoting.guarded(report.title)], list[str]()
    for outcome in report.outcomes:
        if brief and outcome.verdict is Verdict.PASSED:
            continue
        head, said = f"{_SMILES[outcome.verdict]} {outcome.name}", details(outcome)
        again = outcome.miss and not outcome.miss.x and said == before
        lines += [f"{head}: as above"] if again else [head, *(f"    {line}" for line in said)]
        before = said
    return "\n".join([*lines, report.summary, ""])


def json(report: Report) -> str:
    """An object as check50 writes it, with points. Numbers are written in full; infinities and nan are strings."""
    return _dumped(
        {
            "slug": report.title,
            "passed": report.passed,
            "points": report.earned,
            "points_possible": report.worth,
            "results": [_record(outcome) for outcome in report.outcomes],
        }
    )


def _record(outcome: Outcome) -> dict[str, object]:
    cause = None
    data: dict[str, object] = {"points": outcome.earned, "points_possible": outcome.worth}
    if outcome.miss:
        cause = {
            "rationale": message(outcome),
            "help": outcome.hint or None,
            "expected": _plain(outcome.miss.expected, expected(outcome) or None),
            "actual": _plain(outcome.miss.actual, actual(outcome)),
        }
        x = [_plain(value, None) for value in outcome.miss.x]
        data |= {"x": x[0] if len(x) == 1 else x or None, "wrong": outcome.wrong}
        data |= _distances(outcome.miss.apart) | _where(outcome)
    elif outcome.reason:
        cause = {"rationale": outcome.reason, "help": None, "expected": None, "actual": None}
    passed = {Verdict.PASSED: True, Verdict.FAILED: False, Verdict.SKIPPED: None}[outcome.verdict]
    data["asked"] = outcome.asked
    return {"name": outcome.name, "passed": passed, "cause": cause, "data": data}


def _distances(apart: Apart | None) -> dict[str, object]:
    return {
        "ulp": apart and apart.ulp,
        "difference": apart and _plain(apart.distance, None),
        "allowed": apart and apart.allowed,
        "allowed_ulp": apart and apart.allowed_ulp,
    }


def _where(outcome: Outcome) -> dict[str, object]:
    place = outcome.place
    return {
        "file": outcome.file or None,
        "line": place.line or None,
        "source": place.source or None,
        "span": place.span if place.source else None,
    }


def _plain(value: float | None, otherwise: str | None) -> float | str | None:
    if value is None:
        return otherwise
    return value if value - value == 0 else str(value)


def _dumped(record: object) -> str:
    return orjson.dumps(record, option=orjson.OPT_INDENT_2).decode() + "\n"


def junit(report: Report) -> str:
    """JUnit XML, as GitLab, Jenkins and most test reporters read it."""
    cases = []
    for outcome in report.outcomes:
        head = f"    <testcase classname={_attribute(report.title)} name={_attribute(outcome.name)}"
        head += f' time="{outcome.seconds:.3f}"'
        if outcome.place.line and outcome.file:
            head += f' file={_attribute(outcome.file)} line="{outcome.place.line}"'
        if outcome.verdict is Verdict.PASSED:
            cases.append(f"{head}/>")
        elif outcome.verdict is Verdict.SKIPPED:
            cases.append(f"{head}><skipped message={_attribute(outcome.reason)}/></testcase>")
        else:
            body = escape("\n".join(details(outcome)))
            failure = (
                f"<failure message={_attribute(message(outcome))} type={_attribute(_kind(outcome))}>{body}</failure>"
            )
            cases.append(f"{head}>{failure}</testcase>")
    counts = (
        f'tests="{len(report.outcomes)}" failures="{report.count(Verdict.FAILED)}" errors="0" '
        f'skipped="{report.count(Verdict.SKIPPED)}" time="{report.seconds:.3f}"'
    )
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<testsuites name="actfn check" {counts}>',
            f"  <testsuite name={_attribute(report.title)} {counts}>",
            *cases,
            "  </testsuite>",
            "</testsuites>",
            "",
        ]
    )


def _attribute(value: str) -> str:
    return quoteattr(value, {"\n": "&#10;"})


def _kind(outcome: Outcome) -> str:
    return "Failure" if outcome.miss and outcome.miss.actual is None else "Mismatch"


def tap(report: Report) -> str:
    """TAP, version 13, with a YAML block below what failed."""
    lines = ["TAP version 13", f"1..{len(report.outcomes)}"]
    for number, outcome in enumerate(report.outcomes, 1):
        name = outcome.name.replace("\\", "\\\\").replace("#", "\\#")
        if outcome.verdict is Verdict.SKIPPED:
            lines.append(f"ok {number} - {name} # SKIP {outcome.reason}")
            continue
        lines.append(f"{'ok' if outcome.verdict is Verdict.PASSED else 'not ok'} {number} - {name}")
        if outcome.miss:
            block = {"message": message(outcome), "expected": expected(outcome), "actual": actual(outcome)}
            block |= {"difference": difference(outcome), "place": place(outcome), "source": outcome.place.source}
            block |= {"hint": outcome.hint, "share": share(outcome)}
            # a JSON string is a YAML string
            lines += ["  ---", *(f"  {key}: {_quoted(value)}" for key, value in block.items() if value), "  ..."]
    return "\n".join([*lines, ""])


def _quoted(value: str) -> str:
    return orjson.dumps(value).decode()


def github(report: Report) -> str:
    """Annotations for a GitHub Actions log: an error for each failure, as many as are shown, and the summary."""
    failed = [outcome for outcome in report.outcomes if outcome.verdict is Verdict.FAILED]
    failed.sort(key=lambda outcome: -outcome.worth)
    lines = []
    for outcome in failed[: _MOST_ANNOTATIONS - (len(failed) > _MOST_ANNOTATIONS)]:
        places = [f"file={_property(outcome.file)}"] if outcome.file else []
        places += [f"line={outcome.place.line}"] if outcome.file and outcome.place.line else []
        properties = ",".join([*places, f"title={_property(f'{report.title}: {outcome.name}')}"])
        said = "\n".join([message(outcome), *([f"hint: {outcome.hint}"] if outcome.hint else [])])
        lines.append(f"::error {properties}::{_data(said)}")
    kind = "notice" if report.passed else "error"
    if len(failed) > _MOST_ANNOTATIONS or not failed:
        lines.append(f"::{kind} title={_property(report.title)}::{_data(report.summary)}")
    else:
        lines.append(quoting.guarded(f"{report.title}: {report.summary}"))
    return "\n".join([*lines, ""])


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def markdown(report: Report) -> str:
    """A table for a step summary or a comment, at most as long as GitHub takes."""
    marks = {Verdict.PASSED: "✅", Verdict.FAILED: "❌", Verdict.SKIPPED: "⏭"}
    head = [
        f"### {_cell(report.title)}: {report.summary}",
        "",
        "| | check | points | at | expected | got | difference |",
    ]
    lines = [*head, "|---|---|---|---|---|---|---|"]
    size = 0
    for number, outcome in enumerate(report.outcomes):
        cells = [marks[outcome.verdict], outcome.name, f"{outcome.earned:g}/{outcome.worth:g}"]
        if outcome.miss:
            cells += [point(outcome) or "–", expected(outcome) or "–", actual(outcome), difference(outcome) or "–"]
        else:
            cells += ["–", "–", outcome.reason or "–", "–"]
        shown = list(map(_cell, cells))
        if outcome.miss and outcome.miss.actual is None:
            shown[_GOT] = _code(outcome.miss.problem)
        row = f"| {' | '.join(shown)} |"
        size += len(row.encode())
        if size > _LARGEST_SUMMARY:
            lines.append(f"\n… and {len(report.outcomes) - number} more checks")
            break
        lines.append(row)
    hints = dict.fromkeys(outcome.hint for outcome in report.outcomes if outcome.hint)
    return "\n".join([*lines, "", *map(_item, hints), ""])


_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&$])")
_BLOCK = re.compile(r"^(\d*)([-+=.)])")  # what begins a list or a rule


def _cell(value: str) -> str:
    """Text that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", " ".join(value.split()))


def _item(value: str) -> str:
    """An item of a list, which begins no further list."""
    return "- " + _BLOCK.sub(r"\1\\\2", _cell(value))


def _code(value: str) -> str:
    """Somebody else's text as code, in which nothing is a link or a mention; a pipe stays outside, escaped."""
    return r"\|".join(map(_span, value.split("|")))


def _span(value: str) -> str:
    if not value.strip():
        return value
    fence = "`" * (1 + max(map(len, re.findall("`+", value)), default=0))
    inside = value.strip()
    return f"{fence} {inside} {fence}" if "`" in (inside[0], inside[-1]) else f"{fence}{inside}{fence}"


def gradescope(report: Report) -> str:
    """`results.json` of a Gradescope autograder."""
    tests = [
        {
            "name": outcome.name,
            "score": outcome.earned,
            "max_score": outcome.worth,
            "status": "passed" if outcome.verdict is Verdict.PASSED else "failed",
            "output": "\n".join(details(outcome)),
            "output_format": "text",
        }
        for outcome in report.outcomes
    ]
    return _dumped(
        {"score": report.earned, "execution_time": round(report.seconds, 3), "output": report.summary, "tests": tests}
    )


FORMATS: dict[ReportForm, Callable[[Report], str]] = {
    ReportForm.TEXT: text,
    ReportForm.JSON: json,
    ReportForm.JUNIT: junit,
    ReportForm.TAP: tap,
    ReportForm.GITHUB: github,
    ReportForm.MARKDOWN: markdown,
    ReportForm.GRADESCOPE: gradescope,
}


def render(report: Report, form: ReportForm, *, brief: bool = False) -> str:
    """The report in a format; `brief` is for people who want to read of failures only."""
    clean = replace(quoting.lines(report), outcomes=list(map(_clean, report.outcomes)))
    return text(clean, brief=brief) if form is ReportForm.TEXT else FORMATS[form](clean)


def _clean(outcome: Outcome) -> Outcome:
    miss = outcome.miss and quoting.lines(outcome.miss)
    return replace(quoting.lines(outcome), place=quoting.source(outcome.place), miss=miss)
