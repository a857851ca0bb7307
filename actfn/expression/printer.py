"""Tree to text and to LaTeX. What is printed as text reads back as the same tree; precedence comes from the table."""

from __future__ import annotations

import re
from itertools import count
from string import ascii_lowercase
from typing import TYPE_CHECKING, NamedTuple

from actfn.errors import LengthError
from actfn.expression import effort
from actfn.expression.primitives import (
    CONDITIONAL_PRECEDENCE,
    CONSTANTS,
    FUNCTIONS,
    INFIX,
    PREFIX,
    TIGHTEST,
    Operator,
    Primitive,
)
from actfn.expression.tree import Apply, Number, Tree, Variable, fold, number, postorder, variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_PRINTED = 1_000_000
_PER_CHARACTER = 10  # operations: each is held in memory as often as there are parts around it
_WORTH_NAMING = 7  # characters: `let a = exp(x); ` pays from the third use on, but is easier to read from the second
_RESERVED = {*CONSTANTS, *FUNCTIONS}


class Printed(NamedTuple):
    """A printed node.

    Attributes:
        text: the node itself.
        tight: the precedence of its outermost operator.
        link: of a comparison, what follows its left side.
        last: of a comparison or a chain of them, the node on its right end.
    """

    text: str
    tight: int = TIGHTEST
    link: str = ""
    last: Tree | None = None


def text(tree: Tree) -> str:
    """The expression in the language: `parse(text(tree)) is tree`, for trees whose names the reader knows.

    Raises:
        LengthError: written without sharing its parts, the expression is longer than a million characters.
    """
    return fold(tree, _bounded(_text)).text


def latex(tree: Tree) -> str:
    r"""The expression in LaTeX, for math mode; needs amsmath (`cases`, `\operatorname`). Raises as `text`."""
    return fold(tree, _bounded(_latex)).text


def shared(tree: Tree, width: int = 100) -> str:
    """The expression in the language; one longer than `width` with its repeated parts named, `let a = …; …`.

    The parts named are those whose naming shortens it, the inner ones first; the text reads back as the same tree.
    """
    whole = fold(tree, _cut(_text)).text
    if len(whole) <= width:
        return whole
    taken = set(variables(tree))
    names = (name for name in _part_names() if name not in taken and name not in _RESERVED)
    uses: dict[Tree, int] = {}
    for node in postorder(tree):
        for argument in node.args if isinstance(node, Apply) else ():
            uses[argument] = uses.get(argument, 0) + 1
    lets: list[str] = []
    printed: dict[Tree, Printed] = {}
    for node in postorder(tree):
        args = [printed[argument] for argument in node.args] if isinstance(node, Apply) else []
        result = _text(node, args)
        if uses.get(node, 0) > 1 and len(result.text) >= _WORTH_NAMING and not isinstance(node, Number):
            name = next(names)
            lets.append(f"let {name} = {result.text}; ")
            result = Printed(name)
        printed[node] = result
    return "".join(lets) + printed[tree].text


def _part_names() -> Iterator[str]:
    """a, b, … z, a1, b1, …"""
    return (letter + (str(round_) if round_ else "") for round_ in count() for letter in ascii_lowercase)


def _cut(visit: Callable[[Tree, list[Printed]], Printed]) -> Callable[[Tree, list[Printed]], Printed]:
    """For measuring only: what is long already is not made longer."""

    def cut(node: Tree, args: list[Printed]) -> Printed:
        longest = max((len(argument.text) for argument in args), default=0)
        return Printed("." * (longest + 1)) if longest > 1000 else visit(node, args)

    return cut


def constant(value: float) -> str:
    """A number as the language reads it, without a needless `.0`."""
    shown = repr(value)
    return shown.removesuffix(".0")


def call(row: Primitive, shown: list[str], args: tuple[Tree, ...]) -> str:
    """A call with its arguments as shown; parameters at their default are left out."""
    parts = []
    for name, argument, node in zip(row.arguments, shown, args, strict=True):
        default = row.defaults.get(name)
        if default is None:
            parts.append(argument)
        elif node is not number(default):
            parts.append(f"{name}={argument}")
    return f"{row.name}({', '.join(parts)})"


def _bounded(visit: Callable[[Tree, list[Printed]], Printed]) -> Callable[[Tree, list[Printed]], Printed]:
    def bounded(node: Tree, args: list[Printed]) -> Printed:
        length = sum(len(argument.text) for argument in args)
        effort.charge(_PER_CHARACTER * length)
        if length > MAX_PRINTED:
            message = f"written out, the expression is longer than {MAX_PRINTED} characters"
            raise LengthError(message, hint="print a part of it, or its values")
        return visit(node, args)

    return bounded


def _text(node: Tree, args: list[Printed]) -> Printed:
    if isinstance(node, Number):
        return _number(constant(node.value))
    if isinstance(node, Variable):
        return Printed(node.name)
    row = node.row
    if not node.args:
        return Printed(row.name)
    if row.operator is None:
        return Printed(call(row, [argument.text for argument in args], node.args))
    name = row.name
    if row.operator.prefix:
        template = f"{name} <u>" if name.isalpha() else f"{name}<u>"
    else:
        template = f"<u> {name} <v>" if row.operator.precedence <= _SPACED else f"<u>{name}<v>"
    return _operation(node, args, template, "({})".format)


def _latex(node: Tree, args: list[Printed]) -> Printed:
    if isinstance(node, Number):
        return _number(_latex_number(node.value))
    if isinstance(node, Variable):
        return Printed(_latex_name(node.name))
    row = node.row
    if row.operator:
        return _operation(node, args, row.latex, r"\left({}\right)".format)
    if "{" in row.latex and node.args:
        tight = {"e": _operator(INFIX["**"]).precedence, "\\b": CONDITIONAL_PRECEDENCE}
        filled = _filled(
            row.latex, {f"{{{slot}}}": f"{{{argument.text}}}" for slot, argument in zip("uvw", args, strict=False)}
        )
        return Printed(filled, next((value for start, value in tight.items() if row.latex.startswith(start)), TIGHTEST))
    if not node.args:
        return Printed(row.latex)
    head = row.latex or rf"\operatorname{{{_escaped(row.name)}}}"
    shown = [
        f"{_latex_name(name)}={argument.text}" if name in row.defaults else argument.text
        for name, argument, tree in zip(row.arguments, args, node.args, strict=True)
        if name not in row.defaults or tree is not number(row.defaults[name])
    ]
    return Printed(rf"{head}\left({', '.join(shown)}\right)")


def _operation(node: Apply, args: list[Printed], template: str, parenthesise: Callable[[str], str]) -> Printed:
    """An operator between (or before) its arguments, each in parentheses where it binds looser than its place."""
    operator = _operator(node.row)
    tight = operator.precedence
    if node.row is INFIX["and"] and args[0].last is not None and args[1].link and args[0].last is node.args[1].args[0]:  # type: ignore[union-attr]
        return Printed(args[0].text + args[1].link, _operator(INFIX["<"]).precedence, last=args[1].last)
    if operator.prefix:
        # -(2) is an operation, -2 a number
        least = [TIGHTEST + 1 if isinstance(node.args[0], Number) else tight]
    elif operator.chains:
        least = [tight + 1] * 2
    else:
        least = [tight + operator.right, tight + (not operator.right)]
    fit = [arg.text if arg.tight >= needed else parenthesise(arg.text) for arg, needed in zip(args, least, strict=True)]
    slots = {f"<{slot}>": shown for slot, shown in zip("uv", fit, strict=False)}
    slots |= {f"{{{slot}}}": f"{{{arg.text}}}" for slot, arg in zip("uv", args, strict=False)}
    filled = _filled(template, slots)
    if operator.chains:
        return Printed(filled, tight, link=filled[len(fit[0]) :], last=node.args[1])
    return Printed(filled, tight)


def _filled(template: str, slots: dict[str, str]) -> str:
    """The template with all slots filled at once, so that what is filled in is not searched again."""
    return re.sub(r"<[uv]>|\{[uvw]\}", lambda match: slots[match.group()], template)


def _operator(row: Primitive) -> Operator:
    assert row.operator
    return row.operator


def _number(shown: str) -> Printed:
    """A negative number is written with a sign and binds like one; one with a power of ten is a product."""
    if "cdot" in shown:
        return Printed(shown, _operator(INFIX["*"]).precedence)
    return Printed(shown, _operator(PREFIX["-"]).precedence if shown.startswith("-") else TIGHTEST)


def _latex_number(value: float) -> str:
    shown = constant(value).replace("inf", r"\infty").replace("nan", r"\mathrm{nan}")
    mantissa, _, exponent = shown.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else shown


def _latex_name(name: str) -> str:
    if len(name) == 1:
        return name
    stem, _, index = name.partition("_")
    if len(stem) == 1 and index:
        return rf"{stem}_{{{_escaped(index)}}}"
    return rf"\mathit{{{_escaped(name)}}}"


def _escaped(name: str) -> str:
    return name.replace("_", r"\_")


_SPACED = _operator(INFIX["+"]).precedence
