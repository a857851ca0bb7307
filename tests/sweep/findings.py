"""What sweeps have found, each with the command line that showed it and the status that it ends with now."""

from dataclasses import dataclass

from tests.sweep.commands import Case
from tests.sweep.streams import MINE


@dataclass(frozen=True)
class Found:
    """A case of its own name, the status that is right, and what must stand in what it says on standard error."""

    name: str
    status: int
    case: Case
    says: str = ""


def found(name, status, *arguments, says="", **others):
    """A row of the list."""
    return Found(name, status, Case(name, arguments, **others), says)


SINES = "let a = x; " + "let a = sin(a) + a; " * 10 + "a"
QUICK = ("--quick", "--steps=10")
SQUARES = "let a = x*x; " + "let a = a*a; " * 30 + "a"

FOUND = [
    found("long option", 2, "eval", "--ulp", "-" * 6000 + "x", says="no such option"),
    found("long unknown name", 2, "show", "é" * 3000, says="unknown function"),
    found("long expression in a warning", 0, "eval", "+".join("x" * 1000) + "+exp(x)", "710", says=" … "),
    found("part too long to be printed", 0, "eval", SQUARES, "10", "--dtype", "float16", says="warning: "),
    found(
        "line end in a warning",
        0,
        "evaluate",
        "square((atan2(\rg, g)) **\n +(3))",
        "1.79",
        "2",
        says="square((atan2( g, g)) ** +(3)) is exactly",
    ),
    found("nul in the name of a file", 2, "eval", "relu", "--file", "a\0b", says="NUL"),
    found("nul in the name of a picture", 2, "plot", "relu", "--save", "a\0.txt", says="NUL"),
    found(
        "nul in an exercise",
        2,
        "check",
        "e.toml",
        files={"e.toml": b'against = "a\\u0000b {x}"\n[[check]]\nname = "a"\nfunction = "relu"\n'},
        says="NUL",
    ),
    found("home of nobody", 2, "check", "relu", "--against", "~nobody/no x", says="~nobody"),
    found("binary of more than numbers", 2, "eval", "x", "3", "--exact", "--output", "npy", says="more than numbers"),
    found("json of no such column", 2, "eval", "relu", "--column", "y", "--json", stdin=b"x\n1\n", says="no column"),
    found("power beyond all bounds", 0, "show", "hexpo(e + x/x, a=.25, c=cos_01(1.702 ^ x))"),
    found(
        "tower of powers", 0, "saturation", "(x if x**x**x < 1 else x > 3**sparse_plus(x))", "--dtype", "float8_e4m3fn"
    ),
    found("slopes whose sum overflows", 0, "show", "(rrelu(-1e308, lower=e, upper=0) if x > -1 / x else x)"),
    found("power of a negative number", 0, "eval", "(0-1.5)**floor(x)", "1e300", "1e10", "--exact", "-q"),
    found("a thousand kinks", 0, "show", "(sine(g, w0=.25)) >= (min(inf, g, tsrelu(g), -0.0, g))"),
    found(
        "callable at infinity",
        0,
        "compare",
        "sgelu",
        "mine.py:none",
        stdin=b"-2.44,1e309,-inf\n-4.83",
        files={"mine.py": MINE},
    ),
    found("values whose sum overflows", 0, "show", "x - x - ((1e308) or x)", "--no-graph"),
    found("value of thousands of digits", 0, "diff", "where(x**0.5, x**x, x)", "1000", "--ulp", says="overflows"),
    found("long label in a legend", 0, "plot", "x", "/".join("x" * 3000)),
    found("chain of comparisons", 0, "diff", "<".join("x" * 150), "7.63", "3", "--dtype", "float32"),
    found("nested choices", 0, "diff", "hard_mish(min(x-x, colu(x^1e-3), slu(x), sh_hardtanh(sech(2)), x/.25))", "1"),
    found("condition that is certainly not 0", 0, "eval", "where(tanh(1), 0, x)", "3", "--exact", "--strict"),
    found(
        "nearly 1 to a power far out", 0, "eval", "prbf(0, a=.25)**(min(x, x, -0.0) if .25 > x else x)", "-0.0", ".66"
    ),
    found(
        "remainder with astronomically many digits before the point",
        1,
        *("check", "x if 1.702 % eis(x, gamma=7, theta=2.) < isru(x) else cosine(x)", "--against", "exit 3 {x}"),
    ),
    found("network that leaves the floats at its first answer", 0, "demo", "regression", "comb_h_sine", *QUICK),
    found("difference across a kink", 0, "diff", "rand_softplus", "5e-324", "--check"),
    found("pole beside a root", 0, "eval", "serf(swat(x)^-1 - 1e308/x)", "2", "-0.0", "0.5", "-q"),
    found(
        "formula whose condition is certain",
        0,
        *("diff", "--json", "-q", "--order=1", "--", "penalized_tanh(1) or (2.+x)**((x**x)**pi)"),
        follow="2.3",
    ),
    found(
        "name that is no text", 2, *("eval", "relu", "--column", "x", "--as", "\udcff"), stdin=b"x\n1\n", says="UTF-8"
    ),
    found("product of hundreds", 0, "eval", "*".join("x" * 500), "-7.69", "1e-3", says="underflows"),
    found(
        "high derivative of a long formula", 0, "diff", "colu(sigmoid_gumbel(x))", "--order=5", "-8", says="exactly 0"
    ),
    found(
        "slopes that are 0 to hundreds of digits", 0, "diff", "eacu(x, a=1_000) % -1", "-8.3", "--check", says="agrees"
    ),
    found("softplus far beyond the floats", 0, "show", "tanhsoft1(suish(x), a=0.5) < (0.5 if x > x else x)"),
    found("far limit of a power", 0, "eval", "(min(x, 0.5))**cloglog(x*hclsh(x))", "-5.23", "1e-3", says="no value"),
    found("quotient of hundreds", 0, "compare", "/".join("x" * 300), "relu"),
    found("tower of hundreds in a comparison", 0, "compare", "relu", "**".join("x" * 100)),
    found("cosine of what is astronomical", 0, "show", "x**(log1p(pi) - cosid(hexpo(2., a=0.5, b=x)))"),
    found("underflow between hundreds of roots", 0, "show", "loglog(gcu(x))"),
    found("hundreds of places of one line", 0, "saturation", "hypot(max(x, pi, 2.), quick_gelu(x))"),
    found("numbers too large for what is written", 0, "eval", "x**150.5", "1e100", "--output", "f32"),
    found("signalling nan", 0, "eval", "relu", "--input", "f32", stdin=b"\1\0\x80\x7f"),
    found("0 to an astronomical power", 0, "diff", "arelu(x - x, alpha=7)**(tanhsoft2(x) + etanh(x))", "1e308", ".25"),
    found("a hundred negations", 0, "show", "not " * 100 + "x"),
    found(
        "smallest slope of the largest value", 0, "diff", "sara(hypot(x, -1e308))", "-1.53", "--check", says="agrees"
    ),
    found("a value nowhere", 0, "show", "gaussian(nan) + .25*(x > x)"),
    found("twice as many numbers", 0, "eval", "crelu", "--format", "table", stdin=b"-1 2\n3\n"),
    found(
        "NaN beside the column",
        0,
        "eval",
        "relu",
        "--input",
        "ndjson",
        "--column",
        "x",
        "--json",
        stdin=b'{"x": 1, "y": NaN}\n',
    ),
    found(
        "a header cut off",
        65,
        "eval",
        "relu",
        "--input",
        "npy",
        stdin=b"\x93NUMPY\x01\x00\x08\x00{'a': (2",
        says="not an array",
    ),
    found("an axis of one float", 2, "plot", "relu", "--ylim", "0:5e-324", says="too narrow"),
    found("several processes without a number", 0, "eval", "relu", "--json", "--jobs", "2", stdin=b"\n"),
    found("a slope too small for thousands of digits", 0, "diff", SINES, "4.95", "-3.2", says="nearer to 0 than"),
    found("exp of a whole number of thousands of digits", 0, "compare", "x > x/sqrt_softplus(x)", "relu", "--json"),
    found("infinity minus infinity", 0, "show", "loglog(mexican_hat(aria2(3, alpha=x)))"),
    found("a power of what is negative", 0, "show", "beta_mish(1.702, beta=-1)**x"),
    found("no slope outside the domain", 0, "diff", "dsilu(0.5)**acos(x - polyexp(x, b=x))", "-5.38", "0"),
    found("a condition in high precision", 0, "diff", "1e-300 <= sgelu(x)", "3", "-2", "--check", says="agrees"),
    found("hundreds of powers", 0, "eval", "+".join(f"x**{power}" for power in range(600)), "2"),
    found("a kink hidden by rounding", 0, "diff", "blrelu(sincos(x))", "0", "-1.18", "--check", says="agrees"),
    found("a constant in high precision", 0, "eval", "**".join("9" * 150), "1", "2", "--ulp", "-q"),
    found("a difference that is no float16", 0, "diff", "sinsig", "3", "--check", "--dtype", "float16", "--json"),
    found("a step of infinity against infinity", 0, "diff", "step(1/x, threshold=inf)", "0"),
    found("infinite slopes on both sides", 0, "diff", "max(1_000, x)*x/1e-400", "0", "-7.84", "--check"),
    found("nan to an astronomical power", 0, "show", "(x**-x)**(mef(2)**evolved_tanh_relu(1e22, a=3))"),
    found("jumps without end beside a hole", 0, "compare", "tsilu(phish(2 % x))", "relu"),
    found("no value on either side of a jump over 0", 0, "show", "(sign(x)) ** colu(cosh(x))"),
    found(
        "slopes of 0 at many points", 0, "diff", "tanh(softplus(x)**x/x)", "--range=-9:-4:60", "--check", "--order=3"
    ),
    found("network of remainders", 0, "demo", "early-exit", "pi**x or ((x)%x)", "-q", *QUICK),
    found(
        "infinitely many neighbours", 2, "eval", "maxout", "-p", "k=inf", stdin=b"1 2 3\n", says="a number of elements"
    ),
    found("a byte order mark and no header", 0, "diff", "relu", "--column", "x", stdin=b"\xef\xbb\xbf"),
    found("digits beyond all", 0, "diff", "mish", "0.5", "--order", "20", "--exact", "--digits", "1600"),
    found("a border between values too dear to be asked for again", 0, "show", "eis(x, beta=1, gamma=3, theta=1_000)"),
    found(
        "a high derivative at nan",
        0,
        "diff",
        "linear_quadratic(squareplus(suish(x), b=1))",
        "nan",
        "--ulp",
        "--order=5",
    ),
]
