"""Text to tree.

The language is Python's expression syntax over floats, nothing of it ever handed to Python:

    source      = {"let" NAME "=" expression ";"} expression
    expression  = disjunction ["if" disjunction "else" expression]
    disjunction = operand {operator operand}            operators and precedences: the table of primitives
    operand     = prefix operand | NUMBER | NAME | call | "(" expression ")"
    call        = NAME "(" [argument {"," argument}] ")"
    argument    = [NAME "="] expression

`a if c else b` is where(c, a, b); `^` is `**`; `a < b < c` is `a < b and b < c`. A name that is neither called nor a
constant is a variable. The functions that may be called are given, so the parser knows no catalogue.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NoReturn, Protocol

from actfn.errors import ActfnError, ExpressionError, Span, UnknownNameError, quoted, suggestion
from actfn.expression.primitives import (
    CONDITIONAL_PRECEDENCE,
    CONSTANTS,
    FUNCTIONS,
    INFIX,
    PREFIX,
    TIGHTEST,
    Primitive,
)
from actfn.expression.tokens import Kind, Token, tokenize
from actfn.expression.tree import Number, Tree, apply, number, variable

if TYPE_CHECKING:
    from collections.abc import Collection

MAX_DEPTH = 200
MAX_ARGUMENTS = 100  # of max and min: each is compared with all others where slopes are looked for

_SPELLINGS = {"^": "**"}
_NUMBERS = {"inf": math.inf, "nan": math.nan}
_KEYWORDS = {"if", "else", "and", "or", "not"}
_NO_NEAR_NAME = "write its formula out, or see 'actfn list' for the functions there are"
_HEAD = re.compile(
    r"\s*(lambda\b[\w\s,]*:|\w+\s*(?:\([\w\s,]*\)\s*)?=(?!=))(?=.*\S)\s*"
)  # f(x) = …, y = …, lambda x: …
RESERVED = _KEYWORDS | _NUMBERS.keys() | CONSTANTS.keys()


class Names(Protocol):
    """The functions that an expression may call."""

    def find(self, name: str) -> Primitive | None:
        """The row of a function, or None. Raises ActfnError where the name is known and cannot be called."""

    def known(self) -> list[str]:
        """All names, for suggestions."""


class TableNames:
    """The functions of the table of primitives alone: what the table's own rules are written in."""

    def find(self, name: str) -> Primitive | None:
        return FUNCTIONS.get(name)

    def known(self) -> list[str]:
        return list(FUNCTIONS)


def parse(source: str, names: Names | None = None, *, variables: Collection[str] = ()) -> Tree:
    """The tree of an expression.

    Args:
        source: the text, at most 10 000 characters, 200 levels of nesting and 100 arguments of a function.
        names: the functions that may be called; the table's own by default.
        variables: names that are variables even if a function has the same name.

    Raises:
        ExpressionError: the text is not an expression; the error carries the place and a hint.
        UnknownNameError: it calls a function that is not there.
    """
    return locate(source, names, variables=variables)[0]


def locate(
    source: str, names: Names | None = None, *, variables: Collection[str] = ()
) -> tuple[Tree, dict[Tree, Span]]:
    """The tree of an expression, and where in the source each node first stands. Arguments and errors as `parse`."""
    head = _HEAD.match(source)
    if head:
        hint = f"write {source[head.end() :].strip()} alone; == compares"
        raise ExpressionError("a formula has no name and no '='", source=source, span=head.span(1), hint=hint)
    parser = _Parser(source, names or TableNames(), variables)
    return parser.whole(), parser.spans


class _Parser:
    def __init__(self, source: str, names: Names, variables: Collection[str]) -> None:
        self.source = source
        self.names = names
        self.variables = variables
        self.tokens = tokenize(source)
        self.position = 0
        self.depth = 0
        self.open: list[Token] = []
        self.spans: dict[Tree, Span] = {}
        self.parts: dict[str, Tree] = {}

    @property
    def token(self) -> Token:
        return self.tokens[self.position]

    def advance(self) -> Token:
        token = self.token
        self.position += 1
        return token

    def at(self, text: str) -> bool:
        return self.token.text == text and self.token.kind is not Kind.NUMBER

    def fail(self, message: str, token: Token | None = None, hint: str = "") -> NoReturn:
        raise ExpressionError(message, source=self.source, span=(token or self.token).span, hint=hint)

    def note(self, node: Tree, start: Token) -> Tree:
        self.spans.setdefault(node, (start.start, self.tokens[self.position - 1].end))
        return node

    def whole(self) -> Tree:
        if self.token.kind is Kind.END:
            raise ExpressionError("the expression is empty", hint="write a formula in one variable, such as max(0, x)")
        while self.at("let") and self.tokens[self.position + 1].kind is Kind.NAME:
            self.let()
        tree = self.expression(0)
        if self.position < len(self.tokens) - 1:
            self.unexpected()
        return tree

    def let(self) -> None:
        """`let NAME = expression;` names a part."""
        self.advance()
        name = self.advance()
        if name.text in RESERVED or not self.at("="):
            hint = "write let a = …; and then the expression"
            self.fail(f"{name.text!r} is no name that a part can have", name, hint=hint)
        self.advance()
        part = self.expression(0)
        if not self.at(";"):
            self.fail("the 'let' is not ended", hint="write ';' after it, and then the expression")
        self.advance()
        self.parts[name.text] = part

    def expression(self, least: int) -> Tree:
        """An expression whose operators all bind at least as tight as `least`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(f"the expression is nested more than {MAX_DEPTH} levels deep", hint="shorten it, or name a part")
        start = self.token
        tree = self.operand(least)
        while True:
            row = self.infix()
            if row and row.operator and row.operator.precedence >= least:
                tree = self.chain(tree, row) if row.operator.chains else self.binary(tree, row)
            elif self.at("if") and least <= CONDITIONAL_PRECEDENCE:
                tree = self.conditional(tree)
            else:
                break
            self.note(tree, start)
        self.depth -= 1
        return tree

    def infix(self) -> Primitive | None:
        return INFIX.get(_SPELLINGS.get(self.token.text, self.token.text))

    def binary(self, left: Tree, row: Primitive) -> Tree:
        assert row.operator
        self.advance()
        return apply(row, left, self.expression(row.operator.precedence + (0 if row.operator.right else 1)))

    def chain(self, left: Tree, row: Primitive) -> Tree:
        """`a < b <= c`, as the conjunction of its neighbours."""
        tree: Tree | None = None
        following: Primitive | None = row
        while following and following.operator and following.operator.chains:
            self.advance()
            right = self.expression(following.operator.precedence + 1)
            link = apply(following, left, right)
            tree = link if tree is None else apply(INFIX["and"], tree, link)
            left, following = right, self.infix()
        assert tree is not None
        return tree

    def conditional(self, chosen: Tree) -> Tree:
        word = self.advance()
        condition = self.expression(CONDITIONAL_PRECEDENCE + 1)
        if not self.at("else"):
            if self.token.kind is not Kind.END and not self.at(")"):
                self.unexpected()
            self.fail("'if' has no 'else'", word, hint="write 'a if condition else b'")
        self.advance()
        return apply(FUNCTIONS["where"], condition, chosen, self.expression(CONDITIONAL_PRECEDENCE))

    def operand(self, least: int) -> Tree:
        token = self.token
        if self.at("-") or self.at("+") or self.at("not"):
            return self.prefixed(least)
        if token.kind is Kind.NUMBER:
            self.advance()
            return self.note(number(float(token.text)), token)
        if token.kind is Kind.NAME and token.text not in _KEYWORDS:
            self.advance()
            return self.note(self.call(token) if self.at("(") else self.name(token), token)
        if self.at("("):
            return self.parenthesised()
        return self.unexpected()

    def prefixed(self, least: int) -> Tree:
        sign = self.advance()
        row = PREFIX["-" if sign.text == "+" else sign.text]
        assert row.operator
        if sign.text == "not" and row.operator.precedence < least:
            self.fail("'not' cannot stand here", sign, hint="put 'not …' into parentheses")
        literal = self.token.kind is not Kind.SYMBOL
        operand = self.expression(row.operator.precedence)
        if sign.text == "+":
            return operand
        if sign.text == "-" and literal and isinstance(operand, Number):
            return self.note(number(-operand.value), sign)
        return self.note(apply(row, operand), sign)

    def parenthesised(self) -> Tree:
        self.open.append(self.advance())
        tree = self.expression(0)
        self.close()
        return tree

    def close(self) -> None:
        if not self.at(")"):
            self.unexpected()
        self.advance()
        self.open.pop()

    def name(self, token: Token) -> Tree:
        if token.text in self.parts:
            return self.parts[token.text]
        if token.text in self.variables:
            return variable(token.text)
        if token.text in _NUMBERS:
            return number(_NUMBERS[token.text])
        if token.text in CONSTANTS:
            return apply(CONSTANTS[token.text])
        row = FUNCTIONS.get(token.text) or (self.find(token) if len(token.text) > 1 else None)
        if row and not self.at("="):
            hint = f"write {token.text}({', '.join(row.arguments[: row.required])}), or give the variable another name"
            self.fail(f"{token.text!r} is a function", token, hint=hint)
        return variable(token.text)

    def find(self, token: Token) -> Primitive | None:
        try:
            return self.names.find(token.text)
        except ActfnError as error:
            self.fail(error.message, token, hint=error.hint)

    def call(self, token: Token) -> Tree:
        row = self.find(token)
        if row is None:
            hint = suggestion(token.text, self.names.known())
            if not hint and len(token.text) <= 2:
                hint = f"write {token.text}*(…) to multiply"
            message = f"unknown function {token.text!r}"
            raise UnknownNameError(message, source=self.source, span=token.span, hint=hint or _NO_NEAR_NAME)
        self.open.append(self.advance())
        positional: list[Tree] = []
        named: dict[str, Tree] = {}
        while not self.at(")"):
            if self.token.kind is Kind.NAME and self.tokens[self.position + 1].text == "=":
                name = self.keyword(row, positional, named)
                named[name] = self.expression(0)
            elif named:
                self.fail("an argument without a name follows one with a name")
            else:
                positional.append(self.expression(0))
            if not self.at(","):
                break
            self.advance()
        self.close()
        return self.applied(token, row, positional, named)

    def keyword(self, row: Primitive, positional: list[Tree], named: dict[str, Tree]) -> str:
        token = self.advance()
        self.advance()
        if token.text not in row.arguments:
            parameters = ", ".join(row.defaults) or "none"
            hint = suggestion(token.text, list(row.arguments)) or f"its parameters: {parameters}"
            message = f"{row.name!r} has no parameter {token.text!r}"
            raise UnknownNameError(message, source=self.source, span=token.span, hint=hint)
        if token.text in named or row.arguments.index(token.text) < len(positional):
            self.fail(f"{token.text!r} is given twice", token)
        return token.text

    def applied(self, token: Token, row: Primitive, positional: list[Tree], named: dict[str, Tree]) -> Tree:
        if row.associative and len(positional) > len(row.arguments) and not named:
            if len(positional) > MAX_ARGUMENTS:
                self.fail(f"{token.text!r} has {len(positional)} arguments; the limit is {MAX_ARGUMENTS}", token)
            tree = positional[0]
            for argument in positional[1:]:
                tree = apply(row, tree, argument)
            return tree
        given = dict(zip(row.arguments, positional, strict=False)) | named
        missing = [argument for argument in row.arguments if argument not in given and argument not in row.defaults]
        if missing or len(positional) > len(row.arguments):
            most, count = len(row.arguments), len(positional) + len(named)
            takes = f"{row.required} to {most}" if row.defaults else "at least 2" if row.associative else f"{most}"
            plural = "" if takes == "1" else "s"
            hint = f"write {token.text}({', '.join(row.arguments)})"
            problem = f"takes {takes} argument{plural}, {count} given"
            if named and missing:
                problem = f"is not given its argument {missing[0]!r}"
            self.fail(f"{token.text!r} {problem}", token, hint=hint)
        return apply(row, *(given[a] if a in given else number(row.defaults[a]) for a in row.arguments))

    def unexpected(self) -> NoReturn:
        """Say what is wrong at the current token, which cannot go on here."""
        token = self.token
        previous = self.tokens[self.position - 1] if self.position else None
        after_value = previous is not None and (
            previous.kind is Kind.NUMBER or previous.text == ")" or self.follows_name()
        )
        if token.kind is Kind.END and self.open:
            self.fail("'(' is never closed", self.open[-1], hint="add ')' at the end")
        if token.kind is Kind.END:
            self.fail(
                "the expression ends where a value is expected", previous, hint="complete or remove the last operator"
            )
        if self.at(")") and not self.open:
            self.fail("')' was never opened", token, hint="remove it, or add '(' before")
        if self.at(";"):
            self.fail("unexpected ';'", token, hint="give one expression; parts are named by let a = …; before it")
        if self.at("=") and after_value:
            self.fail("'=' does not compare", token, hint="write == to compare")
        if after_value and (token.kind in (Kind.NUMBER, Kind.NAME) or self.at("(")) and token.text not in _KEYWORDS:
            called = token.text in self.names.known()
            hint = f"write a function before its arguments: {token.text}(…)" if called else "write * to multiply"
            self.fail(f"an operator is missing before {quoted(token.text)}", token, hint=hint)
        if previous is not None and previous.text in "*/" and token.text in ("*", "/") and not after_value:
            hint = "write floor(a/b) for a//b" if token.text == "/" else ""
            self.fail(f"unexpected {quoted(token.text)}: a value is expected here", token, hint=hint)
        expected = "an operator" if after_value else "a value"
        self.fail(f"unexpected {quoted(token.text)}: {expected} is expected here", token)

    def follows_name(self) -> bool:
        previous = self.tokens[self.position - 1]
        return previous.kind is Kind.NAME and previous.text not in _KEYWORDS


assert max(row.operator.precedence for row in INFIX.values() if row.operator) < TIGHTEST
