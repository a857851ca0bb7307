"""What the TAB key offers: names for arguments and options, found without importing NumPy.

The rows of tables that hold kernels are read as text for their names; a test holds these to the tables.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_FILE = CompletionItem("", type="file")
_ORDINARY = re.compile(r"[\w.:]*")  # what may be a name, as far as it is typed
_LAST_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*$")  # the name that an expression ends in


class Words(click.types.StringParamType):
    """A text for which words are offered.

    Args:
        offers: words, with or without a description, for a text as far as it is typed; those that begin so are taken,
            else those that do but for case and underscores. A path is `_FILE`.
    """

    def __init__(self, offers: Callable[[click.Context, str], Iterable[str | CompletionItem]]) -> None:
        self.offers = offers

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002 - as overridden
        offered = [CompletionItem(each) if isinstance(each, str) else each for each in self.offers(ctx, incomplete)]
        return _beginning(incomplete, offered)


def _beginning(typed: str, offered: list[CompletionItem]) -> list[CompletionItem]:
    """Those that begin as typed, else those that do but for case and underscores."""
    for fold in (str, _folded):
        found = [each for each in offered if each.type == "file" or fold(each.value).startswith(fold(typed))]
        if found:
            return found
    return []


def _folded(name: str) -> str:
    return name.casefold().replace("_", "")


def row_names(module: str, row: str, behind: str = '"') -> list[str]:
    """The names of the rows `row("name", …)` that a module of actfn has, by its text."""
    package, _, name = module.rpartition(".")
    text = resources.files(f"actfn.{package}").joinpath(f"{name}.py").read_text(encoding="utf-8")
    return re.findall(rf'^ +{row}\("(\w+){behind}', text, re.MULTILINE)


def formats() -> list[str]:
    """The names of the float formats."""
    return row_names("numerics.formats", "Format")


def _functions(_: click.Context, typed: str) -> list[CompletionItem]:
    """Names, a framework's too; within an expression those that it may call."""
    if _ORDINARY.fullmatch(typed):
        return _named(typed)
    last = _LAST_NAME.search(typed)
    before = typed[: last.start()] if last else typed
    return [CompletionItem(before + name) for name in _callable()] if last else []


def _named(typed: str) -> list[CompletionItem]:
    from actfn.catalogue.rows import ROWS

    titles = {row.name: row.title for row in ROWS}
    names = [CompletionItem(name, help=titles.get(name)) for name in sorted({*titles, *_language()})]
    aliases = [CompletionItem(alias, help=row.title) for row in ROWS for alias in row.aliases]
    found = _beginning(typed, names) or _beginning(typed, aliases)
    if found:
        return found
    from actfn.catalogue.frameworks import FRAMEWORKS

    spellings = [each for framework in FRAMEWORKS for each in framework.spellings if each.row]
    if ":" in typed:
        return [CompletionItem(f"{each.framework.key}:{each.name}", help=each.row) for each in spellings]
    return [CompletionItem(each.qualified, help=each.row) for each in spellings]


def _language() -> list[str]:
    return row_names("expression.primitives", "Primitive", r"\(")


def _callable() -> list[str]:
    from actfn.catalogue.rows import FAMILIES

    return sorted({*_language(), *(row.name for name, rows in FAMILIES.items() if name != "vectors" for row in rows)})


def _parameters(ctx: click.Context, typed: str) -> list[str]:
    """The parameters of the function that is asked for, each with `=`."""
    from actfn.catalogue.rows import find

    # at an option without a value the words before it are no arguments yet
    rows = map(find, ctx.args) if "=" not in typed else ()
    return list(dict.fromkeys(f"{name}=" for row in rows if row for name in row.parameters))


def _several(names: Callable[[], Iterable[str]]) -> Callable[[click.Context, str], list[str]]:
    """Names of which several may be given, separated by commas."""

    def offers(_: click.Context, typed: str) -> list[str]:
        before = typed[: typed.rfind(",") + 1]
        given = before.split(",")
        return [before + name for name in names() if name not in given]

    return offers


def _initialisers() -> list[str]:
    return row_names("experiments.initialisers", "Initialiser")


def _special() -> list[str]:
    from actfn.output.forms import SPECIAL

    return [*SPECIAL, "all"]


def _families(*_: Any) -> list[str]:
    from actfn.catalogue.rows import FAMILIES

    return list(FAMILIES)


def _frameworks(*_: Any) -> list[CompletionItem]:
    from actfn.catalogue.frameworks import FRAMEWORKS

    return [CompletionItem(each.key, help=each.title) for each in FRAMEWORKS]


def _exercises(*_: Any) -> list[CompletionItem]:
    from actfn.grading.exercises import shipped

    return [CompletionItem(each.name, help=each.title) for each in shipped()]


def _topics(*_: Any) -> list[str]:
    from actfn.cli.commands import COMMANDS
    from actfn.cli.topics import titles

    return [*titles(), *(name for name, entry in COMMANDS.items() if not entry.hidden)]


def _beside_files(ending: str) -> Callable[[click.Context, str], list[CompletionItem]]:
    """Functions, and files with an ending where there are such."""

    def offers(ctx: click.Context, typed: str) -> list[CompletionItem]:
        there = "/" in typed or any(path.is_dir() or path.suffix == ending for path in Path().glob(f"{typed}*"))
        return [*_functions(ctx, typed), *([_FILE] if typed and there else [])]

    return offers


FUNCTION = Words(_functions)
OPERAND = Words(_beside_files(".py"))
EXERCISE = Words(_beside_files(".toml"))
PARAMETER = Words(_parameters)
FORMAT = Words(lambda *_: formats())
FORMATS = Words(_several(lambda: [*formats(), "all"]))
FLOAT = Words(lambda *_: [name for name in formats() if name in ("float64", "float32")])
INITIALISER = Words(lambda *_: _initialisers())
INITIALISERS = Words(_several(lambda: [*_initialisers(), "all"]))
MARKS = Words(_several(_special))
FAMILY = Words(_families)
FRAMEWORK = Words(_frameworks)
SHIPPED = Words(_exercises)
TOPIC = Words(_topics)
FILE = Words(lambda *_: [_FILE])
