import inspect
from importlib import import_module

import pytest

from actfn.cli import app
from actfn.cli.commands import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_the_sentence_of_a_command_is_its_own(name):
    module, _, attribute = COMMANDS[name].place.partition(":")
    found = getattr(import_module(f"actfn.cli.{module}"), attribute)
    function = found.registered_callback.callback if hasattr(found, "registered_callback") else found
    assert inspect.getdoc(function).startswith(COMMANDS[name].summary)


def test_the_help_names_all_that_are_not_hidden(capsys):
    app.run(["--help"])
    section = capsys.readouterr().out.split("Commands:\n")[1].partition("\n\n")[0]
    shown = [line.split()[0] for line in section.splitlines() if line.startswith("  ") and line[2] != " "]
    assert shown == [name for name, entry in COMMANDS.items() if not entry.hidden]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name, capsys):
    assert app.run([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: actfn {name} ")
