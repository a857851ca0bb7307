"""The TAB key, by the protocol that the scripts speak; and that a TAB imports nothing heavy."""

import shutil
import subprocess
import sys

import pytest

from actfn.cli import app, candidates, completion
from actfn.cli.commands import COMPLETE
from actfn.experiments.initialisers import INITIALISERS
from actfn.expression.primitives import FUNCTIONS, INFIX
from actfn.numerics.formats import FORMATS
from actfn.output.forms import Form
from tests.conftest import PLAIN


@pytest.fixture
def offered(monkeypatch, capsys):
    """What is offered behind a command line: `offered("eval gel")` are (type, word) pairs."""

    def run(line, shell="bash"):
        words = ["actfn", *line.split(" ")]
        monkeypatch.setenv("COMP_WORDS", "\n".join(words))
        monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
        monkeypatch.setenv(COMPLETE, f"complete_{shell}")
        monkeypatch.setenv("ACTFN_DEBUG", "1")
        assert app.run([]) == 0
        shown = capsys.readouterr().out.splitlines()
        return [tuple(line.split(",", 1)) if shell == "bash" else line for line in shown if line]

    return run


WORDS = {
    "ev": ["eval"],
    "he": ["help"],
    "--sh": ["--show-completion"],
    "eval gelu_t": ["gelu_tanh"],
    "eval LOG1": ["log10", "log1p"],
    "eval soft_sign": ["softsign", "softsign_gain"],
    "eval torch.nn.functional.gel": ["torch.nn.functional.gelu"],
    "eval tfa:ge": ["tfa:gelu"],
    "eval tfa : ge": ["gelu"],
    "eval 'x*log_si": ["x*log_sigmoid"],
    "eval '1.2**hypo": ["1.2**hypot"],
    "eval x+1": [],
    "eval gelu ": [],
    "eval gelu --format j": ["json"],
    "eval gelu --format = j": ["json"],
    "eval gelu --format =": [form.value for form in Form],
    "eval gelu --format=j": ["--format=json"],
    "eval gelu --dtype b": ["bfloat16"],
    "eval gelu -3 --dtype float8_e5": ["float8_e5m2"],
    "eval x --input n": ["ndjson", "npy"],
    "eval x --output f": ["f64", "f32"],
    "eval x --on-error s": ["stop", "skip"],
    "eval x --del": ["--delimiter"],
    "diff x --no-h": ["--no-header"],
    "eval leaky_relu -p ": ["alpha="],
    "eval leaky_relu -p alpha = ": [],
    "diff tanhsh": ["tanhshrink"],
    "diff gelu --lat": ["--latex"],
    "show gelu_t": ["gelu_tanh"],
    "plot gelu --derivative tanhsh": ["tanhshrink"],
    "plot relu --mark zeros,e": ["zeros,extrema"],
    "plot relu --theme d": ["dark"],
    "saturation gelu --dtype float64,bf": ["float64,bfloat16"],
    "saturation gelu --dtype float64,float6": [],
    "compare gelu gelu_t": ["gelu_tanh"],
    "list --family p": ["periodic"],
    "list --framework ja": ["jax"],
    "check softpl": ["softplus", "softplusplus"],
    "check --start sil": ["silu"],
    "check sigmoid --format ju": ["junit"],
    "demo tr": ["train"],
    "demo train --data s": ["spirals", "sine"],
    "demo train --init g": ["glorot"],
    "demo init-scale --init he,le": ["he,lecun"],
    "demo train --dtype ": ["float64", "float32"],
    "demo actor-critic --task m": ["mountain-car"],
    "help str": ["streams"],
    "help ev": ["eval"],
}


@pytest.mark.parametrize(("line", "words"), WORDS.items(), ids=WORDS)
def test_words(line, words, offered):
    assert offered(line) == [("plain", word) for word in words]


@pytest.mark.parametrize("line", ["eval gelu --file ", "plot gelu --save ", "compare gelu --save=", "eval x --file da"])
def test_files_where_files_are_meant(line, offered):
    assert [kind for kind, _ in offered(line)] == ["file"]


def test_files_beside_functions(offered, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert offered("check exercise") == []
    (tmp_path / "exercise.toml").touch()
    (tmp_path / "student.py").touch()
    assert offered("check exercise") == offered("compare gelu stud") == [("file", "")]
    assert offered("check sigmoid --against stud") == [("file", "")]


def test_zsh_is_told_what_a_word_is(offered):
    assert offered("eval gelu_t", "zsh") == ["plain", "gelu_tanh", "GELU, tanh approximation"]
    assert offered("eval gelu --format=j", "zsh") == ["plain", "--format=json", "_"]
    assert offered("eval gelu_t", "tcsh") == []


def test_fish(monkeypatch, capsys):
    monkeypatch.setenv("COMP_WORDS", "actfn eval gelu_t")
    monkeypatch.setenv("COMP_CWORD", "gelu_t")
    monkeypatch.setenv(COMPLETE, "fish_complete")
    assert app.run([]) == 0
    assert capsys.readouterr().out == "plain,gelu_tanh\tGELU, tanh approximation\n"


def test_a_shell_that_says_nonsense_gets_no_answer(monkeypatch, capsys):
    monkeypatch.delenv("ACTFN_DEBUG", raising=False)
    monkeypatch.setenv("COMP_WORDS", "actfn eval")
    monkeypatch.setenv("COMP_CWORD", "one")
    monkeypatch.setenv(COMPLETE, "complete_bash")
    assert app.run([]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("line", ["actfn eval gel", "actfn eval torch.nn.G", "actfn demo train --init ", "actfn help "])
def test_a_tab_imports_nothing_heavy(line):
    code = (
        "import sys; from actfn.cli.app import run; run([]);"
        "print(*sys.modules.keys() & {'numpy', 'rich', 'flint', 'plotext', 'orjson', 'ml_dtypes'}, sep='\\n')"
    )
    words = line.split(" ")
    environment = PLAIN | {
        "_ACTFN_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "ACTFN_DEBUG": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert len(done) > 1
    assert done[-1] == ""


def test_names_that_are_read_as_text_are_those_of_the_tables():
    assert candidates.formats() == list(FORMATS)
    assert candidates.row_names("experiments.initialisers", "Initialiser") == list(INITIALISERS)
    language = candidates.row_names("expression.primitives", "Primitive", r"\(")
    assert set(language) == {row.name for row in FUNCTIONS.values()} - INFIX.keys()


@pytest.mark.parametrize("shell", completion.Shell)
def test_the_script_is_shown(shell, capsys, monkeypatch):
    assert app.run([f"--show-completion={shell}"]) == 0
    shown = capsys.readouterr().out
    assert COMPLETE in shown
    assert app.run(["--show-completion", shell]) == 0
    assert capsys.readouterr().out == shown
    monkeypatch.setenv("SHELL", f"/usr/bin/{shell}")
    assert app.run(["--show-completion"]) == 0
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize(("shell", "files"), [
    ("bash", [".bash_completions/actfn.sh", ".bashrc"]),
    ("zsh", [".zfunc/_actfn", ".zshrc"]),
    ("fish", [".config/fish/completions/actfn.fish"]),
])  # fmt: skip
def test_installing_twice_is_installing_once(shell, files, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    (tmp_path / ".bashrc").write_text("alias ll='ls -l'")
    (tmp_path / ".zshrc").write_text("setopt autocd\n")
    for _ in range(2):
        assert app.run([f"--install-completion={shell}"]) == 0
        written = [line.removesuffix(" is written") for line in capsys.readouterr().out.splitlines()[:-1]]
        assert written == [str(tmp_path / name) for name in files[: len(written)]]
        files = files[:1] if len(written) == 1 else files
    assert COMPLETE in (tmp_path / files[0]).read_text()
    assert (tmp_path / ".bashrc").read_text().splitlines()[0] == "alias ll='ls -l'"
    for start in (".bashrc", ".zshrc"):
        lines = (tmp_path / start).read_text().splitlines()
        assert len(lines) == len(set(lines)) <= 2


@pytest.mark.parametrize(("words", "message"), [
    (["--install-completion=tcsh"], "there is no completion for 'tcsh'"),
    (["--show-completion"], "which shell is it?"),
])  # fmt: skip
def test_other_shells(words, message, monkeypatch, capsys):
    monkeypatch.delenv("SHELL", raising=False)
    assert app.run(words) == 2
    hint = "hint: name one of bash, zsh, fish: actfn --show-completion=bash"
    assert capsys.readouterr().err == f"actfn: {message}\n{hint}\n"


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A directory in which `actfn` is a program, found before others; and a file of numbers."""
    (tmp_path / "actfn").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m actfn "$@"\n')
    (tmp_path / "actfn").chmod(0o755)
    (tmp_path / "data.csv").touch()
    monkeypatch.setenv("PATH", f"{tmp_path}:{PLAIN['PATH']}")
    return tmp_path


def told_by(shell, script, folder):
    done = subprocess.run([*shell, "-c", script], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_bash_understands_its_script(program):
    script = """
        eval "$(actfn --show-completion=bash)"
        tab() {
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
            _actfn_completion actfn "${@: -1}"; echo "${COMPREPLY[@]}"
        }
        tab actfn eval gelu_t
        tab actfn eval "'x*log_si"
        tab actfn eval gelu --format = j
        tab actfn eval gelu --file da
        complete -p actfn
    """
    told = told_by(["bash", "--norc"], script, program)
    assert told == ["gelu_tanh", "x*log_sigmoid", "json", "data.csv", "complete -F _actfn_completion actfn"]


@pytest.mark.skipif(not shutil.which("zsh"), reason="there is no zsh")
def test_zsh_understands_its_script_every_time(program):
    script = """
        actfn --show-completion=zsh > _actfn
        fpath=($PWD); autoload -Uz _actfn
        compadd() { print -r -- $words_ }  # both work at the TAB key only
        _describe() { print -r -- $described }
        tab() { words=("$@"); CURRENT=$#; _actfn }
        tab actfn eval gelu_t
        tab actfn eval gelu_t
        tab actfn eval "'x*log_si"
        tab actfn eval gelu --format=j
    """
    told = told_by(["zsh", "-f"], script, program)
    assert told == [*["gelu_tanh:GELU, tanh approximation"] * 2, "x*log_sigmoid", "--format=json"]


@pytest.mark.skipif(not shutil.which("fish"), reason="there is no fish")
def test_fish_understands_its_script(program):
    script = """
        actfn --show-completion=fish | source
        for line in "actfn eval gelu_t" "actfn eval 'x*log_si" "actfn eval gelu --format=j" "actfn eval gelu --file da"
            complete --do-complete $line
        end
    """
    told = told_by(["fish", "--no-config"], script, program)
    assert told == ["gelu_tanh\tGELU, tanh approximation", "x*log_sigmoid", "--format=json", "data.csv"]
