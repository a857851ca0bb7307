"""Every report of the same outcomes, each against the rules of its format."""

import json
import re
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from actfn.grading.judge import Apart
from actfn.grading.report import Miss, Outcome, Report, Verdict
from actfn.grading.submission import Place
from actfn.numerics.formats import FORMATS as FLOATS
from actfn.output import reports
from actfn.output.forms import ReportForm
from actfn.output.outcomes import message

NASTY = '\n::error::x\n]]></failure>&<>"| `a` *b* ##[error]#\x1b[31m\x00\ud800 50%, a:b'

FAR = Apart(4.47628622567513e-309, 906031474370457, 0.0, 4)
PASSED = Outcome("sigmoid(0) is 0.5", Verdict.PASSED, 1, asked=1, seconds=0.25)
MISMATCH = Outcome(
    "sigmoid(-1000)", Verdict.FAILED, 2, asked=3, wrong=2, hint="for x < 0 use exp(x)/(1+exp(x))", file="student.py",
    place=Place(3), miss=Miss((-710.0,), None, 4.47628622567513e-309, "", 0.0, "", FAR),
)  # fmt: skip
RAISED = Outcome(
    "far out", Verdict.FAILED, 1, asked=1, wrong=1, file="s.py", place=Place(7, "return 1/0", (7, 10)),
    miss=Miss((1e9,), None, 1.0, "", None, "raised E"),
)  # fmt: skip
VECTOR = Outcome("softmax", Verdict.FAILED, 1, asked=2, wrong=1, miss=Miss((1.0, 2.0), 1, 0.5, "", float("nan")))
WHOLE = Outcome("list", Verdict.FAILED, 1, asked=1, wrong=1, miss=Miss((1.0,) * 20, None, None, "", None, "died"))
PROPERTY = Outcome(
    "finite", Verdict.FAILED, 1, FLOATS["float32"], asked=9, wrong=1,
    miss=Miss((0.10000000149011612,), None, None, "a finite number", float("inf")),
)  # fmt: skip
SKIPPED = Outcome("derivative", Verdict.SKIPPED, 1, reason="needs 'sigmoid(-1000)' to pass")
STRANGE = Outcome(
    f"strange {NASTY}", Verdict.FAILED, 1, asked=1, wrong=1, hint=f"hint {NASTY}", file="a,b:c%.py",
    place=Place(1, f"\t{NASTY}", (0, 900)), miss=Miss((1.0,), None, 1.0, "", None, f"raised {NASTY}"),
)  # fmt: skip

GOOD = Report("sigmoid", [PASSED], 0.25)
MIXED = Report("sigmoid", [PASSED, MISMATCH, RAISED, VECTOR, WHOLE, PROPERTY, SKIPPED], 1.5)
WORST = Report(f"title {NASTY}", [STRANGE, SKIPPED], 1.0)
ALL = [GOOD, MIXED, WORST]


def test_text():
    assert (
        reports.render(MIXED, "text")
        == """sigmoid
:) sigmoid(0) is 0.5
:( sigmoid(-1000)
    at x = -710.0
    expected 4.47628622567513e-309
    actual   0.0
    differs by 4.48e-309 (9.1e+14 ULP); allowed: 0 or 4 ULP
    2 of 3 points are wrong
    hint: for x < 0 use exp(x)/(1+exp(x))
:( far out
    at x = 1000000000.0
    expected 1.0
    actual   raised E
    in s.py:7
    | return 1/0
    |        ^^^
:( softmax
    at x = (1.0, 2.0), element 2
    expected 0.5
    actual   nan
    1 of 2 points are wrong
:( list
    at x = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, …)
    actual   died
:( finite
    at x = 0.1
    expected a finite number
    actual   inf
    1 of 9 points are wrong
:| derivative
    needs 'sigmoid(-1000)' to pass
1 of 7 checks passed (1/8 points)
"""
    )
    assert reports.render(GOOD, "text") == "sigmoid\n:) sigmoid(0) is 0.5\n1 of 1 check passed (1/1 points)\n"


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (SKIPPED, "needs 'sigmoid(-1000)' to pass"),
        (RAISED, "at x = 1000000000.0: expected 1.0, got raised E"),
        (WHOLE, "died"),
    ],
    ids=["skipped", "raised", "died"],
)
def test_a_failure_in_a_line(outcome, said):
    assert said in message(outcome)


def test_json():
    found = json.loads(reports.render(MIXED, "json"))
    assert (found["slug"], found["passed"], found["points"], found["points_possible"]) == ("sigmoid", False, 1, 8)
    assert [result["passed"] for result in found["results"]] == [True, False, False, False, False, False, None]
    assert found["results"][0] == {
        "name": "sigmoid(0) is 0.5", "passed": True, "cause": None,
        "data": {"points": 1.0, "points_possible": 1, "asked": 1},
    }  # fmt: skip
    cause, data = found["results"][1]["cause"], found["results"][1]["data"]
    assert (cause["expected"], cause["actual"], data["x"]) == (4.47628622567513e-309, 0.0, -710.0)
    assert (data["ulp"], data["wrong"], cause["help"]) == (906031474370457, 2, "for x < 0 use exp(x)/(1+exp(x))")
    assert (data["difference"], data["allowed"], data["allowed_ulp"]) == (4.47628622567513e-309, 0, 4)
    assert (data["file"], data["line"], data["source"], data["span"]) == ("student.py", 3, None, None)
    assert found["results"][2]["cause"]["actual"] == "raised E"
    data = found["results"][2]["data"]
    assert {key: data[key] for key in ("file", "line", "source", "span")} == {
        "file": "s.py", "line": 7, "source": "return 1/0", "span": [7, 10],
    }  # fmt: skip
    assert (found["results"][3]["cause"]["actual"], found["results"][3]["data"]["x"]) == ("nan", [1.0, 2.0])
    assert found["results"][5]["cause"]["expected"] == "a finite number"
    assert found["results"][6]["cause"]["rationale"] == "needs 'sigmoid(-1000)' to pass"


def test_junit():
    suites = ET.fromstring(reports.render(MIXED, "junit"))  # noqa: S314 - ours
    (suite,) = suites
    assert suites.tag == "testsuites"
    for each in (suites, suite):
        assert {key: each.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
            "tests": "7", "failures": "5", "errors": "0", "skipped": "1",
        }  # fmt: skip
    cases = list(suite)
    assert [case.tag for case in cases] == ["testcase"] * 7
    assert [case.get("name") for case in cases][:2] == ["sigmoid(0) is 0.5", "sigmoid(-1000)"]
    assert float(cases[0].get("time")) == 0.25
    (failure,) = cases[1]
    assert (failure.tag, failure.get("type")) == ("failure", "Mismatch")
    assert "expected 4.47628622567513e-309, got 0.0" in failure.get("message")
    assert "hint: for x < 0" in failure.text
    assert (cases[1].get("file"), cases[1].get("line")) == ("student.py", "3")
    assert cases[2][0].get("type") == "Failure"
    assert cases[2][0].get("message") == "at x = 1000000000.0: expected 1.0, got raised E, in s.py:7"
    assert cases[2][0].text.endswith("in s.py:7\n| return 1/0\n|        ^^^")
    assert (cases[2].get("file"), cases[2].get("line")) == ("s.py", "7")
    assert (cases[6][0].tag, cases[6][0].get("message")) == ("skipped", "needs 'sigmoid(-1000)' to pass")


def test_junit_is_xml_whatever_a_submission_says():
    suites = ET.fromstring(reports.render(WORST, "junit"))  # noqa: S314 - ours
    (case, skipped) = suites[0]
    assert case[0].tag == "failure"
    assert "]]></failure>&<>" in case[0].get("message")
    assert "\\x1b[31m" in case[0].get("message")
    assert skipped[0].tag == "skipped"


TAP_LINE = re.compile(r"(?:not )?ok \d+ - (?:[^#\n]|\\#)*(?: # SKIP [^\n]*)?")


@pytest.mark.parametrize("report", ALL, ids=["good", "mixed", "worst"])
def test_tap(report):
    lines = reports.render(report, "tap").split("\n")
    assert lines[:2] == ["TAP version 13", f"1..{len(report.outcomes)}"]
    results = [line for line in lines[2:] if not line.startswith("  ")]
    assert results.pop() == ""
    assert len(results) == len(report.outcomes)
    for number, (line, outcome) in enumerate(zip(results, report.outcomes, strict=True), 1):
        assert TAP_LINE.fullmatch(line)
        assert line.startswith(f"{'not ok' if outcome.verdict is Verdict.FAILED else 'ok'} {number} - ")
        assert ("# SKIP" in line) == (outcome.verdict is Verdict.SKIPPED)
    assert lines.count("  ---") == lines.count("  ...") == report.count(Verdict.FAILED)


@pytest.mark.skipif(shutil.which("prove") is None, reason="there is no prove")
@pytest.mark.parametrize("report", ALL, ids=["good", "mixed", "worst"])
def test_tap_as_prove_reads_it(report, tmp_path):
    (tmp_path / "report.tap").write_text(reports.render(report, "tap"), encoding="utf-8", errors="replace")
    done = subprocess.run(
        ["prove", "-e", "cat", "report.tap"], capture_output=True, text=True, check=False, cwd=tmp_path
    )  # fmt: skip
    assert (done.returncode == 0) == report.passed
    if not report.passed:
        assert f"Failed {report.count(Verdict.FAILED)}/{len(report.outcomes)} subtests" in done.stdout
    assert "Parse errors" not in done.stdout + done.stderr


COMMAND = re.compile(r"::(error|notice) ((?:\w+=[^,:\n]*,?)+)::[^\n\r]*")


def test_github():
    lines = reports.render(MIXED, "github").splitlines()
    assert lines[0] == (
        "::error file=student.py,line=3,title=sigmoid%3A sigmoid(-1000)::at x = -710.0: expected "
        "4.47628622567513e-309, got 0.0; differs by 4.48e-309 (9.1e+14 ULP); "
        "allowed: 0 or 4 ULP%0Ahint: for x < 0 use exp(x)/(1+exp(x))"
    )
    assert len(lines) == 6
    assert all(COMMAND.fullmatch(line) for line in lines[:5])
    assert lines[5] == "sigmoid: 1 of 7 checks passed (1/8 points)"
    assert reports.render(GOOD, "github") == "::notice title=sigmoid::1 of 1 check passed (1/1 points)\n"


def test_github_shows_at_most_ten_the_most_important_first():
    many = [Outcome(f"check {n}", Verdict.FAILED, n, asked=1, wrong=1, miss=RAISED.miss) for n in range(1, 15)]
    lines = reports.render(Report("many", many), "github").splitlines()
    assert len(lines) == 10
    assert all(line.startswith("::error ") for line in lines)
    assert "check 14" in lines[0]
    assert lines[-1] == "::error title=many::0 of 14 checks passed (0/105 points)"


def test_github_is_not_commanded_by_a_submission():
    lines = reports.render(WORST, "github").split("\n")
    assert lines[-1] == ""
    assert sum(line.lstrip().startswith("::") for line in lines) == 1
    assert COMMAND.fullmatch(lines[0])
    assert "##[" not in reports.render(WORST, "github")
    assert "50%25, a:b" in lines[0]
    assert "file=a%2Cb%3Ac%25.py" in lines[0]


def test_markdown():
    lines = reports.render(MIXED, "markdown").splitlines()
    assert lines[0] == "### sigmoid: 1 of 7 checks passed (1/8 points)"
    assert lines[4] == "| ✅ | sigmoid(0) is 0.5 | 1/1 | – | – | – | – |"
    assert lines[5] == (
        "| ❌ | sigmoid(-1000) | 0/2 | x = -710.0 | 4.47628622567513e-309 | 0.0 "
        "| 4.48e-309 (9.1e+14 ULP); allowed: 0 or 4 ULP |"
    )
    assert lines[10] == "| ⏭ | derivative | 0/1 | – | – | needs 'sigmoid(-1000)' to pass | – |"
    assert lines[12] == "- for x \\< 0 use exp(x)/(1+exp(x))"


def test_markdown_has_a_row_a_check_and_a_limit():
    rows = [line for line in reports.render(WORST, "markdown").splitlines() if line.startswith("|")]
    assert len(rows) == 4
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 8 for row in rows)
    long = Report("long", [Outcome("x" * 1000, Verdict.PASSED, 1)] * 2000)
    shown = reports.render(long, "markdown")
    assert len(shown.encode()) < 1 << 20
    assert "more checks" in shown.splitlines()[-2]


def test_gradescope():
    found = json.loads(reports.render(MIXED, "gradescope"))
    assert (found["score"], found["execution_time"], found["output"]) == (1, 1.5, "1 of 7 checks passed (1/8 points)")
    assert [(each["score"], each["max_score"], each["status"]) for each in found["tests"]] == [
        (1, 1, "passed"), (0, 2, "failed"), *[(0, 1, "failed")] * 5,
    ]  # fmt: skip
    assert all(each["output_format"] == "text" for each in found["tests"])
    assert "expected 4.47628622567513e-309" in found["tests"][1]["output"]


@pytest.mark.parametrize("report", ALL, ids=["good", "mixed", "worst"])
@pytest.mark.parametrize("form", reports.FORMATS)
def test_every_format_can_be_written_and_ends_its_last_line(form, report):
    shown = reports.render(report, form)
    assert shown.endswith("\n")
    assert shown.encode("utf-8")
    assert all(line.isprintable() for line in shown.split("\n"))


def test_the_formats_are_those_of_the_command():
    assert list(ReportForm) == list(reports.FORMATS)


def test_yaml_of_tap_is_made_of_quoted_texts():
    for line in reports.render(WORST, "tap").splitlines():
        match = re.fullmatch(r"  (\w+): (\".*\")", line)
        if match:
            assert isinstance(tomllib.loads(f"x = {match[2]}")["x"], str)


def test_points_in_tenths_add_up():
    report = Report("tenths", [replace(PASSED, worth=0.1), replace(PASSED, worth=0.2)])
    assert (report.worth, report.earned) == (0.3, 0.3)
