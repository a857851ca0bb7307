"""Text to tokens. Every token knows where it stands in the source, so that every error can point at it."""

import re
from enum import Enum
from typing import NamedTuple

from actfn.errors import ExpressionError, Span, quoted

MAX_LENGTH = 10_000


class Kind(Enum):
    """What a token is."""

    NUMBER = "number"
    NAME = "name"
    SYMBOL = "symbol"
    END = "end"


class Token(NamedTuple):
    """A piece of the source, and where it stands."""

    kind: Kind
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return self.start, self.end


MODULES = r"(?:np|numpy|jnp|math)\.(?=[^\W0-9])"  # of pasted code: np.exp is exp
_TOKEN = re.compile(
    rf"""(?P<space>\s+ | {MODULES})
      | (?P<number>(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?)
      | (?P<name>[^\W0-9]\w*)
      | (?P<symbol>\*\*|<=|>=|==|!=|[-+*/%^<>(),=;])
      """,
    re.VERBOSE,
)

# What mathematicians, word processors and web pages write for an operator: one character for one, so spans hold.
_TYPOGRAPHY = str.maketrans({"−": "-", "·": "*", "×": "*", "⋅": "*", "÷": "/"})

_FOREIGN = {
    "&": "write 'and' between conditions",
    "|": "write 'or' between conditions, abs(x) for |x|",
    "!": "write 'not' before a condition",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "[": "use round parentheses",
    "{": "use round parentheses",
    "'": "an expression has numbers and names, no texts",
    '"': "an expression has numbers and names, no texts",
    "²": "write **2",
    "³": "write **3",
    "√": "write sqrt(x)",
}


def tokenize(source: str) -> list[Token]:
    """The tokens of a source, ending in one of kind END.

    Raises:
        ExpressionError: the source is too long, or holds a character or number the language does not have.
    """
    if len(source) > MAX_LENGTH:
        message = f"the expression has {len(source)} characters; the limit is {MAX_LENGTH}"
        raise ExpressionError(message, hint="give long input as numbers on standard input, not as a formula")
    text = source.translate(_TYPOGRAPHY)
    tokens = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _unexpected(source, position)
        if match.lastgroup != "space":
            token = Token(Kind(match.lastgroup), match.group(), *match.span())
            if token.kind is Kind.NAME and not token.text.isidentifier():
                raise _unexpected(source, token.start + _name_length(token.text))
            _check_number(source, token)
            tokens.append(token)
        position = match.end()
    tokens.append(Token(Kind.END, "", len(source), len(source)))
    return tokens


def _name_length(text: str) -> int:
    """How much of a word is a name: `²` is a letter to a regular expression and none to Python."""
    return max(length for length in range(len(text)) if not length or text[:length].isidentifier())


def _check_number(source: str, token: Token) -> None:
    """Refuse what looks like a number and is not one, such as `1__0`, `1.2.3` or `2x`."""
    if token.kind is not Kind.NUMBER:
        return
    rest = source[token.end : token.end + 1]
    try:
        float(token.text)
    except ValueError:
        malformed = token.end
    else:
        malformed = token.end + 1 if rest == "." or rest.isdigit() else 0
    if malformed:
        span = token.start, malformed
        message = f"not a number: {quoted(source[slice(*span)])}"
        raise ExpressionError(message, source=source, span=span, hint="numbers are written 1.25, 1_000, 1e-3")
    if rest.isalpha() or rest == "_":
        tail = re.match(r"\w+", source[token.end :])
        name = tail.group() if tail else rest
        hint = (
            f"write {token.text}*{name}" if not re.match(r"0[xXbBoO]", token.text + name) else "write decimal numbers"
        )
        message = f"the number {quoted(token.text)} runs into the name {quoted(name)}"
        raise ExpressionError(message, source=source, span=(token.start, token.end + len(name)), hint=hint)


def _unexpected(source: str, position: int) -> ExpressionError:
    character = source[position]
    hint = _FOREIGN.get(character, "'actfn help language' tells what can be written")
    if character == ".":
        path = re.match(r"[\w.]*\b", source[position:])
        name = path.group().rpartition(".")[2] if path else ""
        hint = f"write {name} without its module" if name.isidentifier() else "only numbers have a '.'"
    message = f"unexpected character {quoted(character)}"
    return ExpressionError(message, source=source, span=(position, position + 1), hint=hint)
