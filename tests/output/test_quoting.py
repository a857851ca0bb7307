"""What a submission says commands no reader of a report: hostile texts in every format, wherever they enter."""

import json
import re
import string
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import fields, replace

import pytest
from markdown_it import MarkdownIt

from actfn.cli.terminal import folded
from actfn.grading.report import Miss, Outcome, Report, Verdict
from actfn.grading.submission import Place
from actfn.output import quoting, reports

CONTROLS = [chr(code) for code in (*range(32), *range(127, 160))]
DIRECTIONS = [chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)]
OTHERS = ["\u2028", "\u2029", "\ufeff", "\u200b", "\ud800", "\udfff", "\ufffe", "\U000e0001"]
SPACED = [" \t\u00a0\u3000", "\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028"]

COMMANDS = [
    "::error::x", "::stop-commands::t", "::set-output name=a::b", "##[error]x", "##vso[task.complete]x",
    "##teamcity[a]", "ok 1 - x", "not ok 1 - x", "ok", "1..9", "Bail out!", "TAP version 13", "# heading", "## heading",
    "---", "...", "- - item", "1. item", "2) item", "+ item", "***", "===", "    code",
    "|---|", "pragma +strict", "| a | b |", "- item", "> quoted", "```text", "~~~",
]  # fmt: skip
TEXTS = [
    *COMMANDS,
    *[f"a{space}{command}" for space in SPACED for command in COMMANDS[:9]],
    *[f"{space}{command}" for space in SPACED for command in COMMANDS[:7]],
    *[f"a{mark}b" for mark in (*CONTROLS, *DIRECTIONS, *OTHERS)],
    "\x1b[31mred", "\x1b]0;title\x07", "\x9b31m", "\x1b[2J\x1b[H", "a\b\b\bb", "%0A::error::x", "%0D%0A::error::x",
    "]]>", "]]></failure></testcase>", "<!--", "-->", "&amp;#10;", "<script>alert(1)</script>",
    '" onload="x', "<?xml?>",
    "`", "``", "a`b``c```d", "`|`", r"\|", r"\\|", r"\`", "`a` | <b>", "|", "||", "a|", "|a", "\\", "`\\", "\\|`|``|\\",
    "*b* _i_ ~~s~~ [l](http://x.y) ![i](x) <http://x.y> http://x.y www.x.y @someone #1 a@b.c :smile: $x$ &lt;",
    "<b>x</b>",
    '\'; echo "', "---\n...", "  ---\n  message: x\n  ...", "a # SKIP b", "a # TODO b", r"a \# SKIP", "{{x}}",
    "${{ x }}",
]  # fmt: skip
PLACES = ["title", "name", "reason", "hint", "file", "problem", "problem at a point", "wanted", "source"]


def report(place, text):
    """A check that failed and one that was skipped, with a text in one place of the two."""
    miss = Miss(
        (1.0,) if place in ("wanted", "source", "problem at a point") else (), None, None, "a thing", None, "broke"
    )
    failed = Outcome(
        "first", Verdict.FAILED, 1, asked=1, wrong=1, hint="do", file="s.py", place=Place(3, "return x", (7, 8))
    )
    skipped = Outcome("second", Verdict.SKIPPED, 1, reason="because")
    title = "the title"
    if place == "title":
        title = text
    elif place == "reason":
        skipped = replace(skipped, reason=text)
    elif place == "source":
        failed = replace(failed, place=Place(3, text, (0, len(text))))
    elif place in ("problem", "problem at a point", "wanted"):
        miss = replace(miss, **{place.split()[0]: text})
    else:
        failed = replace(failed, **{place: text})
    return Report(title, [replace(failed, miss=miss), skipped])


def shape(rendered, form):
    """What a reader of a format makes of a report, without the texts in it."""
    if form in ("json", "gradescope"):
        return re.sub(r'"(?:[^"\\]|\\.)*"|\d+', "", rendered)
    if form == "junit":
        return [(each.tag, *sorted(each.attrib)) for each in ET.fromstring(rendered).iter()]  # noqa: S314 - ours
    if form == "markdown":
        html = MarkdownIt("commonmark").enable("table").render(rendered)
        return re.findall(r"<[^>]*>", html.replace("<code>", "").replace("</code>", ""))
    if form == "tap":
        return [
            re.match(r"TAP version|1\.\.2$|(not )?ok \d - |  ---$|  \.\.\.$|  \w+: \"|$", each)[0]
            for each in rendered.split("\n")
        ]
    return rendered.count("\n")


def commands(rendered):
    """The lines that some runner would obey."""
    return [each for each in rendered.split("\n") if re.match(r"\s*(::|ok\b|not ok\b|#|Bail out!)", each)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("form", reports.FORMATS)
def test_no_text_commands_a_reader(form, place):
    harmless = reports.render(report(place, "harmless"), form)
    for text in TEXTS:
        rendered = reports.render(report(place, text), form)
        assert rendered.endswith("\n")
        assert all(each.isprintable() for each in rendered.split("\n")), repr(text)
        assert not any(
            unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") for each in rendered.replace("\n", "")
        )
        assert "##[" not in rendered
        assert "##vso[" not in rendered
        assert shape(rendered, form) == shape(harmless, form), (text, rendered)
        assert len(commands(rendered)) == len(commands(harmless)), (text, rendered)


@pytest.mark.parametrize("place", PLACES)
def test_nor_where_the_text_report_is_folded(place):
    for text in TEXTS:
        for width in (20, 33, 80):
            rendered = reports.render(report(place, f"{'word ' * 7}{text} {text}"), "text")
            assert commands(folded(rendered, width)) == [], text


def test_the_commands_of_github_are_ours_alone():
    for place in PLACES:
        for text in TEXTS:
            lines = reports.render(report(place, text), "github").split("\n")
            assert re.fullmatch(r"::error file=[^,:]*,line=3,title=[^,:]*::[^\r\n]*", lines[0]), (place, text)
            assert not any(each.lstrip().startswith("::") for each in lines[1:])


@pytest.mark.parametrize("form", ["json", "gradescope", "junit", "tap"])
def test_what_has_an_effect_is_still_there_to_be_read(form):
    rendered = reports.render(report("problem", "a\x1b[31m\u202e\ud800\x7f\x9b b"), form)
    shown = {
        "json": lambda: json.loads(rendered)["results"][0]["cause"]["actual"],
        "gradescope": lambda: json.loads(rendered)["tests"][0]["output"],
        "junit": lambda: ET.fromstring(rendered)[0][0][0].get("message"),  # noqa: S314 - ours
        "tap": lambda: json.loads(re.search(r"  actual: (.*)", rendered)[1]),
    }[form]()
    assert r"a\x1b[31m\u202e\ud800\x7f\x9b b" in shown


@pytest.mark.parametrize("mark", [*CONTROLS, *DIRECTIONS, *OTHERS], ids=ascii)
def test_characters_that_are_not_seen_are_shown_as_text(mark):
    shown = quoting.line(f"a{mark}b")
    assert shown == ("a b" if mark in "\t\n\r" else f"a{repr(mark)[1:-1]}b")
    assert quoting.source(Place(1, f"a{mark}b", (0, 1))).source == ("a b" if mark == "\t" else f"a{repr(mark)[1:-1]}b")


@pytest.mark.parametrize(
    "text", [string.printable[:95], "größer als µ", "数学 ∂f/∂x ≤ 1", "emoji 🙂", "a  b\n\n  c ", "\u00a0: \u202f!"]
)
def test_what_people_write_stays(text):
    assert quoting.line(text) == " ".join(text.split())


@pytest.mark.parametrize(
    ("source", "span", "shown", "meant"),
    [
        ("return 1/0", (7, 10), "return 1/0", "1/0"),
        ("a\x1bb = 1/0", (6, 9), r"a\x1bb = 1/0", "1/0"),
        ("x\t= f(\u202e)", (4, 8), r"x = f(\u202e)", r"f(\u202e)"),
        ("##[a] ##[b]", (0, 5), "# #[a] # #[b]", "# #[a]"),
        ("f(x)", (0, 900), "f(x)", "f(x)"),
        ("f(x)", (3, 1), "f(x)", ""),
        ("f(x)", (90, 95), "f(x)", ""),
        ("", (0, 0), "", ""),
    ],
)
def test_what_is_underlined_stays_so(source, span, shown, meant):
    found = quoting.source(Place(1, source, span))
    assert found.source == shown
    assert found.source[slice(*found.span)] == meant


@pytest.mark.parametrize("record", [Report, Outcome, Miss])
def test_every_text_of_a_report_is_cleaned(record):
    """A field that is added is none that is forgotten."""
    given = {each.name: "a\nb" if "str" in str(each.type) else () for each in fields(record)}
    cleaned = quoting.lines(record(**given))
    texts = [name for name, value in given.items() if value]
    assert texts
    assert all(getattr(cleaned, name) == "a b" for name in texts)


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_code_in_markdown(text):
    rendered = reports.render(report("problem", text), "markdown")
    tokens = MarkdownIt("commonmark").enable("table").parse(rendered)
    cells = [each.children for each in tokens if each.type == "inline"]
    first = next(place for place, cell in enumerate(cells) if cell and cell[0].content == "first")
    got = cells[first + 4]
    assert {each.type for each in got} <= {"code_inline", "text", "text_special"}
    assert all(each.type == "code_inline" or set(each.content) <= set("| –") for each in got)
    assert "".join(each.content for each in got).replace(" ", "") == quoting.line(text).replace(" ", "")
