"""THE TABLE: every operator and function of the language, one row each. Parser, printer and all engines read it.

A row's rules are texts in the language itself. In them `u v w` and the parameters are the row's arguments, and in a
partial `y` is the row's own result; they use rows of this table only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from actfn.numerics import kernels, normal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Operator(NamedTuple):
    """How an operator is written: its precedence, and whether it takes its arguments from both sides.

    Higher precedence binds tighter. `chains` marks comparisons: `a < b < c` means `a < b and b < c`.
    """

    precedence: int
    right: bool = False
    prefix: bool = False
    chains: bool = False


@dataclass(frozen=True, eq=False)
class Primitive:
    r"""One operator or function.

    Attributes:
        signature: how it is written, `tanh(u)`, `softplus(u, beta=1.0)`, `u ** v`, `-u`, `pi`: name, arguments and
            defaults are said here once. An argument with a default is a parameter.
        kernel: float64 arrays (broadcast against each other) to a float64 array. Without one, the definition runs.
        partials: the derivative with respect to each argument, as texts.
        definition: the textbook formula of a composite row: printed as its formula, and executed as the naive form.
        select: a piecewise form with the same derivative, written with `where` or `floor`; its branches are chosen.
        chooses: the result is one of the arguments or its negative, so that it is not rounded.
        steps: piecewise constant: the derivative is 0, and the row jumps where its value changes.
        shares: at a tie of its arguments the slope is shared evenly between them.
        slope: kernel of the derivative with respect to the first argument, where composing its partial loses digits.
        exact: the name of a basic row's counterpart in certified arithmetic (`exact.arithmetic`).
        stable: a form in the language that keeps its digits without a kernel, for a row whose definition cancels or
            that has no counterpart: what certified arithmetic computes.
        expansion: a form in the language from which a basic row is expanded beside a point; a row with neither this,
            `select`, a stable form nor a definition has a rule in `exact.elementary`.
        latex: a command (`\tanh`), or a template: `{u}` is the argument as a group, `<u>` the same in the row's own
            precedence, parenthesised where needed.
        operator: for rows written as operators.
        associative: a function that takes two or more arguments and gathers them from the left (max, min).
        calls: how many calls of NumPy, of about a microsecond each, its kernel takes; for `expression.effort`.
        synonyms: other names of the row.
    """

    signature: str
    kernel: Callable[..., Any] | None = None
    partials: tuple[str, ...] = ()
    definition: str = ""
    select: str = ""
    chooses: bool = False
    steps: bool = False
    shares: bool = False
    slope: Callable[..., Any] | None = None
    exact: str = ""
    stable: str = ""
    expansion: str = ""
    latex: str = ""
    operator: Operator | None = None
    associative: bool = False
    calls: int = 1
    synonyms: tuple[str, ...] = ()
    name: str = field(init=False)
    arguments: tuple[str, ...] = field(init=False)
    defaults: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        if self.operator:
            words = self.signature.replace("-u", "- u").split()
            name, arguments = words[0 if self.operator.prefix else 1], [word for word in words if word in "uv"]
        else:
            name, _, rest = self.signature.partition("(")
            arguments = [part.strip() for part in rest.removesuffix(")").split(",") if part.strip()]
        parted = [argument.partition("=") for argument in arguments]
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "arguments", tuple(argument for argument, _, _ in parted))
        object.__setattr__(self, "defaults", {argument: float(value) for argument, _, value in parted if value})
        self._check()

    def _check(self) -> None:
        """The form of the row; its truth is for tests."""
        derived = [bool(self.partials), bool(self.select), self.steps].count(True)
        problems = {
            "no kernel and no definition": not (self.kernel or self.definition),
            "no exact counterpart, stable form or definition": not (self.exact or self.stable or self.definition),
            "more than one way to derive it": derived > 1,
            "no way to derive it": derived == 0
            and bool(self.arguments)
            and not self.definition
            and self.name != "where",
            "one partial for each argument": bool(self.partials) and len(self.partials) != len(self.arguments),
            "a slope without a partial": self.slope is not None and not self.partials,
        }
        for problem, present in problems.items():
            if present:
                message = f"row {self.signature!r}: {problem}"
                raise ValueError(message)

    def __repr__(self) -> str:
        return f"Primitive({self.signature!r})"

    @property
    def required(self) -> int:
        """How many arguments have no default."""
        return len(self.arguments) - len(self.defaults)


def _infix(precedence: int, *, right: bool = False) -> Operator:
    return Operator(precedence, right=right)


def _comparison(symbol: str, kernel: np.ufunc, latex: str) -> Primitive:
    return Primitive(
        f"u {symbol} v",
        lambda u, v: np.asarray(kernel(u, v), np.float64),
        steps=True,
        exact=kernel.__name__,
        latex=f"<u> {latex} <v>",
        operator=Operator(40, chains=True),
    )


_GELU_TANH = "2*sqrt(2/pi)*(u + 0.044715*u**3)"
_GELU_TANH_PRIME = "2*sqrt(2/pi)*(1 + 3*0.044715*u**2)"  # 0.134145 is another number

CONDITIONAL_PRECEDENCE = 5
TIGHTEST = 100

TABLE: tuple[Primitive, ...] = (
    # constants
    Primitive("pi", lambda: np.pi, exact="pi", latex=r"\pi"),
    Primitive("e", lambda: np.e, exact="e", latex="e"),
    # logic and comparison
    Primitive("u or v", lambda u, v: np.where(u != 0, u, v), select="where(u, u, v)", operator=_infix(10),
              chooses=True, exact="or", latex=r"<u> \lor <v>"),
    Primitive("u and v", lambda u, v: np.where(u != 0, v, u), select="where(u, v, u)", operator=_infix(20),
              chooses=True, exact="and", latex=r"<u> \land <v>"),
    Primitive("not u", lambda u: np.asarray(u == 0, np.float64), steps=True, operator=Operator(30, prefix=True),
              exact="not", expansion="where(u, 0, 1)", latex=r"\lnot <u>"),
    _comparison("<", np.less, "<"),
    _comparison("<=", np.less_equal, r"\le"),
    _comparison(">", np.greater, ">"),
    _comparison(">=", np.greater_equal, r"\ge"),
    _comparison("==", np.equal, "="),
    _comparison("!=", np.not_equal, r"\ne"),
    # arithmetic
    Primitive("u + v", np.add, ("1", "1"), exact="add", operator=_infix(50),
              latex="<u> + <v>"),
    Primitive("u - v", np.subtract, ("1", "-1"), exact="subtract", operator=_infix(50),
              latex="<u> - <v>"),
    Primitive("u * v", np.multiply, ("v", "u"), exact="multiply", operator=_infix(60),
              latex=r"<u> \cdot <v>"),
    Primitive("u / v", np.divide, ("1/v", "-y/v"), exact="divide", operator=_infix(60),
              latex=r"\frac{u}{v}"),
    Primitive("u % v", np.remainder, select="u - v*floor(u/v)", expansion="where(v, u - v*floor(u/v), 1/v)",
              exact="remainder", operator=_infix(60),
              latex=r"<u> \bmod <v>", synonyms=("mod",)),
    Primitive("-u", np.negative, ("-1",), chooses=True, exact="negative",
              operator=Operator(70, prefix=True), latex="-<u>"),
    Primitive("u ** v", np.power, ("v*u**(v - 1)", "log(u)*y"), exact="power",
              operator=_infix(80, right=True), latex="<u>^{v}", synonyms=("pow", "power")),
    # exponentials, logarithms, roots
    Primitive("exp(u)", np.exp, ("y",), exact="exp", latex="e^{u}"),
    Primitive("expm1(u)", np.expm1, ("exp(u)",), exact="expm1", expansion="exp(u) - 1"),
    Primitive("log(u)", np.log, ("1/u",), exact="log", latex=r"\ln", synonyms=("ln",)),
    Primitive("log1p(u)", np.log1p, ("1/(1 + u)",), exact="log1p", expansion="log(1 + u)"),
    Primitive("log2(u)", np.log2, ("1/(u*log(2))",), exact="log2", expansion="log(u)/log(2)",
              latex=r"\log_2"),
    Primitive("log10(u)", np.log10, ("1/(u*log(10))",), exact="log10", expansion="log(u)/log(10)", latex=r"\log_{10}"),
    Primitive("sqrt(u)", np.sqrt, ("0.5/y",), exact="sqrt", expansion="u**0.5", latex=r"\sqrt{u}"),
    Primitive("cbrt(u)", kernels.cbrt, ("1/(3*y**2)",), exact="cbrt",
              expansion="where(u < 0, -(-u)**(1/3), u**(1/3))", latex=r"\sqrt[3]{u}", calls=20),
    Primitive("hypot(u, v)", np.hypot, ("u/y", "v/y"), exact="hypot", expansion="(u**2 + v**2)**0.5"),
    # choosing
    Primitive("where(u, v, w)", lambda u, v, w: np.where(u != 0, v, w), chooses=True,
              exact="where",
              latex=r"\begin{cases}{v} & \text{if } {u} \\ {w} & \text{otherwise}\end{cases}"),
    Primitive("max(u, v)", np.maximum, select="where(u > v, u, where(u < v, v, 0.5*u + 0.5*v))",
              chooses=True, shares=True, exact="maximum",
              latex=r"\max", associative=True, synonyms=("maximum",)),
    Primitive("min(u, v)", np.minimum, select="where(u < v, u, where(u > v, v, 0.5*u + 0.5*v))",
              chooses=True, shares=True, exact="minimum",
              latex=r"\min", associative=True, synonyms=("minimum",)),
    Primitive("clip(u, v, w)", lambda u, v, w: np.minimum(np.maximum(u, v), w), definition="min(max(u, v), w)",
              shares=True, synonyms=("clamp",)),
    Primitive("abs(u)", np.abs, select="where(u > 0, u, where(u < 0, -u, 0))", chooses=True, shares=True,
              exact="absolute", latex=r"\left|{u}\right|", synonyms=("fabs",)),
    Primitive("sign(u)", np.sign, steps=True, exact="sign",
              expansion="where(u > 0, 1, where(u < 0, -1, 0))", synonyms=("sgn",)),
    Primitive("step(u, threshold=0.0)", lambda u, threshold: np.heaviside(u - threshold, 1.0), steps=True,
              exact="step", expansion="where(u >= threshold, 1, 0)"),
    Primitive("floor(u)", np.floor, steps=True, exact="floor", latex=r"\left\lfloor{u}\right\rfloor"),
    Primitive("ceil(u)", np.ceil, steps=True, exact="ceil",
              expansion="-floor(-u)", latex=r"\left\lceil{u}\right\rceil"),
    Primitive("round(u)", np.rint, steps=True, exact="nearest", synonyms=("rint",)),
    Primitive("relu(u)", kernels.relu, definition="max(0, u)", select="where(u <= 0, 0, u)"),
    # circular and hyperbolic functions
    Primitive("sin(u)", np.sin, ("cos(u)",), exact="sin", latex=r"\sin"),
    Primitive("cos(u)", np.cos, ("-sin(u)",), exact="cos", latex=r"\cos"),
    Primitive("tan(u)", np.tan, ("1/cos(u)**2",), exact="tan", expansion="sin(u)/cos(u)", latex=r"\tan"),
    Primitive("asin(u)", np.arcsin, ("1/sqrt((1 - u)*(1 + u))",), exact="asin",
              expansion="2*atan(u/(1 + ((1 - u)*(1 + u))**0.5))", latex=r"\arcsin", synonyms=("arcsin",)),
    Primitive("acos(u)", np.arccos, ("-1/sqrt((1 - u)*(1 + u))",), exact="acos",
              expansion="pi/2 - 2*atan(u/(1 + ((1 - u)*(1 + u))**0.5))", latex=r"\arccos",
              synonyms=("arccos",)),
    Primitive("atan(u)", np.arctan, ("1/(1 + u**2)",), exact="atan", latex=r"\arctan",
              synonyms=("arctan",)),
    Primitive("atan2(u, v)", np.arctan2, ("v/(u**2 + v**2)", "-u/(u**2 + v**2)"), exact="atan2",
              expansion="where(v > 0, atan(u/v), where(v < 0, atan(u/v) + where(u < 0, -pi, pi), sign(u)*pi/2))",
              synonyms=("arctan2",)),
    Primitive("sinh(u)", np.sinh, ("cosh(u)",), exact="sinh", expansion="(exp(u) - exp(-u))/2", latex=r"\sinh"),
    Primitive("cosh(u)", np.cosh, ("sinh(u)",), exact="cosh", expansion="(exp(u) + exp(-u))/2", latex=r"\cosh"),
    Primitive("tanh(u)", kernels.tanh, ("sech(u)**2",), slope=kernels.tanh_slope, exact="tanh",
              expansion="1 - 2/(exp(2*u) + 1)",
              latex=r"\tanh", calls=6),
    Primitive("sech(u)", kernels.sech, ("-y*tanh(u)",), exact="sech", expansion="2/(exp(u) + exp(-u))", calls=3),
    Primitive("logcosh(u)", kernels.logcosh, ("tanh(u)",), definition="log(cosh(u))",
              stable="where(abs(u) < 1, log1p(2*sinh(u/2)**2), abs(u) + log1p(exp(-2*abs(u))) - log(2))", calls=7),
    Primitive("sinc(u)", kernels.sinc, ("(cos(pi*u) - y)/u",), definition="sin(pi*u)/(pi*u)", exact="sinc",
              expansion="where(u == 0, 1, sin(pi*u)/(pi*u))",
              slope=kernels.sinc_slope, calls=10),
    Primitive("asinh(u)", np.arcsinh, ("1/sqrt(1 + u**2)",), exact="asinh",
              expansion="where(u < 0, -log(sqrt(u**2 + 1) - u), log(sqrt(u**2 + 1) + u))",
              slope=lambda u: 1 / np.hypot(1, u), synonyms=("arcsinh",)),
    Primitive("acosh(u)", np.arccosh, ("1/(sqrt(u - 1)*sqrt(u + 1))",), exact="acosh",
              expansion="log(u + sqrt(u - 1)*sqrt(u + 1))",
              synonyms=("arccosh",)),
    Primitive("atanh(u)", np.arctanh, ("1/((1 - u)*(1 + u))",), exact="atanh",
              expansion="(log(1 + u) - log(1 - u))/2", synonyms=("arctanh",)),
    # the normal distribution
    Primitive("erf(u)", normal.erf, ("2/sqrt(pi)*gaussian(u)",), exact="erf"),
    Primitive("erfc(u)", normal.erfc, ("-2/sqrt(pi)*gaussian(u)",), exact="erfc"),
    Primitive("gaussian(u)", normal.gaussian, ("-2*u*y",), definition="exp(-u**2)",
              slope=normal.gaussian_slope, calls=8),
    Primitive("npdf(u)", normal.npdf, ("-u*y",), definition="exp(-u**2/2)/sqrt(2*pi)", latex=r"\varphi",
              synonyms=("normpdf",), calls=9),
    Primitive("ndtr(u)", normal.ndtr, ("npdf(u)",), definition="0.5*(1 + erf(u/sqrt(2)))", latex=r"\Phi",
              stable="erfc(-u/sqrt(2))/2",
              synonyms=("normcdf",), calls=13),
    # activation functions whose kernels are better than their parts
    Primitive("sigmoid(u)", kernels.sigmoid, ("y*sigmoid(-u)",), definition="1/(1 + exp(-u))", latex=r"\sigma",
              slope=kernels.sigmoid_slope, calls=4),
    Primitive("log_sigmoid(u)", kernels.log_sigmoid, ("sigmoid(-u)",), definition="log(1/(1 + exp(-u)))",
              stable="min(u, 0) - log1p(exp(-abs(u)))", calls=9),
    Primitive("softplus(u, beta=1.0)", kernels.softplus, ("sigmoid(beta*u)", "(u*sigmoid(beta*u) - y)/beta"),
              definition="log(1 + exp(beta*u))/beta", stable="(max(beta*u, 0) + log1p(exp(-abs(beta*u))))/beta",
              slope=kernels.softplus_slope, calls=8),
    Primitive("sqrt_softplus(u)", kernels.sqrt_softplus, ("0.5*sigmoid(u)/y",), definition="sqrt(log(1 + exp(u)))",
              stable="sqrt(softplus(u))",
              slope=kernels.sqrt_softplus_slope, calls=10),
    Primitive("softsign(u)", kernels.softsign, ("1/(1 + abs(u))**2",), definition="u/(1 + abs(u))",
              slope=kernels.softsign_slope, calls=3),
    Primitive("tanhshrink(u)", kernels.tanhshrink, ("tanh(u)**2",), definition="u - tanh(u)",
              slope=kernels.tanhshrink_slope, calls=13),
    Primitive("silu(u, beta=1.0)", kernels.silu,
              ("sigmoid(beta*u)*(1 + beta*u*sigmoid(-beta*u))", "u**2*sigmoid(beta*u)*sigmoid(-beta*u)"),
              definition="u/(1 + exp(-beta*u))", slope=kernels.silu_slope, calls=14),
    Primitive("tanhexp(u)", kernels.tanhexp, ("tanh(exp(u)) + u*exp(u)*sech(exp(u))**2",),
              definition="u*tanh(exp(u))", slope=kernels.tanhexp_slope, calls=2),
    Primitive("isru(u, alpha=1.0)", kernels.isru, ("(1 + alpha*u**2)**-1.5", "-0.5*y**3"),
              definition="u/sqrt(1 + alpha*u**2)", calls=9),
    Primitive("squareplus(u, b=4.0)", kernels.squareplus, ("y/hypot(u, sqrt(b))", "0.25/hypot(u, sqrt(b))"),
              stable="where(u > 0, (u + sqrt(u**2 + b))/2, b/(2*(sqrt(u**2 + b) - u)))",
              definition="(u + sqrt(u**2 + b))/2", calls=7),
    Primitive("loglog(u)", lambda u: np.exp(-np.exp(-u)), ("exp(-u - exp(-u))",), definition="exp(-exp(-u))", calls=2),
    Primitive("cloglog(u)", lambda u: -np.expm1(-np.exp(-u)), ("-exp(-u - exp(-u))",),
              stable="-expm1(-exp(-u))", definition="1 - exp(-exp(-u))", calls=2),
    Primitive("mish(u)", kernels.mish, ("tanh(softplus(u)) + u*sech(softplus(u))**2*sigmoid(u)",),
              stable="u*tanh(log1p(exp(u)))", definition="u*tanh(log(1 + exp(u)))", slope=kernels.mish_slope, calls=13),
    Primitive("gelu(u)", normal.gelu, ("ndtr(u) + u*npdf(u)",), definition="0.5*u*(1 + erf(u/sqrt(2)))",
              stable="u*erfc(-u/sqrt(2))/2", slope=normal.gelu_slope, calls=40),
    Primitive("gelu_tanh(u)", normal.gelu_tanh,
              (f"sigmoid({_GELU_TANH})*(1 + u*sigmoid(-({_GELU_TANH}))*{_GELU_TANH_PRIME})",),
              stable=f"u*sigmoid({_GELU_TANH})", definition="0.5*u*(1 + tanh(sqrt(2/pi)*(u + 0.044715*u**3)))",
              slope=normal.gelu_tanh_slope, calls=30),
)  # fmt: skip


def _index(rows: Iterable[Primitive]) -> dict[str, Primitive]:
    return {name: row for row in rows for name in (row.name, *row.synonyms)}


PREFIX = {row.name: row for row in TABLE if row.operator and row.operator.prefix}
INFIX = {row.name: row for row in TABLE if row.operator and not row.operator.prefix}
FUNCTIONS = _index(row for row in TABLE if row.arguments and (row.synonyms or not row.operator))
FUNCTIONS = {name: row for name, row in FUNCTIONS.items() if name not in INFIX}
CONSTANTS = {row.name: row for row in TABLE if not row.arguments}
