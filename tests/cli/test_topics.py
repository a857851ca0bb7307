"""`actfn help`: texts that fit, name what there is, and whose examples work."""

import re
import shutil
import subprocess

import pytest

from actfn.analysis.regime import Regime
from actfn.cli import app
from actfn.cli.commands import COMMANDS
from actfn.cli.exits import Exit
from actfn.cli.topics import text, titles
from actfn.expression.primitives import CONSTANTS, FUNCTIONS
from actfn.grading.keys import CHECK, TOP
from actfn.grading.properties import known
from actfn.numerics.formats import FORMATS
from actfn.output.forms import Form

TOPICS = list(titles())
EXAMPLES = [
    pytest.param(line.strip(), id=f"{topic}: {line.strip()}")
    for topic in TOPICS
    for line in text(topic).splitlines()
    if re.match(r"  .*\bactfn ", line)
]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_text_fits_and_is_filled_in(topic, capsys):
    assert app.run(["help", topic]) == 0
    shown = capsys.readouterr().out
    assert shown == text(topic)
    assert max(map(len, shown.splitlines())) <= 80
    assert set(re.findall(r"\{(\w+)\}", shown)) <= {"function"}  # which exercises write
    assert shown.casefold().startswith(f"{topic}") or topic in shown.casefold().partition("\n")[0]


@pytest.mark.parametrize("command", EXAMPLES)
def test_an_example_works(command, tmp_path, typed):
    done = typed(command, tmp_path, env={"HOME": str(tmp_path), "SHELL": "/bin/bash"})
    assert (done.returncode, bool(done.stdout)) == (0, True), done.stderr


def test_texts_name_all_there_is():
    assert all(name in text("formats") for name in FORMATS)
    assert all(name in text("streams") for name in Form)
    assert all(f"{row.name}({', '.join(row.arguments)})" in text("language") for row in FUNCTIONS.values()
               if not row.operator)  # fmt: skip
    assert all(name in text("language") for name in CONSTANTS)
    assert all(regime in text("warnings") for regime in Regime if regime is not Regime.OK)
    assert all(re.search(rf"^  {status.value} ", text("exit"), re.MULTILINE) for status in Exit)
    assert all(re.search(rf"^  {key} ", text("exercises"), re.MULTILINE) for key in [*TOP, *CHECK])
    assert all(name in " ".join(text("exercises").split()) for name in known())


def test_without_a_topic_the_list(capsys):
    assert app.run(["help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {topic} " in shown for topic in TOPICS)


@pytest.mark.parametrize("words", [["eval"], ["demo"], ["demo", "train"], ["help"], ["differentiate"]], ids=" ".join)
def test_a_command_is_its_help(words, capsys):
    assert app.run(["help", *words]) == 0
    shown = capsys.readouterr().out
    assert app.run([*words, "-h"]) == 0
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize(("words", "message"), [
    (["strems"], "no topic or command is called 'strems'\nhint: did you mean 'streams'?"),
    (["qqq"], "no topic or command is called 'qqq'\nhint: 'actfn help' lists them"),
    (["demo", "trian"], "no command is called 'trian'\nhint: did you mean 'train'?"),
    (["eval", "more"], "no command is called 'more'\nhint: 'actfn help' lists them"),
])  # fmt: skip
def test_what_is_not_there(words, message, capsys):
    assert app.run(["help", *words]) == 2
    assert capsys.readouterr().err == f"actfn: {message}\n"


@pytest.fixture
def manual(capsys):
    assert app.run(["help", "--man"]) == 0
    return capsys.readouterr().out


def test_the_manual_page_holds_every_command_and_topic(manual):
    headings = re.findall(r'^\.SH "(.+)"$', manual, re.MULTILINE)
    commands = ["ACTFN", *(f"ACTFN {name.upper()}" for name, entry in COMMANDS.items() if not entry.hidden)]
    assert [each for each in headings if "DEMO " not in each] == ["NAME", *commands, *map(str.upper, TOPICS)]
    assert "ACTFN DEMO EARLY\\-EXIT" in headings
    assert manual.isascii()
    assert {line.split()[0] for line in manual.splitlines() if line[:1] in (".", "'")} == {
        ".TH", ".SH", ".in", ".nf", ".fi",
    }  # fmt: skip


@pytest.mark.skipif(not shutil.which("groff"), reason="there is no groff")
def test_groff_shows_the_help_as_it_is(manual):
    done = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-c"], input=manual, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    for topic in TOPICS:
        assert all(line.rstrip() in done.stdout for line in text(topic).splitlines())
