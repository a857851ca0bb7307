"""Every command of the README is run, and what it shows is what comes."""

import re
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
TEXT = README.read_text(encoding="utf-8")


def examples():
    """The `$ command` lines of the README's console blocks, each with the output shown below it."""
    for block in re.findall(r"^```console\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield pytest.param(command, output, id=command)


NOTE_OF_THE_MACHINE = re.compile(r"^note: what was graded ran .*\n", re.MULTILINE)  # bubblewrap is there or not
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def without_numbers(text):
    """The text with fractions taken out: their last digit depends on the processor."""
    return NUMBER.sub("#", text)


def numbers(text):
    return [float(number) for number in NUMBER.findall(text)]


@pytest.mark.parametrize(("command", "output"), list(examples()))
def test_a_command_shows_what_the_readme_shows(command, output, folder, typed):
    shown = NOTE_OF_THE_MACHINE.sub("", typed(command, folder, together=True).stdout)
    assert without_numbers(shown) == without_numbers(output)
    assert numbers(shown) == pytest.approx(numbers(output), rel=1e-15, abs=0, nan_ok=True)


def test_python_examples(capsys):
    import doctest

    import actfn

    blocks = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert blocks
    for source in ["\n".join(blocks), actfn.__doc__]:
        test = doctest.DocTestParser().get_doctest(source, {}, "README", str(README), 0)
        result = doctest.DocTestRunner(verbose=False).run(test)
        assert (result.failed, capsys.readouterr().out) == (0, "")


def test_the_two_commands_are_where_ci_looks():
    section = TEXT.split("\n## Two commands\n", 1)[1].split("\n## ", 1)[0]
    commands = [block.strip() for block in re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)]
    assert commands == ["pip install . && actfn eval sigmoid -2 0 2", "pip install -e '.[test]' && pytest -n auto"]


def test_the_accuracy_shown_is_the_worst_on_record_of_all_processors():
    from tests.accuracy.measure import QUANTITIES, recorded

    lines = [line for line in recorded() if line["format"] == "float64"]
    section = TEXT.split("\n## Accuracy\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (\w+) \| ([\d.]+) / ([\d.]+) \|", section, re.MULTILINE)
    assert len(rows) >= 10
    for name, *shown in rows:
        for quantity, figure in zip(QUANTITIES, shown, strict=True):
            assert float(figure) == max(
                float(line["ulp"]) for line in lines if (line["function"], line["quantity"]) == (name, quantity)
            )
