"""THE TABLE: every operator and function of the language, one row each. Parser, printer and all engines read it.

A row's rules are texts in the language itself. In them `u v w` and the parameters are the row's arguments, and in a
partial `y` is the row's own result; they use rows of this table only.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

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
        definition: the textbook formula of a composite row: printed as its formula, and what the exact engine computes.
        select: a piecewise form with the same derivative, written with `where` or `floor`; its branches are chosen.
        chooses: the result is one of the arguments or its negative, so that it is not rounded.
        steps: piecewise constant: the derivative is 0, and the row jumps where its value changes.
        shares: at a tie of its arguments the slope is shared evenly between them.
        slope: kernel of the derivative with respect to the first argument, where composing its partial loses digits.
        exact: mpmath counterpart of a basic row, or of one whose definition cancels: a name in mpmath, or a function of
            (mpmath, arguments).
        far: what the exact engine makes of an argument beyond 2^40: `settled`, the row has its limit there; `computed`,
            mpmath takes any; otherwise it takes none beyond 2^131072, and the result is nan there.
        latex: a command (`\tanh`), or a template: `{u}` is the argument as a group, `<u>` the same in the row's own
            precedence, parenthesised where needed.
        operator: for rows written as operators.
        associative: a function that takes two or more arguments and gathers them from the left (max, min).
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
    exact: str | Callable[..., Any] = ""
    far: Literal["", "settled", "computed"] = ""
    latex: str = ""
    operator: Operator | None = None
    associative: bool = False
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
            "no exact counterpart and no definition": not (self.exact or self.definition),
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


def _comparison(symbol: str, kernel: Callable[..., Any], exact: Callable[..., Any], latex: str) -> Primitive:
    return Primitive(
        f"u {symbol} v",
        lambda u, v: np.asarray(kernel(u, v), np.float64),
        steps=True,
        exact=lambda _, u, v: int(exact(u, v)),
        far="computed",
        latex=f"<u> {latex} <v>",
        operator=Operator(40, chains=True),
    )


def _fading(mp: Any, u: Any) -> Any:
    """exp(-u) of no negative number: 0 far out, where a whole number is raised to ages before mpmath sees it vanish."""
    return mp.zero if u > _VANISHED else mp.exp(-u)


def _exact_gelu(mp: Any, u: Any) -> Any:
    return mp.zero if u < -_VANISHED else u * mp.erfc(-u / mp.sqrt(2)) / 2


def _exact_softplus(mp: Any, u: Any, beta: Any) -> Any:
    return (max(beta * u, mp.zero) + mp.log1p(_fading(mp, abs(beta * u)))) / beta


def _exact_logcosh(mp: Any, u: Any) -> Any:
    # near 0 the second form cancels, where no bound of an error sees it; far out the first one leaves mpmath's numbers
    return mp.log1p(2 * mp.sinh(u / 2) ** 2) if abs(u) < 2 else abs(u) + mp.log1p(_fading(mp, 2 * abs(u))) - mp.log(2)


_VANISHED = 1 << 40  # exp(-u) of what is larger is 0: its binary exponent would fill the memory
_MOST_BEFORE_THE_POINT = 1 << 14  # bits


def _exact_remainder(mp: Any, u: Any, v: Any) -> Any:
    if mp.isinf(v) and mp.isfinite(u):
        return u if mp.sign(u) * v >= 0 else v
    # of the quotient all digits before the point are needed
    before_the_point = mp.mag(u) - mp.mag(v) if u and v and mp.isfinite(u) and mp.isfinite(v) else 0
    if before_the_point > _MOST_BEFORE_THE_POINT:
        return mp.nan  # they would fill the memory
    with mp.extraprec(mp.prec + max(0, before_the_point)):
        rest = u - v * mp.floor(u / v)
    return +rest


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
              chooses=True, exact=lambda _, u, v: u or v, far="computed", latex=r"<u> \lor <v>"),
    Primitive("u and v", lambda u, v: np.where(u != 0, v, u), select="where(u, v, u)", operator=_infix(20),
              chooses=True, exact=lambda _, u, v: v if u else u, far="computed", latex=r"<u> \land <v>"),
    Primitive("not u", lambda u: np.asarray(u == 0, np.float64), steps=True, operator=Operator(30, prefix=True),
              exact=lambda _, u: int(not u), far="computed", latex=r"\lnot <u>"),
    _comparison("<", np.less, operator.lt, "<"),
    _comparison("<=", np.less_equal, operator.le, r"\le"),
    _comparison(">", np.greater, operator.gt, ">"),
    _comparison(">=", np.greater_equal, operator.ge, r"\ge"),
    _comparison("==", np.equal, operator.eq, "="),
    _comparison("!=", np.not_equal, operator.ne, r"\ne"),
    # arithmetic
    Primitive("u + v", np.add, ("1", "1"), exact=lambda _, u, v: u + v, far="computed", operator=_infix(50),
              latex="<u> + <v>"),
    Primitive("u - v", np.subtract, ("1", "-1"), exact=lambda _, u, v: u - v, far="computed", operator=_infix(50),
              latex="<u> - <v>"),
    Primitive("u * v", np.multiply, ("v", "u"), exact=lambda _, u, v: u * v, far="computed", operator=_infix(60),
              latex=r"<u> \cdot <v>"),
    Primitive("u / v", np.divide, ("1/v", "-y/v"), exact=lambda _, u, v: u / v, far="computed", operator=_infix(60),
              latex=r"\frac{u}{v}"),
    Primitive("u % v", np.remainder, select="u - v*floor(u/v)", exact=_exact_remainder, operator=_infix(60),
              latex=r"<u> \bmod <v>", synonyms=("mod",)),
    Primitive("-u", np.negative, ("-1",), chooses=True, exact=lambda _, u: -u, far="computed",
              operator=Operator(70, prefix=True), latex="-<u>"),
    Primitive("u ** v", np.power, ("v*u**(v - 1)", "log(u)*y"), exact="power", far="computed",
              operator=_infix(80, right=True), latex="<u>^{v}", synonyms=("pow", "power")),
    # exponentials, logarithms, roots
    Primitive("exp(u)", np.exp, ("y",), exact="exp", far="settled", latex="e^{u}"),
    Primitive("expm1(u)", np.expm1, ("exp(u)",), exact="expm1", far="settled"),
    Primitive("log(u)", np.log, ("1/u",), exact="log", far="computed", latex=r"\ln", synonyms=("ln",)),
    Primitive("log1p(u)", np.log1p, ("1/(1 + u)",), exact="log1p", far="computed"),
    Primitive("log2(u)", np.log2, ("1/(u*log(2))",), exact=lambda mp, u: mp.log(u) / mp.log(2), far="computed",
              latex=r"\log_2"),
    Primitive("log10(u)", np.log10, ("1/(u*log(10))",), exact="log10", far="computed", latex=r"\log_{10}"),
    Primitive("sqrt(u)", np.sqrt, ("0.5/y",), exact="sqrt", far="computed", latex=r"\sqrt{u}"),
    Primitive("cbrt(u)", kernels.cbrt, ("1/(3*y**2)",), exact=lambda mp, u: mp.sign(u) * mp.cbrt(abs(u)),
              far="computed", latex=r"\sqrt[3]{u}"),
    Primitive("hypot(u, v)", np.hypot, ("u/y", "v/y"), exact="hypot", far="computed"),
    # choosing
    Primitive("where(u, v, w)", lambda u, v, w: np.where(u != 0, v, w), chooses=True,
              exact=lambda _, u, v, w: v if u else w, far="computed",
              latex=r"\begin{cases}{v} & \text{if } {u} \\ {w} & \text{otherwise}\end{cases}"),
    Primitive("max(u, v)", np.maximum, select="where(u > v, u, where(u < v, v, 0.5*u + 0.5*v))",
              chooses=True, shares=True, exact=lambda mp, u, v: _extreme(mp, u, v, max), far="computed",
              latex=r"\max", associative=True, synonyms=("maximum",)),
    Primitive("min(u, v)", np.minimum, select="where(u < v, u, where(u > v, v, 0.5*u + 0.5*v))",
              chooses=True, shares=True, exact=lambda mp, u, v: _extreme(mp, u, v, min), far="computed",
              latex=r"\min", associative=True, synonyms=("minimum",)),
    Primitive("clip(u, v, w)", lambda u, v, w: np.minimum(np.maximum(u, v), w), definition="min(max(u, v), w)",
              shares=True, synonyms=("clamp",)),
    Primitive("abs(u)", np.abs, select="where(u > 0, u, where(u < 0, -u, 0))", chooses=True, shares=True,
              exact=lambda _, u: abs(u), far="computed", latex=r"\left|{u}\right|", synonyms=("fabs",)),
    Primitive("sign(u)", np.sign, steps=True, exact="sign", far="computed", synonyms=("sgn",)),
    Primitive("step(u, threshold=0.0)", lambda u, threshold: np.heaviside(u - threshold, 1.0), steps=True,
              exact=lambda mp, u, threshold: u if mp.isnan(u) else int(u >= threshold), far="computed"),
    Primitive("floor(u)", np.floor, steps=True, exact="floor", far="computed", latex=r"\left\lfloor{u}\right\rfloor"),
    Primitive("ceil(u)", np.ceil, steps=True, exact="ceil", far="computed", latex=r"\left\lceil{u}\right\rceil"),
    Primitive("round(u)", np.rint, steps=True, exact="nint", far="computed", synonyms=("rint",)),
    Primitive("relu(u)", kernels.relu, definition="max(0, u)", select="where(u <= 0, 0, u)"),
    # circular and hyperbolic functions
    Primitive("sin(u)", np.sin, ("cos(u)",), exact="sin", latex=r"\sin"),
    Primitive("cos(u)", np.cos, ("-sin(u)",), exact="cos", latex=r"\cos"),
    Primitive("tan(u)", np.tan, ("1/cos(u)**2",), exact="tan", latex=r"\tan"),
    Primitive("asin(u)", np.arcsin, ("1/sqrt((1 - u)*(1 + u))",), exact="asin", latex=r"\arcsin", synonyms=("arcsin",)),
    Primitive("acos(u)", np.arccos, ("-1/sqrt((1 - u)*(1 + u))",), exact="acos", latex=r"\arccos",
              synonyms=("arccos",)),
    Primitive("atan(u)", np.arctan, ("1/(1 + u**2)",), exact="atan", far="computed", latex=r"\arctan",
              synonyms=("arctan",)),
    Primitive("atan2(u, v)", np.arctan2, ("v/(u**2 + v**2)", "-u/(u**2 + v**2)"), exact="atan2", far="computed",
              synonyms=("arctan2",)),
    Primitive("sinh(u)", np.sinh, ("cosh(u)",), exact="sinh", far="settled", latex=r"\sinh"),
    Primitive("cosh(u)", np.cosh, ("sinh(u)",), exact="cosh", far="settled", latex=r"\cosh"),
    Primitive("tanh(u)", kernels.tanh, ("sech(u)**2",), slope=kernels.tanh_slope, exact="tanh", far="settled",
              latex=r"\tanh"),
    Primitive("sech(u)", kernels.sech, ("-y*tanh(u)",), exact="sech", far="settled"),
    Primitive("logcosh(u)", kernels.logcosh, ("tanh(u)",), definition="log(cosh(u))",
              exact=_exact_logcosh),
    Primitive("sinc(u)", kernels.sinc, ("(cos(pi*u) - y)/u",), definition="sin(pi*u)/(pi*u)", exact="sincpi",
              slope=kernels.sinc_slope),
    Primitive("asinh(u)", np.arcsinh, ("1/sqrt(1 + u**2)",), exact="asinh", far="computed",
              slope=lambda u: 1 / np.hypot(1, u), synonyms=("arcsinh",)),
    Primitive("acosh(u)", np.arccosh, ("1/(sqrt(u - 1)*sqrt(u + 1))",), exact="acosh", far="computed",
              synonyms=("arccosh",)),
    Primitive("atanh(u)", np.arctanh, ("1/((1 - u)*(1 + u))",), exact="atanh", synonyms=("arctanh",)),
    # the normal distribution
    Primitive("erf(u)", normal.erf, ("2/sqrt(pi)*gaussian(u)",), exact="erf", far="settled"),
    Primitive("erfc(u)", normal.erfc, ("-2/sqrt(pi)*gaussian(u)",), exact="erfc", far="settled"),
    Primitive("gaussian(u)", normal.gaussian, ("-2*u*y",), definition="exp(-u**2)",
              slope=normal.gaussian_slope),
    Primitive("npdf(u)", normal.npdf, ("-u*y",), definition="exp(-u**2/2)/sqrt(2*pi)", latex=r"\varphi",
              synonyms=("normpdf",)),
    Primitive("ndtr(u)", normal.ndtr, ("npdf(u)",), definition="0.5*(1 + erf(u/sqrt(2)))", latex=r"\Phi",
              exact=lambda mp, u: mp.erfc(-u / mp.sqrt(2)) / 2, far="settled",
              synonyms=("normcdf",)),
    # activation functions whose kernels are better than their parts
    Primitive("sigmoid(u)", kernels.sigmoid, ("y*sigmoid(-u)",), definition="1/(1 + exp(-u))", latex=r"\sigma",
              slope=kernels.sigmoid_slope),
    Primitive("log_sigmoid(u)", kernels.log_sigmoid, ("sigmoid(-u)",), definition="log(1/(1 + exp(-u)))",
              exact=lambda mp, u: min(u, 0) - mp.log1p(_fading(mp, abs(u)))),
    Primitive("softplus(u, beta=1.0)", kernels.softplus, ("sigmoid(beta*u)", "(u*sigmoid(beta*u) - y)/beta"),
              definition="log(1 + exp(beta*u))/beta", exact=_exact_softplus, slope=kernels.softplus_slope),
    Primitive("sqrt_softplus(u)", kernels.sqrt_softplus, ("0.5*sigmoid(u)/y",), definition="sqrt(log(1 + exp(u)))",
              exact=lambda mp, u: mp.sqrt(_exact_softplus(mp, u, 1)),
              slope=kernels.sqrt_softplus_slope),
    Primitive("softsign(u)", kernels.softsign, ("1/(1 + abs(u))**2",), definition="u/(1 + abs(u))",
              slope=kernels.softsign_slope),
    Primitive("tanhshrink(u)", kernels.tanhshrink, ("tanh(u)**2",), definition="u - tanh(u)",
              slope=kernels.tanhshrink_slope),
    Primitive("silu(u, beta=1.0)", kernels.silu,
              ("sigmoid(beta*u)*(1 + beta*u*sigmoid(-beta*u))", "u**2*sigmoid(beta*u)*sigmoid(-beta*u)"),
              definition="u/(1 + exp(-beta*u))", slope=kernels.silu_slope),
    Primitive("tanhexp(u)", kernels.tanhexp, ("tanh(exp(u)) + u*exp(u)*sech(exp(u))**2",),
              definition="u*tanh(exp(u))", slope=kernels.tanhexp_slope),
    Primitive("isru(u, alpha=1.0)", kernels.isru, ("(1 + alpha*u**2)**-1.5", "-0.5*y**3"),
              definition="u/sqrt(1 + alpha*u**2)"),
    Primitive("squareplus(u, b=4.0)", kernels.squareplus, ("y/hypot(u, sqrt(b))", "0.25/hypot(u, sqrt(b))"),
              definition="(u + sqrt(u**2 + b))/2"),
    Primitive("loglog(u)", lambda u: np.exp(-np.exp(-u)), ("exp(-u - exp(-u))",), definition="exp(-exp(-u))"),
    Primitive("cloglog(u)", lambda u: -np.expm1(-np.exp(-u)), ("-exp(-u - exp(-u))",),
              definition="1 - exp(-exp(-u))"),
    Primitive("mish(u)", kernels.mish, ("tanh(softplus(u)) + u*sech(softplus(u))**2*sigmoid(u)",),
              definition="u*tanh(log(1 + exp(u)))", slope=kernels.mish_slope),
    Primitive("gelu(u)", normal.gelu, ("ndtr(u) + u*npdf(u)",), definition="0.5*u*(1 + erf(u/sqrt(2)))",
              exact=_exact_gelu, slope=normal.gelu_slope),
    Primitive("gelu_tanh(u)", normal.gelu_tanh,
              (f"sigmoid({_GELU_TANH})*(1 + u*sigmoid(-({_GELU_TANH}))*{_GELU_TANH_PRIME})",),
              definition="0.5*u*(1 + tanh(sqrt(2/pi)*(u + 0.044715*u**3)))", slope=normal.gelu_tanh_slope),
)  # fmt: skip


def _extreme(mp: Any, u: Any, v: Any, choose: Callable[[Any, Any], Any]) -> Any:
    """Max or min that passes nan on, as NumPy's do."""
    return u if mp.isnan(u) else v if mp.isnan(v) else choose(u, v)


def _index(rows: Iterable[Primitive]) -> dict[str, Primitive]:
    return {name: row for row in rows for name in (row.name, *row.synonyms)}


PREFIX = {row.name: row for row in TABLE if row.operator and row.operator.prefix}
INFIX = {row.name: row for row in TABLE if row.operator and not row.operator.prefix}
FUNCTIONS = _index(row for row in TABLE if row.arguments and (row.synonyms or not row.operator))
FUNCTIONS = {name: row for name, row in FUNCTIONS.items() if name not in INFIX}
CONSTANTS = {row.name: row for row in TABLE if not row.arguments}
