"""Formulas of up to 10 000 characters that cost as much as can be, one of each kind."""

from actfn.catalogue.activation import Activation
from actfn.catalogue.rows import ROWS
from actfn.expression.primitives import FUNCTIONS
from actfn.expression.tokens import MAX_LENGTH

DEEP = 199  # one less than the parser takes


def chain(part, joint, *, most=MAX_LENGTH):
    """`part` as often as there is room for, with `joint` between; `{k}` in it is a number that differs each time."""
    text, k = "", 0
    while True:
        longer = (text + joint if text else "") + part.replace("{k}", str(k))
        if len(longer) > most:
            return text
        text, k = longer, k + 1


def nested(part, *, depth=DEEP, core="x"):
    """`part` in itself where it says `{x}`, as deep as goes; `{k}` as in `chain`."""
    text = core
    for k in range(depth):
        deeper = part.replace("{k}", str(k)).replace("{x}", text)
        if len(deeper) > MAX_LENGTH:
            break
        text = deeper
    return text


def lets(part, last="a", *, most=MAX_LENGTH, start="x"):
    """A part named a, again and again made of itself."""
    text, step = f"let a = {start}; ", f"let a = {part}; "
    while len(text) + len(step) + len(last) <= most:
        text += step
    return text + last


def halves(part, depth):
    """`part` with two copies of itself, a tree of 2**depth leaves that all differ."""
    count = iter(range(1 << depth))

    def grown(left):
        return (
            part.replace("{x}", grown(left - 1), 1).replace("{x}", grown(left - 1), 1) if left else f"(x-{next(count)})"
        )

    return grown(depth)


CHAINS = {
    "sum": chain("x", "+"),
    "sum of different terms": chain("sin({k}*x)", "+"),
    "sum of exponentials": chain("exp({k}*x)", "+"),
    "sum of kinks": chain("abs(x-{k})", "+"),
    "sum of steps": chain("floor({k}*x)", "+"),
    "sum of choices": chain("(x if x>{k} else 0)", "+"),
    "sum of quotients": chain("1/(x-{k})", "+"),
    "sum of mishes": chain("mish(x-{k})", "+"),
    "product": chain("x", "*"),
    "product of different factors": chain("(x-{k})", "*"),
    "product of kinks": chain("abs(x-{k})", "*"),
    "product of exponentials": chain("exp({k}*x)", "*"),
    "product of sigmoids": chain("sigmoid({k}*x)", "*"),
    "quotients": chain("x", "/"),
    "quotients of different": chain("(x+{k})", "/"),
    "sum of fast steps": chain("floor(1e9*x+{k})%2", "+"),
    "sum of fast choices": chain("(1 if sin(1e6*x)>0.{k} else 0)", "+"),
    "products of the last two": f"let a = x; let b = x+1; {'let c = a*b; let a = b; let b = c; ' * 270}b",
    "remainders": chain("x", "%"),
    "remainders of different": chain("(x+{k})", "%"),
    "remainders of numbers": "x%" + chain("{k}.7", "%", most=9000),
    "comparisons": chain("x", "<"),
    "comparisons of different": chain("(x-{k})", "<"),
    "equalities": chain("x", "=="),
    "and": chain("x>{k}", " and "),
    "and of numbers": chain("x", " and "),
    "or": chain("x<{k}", " or "),
    "or of sines": chain("sin({k}*x)>0", " or "),
    "and of powers": chain("x**{k}>0", " and "),
    "powers": chain("x", "**", most=390),
    "powers of numbers": "x" + chain("**{k}", "", most=700),
    "powers in a row": nested("({x})**x"),
    "conditionals": nested("{k} if x>{k} else ({x})", depth=DEEP // 3),
    "conditionals of sines": nested("sin({k}*x) if cos({k}*x)>0 else ({x})", depth=DEEP // 3),
    "conditions of conditionals": nested("x if ({x}) else {k}", depth=DEEP // 3),
    "long name twice": "x" * 4998 + "*" + "x" * 4998,
    "long numeral": "x+" + "9" * 9998,
    "long fraction": "x+0." + "3" * 9990,
    "many long numerals": chain("1.{k}" + "7" * 300 + "*x", "+"),
    "many max": "max(" + chain("{k}*x", ",", most=480) + ")",
    "max of many max": nested("max({x}," + chain("sin({k}*x)", ",", most=600) + ")"),
    "minus": "-" * 198 + "x",
    "nots": "not " * 198 + "x",
    "parentheses": "(" * 198 + "x" + ")" * 198,
    "chain of logarithms": chain("log(x+{k})", "*"),
    "different powers": chain("x**{k}.5", "+"),
    "polynomial": chain("{k}*x**{k}", "+"),
    "huge powers": chain("x**1e{k}", "+"),
    "hyperbolic quotient": chain("tanh(x)/x", "+"),
    "0 divided": chain("(x/x)", "*"),
}

LETS = {
    "squares": lets("a*a"),
    "doubled": lets("a+a"),
    "halved sums": lets("(a+1/a)/2"),
    "sines in sums": lets("sin(a)+a"),
    "products of sines": lets("a*sin(a)"),
    "powers of itself": lets("a**a"),
    "roots": lets("sqrt(a*a+1)"),
    "kinks": lets("abs(a-1)"),
    "tents": lets("1-abs(2*a-1)"),
    "max": lets("max(a,x-a)"),
    "choices": lets("a*a if a>0.5 else a-1"),
    "choices of steps": lets("a+floor(2*a)"),
    "mishes": lets("mish(a)*a"),
    "quotients of itself": lets("a/(1+a)"),
    "logistic": lets("4*a*(1-a)"),
    "exp": lets("exp(-a*a)"),
    "remainders": lets("(3*a)%1.7"),
    "and": lets("a and sin(a)"),
    "gelu": lets("gelu(a)+a"),
    "relu": lets("relu(a-0.1)+a"),
    "atan2": lets("atan2(a,a+1)"),
}

HALVES = {
    f"tree of {name}": halves(part, depth)
    for name, part, depth in [
        ("products", "({x}*{x})", 9),
        ("sums", "({x}+{x})", 9),
        ("powers", "({x}**{x})", 9),
        ("max", "max({x},{x})", 9),
        ("quotients", "({x}/{x})", 9),
        ("remainders", "({x}%{x})", 9),
        ("comparisons", "({x}<{x})", 9),
        ("hypot", "hypot({x},{x})", 9),
        ("atan2", "atan2({x},{x})", 9),
    ]
}

CALLS = {
    f"nested {row.name}": nested(f"{row.name}({', '.join(['{x}', *['x'] * (row.required - 1)])})")
    for row in {row.name: row for row in FUNCTIONS.values() if not row.operator}.values()
}
CALLS |= {
    f"nested {row.name} in its second": nested(f"{row.name}({', '.join(['x', '{x}', *['x'] * (row.required - 2)])})")
    for row in {row.name: row for row in FUNCTIONS.values() if row.required > 1 and not row.operator}.values()
}
CATALOGUE = {
    f"nested {row.name}": nested(f"{row.name}({{x}})")
    for row in ROWS
    if isinstance(row, Activation) and row.row.required == 1 and f"nested {row.name}" not in CALLS
}
HEAVY = {**CHAINS, **{f"let {name}": text for name, text in LETS.items()}, **HALVES, **CALLS}

_ONE = "x-{k}"
MIXED = {
    "product of clips": chain("clip(x*{k},-1,1)", "*"),
    "product of clips with x": chain("clip(x*{k},-1,1)*x", "*"),
    "product of clips in sums": chain("(clip(x-{k},-1,1)+2)", "*"),
    "product of min": chain("min(x,{k})", "*"),
    "product of max": chain("max(x-{k},1)", "*"),
    "product of hard sigmoids": chain("hard_sigmoid(x*{k})", "*"),
    "product of softplus": chain("softplus(x-{k})", "*"),
    "sum of clips": chain("clip(x-{k},-1,1)", "+"),
    "sum of silu of gelu of mish": chain("silu(gelu(mish(x-{k})))", "+"),
    "sum of selu of elu": chain("selu(elu(x-{k}))", "+"),
    "sum of gates": chain("(x-{k})*sigmoid(x*{k})", "+"),
    "sum of softmax": chain("exp(x-{k})/(exp(x)+exp({k}*x)+1)", "+"),
    "nested clips": nested("clip({x}*1.{k},-1,1)", depth=DEEP // 2),
    "nested clips of sums": nested("clip({x}+x/{k}1,-1,1)", depth=DEEP // 2),
    "nested mixture": nested("silu(gelu(mish({x}-{k})))", depth=66),
    "nested softplus sums": nested("softplus({x})-{k}*x", depth=DEEP // 2),
    "nested where": nested("where(x>{k},{x},x-{k})", depth=DEEP - 1),
    "nested where of itself": nested("where({x}>{k},x,x-{k})", depth=DEEP // 2),
    "numbers only": chain("sin({k})", "+"),
    "numbers only, products": chain("{k}.5", "*"),
    "numbers only, powers": chain("1.{k}**2", "+"),
    "repeated parts": "let a = mish(x); " + chain("silu(a-{k})", "+", most=9900),
    "repeated conditions": "let a = x>1; " + chain("(x-{k} if a else x*{k})", "+", most=9900),
    "products of sums of kinks": chain("(abs(x-{k})+abs(x+{k}))", "*"),
    "sum of min of max": chain("min(max(x,-{k}),{k})", "+"),
    "sum of atan2": chain("atan2(x,{k})", "+"),
    "sum of hypot": chain("hypot(x,{k})", "+"),
    "sum of floors of sines": chain("floor(sin({k}*x)*9)", "+"),
    "sum of swishes": chain("swish(x,beta={k})", "+"),
    "sum of bumps": chain("exp(-(x-{k})**2*1e9)", "+"),
    "product of bumps": chain("(1+exp(-(x-{k})**2*1e9))", "*"),
    "quotient of polynomials": "(" + chain("{k}*x**{k}", "+", most=4900) + ")/("
                               + chain("{k}*x**{k}", "+", most=4900) + ")",
    "sum of singularities": chain("sin(x-{k})/(x-{k})", "+"),
    "sum of logarithms of abs": chain("log(abs(x-{k}))", "+"),
    "sum of roots": chain("sqrt(x-{k})", "+"),
    "sum of cube roots": chain("cbrt(x-{k})", "+"),
    "chain of where": chain("(1 if x>{k} else -1)", "*"),
    "sum of sign": chain("sign(x-{k})", "+"),
    "sum of reciprocals of kinks": chain("1/abs(x-{k})", "+"),
}  # fmt: skip
# a sum and a product of each name, with parameters where it needs them
_CALLED = {
    name: f"{name}({', '.join([_ONE, *['x*{k}'] * (row.required - 1)])})"
    for name, row in {row.name: row for row in FUNCTIONS.values() if not row.operator}.items()
}
_CALLED |= {row.name: f"{row.name}({_ONE})" for row in ROWS if isinstance(row, Activation) and row.row.required == 1}
NAMES = {f"sum of {name}": chain(call, "+") for name, call in _CALLED.items()}
NAMES |= {f"product of {name}": chain(call, "*") for name, call in _CALLED.items()}
# and each row as it is, which is far from the limit
PLAIN = {f"plain {row.name}": row.name for row in ROWS}
