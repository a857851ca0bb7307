"""The TAB key: what a shell is told to do at it, and what it is then answered.

The scripts hand the words typed so far to the program in COMP_WORDS, a word a line, and the place of the last one in
COMP_CWORD, with `_ACTFN_COMPLETE=complete_SHELL`. Each answer has a type: `plain` is a word, `file` means paths.
"""

from __future__ import annotations

import os
from contextlib import nullcontext, suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from actfn.cli import saving
from actfn.cli.classes import BARE
from actfn.cli.commands import COMPLETE
from actfn.errors import UsageError, quoted

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_JOINS = {":", "=", "::"}  # Bash makes words of their own of these


class Shell(StrEnum):
    """The shells that there are scripts for."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


_BASH = r"""
%(complete_func)s() {
    local IFS=$'\n' kind value
    COMPREPLY=()
    while IFS=, read -r kind value; do
        case $kind in
            plain)
                [[ $value == *= ]] && compopt -o nospace 2>/dev/null
                COMPREPLY+=("$value") ;;
            file)
                compopt -o filenames 2>/dev/null
                COMPREPLY+=($(compgen -f -- "$2")) ;;
        esac
    done < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=complete_bash "$1")
}
complete -F %(complete_func)s %(prog_name)s
"""


# The file _actfn is read as the body of a function _actfn, which here defines itself anew: under another name it would
# offer nothing when called for the second time. -U: the words are those that fit; behind '=' there is no space.
_ZSH = r"""
#compdef %(prog_name)s

_%(prog_name)s() {
    local -a replies words_ described
    local kind value description
    local typed="${(pj:\n:)words}"
    replies=("${(@f)$(COMP_WORDS="$typed" COMP_CWORD=$((CURRENT - 1)) %(complete_var)s=complete_zsh %(prog_name)s)}")
    for kind value description in $replies; do
        if [[ $kind == file ]]; then
            [[ $PREFIX == --*=* ]] && compset -P '*='
            _files
        elif [[ $value == *= ]]; then
            compadd -U -S '' -- $value
        elif [[ $description == _ ]]; then
            words_+=("$value")
        else
            described+=("${value}:$description")
        fi
    done
    (( $#described )) && _describe -V function described -U
    (( $#words_ )) && compadd -U -V words -a words_
}

if [[ $funcstack[1] == _%(prog_name)s ]]; then
    _%(prog_name)s "$@"
else
    compdef _%(prog_name)s %(prog_name)s
fi
"""


# A description has commas of its own.
_FISH = r"""
function %(complete_func)s
    set -l typed COMP_WORDS=(commandline -cp) COMP_CWORD=(commandline -t)
    for reply in (env %(complete_var)s=complete_fish $typed %(prog_name)s)
        set -l parts (string split --max 1 , -- $reply)
        switch $parts[1]
            case file
                __fish_complete_path $parts[2]
            case plain
                echo $parts[2]
        end
    end
end
complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class _Fish(FishComplete):
    """Fish."""

    source_template = _FISH.lstrip()


class _Zsh(ZshComplete):
    """Zsh."""

    source_template = _ZSH.lstrip()


class _Bash(BashComplete):
    """Bash, whose words end at ':' and '=' too: a reply is what stands behind the last of these."""

    source_template = _BASH.lstrip()
    _done = 0  # characters of the word that Bash takes for earlier ones

    def source(self) -> str:
        return self.source_template % self.source_vars()

    def get_completion_args(self) -> tuple[list[str], str]:
        # the words themselves: those up to the cursor, with the parts of one put together
        words = click.shell_completion.split_arg_string(os.environ["COMP_WORDS"])
        last = int(os.environ["COMP_CWORD"])
        words = [*words[: last + 1], *[""] * (last + 1 - len(words))]
        whole: list[str] = []
        for place, word in enumerate(words):
            if place > 1 and not _JOINS.isdisjoint(words[place - 1 : place + 1]):
                self._done = len(whole[-1]) + (len(word) if word in _JOINS else 0)
                whole[-1] += word
            else:
                self._done = 0
                whole.append(word)
        return whole[1:-1], whole[-1]

    def format_completion(self, item: CompletionItem[str]) -> str:
        return f"{item.type},{item.value[self._done :]}"


_CLASSES: dict[Shell, type[ShellComplete]] = {Shell.BASH: _Bash, Shell.ZSH: _Zsh, Shell.FISH: _Fish}


def _of(shell: Shell, program: click.Command) -> ShellComplete:
    return _CLASSES[shell](program, {}, "actfn", COMPLETE)


def answer(program: click.Command, instruction: str) -> None:
    """Write the words that `complete_SHELL`, in either order, asks for; none where anything is amiss."""
    shell = next((shell for shell in Shell if shell in instruction.split("_")), None)
    if shell:
        with nullcontext() if os.environ.get("ACTFN_DEBUG") else suppress(Exception):
            click.echo(_completed(_of(shell, program)).encode())


def _completed(asked: ShellComplete) -> str:
    arguments, incomplete = asked.get_completion_args()
    arguments = [f"{each}={BARE[each]}" if each in BARE else each for each in arguments]
    items = asked.get_completions(arguments, incomplete)
    option, equals, _ = incomplete.partition("=")
    if equals and option.startswith("-"):  # Click completes what stands behind '='
        items = [each if each.type == "file" else _behind(option, each) for each in items]
    return "\n".join(map(asked.format_completion, items))


def _behind(option: str, item: CompletionItem[str]) -> CompletionItem[str]:
    return click.shell_completion.CompletionItem(f"{option}={item.value}", item.type, item.help)


def script(program: click.Command, name: str) -> str:
    """The script for a shell by name, or for the one that is used. Raises UsageError."""
    return _of(_shell(name), program).source()


def install(program: click.Command, name: str) -> list[Path]:
    """Write the script, and what makes the shell read it; returns the files that were changed. Raises UsageError."""
    shell = _shell(name)
    home = Path.home()
    target, start, line = {
        Shell.BASH: (home / ".bash_completions" / "actfn.sh", home / ".bashrc", "source ~/.bash_completions/actfn.sh"),
        Shell.ZSH: (home / ".zfunc" / "_actfn", home / ".zshrc", "fpath+=~/.zfunc; autoload -Uz compinit; compinit"),
        Shell.FISH: (_configuration() / "fish" / "completions" / "actfn.fish", None, ""),
    }[shell]
    target.parent.mkdir(parents=True, exist_ok=True)
    saving.replace(target, _of(shell, program).source().encode())
    if start is None:
        return [target]
    before = start.read_bytes() if start.exists() else b""
    if line.encode() in before.splitlines():
        return [target]
    between = b"\n" if before and not before.endswith(b"\n") else b""
    saving.append(start, between + line.encode() + b"\n")
    return [target, start]


def _configuration() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _shell(name: str) -> Shell:
    """The shell of that name, or that $SHELL names. Raises UsageError."""
    wanted = name or Path(os.environ.get("SHELL", "")).name
    if wanted in list(Shell):
        return Shell(wanted)
    message = f"there is no completion for {quoted(wanted)}" if wanted else "which shell is it?"
    raise UsageError(message, hint=f"name one of {', '.join(Shell)}: actfn --show-completion=bash")
