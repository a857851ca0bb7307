"""The help: it fits, and every example in it works."""

import click
import pytest

from actfn.cli import app
from actfn.cli.commands import COMMANDS

STUDENT = "from math import exp\ndef sigmoid(x):\n    return 1/(1 + exp(-x)) if x > 0 else exp(x)/(1 + exp(x))\n"
GIVEN = {"student.py": STUDENT, "data.csv": "name,x\none,1\ntwo,-2\n"}
DEMOS = ["init-scale", "train", "regression", "multivalued", "early-exit", "actor-critic"]
PAGES = [[], *([name] for name, entry in COMMANDS.items() if not entry.hidden), *(["demo", name] for name in DEMOS)]


def shown(*words):
    """The help of a command, as it is in 80 columns."""
    context = click.Context(app.command(), info_name="actfn", terminal_width=80)
    for word in words:
        context = click.Context(context.command.get_command(context, word), info_name=word, parent=context)
    return context.command.get_help(context)


def examples():
    for page in PAGES:
        _, _, block = shown(*page).partition("\nTry:\n")
        lines = block.partition("\n\n")[0].splitlines()
        for line in lines:
            yield pytest.param(line.strip(), id=f"{' '.join(page) or 'actfn'}: {line.strip()}")


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_help_has_examples_and_fits_80_columns(page):
    text = shown(*page)
    lines = text.partition("\nTry:\n")[2].partition("\n\n")[0].splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("  ") and "actfn" in line for line in lines)
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("command", list(examples()))
def test_an_example_works(command, folder, typed):
    for name, text in GIVEN.items():
        (folder / name).write_text(text, encoding="utf-8")
    if command.startswith("actfn demo "):
        command += " --quick"
    done = typed(command, folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout or {each.name for each in folder.iterdir()} > set(GIVEN)
    assert "internal error" not in done.stderr


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_short_and_long_are_the_same(page, capsys):
    assert app.run([*page, "-h"]) == 0
    short = capsys.readouterr().out
    assert app.run([*page, "--help"]) == 0
    assert capsys.readouterr().out == short
