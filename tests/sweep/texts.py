"""Random expressions, names and numbers, good and bad, and what slips of the hand and worse make of a text."""

from actfn.catalogue.frameworks import FRAMEWORKS
from actfn.catalogue.rows import ROWS
from actfn.expression.primitives import CONSTANTS, FUNCTIONS, INFIX

CALLABLE = [*FUNCTIONS.values(), *(row.row for row in ROWS if hasattr(row, "row"))]
NAMED = [row.name for row in ROWS] + [alias for row in ROWS for alias in row.aliases] + list(FUNCTIONS)
QUALIFIED = [spelling.qualified for framework in FRAMEWORKS for spelling in framework.spellings]
GOOD_NUMBERS = ["0", "1", "2", "0.5", "3", "-1", ".25", "1e-3", "10", "1.702", "2.", "1_000", "-0.0", "7"]
STRANGE_NUMBERS = [
    "1e308", "-1e308", "1e309", "5e-324", "1e-400", "inf", "-inf", "nan", "1e22", "16777217", "9007199254740993",
    "1e100",    "-745.2", "709.79", "1" * 400, "0." + "0" * 400 + "1", "1e99999999999", "1e-99999999999",
]  # fmt: skip
POINTS = [
    "-inf", "0x1p-3", "-0x1.8p1", "−2", "nan(5)", "1,2", "-1,-2", "'3'", "+4", "-.5", "\u0661", "1_0", " 2 ", "-nan",
]  # fmt: skip
NO_NUMBERS = [
    "",
    " ",
    "abc",
    "1..2",
    "1e",
    "--",
    "+-1",
    "½",
    "0x",
    "1,,a",
    "x",
    "💥",
    "\x07",
    "1\x002",
    "5:",
    "True",
    "²",
]
ALPHABET = (
    "()()+-*/^%<>=!,,;.:_ xxyeg0123456789\"'#&|[]{}~$@\\?²π·−×√½éßσ"
    "\u0301\u200b\u202e\u00a0\t\n\r\x00\x07\x1b\x7f💥\udcff"
)
WORDS = [" if ", " else ", " and ", "let ", "1e", "**", "max(", "sigmoid", "inf", "nan", "=", "not "]


def expression(rng, depth=4):
    """An expression of the language, mostly a good one in x."""
    pick = rng.random()
    if pick < 0.06:
        return let(rng, depth)
    if pick < 0.1:
        return monster(rng)
    names = ["x"] if rng.random() < 0.85 else ["g"] if rng.random() < 0.7 else ["x", rng.choice(["a", "k", "é", "y"])]
    return grown(rng, rng.randint(0, depth), names)


def let(rng, depth):
    """An expression whose parts have names."""
    names, text = ["x"], ""
    for _ in range(rng.randint(1, 3)):
        name = rng.choice(["a", "b", "c", "part", "x", "relu", "e", "é"])
        text += f"let {name} = {grown(rng, rng.randint(0, depth - 2), names)}; "
        names.append(name)
    return text + grown(rng, rng.randint(1, depth - 1), names)


def grown(rng, depth, names):
    """An expression of at most so many levels in the names."""
    if depth <= 0:
        pick = rng.random()
        if pick < 0.6:
            return rng.choice(names)
        if pick < 0.9:
            return rng.choice(GOOD_NUMBERS)
        return rng.choice(STRANGE_NUMBERS[:14] if pick < 0.95 else list(CONSTANTS))

    def part():
        return grown(rng, depth - rng.randint(1, 2), names)

    kind = rng.random()
    if kind < 0.35:
        operator = rng.choice(list(INFIX) if rng.random() < 0.4 else ["+", "-", "*", "/", "**", "^"])
        left, right = (f"({side})" if rng.random() < 0.5 else side for side in (part(), part()))
        return f"{left} {operator} {right}" if operator.isalpha() or rng.random() < 0.5 else f"{left}{operator}{right}"
    if kind < 0.8:
        return called(rng, rng.choice(CALLABLE), part)
    if kind < 0.87:
        return f"({part()} if {part()} {rng.choice('<>')} {part()} else {part()})"
    if kind < 0.93:
        return f"{rng.choice(['-', '+', '--', 'not ', '-+'])}({part()})"
    return f"{rng.choice(['max', 'min'])}({', '.join(part() for _ in range(rng.choice([2, 2, 2, 3, 5, 1])))})"


def called(rng, row, part):
    """A call of a row, some of its parameters given."""
    given = [part() for _ in range(row.required)]
    given += [
        f"{name}={part() if rng.random() < 0.3 else rng.choice(GOOD_NUMBERS)}"
        for name in row.defaults
        if rng.random() < 0.3
    ]
    return f"{row.name}({', '.join(given)})"


def monster(rng):
    """What is too long, too deep or too large."""
    n = rng.choice([3, 30, 150, 199, 200, 201, 500, 12000])
    return rng.choice([
        lambda: "(" * n + "x" + ")" * n,
        lambda: "(" * n,
        lambda: "-" * n + "x",
        lambda: "+".join("x" * n),
        lambda: "*".join("x" * n),
        lambda: "**".join("x" * n),
        lambda: "**".join("9" * n),
        lambda: "x/" * n + "x",
        lambda: "sigmoid(" * n + "x" + ")" * n,
        lambda: "exp(" * n + "x" + ")" * n,
        lambda: "x if x<1 else " * n + "x",
        lambda: "not " * min(n, 100) + "x",
        lambda: "<".join("x" * min(n // 2, 100)),
        lambda: "x" * n,
        lambda: "9" * n,
        lambda: "max(" + ",".join("x" * n) + ")",
        lambda: "let a = x*x; " * n + "a",
        lambda: "let a = x; " + "let a = a*a; " * (n // 20) + "a",
        lambda: "let a = x; " + "let a = sin(a) + a; " * (n // 20) + "a",
        lambda: "x" + "".join(f"+x**{k}" for k in range(n // 10)),
        lambda: "relu(x-" + ") + relu(x-".join(map(str, range(n // 10))) + ")",
        lambda: f"x**{n}",
        lambda: f"x**{n}.5",
        lambda: f"sin({n}e{n // 10}*x)",
        lambda: "1e" + "9" * n,
        lambda: "x " * n,
        lambda: "é" * n,
        lambda: "," * n,
        lambda: "f(" * n,
    ])()  # fmt: skip


def function(rng):
    """What stands for a function: a name, a framework's, or an expression."""
    pick = rng.random()
    if pick < 0.35:
        return rng.choice(NAMED)
    if pick < 0.42:
        return rng.choice(QUALIFIED)
    text = expression(rng)
    return mutated(rng, text) if rng.random() < 0.2 else text


def number(rng):
    """A point, mostly a number."""
    pick = rng.random()
    if pick < 0.45:
        return rng.choice(GOOD_NUMBERS)
    if pick < 0.6:
        return repr(rng.uniform(-10, 10))
    if pick < 0.8:
        return rng.choice(STRANGE_NUMBERS)
    return rng.choice(POINTS) if pick < 0.93 else mutated(rng, rng.choice(NO_NUMBERS + POINTS))


def mutated(rng, text):
    """The text after one to three accidents."""
    for _ in range(rng.randint(1, 3)):
        start = rng.randint(0, len(text))
        end = min(len(text), start + rng.choice([1, 1, 1, 2, 5]))
        text = text[:start] + _accident(rng, text[start:end]) + text[end:]
    return text


def _accident(rng, piece):
    """What a piece of a text becomes."""
    return rng.choice([
        "", rng.choice(ALPHABET) + piece, rng.choice(ALPHABET), piece * rng.choice([2, 3, 40]), piece[::-1],
        piece.upper(), rng.choice(WORDS),
    ])  # fmt: skip
